"""When is it worth writing the events anew in order, and how is that done without losing any?

Each batch is a run sorted by subject; asking for one person reads a little of every run. Rewriting is put
off until the unsorted part is a quarter of the sorted one, so that an event is rewritten a few times in its
life, not daily.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from uuid import UUID

import duckdb

from lineage.store.sql import text, value
from lineage.store.tracking import DuckDBTracking, transaction

# Below this an unsorted part costs less than a millisecond a question.
SMALLEST_UNSORTED_ROWS = 500_000
UNSORTED_SHARE = 0.25

# What is sorted at once. All events at once need the more memory the more there are: five million ended for
# want of it at a limit of 160 MiB; in slices they do not at 128, and take two thirds of the time. Much
# smaller slices leave many row groups that are not full.
SLICE_ROWS = 500_000

# DuckDB's own number. Vacuuming takes out what was deleted and makes full row groups of small ones; after a
# batch, which ends with a small one, that would be to write its events twice.
VACUUM_TASKS = 100


def is_due(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the unsorted part is large, in itself and beside the sorted one."""
    present: int = value(connection, "select count(*) from event_row")
    in_order: int = value(connection, "select coalesce(max(sorted_rows), 0) from compaction")
    return present - in_order > max(SMALLEST_UNSORTED_ROWS, UNSORTED_SHARE * in_order)


def compact(connection: duckdb.DuckDBPyConnection, tracking: DuckDBTracking) -> None:
    """Rewrite the events in order, merge islands of numbers, drop overtaken positions; then checkpoint.

    One transaction: a crash at any moment leaves the old rows or the new ones. A checkpoint stands before
    it and after it, for DuckDB's replay of table definitions and deletes has failed.
    """
    checkpoint(connection)
    with transaction(connection):
        connection.execute(text("reorder.sql").format(event_row=event_row_definition()))
        for first, last in _slices(value(connection, "select count(*) from event_row_before")):
            connection.execute(text("reorder_slice.sql"), {"first": first, "last": last})
        connection.execute(text("reordered.sql"))
        connection.execute(text("merge.sql"))
        tracking.prune()


def _slices(rows: int) -> Iterator[tuple[UUID, UUID]]:
    """First and last subject of each slice, in order. Tokens are spread evenly: they are keyed hashes."""
    slices = -(-rows // SLICE_ROWS)
    borders = [each * 2**128 // slices for each in range(slices)] + [2**128]
    for first, following in pairwise(borders):
        yield UUID(int=first), UUID(int=following - 1)


def vacuum(connection: duckdb.DuckDBPyConnection) -> bool:
    """A checkpoint after which what was deleted takes no room any more; false as :func:`checkpoint`."""
    connection.execute(f"set max_vacuum_tasks = {VACUUM_TASKS}")
    try:
        return checkpoint(connection)
    finally:
        connection.execute("set max_vacuum_tasks = 0")


def checkpoint(connection: duckdb.DuckDBPyConnection) -> bool:
    """Move the write-ahead log into the file; false when a reader's transaction is in the way: try later."""
    try:
        connection.execute("checkpoint")
    except duckdb.TransactionException:
        return False
    return True


def event_row_definition() -> str:
    """The statement that makes the table, as tables.sql has it."""
    found = re.search(r"create table event_row \(.*?\n\);", text("tables.sql"), re.DOTALL)
    if found is None:
        raise LookupError("tables.sql does not define event_row")
    return found[0]
