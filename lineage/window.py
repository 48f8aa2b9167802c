"""Which stretch of time does a request ask about?

The twelve months before the business received the request (law.md A.7; §1798.130(a)(2)(B), R 7024(h)),
reckoned in calendar months of the business's time zone and printed in UTC.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from lineage.errors import Refused

MONTHS = 12

Basis = Literal["twelve_months"]


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open: what occurred at ``start`` is in, what occurred at ``end`` is not. Both in UTC."""

    start: datetime
    end: datetime
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


def twelve_months(receipt: date | datetime, time_zone: str) -> Window:
    """The base window of a request received then.

    The whole first day is in (DD-08). When only the day of receipt is known the window ends with that day.

    >>> twelve_months(date(2026, 5, 4), "America/Los_Angeles").end.isoformat()
    '2026-05-05T07:00:00+00:00'
    """
    zone = ZoneInfo(time_zone)
    if isinstance(receipt, datetime):
        day, end = receipt.astimezone(zone).date(), receipt.astimezone(UTC)
    else:
        day, end = receipt, midnight(receipt + timedelta(days=1), zone)
    return Window(midnight(_months_before(day, MONTHS), zone), end, time_zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of that day there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _months_before(day: date, months: int) -> date:
    """Calendar months, clamped to the last day of the month (Gov. Code 6803, 6804)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
