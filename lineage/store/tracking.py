"""How far is each partition projected? Positions that stand in the same transaction as the rows they
stand for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder

from lineage.store.sql import value


@dataclass(frozen=True, slots=True)
class Position:
    """The last record projected of a partition.

    ``recorded_at`` is the running maximum of its record times, ``digest`` that of the record itself:
    enough to see that a log is no longer the one that was read.
    """

    offset: int
    recorded_at: datetime | None
    digest: bytes | None = field(repr=False)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """All of the block is written, or nothing.

    DuckDB knows no savepoints, and any error aborts the transaction: find what is wrong with data before.
    """
    connection.begin()
    try:
        yield connection
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


class DuckDBTracking(TrackingRecorder):
    """Positions by the name ``topic/partition``: appended, read by their maximum.

    No key and no upsert: DuckDB's indexes have gone stale under updates and across crashes.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record one position in a transaction of its own. Raises IntegrityError as :meth:`append` does."""
        with transaction(self._connection):
            self.append(tracking)

    def append(
        self, tracking: Tracking, *, recorded_at: datetime | None = None, digest: bytes | None = None
    ) -> None:
        """Record one position inside the caller's transaction.

        Raises IntegrityError when the position is not above the greatest: somebody else projects into this
        database too.
        """
        greatest = self.max_tracking_id(tracking.application_name)
        if greatest is not None and tracking.notification_id <= greatest:
            raise IntegrityError(
                f"{tracking.application_name} is already projected up to {greatest}, and "
                f"{tracking.notification_id} is not above it: a second projector writes here; stop one"
            )
        self._connection.execute(
            "insert into position values ($tracking, $position, $recorded_at, $digest)",
            {
                "tracking": tracking.application_name,
                "position": tracking.notification_id,
                "recorded_at": recorded_at,
                "digest": digest,
            },
        )

    def max_tracking_id(self, application_name: str) -> int | None:
        """The greatest position of ``topic/partition``; None when nothing of it was projected."""
        greatest: int | None = value(
            self._connection,
            "select max(position) from position where tracking_name = $tracking",
            {"tracking": application_name},
        )
        return greatest

    def positions(self) -> dict[str, Position]:
        """The last position of every partition, by its name ``topic/partition``."""
        rows = self._connection.execute(
            """
            select tracking_name, max(position), max(recorded_at), arg_max(digest, position)
            from position
            group by tracking_name
            """
        ).fetchall()
        return {tracking: Position(offset, at, digest) for tracking, offset, at, digest in rows}

    def prune(self) -> None:
        """Keep the last position of each partition only, inside the caller's transaction."""
        self._connection.execute(
            """
            delete from position
            where (tracking_name, position) not in (
                select tracking_name, max(position) from position group by tracking_name
            )
            """
        )
