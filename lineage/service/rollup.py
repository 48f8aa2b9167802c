"""How do ten thousand points of one day become two events? The first is told at once, the rest are counted.

An activity with ``rollup: day`` repeats: page views, places. The first of a day (the business's own, by its
time zone) with the same person and the same content is published when it happens. Those after it are counted,
and one event tells them all with ``count`` and interval: when the day is over, or when the publisher closes.

Until then they stand nowhere but in memory, and the publisher's reports say so: they cover nothing from the
first counted instant on. A process that is killed loses how often it happened again that day, never that it
happened; and the time from which on that is not known remains uncovered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from lineage.errors import LineageError, LogUnavailable
from lineage.events import Event, Header, filled
from lineage.policy.activities import counted_apart
from lineage.publish import Publisher
from lineage.publish.sending import Clock

KEPT: Final = 100_000
"""Different facts that are counted at once, some 100 MB; one more, and they are told before the day ends."""

Lost = Callable[[Event, Exception], None]


@dataclass(slots=True)
class _Repeated:
    """A fact that was told, and those after it: how many, from when to when."""

    fact: Header
    told: UUID
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def add(self, at: datetime, count: int) -> None:
        self.count += count
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)


class Rollup:
    """Publishes for a publisher, and counts what the policy says may be counted. Thread-safe.

    ``lost`` hears of an event that the publisher refused when its count was told. Without ``counts`` each
    fact is told by itself: where another process answers for the time of one that was killed.
    """

    def __init__(
        self, publisher: Publisher, *, clock: Clock, lost: Lost, kept: int = KEPT, counts: bool = True
    ) -> None:
        self.publisher = publisher
        self._clock = clock
        self._lost = lost
        self._kept = kept
        self._zone = ZoneInfo(publisher.policy.business.time_zone)
        self._today = self._day(clock())
        self._repeated: dict[tuple[object, ...], _Repeated] = {}
        self._over: list[Header] = []
        self._first: datetime | None = None
        self._since: datetime | None = None
        self._counts = counts
        self._lock = Lock()
        if counts:
            publisher.hold(lambda: self._since)

    def record(self, activity: str, *, subject: str | UUID | None = None, **given: Any) -> UUID:
        """As ``Publisher.record``; of a repeated fact the id is that of the event that told the first."""
        declared = self.publisher.policy.activities.get(activity)
        if declared is None or declared.rollup == "none":
            return self.publisher.record(activity, subject=subject, **given)
        event = self.publisher.policy.fill(activity, subject, **given)
        if not _repeats(event):
            return self.publisher.publish(event)
        with self._lock:
            # Set before the clock is read: a report, which waits for no lock, cannot cover what comes now.
            self._since = self._since or self._clock()
            try:
                return self._recorded(cast(Header, event))
            finally:
                self._since = self._first

    def _recorded(self, event: Header) -> UUID:
        now = self._clock()
        self._turn(now)
        at = event.occurred_at or now
        is_todays = at.tzinfo is not None and self._day(at) == self._today
        if not self._counts or not is_todays or at < self.publisher.covered_until or event.count < 1:
            return self.publisher.publish(event)  # by itself: too late to be counted, or wrong
        same = (type(event), *filled(event, {"occurred_at": None, "count": 1}).__dict__.values())
        try:
            known = self._repeated.get(same)
        except TypeError:  # a list where a tuple belongs
            return self.publisher.publish(event)
        if known is not None:
            known.add(at, event.count)
            self._first = at if self._first is None else min(self._first, at)
            return known.told
        told = self.publisher.publish(filled(event, {"occurred_at": at}))
        if len(self._repeated) >= self._kept:
            self._end_counting()
        self._repeated[same] = _Repeated(event, told)
        return told

    def turn(self) -> None:
        """Tell the counts of the days that are over. Raises LogUnavailable: they stay counted, try again."""
        with self._lock:
            self._turn(self._clock())
        self._tell()

    def close(self) -> None:
        """Tell all counts, and count no more. Raises LogUnavailable; ``lost`` has heard of what is untold."""
        with self._lock:
            self._counts = False
            self._end_counting()
        try:
            self._tell()
        except LogUnavailable as error:
            for event in self._over:
                self._lost(event, error)
            raise

    def _turn(self, now: datetime) -> None:
        today = self._day(now)
        if today != self._today:
            self._end_counting()
            self._today = today

    def _end_counting(self) -> None:
        self._over += [_counted(each) for each in self._repeated.values() if each.first]
        self._repeated = {}

    def _tell(self) -> None:
        """One by one, so that no request waits for all of them."""
        while self._over:
            with self._lock:
                event = self._over[-1]
                try:
                    self.publisher.publish(event)
                except LogUnavailable:
                    raise
                except LineageError as error:
                    self._lost(event, error)
                self._over.pop()
                if not self._over:
                    waiting = [each.first for each in self._repeated.values() if each.first]
                    self._first = self._since = min(waiting, default=None)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def _repeats(event: Event) -> bool:
    """May it be counted, whatever the call has added to what the policy says?"""
    if counted_apart(event) or event.occurred_until or event.ongoing or event.event_id or event.sequence:
        return False
    return getattr(event, "supersedes", None) is None


def _counted(repeated: _Repeated) -> Header:
    at, until = repeated.first, repeated.last
    changes = {"occurred_at": at, "occurred_until": None if until == at else until, "count": repeated.count}
    return filled(repeated.fact, changes)
