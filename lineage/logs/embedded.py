"""How do we keep a log without a broker? One SQLite file, one partition, as many processes as like to.

For trying out, for tests and for one machine. Appended records wait in memory until ``flush`` (or until a
batch is full) and are then written in one transaction, so that no process holds the file for long. The time
of that transaction is their ``recorded_at``.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from lineage.errors import LogChanged, LogUnavailable, Refused
from lineage.logs.record import ANOTHER_LOG, Delivered, Records, check_record

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BATCH_RECORDS = 10_000
BATCH_BYTES = 16 * 1024 * 1024
BUSY_SECONDS = 30.0  # how long a write waits for another process's write
LOOK_AGAIN_SECONDS = 0.02  # SQLite cannot wake a reader: it looks


@dataclass(frozen=True, slots=True, repr=False)
class _Waiting:
    key: bytes | None
    value: bytes | None
    recorded_at: int | None
    on_delivery: Delivered | None


def _now() -> datetime:
    return datetime.now(UTC)


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


class EmbeddedLog:
    """A log in one SQLite file with the single partition 0 and offsets 0, 1, 2 without gaps.

    ``recorded_at`` never falls: a clock that goes back gives the last time again, an explicit time that lies
    before the last one is refused. Safe to share between threads; processes open the file each for itself.
    """

    def __init__(
        self, path: Path, *, name: str = "personal-data-events", clock: Callable[[], datetime] = _now
    ) -> None:
        self._path = path
        self._name = name
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._waiting_bytes = 0
        self._last_explicit: int | None = None
        self._dropped: LogUnavailable | None = None
        self._write_lock = RLock()  # re-entrant: on_delivery may append again
        self._read_lock = RLock()
        with self._faults():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect()
            self._reader = self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("pragma journal_mode = wal")
        # The log is the truth, so a confirmed record must outlive a power cut, not just a killed process.
        connection.execute("pragma synchronous = full")
        connection.executescript((files("lineage.logs") / "embedded.sql").read_text())
        return connection

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise LogUnavailable(
                f"embedded log {self._path}: {error}. See that its folder can be written, that the disk has "
                "room and that the file is a log, then try again."
            ) from error

    @property
    def name(self) -> str:
        return self._name

    def partitions(self) -> list[int]:
        return [0]

    def append(
        self,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int | None = None,
        recorded_at: datetime | None = None,
        on_delivery: Delivered | None = None,
    ) -> None:
        size = check_record(key, value)
        if partition not in (None, 0):
            raise Refused(f"the embedded log has no partition {partition}, only 0")
        with self._write_lock:
            moment = None if recorded_at is None else self._check_moment(recorded_at)
            self._waiting.append(_Waiting(key, value, moment, on_delivery))
            self._waiting_bytes += size
            if len(self._waiting) >= BATCH_RECORDS or self._waiting_bytes >= BATCH_BYTES:
                self._write_batch()

    def _check_moment(self, recorded_at: datetime) -> int:
        if recorded_at.tzinfo is None:
            raise Refused("recorded_at has no time zone; give one")
        moment = _micros(recorded_at)
        last = self._last_explicit
        if last is None:
            with self._faults():
                last = self._end(self._writer)[1]
        if moment < last:
            raise Refused("recorded_at lies before the last record of the log; append in ascending order")
        self._last_explicit = moment
        return moment

    def flush(self, timeout_seconds: float = BUSY_SECONDS) -> None:
        with self._write_lock:
            self._writer.execute(f"pragma busy_timeout = {int(timeout_seconds * 1000)}")
            self._write_batch()
            dropped, self._dropped = self._dropped, None
        if dropped is not None:
            raise dropped

    def _write_batch(self) -> None:
        batch, self._waiting, self._waiting_bytes = self._waiting, [], 0
        self._last_explicit = None
        if not batch:
            return
        error = None
        try:
            with self._faults():
                self._insert(batch)
        except LogUnavailable as fault:
            self._dropped = error = fault
        for record in batch:
            if record.on_delivery is not None:
                record.on_delivery(error)

    def _insert(self, batch: list[_Waiting]) -> None:
        # `immediate`: the end of the log is read under the write lock, so no two give one offset.
        self._writer.execute("begin immediate")
        try:
            offset, moment = self._end(self._writer)
            now = _micros(self._clock())
            rows = []
            for offset, record in enumerate(batch, start=offset):  # noqa: B020 (counts on from the end)
                asked = now if record.recorded_at is None else record.recorded_at
                # Another process may have written later times since `append` looked: raise, never fall.
                moment = max(moment, asked)
                rows.append((offset, moment, record.key, record.value))
            self._writer.executemany("insert into record values (?, ?, ?, ?)", rows)
            self._writer.execute("commit")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("rollback")
            raise

    @staticmethod
    def _end(connection: sqlite3.Connection) -> tuple[int, int]:
        """The next offset and the last recorded time (the epoch's own beginning in an empty log)."""
        last = "select offset + 1, recorded_at from record order by offset desc limit 1"
        return connection.execute(last).fetchone() or (0, 0)

    def bounds(self) -> dict[int, tuple[int, int]]:
        with self._read_lock, self._faults():
            return {0: (0, self._end(self._reader)[0])}

    def read(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        if set(positions) - {0}:
            raise LogChanged(f"the embedded log {self._path} has no partition but 0")
        if 0 not in positions:
            return Records()
        deadline = time.monotonic() + wait_seconds
        while True:
            records = self._select(positions[0], limit)
            if len(records) or time.monotonic() >= deadline:
                return records
            time.sleep(LOOK_AGAIN_SECONDS)

    def _select(self, start: int, limit: int) -> Records:
        with self._read_lock, self._faults():
            rows = self._reader.execute(
                "select * from record where offset >= ? order by offset limit ?",
                (start, limit),
            ).fetchall()
            end = start if rows else self._end(self._reader)[0]
        if not 0 <= start <= end:
            raise LogChanged(
                f"embedded log {self._path}: asked for offset {start}, but it ends at {end}: {ANOTHER_LOG}"
            )
        if not rows:
            return Records()
        offset, recorded_at, key, value = (list(column) for column in zip(*rows, strict=True))
        return Records([0] * len(rows), offset, recorded_at, key, value)

    def commit(self, positions: Mapping[int, int]) -> None:
        """Nobody watches the lag of a file: nothing to tell."""

    def close(self) -> None:
        with self._write_lock, self._read_lock:
            self._write_batch()
            self._writer.close()
            self._reader.close()
            dropped, self._dropped = self._dropped, None
        if dropped is not None:
            raise dropped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
