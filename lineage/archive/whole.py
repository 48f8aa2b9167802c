"""Where is the whole log read? What is archived in the archive, the rest in the log itself: Kafka may forget.

It keeps the promise of every log. Positions are the archive's offsets, and its name the archive's, whatever
topic the log goes on in. What is appended goes to that topic.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import RLock

import pyarrow as pa

from lineage.archive import manifest as manifests
from lineage.archive.columns import records_of
from lineage.archive.form import Segment, partitions
from lineage.archive.knowing import Bounds, chains_of, check
from lineage.archive.looking import LOOKS, undisturbed, vanishing
from lineage.archive.manifest import is_archive
from lineage.archive.segments import row_groups
from lineage.errors import LogChanged
from lineage.logs import Log, Records, open_log
from lineage.logs.in_front import InFront
from lineage.logs.record import ANOTHER_LOG
from lineage.settings import Settings


def open_whole_log(settings: Settings) -> Log:
    """The log that the settings name, with its archive where there is one.

    Raises LogUnavailable, ArchiveDamaged.
    """
    log = open_log(settings)
    try:
        return WholeLog(settings.archive_folder, log) if is_archive(settings.archive_folder) else log
    except BaseException:
        log.close()
        raise


class WholeLog(InFront):
    """The archive in this folder and the log that it is the beginning of. Safe to share between threads."""

    def __init__(self, folder: Path, tail: Log) -> None:
        super().__init__(tail)
        self._folder = folder
        self._manifest = manifests.read(folder)
        self._part = self._manifest.tail
        self._chains: dict[int, list[Segment]] = {}
        self._cursors: dict[int, _Cursor] = {}
        self._is_known = False
        self._lock = RLock()

    @property
    def name(self) -> str:
        return self._manifest.log

    def bounds(self) -> dict[int, tuple[int, int]]:
        """As every log has it. The first time the log is compared with the archive: raises LogChanged when it
        is another one, ArchiveDamaged.
        """
        with self._lock:
            told = undisturbed(self._folder, self._known)
            return {part: self._bounds(part, *each) for part, each in sorted(told.items())}

    def _known(self) -> Bounds:
        """The log's own bounds, after a look at the archive."""
        self._look()
        if self._is_known:
            return self._log.bounds()
        try:
            told = check(self._folder, self._manifest, self._log, self._chains)
        except LogChanged:
            if not self._went_on():
                raise
            told = check(self._folder, self._manifest, self._log, self._chains)
        self._is_known = True
        return told

    def _bounds(self, part: int, first: int, end: int) -> tuple[int, int]:
        start = self._part.start(part)
        found = self._chains.get(part)
        return (found[0].first if found else start + first), start + end

    def read(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        with self._lock:
            if not self._is_known:
                self.bounds()
            for _ in range(LOOKS):
                try:
                    records = self._read_archive(positions, limit)
                except FileNotFoundError:
                    self._look()
                    continue
                if len(records):
                    return records
                try:
                    return self._read_log(positions, limit, wait_seconds)
                except LogChanged:
                    if not self._went_on():
                        raise
            raise vanishing(self._folder)

    def _look(self) -> None:
        self._chains = chains_of(self._folder, partitions(self._folder))
        self._cursors = {}

    def _went_on(self) -> bool:
        """Was anything archived since the last look? That much the log may have forgotten meanwhile."""
        before = self._ends()
        self._look()
        return self._ends() != before

    def _end(self, part: int) -> int:
        """The next offset to archive of a partition, as of the last look."""
        return self._chains[part][-1].last + 1 if part in self._chains else self._part.start(part)

    def _ends(self) -> dict[int, int]:
        return {part: self._end(part) for part in self._chains}

    def _read_archive(self, positions: Mapping[int, int], limit: int) -> Records:
        """What the archive has of these partitions, of each by what is left of it: all end together."""
        left = {part: self._end(part) - at for part, at in positions.items() if at < self._end(part)}
        found: list[tuple[int, pa.Table]] = []
        room = limit
        for part in sorted(left, key=left.__getitem__, reverse=True):
            if not room:
                break
            share = min(room, -(-limit * left[part] // sum(left.values())))
            tables = self._cursor(part, positions[part]).take(share)
            found += [(part, table) for table in tables]
            room -= sum(len(table) for table in tables)
        return records_of(found)

    def _cursor(self, part: int, offset: int) -> "_Cursor":
        cursor = self._cursors.get(part)
        if cursor is None or cursor.offset != offset:
            if not self._chains[part][0].first <= offset:
                raise LogChanged(f"archive, partition {part}: asked for offset {offset}; {ANOTHER_LOG}")
            cursor = self._cursors[part] = _Cursor(self._chains[part], offset)
        return cursor

    def _read_log(self, positions: Mapping[int, int], limit: int, wait_seconds: float) -> Records:
        starts = {part: self._part.start(part) for part in positions}
        records = self._log.read(
            {part: at - starts[part] for part, at in positions.items()},
            limit=limit,
            wait_seconds=wait_seconds,
        )
        if any(starts.values()):
            records.offset[:] = [
                at + starts[part] for part, at in zip(records.partition, records.offset, strict=True)
            ]
            records.passed.update({part: at + starts[part] for part, at in records.passed.items()})
        return records

    def commit(self, positions: Mapping[int, int]) -> None:
        told = {part: at - self._part.start(part) for part, at in positions.items()}
        self._log.commit({part: at for part, at in told.items() if at >= 0})


class _Cursor:
    """Reads one partition's segments from an offset on, and goes on where it ended."""

    def __init__(self, chain: list[Segment], offset: int) -> None:
        self.offset = offset
        self._groups = self._read([each for each in chain if each.last >= offset])
        self._rest: pa.Table | None = None

    def _read(self, chain: list[Segment]) -> Iterator[pa.Table]:
        for segment in chain:
            for table in row_groups(segment.path, first=self.offset):
                offsets = table["offset"].to_pylist()
                beginning = next(row for row, offset in enumerate(offsets) if offset >= self.offset)
                yield table.slice(beginning)

    def take(self, limit: int) -> list[pa.Table]:
        """At most so many of the next records. Raises FileNotFoundError when one was merged meanwhile."""
        taken: list[pa.Table] = []
        while (
            limit and (rest := self._rest if self._rest is not None else next(self._groups, None)) is not None
        ):
            taken.append(rest.slice(0, limit))
            self._rest = rest.slice(limit) if len(rest) > limit else None
            limit -= len(taken[-1])
            self.offset = taken[-1]["offset"][-1].as_py() + 1
        return taken
