"""What does a log in front of another one leave as it is? Everything that it does not say anew."""

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from lineage.logs.record import Delivered, Log, Records


class InFront:
    """A log that hands on every call to the one behind it. Closing it closes that one."""

    def __init__(self, log: Log) -> None:
        self._log = log

    @property
    def name(self) -> str:
        return self._log.name

    def partitions(self) -> list[int]:
        return self._log.partitions()

    def append(
        self,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int | None = None,
        recorded_at: datetime | None = None,
        on_delivery: Delivered | None = None,
    ) -> None:
        self._log.append(key, value, partition=partition, recorded_at=recorded_at, on_delivery=on_delivery)

    def flush(self, timeout_seconds: float = 30.0) -> None:
        self._log.flush(timeout_seconds)

    def bounds(self) -> dict[int, tuple[int, int]]:
        return self._log.bounds()

    def read(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        return self._log.read(positions, limit=limit, wait_seconds=wait_seconds)

    def commit(self, positions: Mapping[int, int]) -> None:
        self._log.commit(positions)

    def close(self) -> None:
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
