"""What keeps the database up with the log? A loop: read, project, write with the position, and again.

While a batch is written, the next one is read and decoded. The loop may be killed at any moment. Rows and
positions are written together, so it goes on where they end; what it had read beyond is read again.
"""

import gc
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event as Signal
from typing import Protocol

from lineage.errors import LogUnavailable
from lineage.framing import NO_IDS, SchemaIds
from lineage.logs import Log, Records
from lineage.projection.batch import rows_of, weighed
from lineage.projection.columns import Rows
from lineage.projection.limits import ParkedLimit
from lineage.projection.parking import Weighed
from lineage.projection.project import reached
from lineage.resuming import Resuming
from lineage.store import Store

log = logging.getLogger(__name__)

# More than the 122,880 rows of a DuckDB row group: those are written in place, once. Smaller batches go
# through the write-ahead log and are written again. Two batches are in memory at a time.
BATCH_RECORDS = 125_000

# A log that has records below its end but hands none out for so long is in trouble.
PATIENCE_SECONDS = 60.0
# How long one look for new records lasts; also how soon a stop is noticed.
WAIT_SECONDS = 0.5
# Reading is Python, the rest is DuckDB's and polars' own code: its thread needs Python often and shortly, and
# would wait the usual 5 ms for it each time.
SWITCH_SECONDS = 0.0003
# How often a follower looks whether the topic has got new partitions.
PARTITIONS_EVERY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run of the projector did with the records it read."""

    records: int = 0
    events: int = 0
    repeats: int = 0
    parked: int = 0
    reports: int = 0
    policies: int = 0

    def and_then(self, read: int, rows: Rows) -> "Progress":
        """These counts and one more batch."""
        return Progress(
            records=self.records + read,
            events=self.events + len(rows.events),
            repeats=self.repeats + len(rows.repeats),
            parked=self.parked + len(rows.parked),
            reports=self.reports + len(rows.reports),
            policies=self.policies + len(rows.policies),
        )


class Watcher(Protocol):
    """Somebody who is told what the loop does while it does it. What it does with that must not fail."""

    def stepped(self, passed: Mapping[int, int] | None = None) -> None:
        """The log has answered; ``passed``: see Records."""

    def projected(self, records: int, rows: Rows, seconds: float) -> None:
        """So many records have become these rows, which are written."""


class Projector:
    """Projects one log into one store.

    ``accept_missing_start``: go on though the log no longer has its first records, or the ones that come
    next. What they said stays a gap in every answer. ``ids``: what a schema registry's ids mean.
    ``limit``: how many refused records stop it; None: no number does. ``asked``: questions are put
    to the store meanwhile, so the events are written anew on the way when that is due; if not, the database
    keeps nothing of what it read for the next batch.
    """

    def __init__(
        self,
        log: Log,
        store: Store,
        *,
        batch_records: int = BATCH_RECORDS,
        wait_seconds: float = WAIT_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
        accept_missing_start: bool = False,
        ids: SchemaIds = NO_IDS,
        limit: ParkedLimit | None = None,
        asked: bool = True,
        on_batch: Callable[[Progress], None] | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self._log = log
        self._ids = ids
        self._store = store
        self._batch_records = batch_records
        self._wait_seconds = wait_seconds
        self._patience_seconds = patience_seconds
        self._resuming = Resuming(log, accept_missing_start, wait_seconds, patience_seconds)
        self._limit = limit
        self._asked = asked
        self._on_batch = on_batch
        self._watcher = watcher
        self._positions: dict[int, int] = {}
        self._running: dict[int, int] = {}
        self._progress = Progress()
        self._unsettled: tuple[Future[Rows], int] | None = None

    def catch_up(self) -> Progress:
        """Project all that the log holds now; what is appended meanwhile may be left for the next time.

        Raises LogUnavailable; LogChanged when the log is not the one projected so far; TooManyParked when
        the limit is met; eventsourcing's IntegrityError when a second projector writes into this database.
        """
        with self._writing():
            ends = self._begin()
            patient_until = time.monotonic() + self._patience_seconds
            while behind := {part: end for part, end in ends.items() if self._positions[part] < end}:
                if self._step(self._wait_seconds):
                    patient_until = time.monotonic() + self._patience_seconds
                elif time.monotonic() > patient_until:
                    raise LogUnavailable(
                        f"{self._log.name} holds records in partitions {sorted(behind)} and has not "
                        f"handed them out for {self._patience_seconds:.0f} seconds; look at the brokers, "
                        "then try again"
                    )
        return self._progress

    def follow(self, stop: Signal) -> Progress:
        """Project until ``stop`` is set; raises as :meth:`catch_up` does."""
        with self._writing():
            self._begin()
            looked = time.monotonic()
            while not stop.is_set():
                self._step(self._wait_seconds)
                if time.monotonic() - looked > PARTITIONS_EVERY_SECONDS:
                    self._settle()
                    self._begin()
                    looked = time.monotonic()
        return self._progress

    def _begin(self) -> dict[int, int]:
        """Where each partition goes on, once the log is known to be the one projected so far; their ends."""
        bounds = self._log.bounds()
        projected = self._store.positions(self._log.name)
        for part, resumed in self._resuming.partitions(bounds, projected, self._positions.keys()):
            self._positions[part] = resumed.offset
            if resumed.recorded_at is not None:
                self._running[part] = resumed.recorded_at
        return {part: end for part, (_, end) in bounds.items()}

    def _step(self, wait_seconds: float) -> bool:
        """Read one batch and begin to project and write it; tells whether the log went on."""
        gc.collect()  # while the records of one batch are in memory, not of two: it looks at each of them
        records = self._log.read(self._positions, limit=self._batch_records, wait_seconds=wait_seconds)
        weighing = self._weigher.submit(self._weigh, records) if len(records) else None
        self._settle()  # the next is not written before this one is known to be: there would be a hole
        self._positions |= records.next_positions()
        if self._watcher is not None:
            self._watcher.stepped(records.passed)
        if weighing is None:
            return bool(records.passed)
        self._unsettled = self._writer.submit(self._write, [weighing]), len(records)
        return True

    def _weigh(self, records: Records) -> tuple[Weighed, float]:
        began = time.monotonic()
        batch = weighed(records, self._running, self._ids)
        self._running |= {each.partition: each.microseconds for each in reached(batch.projected)}
        return batch, time.monotonic() - began

    def _write(self, weighing: "list[Future[tuple[Weighed, float]]]") -> Rows:
        """Takes the batch out of its list: nobody else holds it while the rows are written."""
        batch, seconds = weighing.pop().result()
        read = len(batch.projected.records)
        began = time.monotonic()
        identities = batch.identities()
        rows = rows_of(batch, self._store.known(identities), self._store.refusals(identities))
        if self._limit is not None and len(rows.parked):
            self._limit.check(rows.parked, self._store.parked_places())
        del batch, identities
        if not self._asked:
            self._store.forget()
        self._store.write(self._log.name, rows)
        if self._asked:
            self._store.compact_when_due()
        if self._watcher is not None:
            self._watcher.projected(read, rows, seconds + time.monotonic() - began)
        return rows

    def _settle(self) -> None:
        """Wait until the batch before is written; raises what its writing raised."""
        if self._unsettled is None:
            return
        (writing, read), self._unsettled = self._unsettled, None
        rows = writing.result()
        self._progress = self._progress.and_then(read, rows)
        # For people who watch the lag; what is projected is decided by the store alone.
        self._log.commit({each.partition: each.offset + 1 for each in rows.reached})
        if self._on_batch is not None:
            self._on_batch(self._progress)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A thread that writes, for as long as the block; all is written when it ends."""
        try:
            with (
                _python_for_batches(),
                ThreadPoolExecutor(max_workers=1, thread_name_prefix="weighing") as self._weigher,
                ThreadPoolExecutor(max_workers=1, thread_name_prefix="projection") as self._writer,
            ):
                yield
                self._settle()
        except BaseException:
            with suppress(Exception):
                self._settle()
            # How far it got only the database knows: a next run asks it anew.
            self._positions.clear()
            self._running.clear()
            raise


@contextmanager
def _python_for_batches() -> Iterator[None]:
    """Two threads that hand the interpreter to each other quickly, and no collector that walks a whole batch
    again and again while it is read (a seventh of all processor time): the loop collects at each step.
    """
    switch, collects = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()
    gc.freeze()  # what stands already need not be walked at each step
    try:
        yield
    finally:
        gc.unfreeze()
        if collects:
            gc.enable()
        sys.setswitchinterval(switch)
