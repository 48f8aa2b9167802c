"""Where do the projected facts live? In one DuckDB file that can be deleted and projected again."""

from lineage.store.opening import LAYOUT_VERSION
from lineage.store.store import Store
from lineage.store.tracking import DuckDBTracking, Position

__all__ = ["LAYOUT_VERSION", "DuckDBTracking", "Position", "Store"]
