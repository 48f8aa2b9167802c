"""How does the next batch arrive while the last one is being written? On a thread of its own.

Polling Kafka costs as much as projecting, and DuckDB and polars leave the interpreter to others while they
work. The log is touched by that one thread alone, for a Kafka consumer must not be shared.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from lineage.logs.record import Log, Records

T = TypeVar("T")


class ReadAhead:
    """Reads one log, always one batch further than was asked for; a failed read is raised when it is due."""

    def __init__(self, log: Log, *, limit: int, wait_seconds: float) -> None:
        self._log = log
        self._limit = limit
        self._wait_seconds = wait_seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._coming: Future[Records] | None = None
        self._coming_from: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def ask(self, question: Callable[[], T]) -> T:
        """What the log says to this, asked between two reads."""
        return self._thread.submit(question).result()

    def read(self, positions: Mapping[int, int]) -> Records:
        """The batch from these positions on. The one behind it is fetched meanwhile, if there is any."""
        if self._coming is None or self._coming_from != dict(positions):
            self._fetch(dict(positions))
        coming, self._coming = self._coming, None
        assert coming is not None  # noqa: S101 (fetched above)
        records = coming.result()
        if len(records):
            self._fetch(dict(positions) | records.next_positions())
        return records

    def commit(self, positions: Mapping[int, int]) -> None:
        """Move the lag gauge, when the thread comes to it."""
        self._thread.submit(self._log.commit, positions)

    def _fetch(self, positions: dict[int, int]) -> None:
        self._coming_from = positions
        self._coming = self._thread.submit(
            self._log.read, positions, limit=self._limit, wait_seconds=self._wait_seconds
        )
