"""What does the projection keep, and who may touch it? One process owns one DuckDB file."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self
from uuid import UUID

import duckdb
import polars as pl

from lineage.logs import Records
from lineage.projection.columns import EVENT_ROW, REFUSAL, Rows, empty
from lineage.store.compaction import checkpoint, compact, is_due, vacuum
from lineage.store.opening import MEMORY_MEBIBYTES, Say, forget, open_database
from lineage.store.sql import text, value
from lineage.store.tracking import DuckDBTracking, Position, transaction
from lineage.store.writing import put_in_place, write

log = logging.getLogger(__name__)

LEAST = UUID(int=0)
GREATEST = UUID(int=2**128 - 1)


class Store:
    """The database of one installation. It holds nothing that the log does not: a damaged one is made anew.

    ``set_aside`` tells after opening whether an earlier file was put aside, so that this one begins empty;
    ``is_behind`` is set by whoever met records that can not be projected until somebody decides.
    Raises StoreInUse (naming the process), StoreUnreadable.
    """

    def __init__(
        self, path: Path, *, say: Say = log.warning, memory_mebibytes: int = MEMORY_MEBIBYTES
    ) -> None:
        self.path = path
        self.set_aside = False
        self.is_behind = False
        self._say = say
        self._owes_checkpoint = False
        self._memory_mebibytes = memory_mebibytes
        self._connection = open_database(path, self._tell, memory_mebibytes)
        self._tracking = DuckDBTracking(self._connection)

    def _tell(self, message: str) -> None:
        self.set_aside = True
        self._say(message)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Calling it twice is fine."""
        self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection, for reading: it sees what is committed. Close it after use."""
        cursor = self._connection.cursor()
        cursor.execute("set timezone = 'UTC'")
        return cursor

    def transaction(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The writing connection for a block that is written whole or not at all."""
        return transaction(self._connection)

    def positions(self, topic: str) -> dict[int, Position]:
        """How far each partition of the topic is projected."""
        start = f"{topic}/"
        return {
            int(name.removeprefix(start)): position
            for name, position in self._tracking.positions().items()
            if name.startswith(start)
        }

    def tracking(self) -> DuckDBTracking:
        """The positions, as eventsourcing knows them: with it a reader can wait for its own write."""
        return self._tracking

    def write(self, topic: str, rows: Rows) -> None:
        """One batch and its positions, in one transaction.

        Raises eventsourcing's IntegrityError when a second projector writes here: nothing was written then.
        """
        write(self._connection, self._tracking, topic, rows)
        if self._owes_checkpoint or len(rows.displaced):
            self._checkpoint()

    def limit_memory(self, mebibytes: int) -> None:
        """Take no more memory than this from now on, and let go of what was read of the file."""
        self._memory_mebibytes = mebibytes
        self.forget()

    def forget(self) -> None:
        """Let go of what was read of the file. By itself the database does so when it needs the room."""
        forget(self._connection, self._memory_mebibytes)

    def known(self, identities: pl.DataFrame) -> pl.DataFrame:
        """The accepted events of these identities (``subject``, ``event_id`` as bytes), as columns.

        New ids are quick, for whatever is older than they is skipped unread; ids from before the last
        compaction are looked for apart, lest one of them make all slow.
        """
        if identities.is_empty():
            return empty(EVENT_ROW)
        through = value(self._connection, "select arg_max(greatest_event_id, sorted_rows) from compaction")
        border = (through or LEAST).bytes
        is_old = pl.col("event_id") <= pl.lit(border, pl.Binary)
        found = [
            self._known(part) for part in (identities.filter(~is_old), identities.filter(is_old)) if len(part)
        ]
        return pl.concat(found)

    def _known(self, identities: pl.DataFrame) -> pl.DataFrame:
        ids = pl.col("event_id")
        least, greatest = identities.select(ids.min().alias("least"), ids.max().alias("greatest")).row(0)
        bounds = {"least": UUID(bytes=least), "greatest": UUID(bytes=greatest)}
        self._connection.register("asked", identities.to_arrow(compat_level=pl.CompatLevel.oldest()))
        try:
            rows = self._connection.sql(text("known.sql"), params=bounds).to_arrow_table()
        finally:
            self._connection.unregister("asked")
        found = pl.DataFrame(pl.from_arrow(rows))
        return found.select(pl.col(name).cast(dtype) for name, dtype in EVENT_ROW.items())

    def refusals(self, identities: pl.DataFrame) -> pl.DataFrame:
        """The records refused under these identities, settled or not, as columns of ``REFUSAL``."""
        parked = value(self._connection, "select count(*) from parked_row where event_id is not null")
        if identities.is_empty() or parked == 0:
            return empty(REFUSAL)
        self._connection.register("asked", identities.to_arrow(compat_level=pl.CompatLevel.oldest()))
        try:
            found = pl.DataFrame(pl.from_arrow(self._connection.sql(text("refusals.sql")).to_arrow_table()))
        finally:
            self._connection.unregister("asked")
        return found.select(pl.col(name).cast(dtype) for name, dtype in REFUSAL.items())

    def parked_places(self) -> pl.DataFrame:
        """Partition and offset of every record refused so far."""
        found = self._connection.sql("select log_partition, log_offset from parked_row").to_arrow_table()
        return pl.DataFrame(pl.from_arrow(found))

    def refused_records(self, places: pl.DataFrame) -> Records:
        """The refused records at these places (``PLACE``), in the order of the log.

        A record that stood accepted once is left out: its bytes are in the log alone, and it stays refused.
        """
        self._connection.register("asked", places.to_arrow(compat_level=pl.CompatLevel.oldest()))
        try:
            rows = self._connection.execute(text("refused_records.sql")).fetchall()
        finally:
            self._connection.unregister("asked")
        if not rows:
            return Records()
        partition, offset, recorded_at, key, value = map(list, zip(*rows, strict=True))
        return Records(partition, offset, recorded_at, key, value)

    def put_in_place(self, rows: Rows, refused: pl.DataFrame) -> None:
        """What refused records at these places became when they were judged again, in one transaction."""
        put_in_place(self._connection, rows, refused)
        self._checkpoint()

    def compact(self) -> None:
        """Write the events anew in order, merge what can be merged. Takes a second per two million events."""
        compact(self._connection, self._tracking)
        self._checkpoint(vacuum)

    def _checkpoint(self, way: Callable[[duckdb.DuckDBPyConnection], bool] = checkpoint) -> None:
        # Replaying deletes and table definitions has failed in DuckDB: leave none in the write-ahead log.
        self._owes_checkpoint = not way(self._connection)

    def compact_when_due(self) -> bool:
        """Compact when the unsorted part has grown large beside the sorted one; tells whether it did."""
        if not is_due(self._connection):
            return False
        self.compact()
        return True
