"""What do services need to know of everybody's choices? Exported from the database into one signed file.

Whoever owns the database makes it, as with snapshots for analysts: this command when the file is free, else
the running projector.
"""

from lineage.operate.choices.exporting import Exported, export
from lineage.operate.choices.installed import export_here

__all__ = ["Exported", "export", "export_here"]
