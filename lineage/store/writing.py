"""How does a batch enter the database? Every table of it in one transaction, from columns."""

import duckdb
import polars as pl
from eventsourcing.persistence import Tracking

from lineage.projection.columns import AdoptedPolicy, Rows
from lineage.store.sql import text, value
from lineage.store.tracking import DuckDBTracking, transaction

ORDERED_BY = ["subject", "occurred_at", "event_id"]
"""The order inside each appended run: a person's rows stand together."""


def write(connection: duckdb.DuckDBPyConnection, tracking: DuckDBTracking, topic: str, rows: Rows) -> None:
    """All rows of one batch and the positions they stand for, or nothing.

    Raises eventsourcing's IntegrityError when somebody else has projected these records meanwhile.
    """
    with transaction(connection):
        for reached in rows.reached:
            tracking.append(
                Tracking(f"{topic}/{reached.partition}", reached.offset),
                recorded_at=reached.recorded_at,
                digest=reached.digest,
            )
        _append_all(connection, rows)


def put_in_place(connection: duckdb.DuckDBPyConnection, rows: Rows, refused: pl.DataFrame) -> None:
    """What refused records at these places have become, in place of what stood there; or nothing."""
    with transaction(connection):
        with _named(connection, "judged_again", refused):
            for table in ("parked_row", "settlement_row"):
                connection.execute(
                    f"delete from {table} where (log_partition, log_offset) in "
                    "(select (log_partition, log_offset) from judged_again)"
                )
        _append_all(connection, rows)


def _append_all(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    if len(rows.displaced):
        with _named(connection, "batch_displaced", rows.displaced):
            connection.execute(text("displace.sql"))
    append(connection, "event_row", rows.events.sort(ORDERED_BY))
    append(connection, "repeat_row", rows.repeats)
    append(connection, "parked_row", rows.parked)
    append(connection, "settlement_row", rows.settlements)
    append(connection, "sequence_run", rows.runs)
    append(connection, "producer_report", rows.reports)
    append(connection, "erased_row", rows.erased)
    for policy in rows.policies:
        _adopt(connection, policy)


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Append a frame whose columns are those of the table; UUIDs come as 16 bytes."""
    if rows.is_empty():
        return
    # What is null in every row the table adds by itself: of the columns of an event more than half.
    rows = rows.select(column for column in rows if column.null_count() < len(rows))
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    values = ", ".join(_value(name, dtype) for name, dtype in rows.schema.items())
    with _named(connection, "batch_rows", rows):
        connection.execute(f"insert into {table} ({columns}) select {values} from batch_rows")


def _value(name: str, dtype: pl.DataType) -> str:
    if name in ("key", "value", "content"):
        return f'"{name}"'
    if dtype == pl.Binary:
        return f'cast("{name}" as uuid)'
    if dtype == pl.List(pl.Binary):
        return f'cast("{name}" as uuid[])'
    return f'"{name}"'


class _named:
    """A frame under a name that statements can read, for the length of a block."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
        self._connection, self._name = connection, name
        self._arrow = rows.to_arrow(compat_level=pl.CompatLevel.oldest())

    def __enter__(self) -> None:
        self._connection.register(self._name, self._arrow)

    def __exit__(self, *_: object) -> None:
        self._connection.unregister(self._name)


def _adopt(connection: duckdb.DuckDBPyConnection, policy: AdoptedPolicy) -> None:
    known = value(
        connection,
        "select count(*) from adopted_policy where policy = $policy and problem is null",
        {"policy": policy.policy},
    )
    connection.execute(
        """
        insert into adopted_policy
        values (
            $policy, $recorded_at, $occurred_at, cast($event_id as uuid), $files, $problem,
            $partition, $offset
        )
        """,
        {
            "policy": policy.policy,
            "recorded_at": policy.recorded_at,
            "occurred_at": policy.occurred_at,
            "event_id": policy.event_id,
            "files": policy.files,
            "problem": policy.problem,
            "partition": policy.log_partition,
            "offset": policy.log_offset,
        },
    )
    if known > 0:
        return
    for table, rows in policy.tables.items():
        if rows:
            frame = pl.DataFrame(rows, orient="row", infer_schema_length=None)
            with _named(connection, "batch_rows", frame):
                connection.execute(f"insert into {table} select * from batch_rows")
