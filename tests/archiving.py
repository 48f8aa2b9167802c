"""An archive of a log that is being written: what stands in it, and a log that is read through it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from records import collected, record

from lineage.archive import Archiver, WholeLog
from lineage.archive.form import chain, partitions
from lineage.errors import ArchiveInUse, LogChanged
from lineage.logs import EmbeddedLog, Log, Records

Row = dict[str, Any]


class Forgetful(EmbeddedLog):
    """A log that has lost what lies before ``begins_at``, as Kafka does after its retention."""

    begins_at = 0

    def bounds(self) -> dict[int, tuple[int, int]]:
        return {part: (self.begins_at, end) for part, (_, end) in super().bounds().items()}

    def read(self, positions, *, limit, wait_seconds):  # type: ignore[no-untyped-def] # as the log's own
        if any(at < self.begins_at for at in positions.values()):
            raise LogChanged("these records are gone")
        return super().read(positions, limit=limit, wait_seconds=wait_seconds)


def tell(log: Log, count: int, first: int = 1) -> None:
    """So many events, with numbers from ``first`` on."""
    for number in range(first, first + count):
        log.append(*record(collected(sequence=number)))
    log.flush()


def archive(folder: Path, log: Log, **how: Any) -> None:
    """Everything that the log holds, archived."""
    Archiver(folder, log, **{"wait_seconds": 0.0, **how}).catch_up()


def rows(folder: Path) -> Iterator[tuple[int, Row]]:
    """Every archived record with its partition, read by nothing of ours but the list of segments."""
    for part in partitions(folder):
        for segment in chain(folder, part):
            yield from ((part, row) for row in pq.read_table(segment.path).to_pylist())


def everything(log: Log) -> Records:
    """All records of a log, in few calls."""
    positions = {part: first for part, (first, _) in log.bounds().items()}
    found = Records()
    while len(some := log.read(positions, limit=1000, wait_seconds=0)):
        found.erased.update({row + len(found): each for row, each in some.erased.items()})
        for name in ("partition", "offset", "recorded_at", "key", "value"):
            getattr(found, name).extend(getattr(some, name))
        positions |= some.next_positions()
    return found


class ArchivedNowAndThen(WholeLog):
    """A log of which every other flush brings all there is into the archive, three records a segment."""

    def __init__(self, folder: Path, log: Log) -> None:
        archive(folder, log)
        super().__init__(folder, log)
        self._flushes = 0

    def flush(self, timeout_seconds: float = 30.0) -> None:
        super().flush(timeout_seconds)
        self._flushes += 1
        if self._flushes % 2:
            with suppress(ArchiveInUse):
                archive(self._folder, self._log, records=3)
            self._look()
