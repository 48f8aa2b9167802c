"""In which order do two columns stand so that few of the lines between them cross?"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

SWEEPS: Final = 8
"""More of them hardly ever find a better order for as few names as an answer has."""

Pair = tuple[str, str]
Order = tuple[str, ...]


def untangled(left: Sequence[str], right: Sequence[str], pairs: Collection[Pair]) -> tuple[Order, Order]:
    """Both columns, each sorted by where the other ends of its lines are on average, the left one first; the
    given order decides between equals, and what has no line comes last.

    >>> untangled(["a", "b"], ["c", "d"], [("a", "d"), ("b", "c")])
    (('b', 'a'), ('c', 'd'))
    """
    turned = [(there, here) for here, there in pairs]
    best = found = (tuple(left), tuple(right))
    for _ in range(SWEEPS):
        found = (_sorted(left, pairs, found[1]), found[1])
        best = min(best, found, key=lambda each: crossings(each, pairs))
        found = (found[0], _sorted(right, turned, found[0]))
        best = min(best, found, key=lambda each: crossings(each, pairs))
    return _unpaired_last(best[0], pairs), _unpaired_last(best[1], turned)


def crossings(order: tuple[Order, Order], pairs: Collection[Pair]) -> int:
    """How many pairs of lines cross."""
    left, right = (_places(each) for each in order)
    ends = sorted((left[here], right[there]) for here, there in set(pairs))
    return sum(
        here < other and there > beyond
        for number, (here, there) in enumerate(ends)
        for other, beyond in ends[number + 1 :]
    )


def _sorted(names: Sequence[str], pairs: Collection[Pair], others: Order) -> Order:
    places = _places(others)
    ends = {name: [places[there] for here, there in pairs if here == name] for name in names}
    return tuple(sorted(names, key=lambda name: sum(ends[name]) / len(ends[name]) if ends[name] else 0))


def _unpaired_last(names: Order, pairs: Collection[Pair]) -> Order:
    paired = {here for here, _ in pairs}
    return tuple(sorted(names, key=lambda name: name not in paired))


def _places(names: Sequence[str]) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(names)}
