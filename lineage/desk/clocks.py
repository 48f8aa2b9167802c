"""By when does a request have to be confirmed and answered? (law.md A.9; §1798.130(a)(2)(A), R 7021)

The day of receipt is day 0, the last day counts (Gov. Code 6800). Verification stops no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from lineage.errors import Refused

ACKNOWLEDGE_BUSINESS_DAYS: Final = 10
RESPOND_DAYS: Final = 45
EXTENDED_DAYS: Final = 90
_WEEK: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The weekdays that count (Monday is 0), and the days on which they do not."""

    days: frozenset[int]
    closed: frozenset[date]

    def counts(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.closed

    def after(self, day: date, count: int) -> date:
        """The day on which that many counting days have passed since ``day``, which itself does not count."""
        while count:
            day += timedelta(days=1)
            count -= self.counts(day)
        return day

    def on_or_after(self, day: date) -> date:
        """``day``, or the first counting one behind it."""
        return day if self.counts(day) else self.after(day, 1)


@dataclass(frozen=True, slots=True)
class Calendars:
    """``strict``: alarms go by it. ``office``: the days of offices and courts. ``version``: which data."""

    version: str
    strict: Calendar
    office: Calendar


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Every date of one request, as it was reckoned on the day it was opened.

    ``target``: one day before ``due`` (DD-10). ``outer_due`` and ``outer_extended_due``: where the law rolls
    the date off weekends and court holidays (Code Civ. Proc. 12a); shown, never relied on.
    """

    received_on: date
    acknowledge: date
    acknowledge_office: date
    target: date
    due: date
    outer_due: date
    extended_due: date
    outer_extended_due: date
    calendars: str


def calendars_of(declared: Mapping[str, Any] | None = None) -> Calendars:
    """The calendars that business.yaml declares, the shipped ones for those it does not.

    Raises:
        Refused: a calendar is not ``{days: [MON, …], closed: [2026-01-01, …]}``.
    """
    shipped = _shipped()
    own = {name: of for name, of in (declared or {}).items() if name in shipped["calendars"]}
    used = shipped["calendars"] | own
    version = f"shipped {shipped['version']}"
    if own:
        version = f"policy {sha256(repr(sorted(used.items())).encode()).hexdigest()[:12]}"
    return Calendars(version, *(_calendar(name, used[name]) for name in ("CAL_STRICT", "CAL_OFFICE")))


def received_on(received: date | datetime, time_zone: str) -> date:
    """The business's own day on which the request reached it (rulings.md 2).

    >>> received_on(datetime.fromisoformat("2026-03-01T05:30Z"), "America/Los_Angeles").isoformat()
    '2026-02-28'
    """
    return received.astimezone(ZoneInfo(time_zone)).date() if isinstance(received, datetime) else received


def received_from(received: date | datetime, time_zone: str) -> datetime:
    """The instant of receipt; of a bare day its first one."""
    if isinstance(received, datetime):
        return received
    return datetime.combine(received, time(), ZoneInfo(time_zone))


def deadlines(received: date | datetime, time_zone: str, calendars: Calendars) -> Deadlines:
    """The dates of a request to know that was received then."""
    day = received_on(received, time_zone)
    due, extended = day + timedelta(days=RESPOND_DAYS), day + timedelta(days=EXTENDED_DAYS)
    return Deadlines(
        received_on=day,
        acknowledge=calendars.strict.after(day, ACKNOWLEDGE_BUSINESS_DAYS),
        acknowledge_office=calendars.office.after(day, ACKNOWLEDGE_BUSINESS_DAYS),
        target=due - timedelta(days=1),
        due=due,
        outer_due=calendars.office.on_or_after(due),
        extended_due=extended,
        outer_extended_due=calendars.office.on_or_after(extended),
        calendars=calendars.version,
    )


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((files(__package__) / "calendars.yaml").read_text("utf-8"))
    return found


def _calendar(name: str, of: Any) -> Calendar:
    try:
        days = frozenset(_WEEK.index(day) for day in of["days"])
        closed = frozenset(date.fromisoformat(str(day)) for day in of.get("closed") or ())
    except (KeyError, TypeError, ValueError, AttributeError):
        days = frozenset()
    if not days:
        raise Refused(
            f"business.yaml: calendars: {name}: write {{days: [MON, TUE, …], closed: [2026-01-01, …]}}."
        )
    return Calendar(days, closed)
