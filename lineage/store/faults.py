"""What does it mean when DuckDB fails in the middle, and what helps? The log is whole in every case."""

from typing import Final

import duckdb

from lineage.errors import StoreUnreadable

_NO_SPACE: Final = ("No space left on device", "failed to offload")
_DAMAGED: Final = ("Corrupt database file", "computed checksum", "has been invalidated")


def explained(error: duckdb.Error, name: str = "the database") -> StoreUnreadable | None:
    """The error as a person can act on it; None when it is neither the disk nor the file, but our fault.

    What DuckDB says itself is left out: it may quote a row.
    """
    said = str(error)
    if any(each in said for each in _NO_SPACE):
        return StoreUnreadable(
            f"{name} has no room left on its disk. What was being written is not in it, all before is; make "
            "room and run the same command again, it goes on where it stood."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return StoreUnreadable(
            f"{name} needs more memory than it may take. Nothing of what was being written is in it; raise "
            "database_memory_mb, or ask about fewer people at once, and run the same command again."
        )
    if any(each in said for each in _DAMAGED):
        return StoreUnreadable(
            f"{name} is damaged. Nothing is lost, for it is made from the log: run 'lineage rebuild', which "
            "puts a new one in its place, then ask again. Then look at the disk."
        )
    return None
