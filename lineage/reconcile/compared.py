"""On which days do the system and the log say the same? Pure: two counts in, a table of days out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Day:
    """One day on which something was counted. ``difference``: how many more the log has; negative: fewer."""

    day: date
    at_source: int
    in_log: int

    @property
    def difference(self) -> int:
        return self.in_log - self.at_source


def compared(
    at_source: Mapping[date, int], in_log: Mapping[date, int], since: date | None, until: date
) -> Sequence[Day]:
    """Each day from ``since`` on and before ``until`` on which one of them counts something, in order.

    >>> compared({date(2026, 1, 1): 3}, {}, None, date(2026, 2, 1))[0].difference
    -3
    """
    days = {day for counts in (at_source, in_log) for day, count in counts.items() if count}
    return [
        Day(day, at_source.get(day, 0), in_log.get(day, 0))
        for day in sorted(days)
        if (since is None or since <= day) and day < until
    ]
