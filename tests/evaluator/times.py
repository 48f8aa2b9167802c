"""When is an event, when is the window, and where is an interval cut? Whole microseconds since 1970, UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALWAYS = -(2**62)
FOREVER = 2**62


class Span(NamedTuple):
    """[start, end); equal bounds are an instant (rulings.md 3)."""

    start: int
    end: int

    @property
    def instant(self) -> bool:
        return self.start == self.end


class Window(NamedTuple):
    """[start, end) of the question (law.md A.7)."""

    start: int
    end: int


def micros(text: str) -> int:
    """The microsecond of an RFC 3339 instant."""
    return moment(datetime.fromisoformat(text))


def moment(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def written(at: int) -> str:
    """An instant as answers print it: UTC, six digits, Z (rulings.md 10)."""
    return (EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def midnight(day: date, zone: ZoneInfo) -> int:
    return moment(datetime.combine(day, time.min, zone))


def boundary(text: str, zone: ZoneInfo) -> int:
    """A policy date (midnight in the business's zone) or instant (rulings.md 1)."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return midnight(date.fromisoformat(text), zone)
    return micros(text)


def window(received: str, zone: ZoneInfo) -> Window:
    """The base window: twelve calendar months back, clamped to the month's last day, from local midnight
    (law.md A.7).
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", received):
        day = date.fromisoformat(received)
        end = midnight(day + timedelta(days=1), zone)
    else:
        day = datetime.fromisoformat(received).astimezone(zone).date()
        end = micros(received)
    leap = (day.month, day.day) == (2, 29)
    return Window(midnight(day.replace(year=day.year - 1, day=28 if leap else day.day), zone), end)


def floor(zone: ZoneInfo) -> int:
    """Nothing older can be asked for (law.md A.7)."""
    return midnight(date(2022, 1, 1), zone)


def extended(base: Window, since: str | None, zone: ZoneInfo) -> Window:
    """A range from a first day, or everything when none is named (rulings.md 6)."""
    first = midnight(date.fromisoformat(since), zone) if since else ALWAYS
    return Window(max(first, floor(zone)), base.end)


def month_end(month: str, zone: ZoneInfo, later: int = 0) -> int:
    """The instant at which a month ("2027-03"), or one so many months later, is over."""
    year, number = map(int, month.split("-"))
    months = year * 12 + number + later
    return midnight(date(months // 12, months % 12 + 1, 1), zone)


def span_of(event: dict[str, object]) -> Span:
    start = micros(str(event["occurred_at"]))
    if event.get("ongoing"):
        return Span(start, FOREVER)
    until = event.get("occurred_until")
    return Span(start, micros(str(until)) if until else start)


def clip(span: Span, low: int, high: int) -> Span | None:
    """What of a span lies in [low, high)."""
    if span.instant:
        return span if low <= span.start < high else None
    start, end = max(span.start, low), min(span.end, high)
    return Span(start, end) if start < end else None


def cut(span: Span, cuts: list[int]) -> list[Span]:
    """The pieces of a span between boundaries (rulings.md 4)."""
    edges = [span.start, *sorted({at for at in cuts if span.start < at < span.end}), span.end]
    return [Span(start, end) for start, end in pairwise(edges)]


def missing(window: Window, covered: list[Span]) -> list[Span]:
    """The holes that spans leave in a window."""
    holes, reached = [], window.start
    for start, end in sorted(covered):
        if start > reached:
            holes.append(Span(reached, min(start, window.end)))
        reached = max(reached, end)
        if reached >= window.end:
            return holes
    return [*holes, Span(reached, window.end)]


def joined(spans: list[Span]) -> list[Span]:
    """Spans that touch or overlap, as one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def without(spans: list[Span], taken: list[Span]) -> list[Span]:
    """What of some spans is left when others are taken out of them."""
    for out in taken:
        spans = [
            left
            for span in spans
            for left in (Span(span.start, min(span.end, out.start)), Span(max(span.start, out.end), span.end))
            if left.start < left.end
        ]
    return spans


def within(span: Span, allowed: list[Span]) -> tuple[Span, ...]:
    """The parts of an event's time that lie in any of some spans."""
    return tuple(part for each in joined(allowed) if (part := clip(span, *each)))
