"""What does a database say as it lies there? Nothing is made, set aside or caught up for the question."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lineage.errors import StoreUnreadable
from lineage.store.opening import LAYOUT_VERSION, layout_of, refuse_when_owned_or_out_of_reach


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can only read. Other processes can read at the same time, none can write.

    Raises StoreInUse when a writer owns the file; StoreUnreadable when it is missing, damaged or of another
    layout.
    """
    if not path.is_file():
        raise StoreUnreadable(f"there is no {path.name}; 'lineage project' makes it from the log")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        refuse_when_owned_or_out_of_reach(path, error)
        raise StoreUnreadable(f"{path.name} is damaged; {AGAIN}") from None
    try:
        connection.execute("set timezone = 'UTC'")
        try:
            layout = layout_of(connection)
        except duckdb.Error:
            raise StoreUnreadable(f"{path.name} is damaged; {AGAIN}") from None
        if layout != LAYOUT_VERSION:
            raise StoreUnreadable(f"{path.name} has the layout {layout}, not {LAYOUT_VERSION}; {AGAIN}")
        yield connection
    finally:
        connection.close()


AGAIN = "run 'lineage project': it is set aside and made again from the log"
