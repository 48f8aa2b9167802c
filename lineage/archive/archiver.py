"""What brings the log into the archive? A loop: read, gather, close a segment, and again.

Nothing but the names of segments says how far it is. Killed at any moment it goes on where they end; what it
had read beyond is read again, and no record stands in two segments.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Signal
from typing import Protocol

import pyarrow as pa

from lineage.archive import manifest as manifests
from lineage.archive.columns import tables
from lineage.archive.form import SCHEMA, partitions, path_of
from lineage.archive.knowing import chains_of, check
from lineage.archive.manifest import Manifest, Part, is_archive
from lineage.archive.merging import merge_when_due, tidy
from lineage.archive.owning import changing, owned
from lineage.archive.segments import write_segment
from lineage.logs import Log
from lineage.logs.record import InBatches

READ_RECORDS = 50_000
WAIT_SECONDS = 0.5
# How often a follower looks whether the topic has got new partitions.
PARTITIONS_EVERY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Archived:
    """What a run of the archiver wrote, before small segments were merged."""

    records: int = 0
    segments: int = 0


class Watcher(Protocol):
    """Somebody who is told what the archiver does while it does it.

    ``reached``: the next offset to archive of each partition, as the log itself counts.
    """

    def stepped(self, reached: Mapping[int, int]) -> None:
        """The log has answered, whether it had anything or not."""

    def wrote(self, records: int, seconds: float, reached: Mapping[int, int]) -> None:
        """A segment of so many records stands in its place."""


@dataclass(slots=True)
class _Open:
    """What was read of a partition and stands in no segment yet; the next one begins at ``first``."""

    first: int
    since: float = 0.0
    rows: int = 0
    tables: list[pa.Table] = field(default_factory=list)


class Archiver:
    """Archives one log into one folder.

    A segment is closed after ``records`` records, after ``seconds`` seconds, and at the end. ``watchers``
    are told in their order; what one of them raises ends the archiver.
    """

    def __init__(
        self,
        folder: Path,
        log: Log,
        *,
        records: int = 100_000,
        seconds: float = 60.0,
        wait_seconds: float = WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        watchers: Sequence[Watcher] = (),
    ) -> None:
        self._folder = folder
        self._log = log
        self._read = log.read_batches if isinstance(log, InBatches) else log.read
        self._records = records
        self._seconds = seconds
        self._wait_seconds = wait_seconds
        self._clock = clock
        self._watchers = watchers
        self._tail = Part(log.name)
        self._open: dict[int, _Open] = {}
        self._positions: dict[int, int] = {}
        self._done = Archived()

    def catch_up(self) -> Archived:
        """Archive all that the log holds now; what is appended meanwhile may be left for the next time.

        Raises LogUnavailable; LogChanged when the log is not the one archived so far; ArchiveDamaged;
        ArchiveInUse when another process archives.
        """
        with owned(self._folder):
            ends = self._begin()
            while any(self._positions[part] < end for part, end in ends.items()):
                if not self._step():
                    break  # the log has said that nothing is left; its last offsets hold no records
            self._close(self._open)
            self._stepped()
        return self._done

    def follow(self, stop: Signal) -> Archived:
        """Archive until ``stop`` is set; raises as :meth:`catch_up` does."""
        with owned(self._folder):
            self._begin()
            looked = time.monotonic()
            while not stop.is_set():
                self._step()
                self._stepped()
                if time.monotonic() - looked > PARTITIONS_EVERY_SECONDS:
                    self._add_partitions(self._log.bounds())
                    looked = time.monotonic()
            self._close(self._open)
            self._stepped()
        return self._done

    def _stepped(self) -> None:
        reached = self._reached()
        for each in self._watchers:
            each.stepped(reached)

    def _reached(self) -> dict[int, int]:
        """What was passed by and is no record, such as the markers of transactions, waits for nobody."""
        return {
            part: each.first - self._tail.start(part) if each.rows else self._positions[part]
            for part, each in self._open.items()
        }

    def _begin(self) -> dict[int, int]:
        """Where each partition goes on, once the log is known to be the one archived so far; their ends."""
        manifest = _manifest(self._folder, self._log)
        archived = partitions(self._folder)
        with changing(self._folder):
            for part in archived:
                tidy(self._folder, part)
        chains = chains_of(self._folder, archived)
        bounds = check(self._folder, manifest, self._log, chains)
        self._tail = manifest.tail
        self._open = {part: _Open(found[-1].last + 1) for part, found in chains.items()}
        self._positions = {part: each.first - self._tail.start(part) for part, each in self._open.items()}
        self._add_partitions(bounds)
        return {part: end for part, (_, end) in bounds.items()}

    def _add_partitions(self, bounds: Mapping[int, tuple[int, int]]) -> None:
        for part in bounds.keys() - self._open.keys():
            self._positions[part] = bounds[part][0]
            self._open[part] = _Open(self._tail.start(part) + bounds[part][0])

    def _step(self) -> bool:
        """Read what there is and close the segments that are due; tells whether there was anything."""
        records = self._read(self._positions, limit=READ_RECORDS, wait_seconds=self._wait_seconds)
        now = self._clock()
        for part, table in tables(records, self._tail).items():
            opened = self._open[part]
            opened.since = opened.since if opened.rows else now
            opened.tables.append(table)
            opened.rows += len(table)
        self._positions |= records.next_positions()
        for part, opened in self._open.items():
            if opened.rows and now - opened.since >= self._seconds:
                self._close([part])
            elif opened.rows >= self._records:
                self._close([part], but=opened.rows % self._records)
                opened.since = now
        return len(records) > 0

    def _close(self, parts: Iterable[int], but: int = 0) -> None:
        """Write what is gathered of these partitions, ``but`` the last records of each. No segment gets more
        records than one may have.
        """
        for part in list(parts):
            opened = self._open[part]
            whole = pa.concat_tables(opened.tables) if opened.rows else SCHEMA.empty_table()
            end = opened.rows - but
            for start in range(0, end, self._records):
                self._write(part, opened, whole.slice(start, min(self._records, end - start)))
            opened.tables, opened.rows = [whole.slice(end)] if but else [], but

    def _write(self, part: int, opened: _Open, table: pa.Table) -> None:
        began = time.monotonic()
        last = table["offset"][-1].as_py()
        with changing(self._folder):
            write_segment(path_of(self._folder, part, opened.first, last), [table])
        opened.first = last + 1
        self._done = Archived(self._done.records + len(table), self._done.segments + 1)
        with changing(self._folder):
            merge_when_due(self._folder, part, self._records)
        seconds, reached = time.monotonic() - began, self._reached()
        for each in self._watchers:
            each.wrote(len(table), seconds, reached)


def _manifest(folder: Path, log: Log) -> Manifest:
    """The archive's own, made where none was begun."""
    if is_archive(folder):
        return manifests.read(folder)
    begun = Manifest(log.name, (Part(log.name, dict.fromkeys(log.partitions(), 0)),))
    manifests.write(folder, begun)
    return begun
