"""Which stretch of time does a request ask about?

The twelve months before the business received the request, or, when the person asks for more, a range or
everything since 1 January 2022 (law.md A.7; §1798.130(a)(2)(B), R 7020, R 7024(h)); reckoned in calendar
months and days of the business's time zone and printed in UTC.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from lineage.errors import Refused

MONTHS = 12

EARLIEST_DAY = date(2022, 1, 1)
"""Personal information collected before this day need not be told (§1798.130(a)(2)(B))."""

Basis = Literal["twelve_months", "range", "everything"]


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open: what occurred at ``start`` is in, what occurred at ``end`` is not. Both in UTC.

    ``base_start``: where the twelve months begin; ``earliest``: midnight of 1 January 2022.
    """

    start: datetime
    end: datetime
    base_start: datetime
    earliest: datetime
    time_zone: str
    basis: Basis = "twelve_months"


def received(text: str) -> date | datetime:
    """The receipt as given: a bare day, or an instant with its zone (seconds optional).

    >>> received("2026-06-15")
    datetime.date(2026, 6, 15)
    """
    try:
        if len(text) == len("2026-06-15"):
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            "The receipt is neither a day (2026-06-15) nor an instant with zone (2026-06-15T10:00-07:00)."
        ) from None
    if at.tzinfo is None:
        raise Refused("The receipt has a time but no zone. Write the offset too: 2026-06-15T10:00-07:00.")
    return at.astimezone(UTC)


def day(text: str) -> date:
    """A bare day as given. Raises Refused."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("The first day is no day. Write it like 2024-01-31.") from None


def window(
    receipt: date | datetime, time_zone: str, *, since: date | None = None, everything: bool = False
) -> Window:
    """The stretch that a request received then asks about: twelve months unless it asks for more.

    The whole first day is in (DD-08). When only the day of receipt is known the window ends with that day. A
    range begins at midnight of ``since``, but not before 2022.

    Raises:
        Refused: ``since`` is not before the receipt.

    >>> window(date(2026, 5, 4), "America/Los_Angeles").end.isoformat()
    '2026-05-05T07:00:00+00:00'
    """
    zone = ZoneInfo(time_zone)
    if isinstance(receipt, datetime):
        day, end = receipt.astimezone(zone).date(), receipt.astimezone(UTC)
    else:
        day, end = receipt, midnight(receipt + timedelta(days=1), zone)
    base_start, earliest = midnight(_months_before(day, MONTHS), zone), midnight(EARLIEST_DAY, zone)
    if everything:
        return Window(earliest, end, base_start, earliest, time_zone, "everything")
    if since is None:
        return Window(base_start, end, base_start, earliest, time_zone)
    start = max(midnight(since, zone), earliest)
    if start >= end:
        raise Refused("The first day asked for is not before the receipt. Give an earlier day after --from.")
    return Window(start, end, base_start, earliest, time_zone, "range")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of that day there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _months_before(day: date, months: int) -> date:
    """Calendar months, clamped to the last day of the month (Gov. Code 6803, 6804)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
