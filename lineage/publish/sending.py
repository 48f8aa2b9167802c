"""How does one finished event come into the log, and who hears when it does not?

What every way in shares: the library, JSON lines, a backfill, an adopted policy. An event about a person goes
to that person's partition under the token; a report and a policy go to every partition; everything else goes
under its producer's name.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Final, cast
from uuid import UUID, uuid4

import uuid_utils

from lineage.codec import decode, encode
from lineage.errors import LogUnavailable, Refused
from lineage.events import Event, Header, PolicyAdopted, ProducerReported
from lineage.logs import Log

FLUSH_SECONDS: Final = 60.0  # longer than a broker's restart takes
POLICY_KEY: Final = b"policy"
NUMBERLESS: Final = (ProducerReported, PolicyAdopted)  # they travel to every partition and take no number

Clock = Callable[[], datetime]
OnFailure = Callable[[Event, LogUnavailable], None]


class DeliveryFailed(LogUnavailable):
    """Some records were not confirmed by the log. ``count`` of them since the last flush; send them again."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"the log did not confirm {count} record{'s'[: count != 1]}. Publish the same events again "
            "once it is back: what had arrived after all is recognised by its id and adds nothing."
        )
        self.count = count


def now_utc() -> datetime:
    return datetime.now(UTC)


def new_event_id() -> UUID:
    """A UUID version 7: ids of one time lie together, which keeps the search for repeats short."""
    return UUID(int=uuid_utils.uuid7().int)


def faults(event: Event) -> list[str]:
    """What is wrong with an event's own numbers, whatever any policy says: by field, never by value.

    An end before the beginning or beside ``ongoing``, counts below one.
    """
    found = []
    began, until = event.occurred_at, event.occurred_until
    if until is not None:
        if event.ongoing:
            found.append("occurred_until: stands beside ongoing; give one of them")
        if began is None:
            found.append("occurred_at: is missing beside occurred_until")
        elif began.tzinfo is not None and until.tzinfo is not None and until < began:
            found.append("occurred_until: lies before occurred_at")
    if getattr(event, "count", 1) < 1:
        found.append("count: is below 1")
    if event.sequence is not None and event.sequence < 1 and not isinstance(event, NUMBERLESS):
        found.append("sequence: is below 1")
    return found


class Incarnation:
    """One life of a producer: its own id, and the numbers 1, 2, 3 … of what it sends."""

    __slots__ = ("id", "last", "producer")

    def __init__(self, producer: str) -> None:
        self.producer = producer
        self.id = uuid4()
        self.last = 0

    def report(
        self, covers_from: datetime, covers_until: datetime, *, systems: tuple[str, ...] = (), closing: bool
    ) -> ProducerReported:
        """How far the numbers go, and for which time everything has been told."""
        return report_of(
            self.producer, self.id, self.last, covers_from, covers_until, systems=systems, closing=closing
        )


def report_of(
    producer: str,
    incarnation: UUID,
    last: int,
    covers_from: datetime,
    covers_until: datetime,
    *,
    systems: tuple[str, ...],
    closing: bool,
) -> ProducerReported:
    """What a life says of itself: how far its numbers go, and for which time everything has been told."""
    return ProducerReported(
        event_id=new_event_id(),
        occurred_at=covers_until,
        producer=producer,
        incarnation=incarnation,
        last_sequence=last,
        covers_from=covers_from,
        covers_until=covers_until,
        systems=systems,
        closing=closing,
    )


def addressed(event: Event) -> tuple[bytes, bool]:
    """The key of a finished event, and whether it goes to each partition. Raises Refused."""
    if isinstance(event, Header):
        return cast(UUID, event.subject).bytes, False
    if isinstance(event, PolicyAdopted):
        return POLICY_KEY, True
    return _producer_key(event), isinstance(event, ProducerReported)


class Sender:
    """Encodes finished events, hands them to a log, and keeps count of what the log did not confirm.

    Thread-safe. ``on_failure`` may be called by the log's own thread; it must not raise.
    """

    def __init__(self, log: Log, on_failure: OnFailure | None = None) -> None:
        self.log = log
        self._on_failure = on_failure
        self._lock = Lock()
        self._failed = 0

    def send(self, event: Event, recorded_at: datetime | None = None) -> None:
        """Append one finished event in the background.

        Raises LogUnavailable or Refused when nothing of it was taken.
        """
        value = encode(event)
        # While it waits for the log the event is kept as its bytes: many small objects alive make Python's
        # garbage collection dear.
        told = partial(self._delivered, value)
        key, everywhere = addressed(event)
        if everywhere:
            for partition in self.log.partitions():
                self.log.append(key, value, partition=partition, recorded_at=recorded_at, on_delivery=told)
        else:
            self.log.append(key, value, recorded_at=recorded_at, on_delivery=told)

    def _delivered(self, value: bytes, error: LogUnavailable | None) -> None:
        if error is None:
            return
        with self._lock:
            self._failed += 1
        if self._on_failure is not None:
            self._on_failure(decode(value), error)

    def flush(self, timeout_seconds: float = FLUSH_SECONDS) -> None:
        """Wait until everything sent is confirmed. Raises DeliveryFailed with the count since the last flush,
        LogUnavailable when the log does not answer in time (nothing is known to be lost then)."""
        late = None
        try:
            self.log.flush(timeout_seconds)
        except LogUnavailable as error:
            late = error
        with self._lock:
            failed, self._failed = self._failed, 0
        if failed:
            raise DeliveryFailed(failed) from late
        if late is not None:
            raise late

    def finish(self, timeout_seconds: float) -> None:
        """Nothing more is sent. Raises as ``flush`` does."""
        self.flush(timeout_seconds)


def _producer_key(event: Event) -> bytes:
    if event.producer is None:
        raise Refused("producer: is missing")
    return event.producer.encode()
