"""Sets of instants, as sorted half-open intervals that do not touch."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

Interval = tuple[datetime, datetime]
Intervals = tuple[Interval, ...]

BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
END: Final = datetime.max.replace(tzinfo=UTC)
NEVER: Final[Intervals] = ()
ALWAYS: Final[Intervals] = ((BEGINNING, END),)


def union(*sets: Intervals) -> Intervals:
    """The instants in any of them."""
    merged: list[Interval] = []
    for since, until in sorted(each for one in sets for each in one if each[0] < each[1]):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return tuple(merged)


def intersection(one: Intervals, other: Intervals) -> Intervals:
    """The instants in both."""
    return union(
        tuple((max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)),
    )


def without(one: Intervals, taken: Intervals) -> Intervals:
    """The instants of the first that are not in the second."""
    return intersection(one, complement(taken))


def complement(one: Intervals) -> Intervals:
    """The instants that are not in it."""
    bounds = [BEGINNING, *(bound for each in union(one) for bound in each), END]
    return tuple(
        (since, until) for since, until in zip(bounds[::2], bounds[1::2], strict=True) if since < until
    )


def bounds(sets: Iterable[Intervals]) -> list[datetime]:
    """Every instant at which one of them begins or ends, in order."""
    return sorted({bound for one in sets for interval in one for bound in interval})
