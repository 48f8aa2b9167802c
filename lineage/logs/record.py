"""What is a log, and what comes out of it? The promise that every log keeps, and the columns it hands out.

A log is an append-only sequence of records (key, value) in one or more partitions. A record's place is its
partition and offset; offsets rise within a partition and may have gaps. When a record was written is the
log's own word (``recorded_at``), not the writer's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from lineage.errors import LogUnavailable, Refused

# Kafka refuses a record above a megabyte unless broker, topic and client are all told otherwise; what one log
# takes the other must take too. The rest of the megabyte is for the record's frame.
MAX_RECORD_BYTES = 1_000_000

# The end of every LogChanged that a reader gets for asking beyond what is there.
ANOTHER_LOG = "it is not the log that was read before. Point to the right one, or rebuild from this one."

Delivered = Callable[[LogUnavailable | None], None]


@dataclass(frozen=True, slots=True, repr=False)
class Erased:
    """What is left of a record whose key and value an erasure took out of the archive.

    ``digest`` is that of the whole record; ``by`` is the event_id of the erasure. The number of the event
    stays, so that nothing else shows a gap; of what was no event there is none.
    """

    digest: bytes
    by: bytes
    producer: str | None = None
    incarnation: bytes | None = None
    sequence: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Records:
    """Records as columns of equal length; within a partition in the order of the log.

    ``recorded_at`` counts microseconds since 1970-01-01 UTC. A key or a value may be missing: topics are open
    to other writers. ``erased`` are those of which nothing else is left, by their index. ``passed``: where
    reading goes on in partitions whose next offsets hold no record for anybody, such as the markers and the
    aborted records of transactions; told when there is nothing else.
    """

    partition: list[int] = field(default_factory=list)
    offset: list[int] = field(default_factory=list)
    recorded_at: list[int] = field(default_factory=list)
    key: list[bytes | None] = field(default_factory=list)
    value: list[bytes | None] = field(default_factory=list)
    erased: dict[int, Erased] = field(default_factory=dict)
    passed: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.offset)

    def __repr__(self) -> str:
        # Keys are tokens and values are events about people: neither belongs into a log line.
        return f"Records({len(self)} records of {len(set(self.partition))} partitions)"

    def next_positions(self) -> dict[int, int]:
        """Where reading goes on after these records: the next offset of each partition they are of."""
        last = dict(zip(self.partition, self.offset, strict=True))
        return {part: offset + 1 for part, offset in last.items()} | self.passed


class Log(Protocol):
    """A place to append records to and to read them from, in partitions."""

    @property
    def name(self) -> str:
        """The topic."""

    def partitions(self) -> list[int]:
        """The partitions that exist now, ascending. Raises LogUnavailable."""

    def append(
        self,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int | None = None,
        recorded_at: datetime | None = None,
        on_delivery: Delivered | None = None,
    ) -> None:
        """Take a record into the buffer; records of one key stay in one partition, in order.

        ``on_delivery`` is called once, perhaps by another thread: with None when the log has confirmed the
        record, with the error when it has not and the record was dropped. ``recorded_at`` is for the embedded
        log only. Raises Refused for a record that this log can never take, LogUnavailable when not even the
        buffer takes it; in both cases nothing was taken and ``on_delivery`` is not called.
        """

    def flush(self, timeout_seconds: float = 30.0) -> None:
        """Return when every record appended so far is confirmed.

        Raises LogUnavailable when some are not confirmed in time, or were dropped since the last flush;
        ``on_delivery`` has told, or will tell, which.
        """

    def bounds(self) -> dict[int, tuple[int, int]]:
        """Per partition the first offset still kept and the offset of the next record.

        Raises LogUnavailable.
        """

    def read(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        """At most ``limit`` records from the named partitions, each from its next offset on.

        Waits up to ``wait_seconds`` when there is nothing; empty means nothing new. Calls that go on where
        the last one ended are cheap. Raises LogUnavailable; LogChanged when a position is not (or no longer)
        in the log: nothing is skipped unsaid.
        """

    def commit(self, positions: Mapping[int, int]) -> None:
        """Tell the log how far the reader is, for people who watch the lag. Never fails, never decides."""

    def close(self) -> None:
        """Flush, and let go of everything whatever happens; again is fine.

        Raises LogUnavailable as flush does.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


@runtime_checkable
class InBatches(Protocol):
    """A log that can be read for less when it need not count what it hands out."""

    def read_batches(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        """As ``read``, but the batch that goes over the limit is given whole."""


def check_record(key: bytes | None, value: bytes | None) -> int:
    """The bytes of a record. Raises Refused when it is nothing, or larger than any log takes."""
    if key is None and value is None:
        raise Refused("a record needs a key or a value")
    size = len(key or b"") + len(value or b"")
    if size > MAX_RECORD_BYTES:
        raise Refused(f"a record of {size} bytes is over the limit of {MAX_RECORD_BYTES}; split it")
    return size
