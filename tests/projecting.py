"""Projecting by hand: batches of records into a store, and what its tables hold afterwards."""

from collections.abc import Iterable
from pathlib import Path

from lineage.logs import Records
from lineage.projection.batch import rows_of, weighed
from lineage.projection.columns import Rows, microseconds
from lineage.store import Store

TOPIC = "personal-data-events"
TABLES = ("event_row", "repeat_row", "parked_row", "settlement_row", "producer_report", "adopted_policy")


def project_batch(store: Store, batch: Records) -> Rows:
    """One batch, with what the store remembers of each partition."""
    running = {
        part: microseconds(position.recorded_at)
        for part, position in store.positions(TOPIC).items()
        if position.recorded_at is not None
    }
    looked_at = weighed(batch, running)
    identities = looked_at.identities()
    rows = rows_of(looked_at, store.known(identities), store.refusals(identities))
    store.write(TOPIC, rows)
    return rows


def part_of(records: Records, rows: Iterable[int]) -> Records:
    """Some of the records, in the order named."""
    chosen = list(rows)
    return Records(
        partition=[records.partition[row] for row in chosen],
        offset=[records.offset[row] for row in chosen],
        recorded_at=[records.recorded_at[row] for row in chosen],
        key=[records.key[row] for row in chosen],
        value=[records.value[row] for row in chosen],
    )


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables that a batch fills, in an order of their own; and the islands of numbers,
    merged.
    """
    cursor = store.cursor()
    held = {table: cursor.execute(f"select * from {table} order by all").fetchall() for table in TABLES}
    held["coverage"] = cursor.execute("select * from coverage order by producer, incarnation").fetchall()
    cursor.close()
    return held


def column(store: Store, question: str) -> list[object]:
    """The first column of an answer."""
    cursor = store.cursor()
    found = [row[0] for row in cursor.execute(question).fetchall()]
    cursor.close()
    return found


def emptied(store: Store) -> Store:
    """The same store without a row: making a new file for every example would take most of the time."""
    with store.transaction() as connection:
        for table in (*TABLES, "sequence_run", "position", "compaction"):
            connection.execute(f"delete from {table}")
    return store


def a_store(folder: Path) -> Store:
    return Store(folder / "lineage.duckdb", say=lambda message: None)
