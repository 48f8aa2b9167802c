"""What was in force at an instant?

A dated value is a row of half-open pieces ``[since, until)``, sorted, never overlapping, possibly with gaps
(rulings.md 1). ``None`` as a bound means open. All instants are UTC.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)? ?(?P<zone>[Zz]|[+-]\d{2}(:?\d{2})?)?"
)


def boundary(text: str, zone: tzinfo) -> datetime:
    """The UTC instant that a date (midnight in ``zone``) or an instant with its own zone stands for.

    Raises ``ValueError`` with what to write instead; an instant without zone is refused, for nobody can tell
    which one is meant. A midnight that the clocks skip is the first instant of that day.
    """
    if _DAY.fullmatch(text):
        try:
            return datetime.combine(date.fromisoformat(text), time.min, zone).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError("is no day of the calendar") from None
    found = _INSTANT.fullmatch(text)
    if not found:
        raise ValueError("needs a date (2026-01-31) or an instant with zone (2026-01-31T09:30:00-08:00)")
    if not found["zone"]:
        raise ValueError("is an instant without zone; add one, such as -08:00 or Z, or write the date alone")
    try:
        return datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no instant of the calendar") from None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time; ``None`` is open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, instant: datetime) -> bool:
        return (self.since is None or self.since <= instant) and (self.until is None or instant < self.until)

    def meet(self, other: "Span") -> "Span | None":
        """What both cover, or ``None``."""
        since = max((bound for bound in (self.since, other.since) if bound), default=None)
        until = min((bound for bound in (self.until, other.until) if bound), default=None)
        return None if since and until and until <= since else Span(since, until)

    def bounds(self) -> tuple[datetime, ...]:
        """The finite ends."""
        return tuple(bound for bound in (self.since, self.until) if bound)


ALWAYS = Span()


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value that may change: pieces in order of time. Made by :func:`cut_into` or :meth:`always`."""

    pieces: tuple[tuple[Span, T], ...] = ()

    @classmethod
    def always(cls, value: T) -> "Dated[T]":
        return cls(((ALWAYS, value),))

    def at(self, instant: datetime) -> T | None:
        """The value in force at an instant, or ``None`` in a gap."""
        return next((value for span, value in self.pieces if span.holds(instant)), None)

    def values(self) -> tuple[T, ...]:
        return tuple(value for _, value in self.pieces)

    def spans(self) -> tuple[Span, ...]:
        return tuple(span for span, _ in self.pieces)


def cut_into(pieces: Iterable[tuple[Span, T]]) -> Dated[T]:
    """Pieces in any order as a dated value. Raises ``ValueError`` when two hold at one instant."""
    low, high = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    ordered = sorted(pieces, key=lambda piece: (piece[0].since or low, piece[0].until or high))
    for (before, _), (after, _) in pairwise(ordered):
        if before.meet(after):
            raise ValueError("has two values at one time; end the earlier one where the later begins")
    return Dated(tuple(ordered))


def where_both(first: Dated[bool], second: Dated[bool]) -> tuple[Span, ...]:
    """The spans in which both values are true."""
    yes = [span for span, value in second.pieces if value]
    meets = (span.meet(other) for span, value in first.pieces if value for other in yes)
    return tuple(span for span in meets if span)


def split(span: Span, cuts: Sequence[datetime]) -> tuple[Span, ...]:
    """The span cut at instants inside it."""
    inner = sorted(cut for cut in set(cuts) if span.holds(cut) and cut != span.since)
    edges = [span.since, *inner, span.until]
    return tuple(Span(since, until) for since, until in pairwise(edges))
