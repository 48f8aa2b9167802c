"""Which facts answer one question, piece by piece, and how is each judged? (rulings.md 4, 7, 17, 23 to 33)"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from evaluator.declared import Declared
from evaluator.described import Described
from evaluator.judged import Verdict, judge
from evaluator.kept import Put
from evaluator.orders import Orders
from evaluator.times import Span, Window, clip, cut, floor, joined, within
from evaluator.told import Fact
from evaluator.whose import DATA, NOT_OURS, excluded

Shown = tuple[Fact, Span, str, Verdict]


@dataclass
class Asked:
    """One person's events with all that judges them.

    ``facts``: theirs and ours, each with the parts that are so. ``populations``: everybody's. ``base``: when
    the twelve months begin. ``cuts``: every boundary.
    """

    facts: list[Fact]
    populations: list[Fact]
    policy: Declared
    window: Window
    base: int
    described: Described
    orders: Orders
    puts: list[Put]
    together: dict[str, set[str]]
    cuts: list[int]

    def of(self, *kinds: str) -> list[Fact]:
        return [fact for fact in self.facts if fact["event"] in kinds]

    def words(self, fact: Fact) -> set[str]:
        return {self.policy.element(word) for word in fact["elements"]}

    def sensitive(self, element: str, at: int) -> set[str]:
        """What an element in a fact is to the law (rulings.md 21, 30)."""
        young = {"SPI_UNDER16"} if self.described.under_16(at) else set()
        return self.policy.sensitive(element, at) | self.together.get(element, set()) | young

    def pieces(self, fact: Fact, low: int | None = None) -> Iterator[Span]:
        """The pieces of a fact inside the window, or from ``low`` to the window's end."""
        for part in fact.parts:
            inside = clip(part, self.window.start if low is None else low, self.window.end)
            if inside:
                yield from cut(inside, self.cuts)

    def above_floor(self, element: str, piece: Span) -> bool:
        """Whether an extended answer tells of this piece, for what was collected by then (rulings.md 7)."""
        if piece.start >= self.base:
            return True
        first = floor(self.policy.zone)
        collected = [fact for fact in self.of("Collected") if element in self.words(fact)]
        again = [
            part
            for fact in collected
            for part in fact.parts
            if (part.start >= first or part.end > first) and part.start <= piece.start
        ]
        return bool(again) or not any(fact.parts[0].start < first for fact in collected)

    def granted(self, low: int | None = None) -> Iterator[Shown]:
        """Every granted sharing, piece by piece and element by element, with its verdict."""
        for fact in self.of("Shared"):
            for element in self.words(fact) if fact["outcome"] == "GRANTED" else ():
                yield from self._judged(fact, element, low)
        for fact in self.populations:
            for element in self.words(fact) if fact["outcome"] == "GRANTED" else ():
                yield from self._judged(self.reaching(fact, element), element, low)

    def reaching(self, population: Fact, element: str) -> Fact:
        """A population's event in the time for which it reached this person's element (rulings.md 33)."""
        held = [p.held for p in self.puts if (p.element, p.system) == (element, population["system"])]
        parts = [each for part in population.parts for each in within(part, joined(held))]
        return replace(population, parts=tuple(parts))

    def _judged(self, fact: Fact, element: str, low: int | None) -> Iterator[Shown]:
        for piece in self.pieces(fact, low):
            yield fact, piece, element, judge(fact, element, piece.start, self.policy, self.described)

    def sharings(self) -> Iterator[Shown]:
        """What the blocks tell: inside the window, above the floor and not under an order of silence."""
        for fact, piece, element, verdict in self.granted():
            if self.above_floor(element, piece) and not self.orders.hide(fact, element, verdict):
                yield fact, piece, element, verdict

    def under_order(self) -> Iterator[Shown]:
        for fact, piece, element, verdict in self.granted():
            if self.above_floor(element, piece) and self.orders.hide(fact, element, verdict):
                yield fact, piece, element, verdict


def ours(facts: list[Fact], cuts: list[int], policy: Declared) -> list[Fact]:
    """The facts that exist for a block, cut to the time in which they do."""
    kept = []
    for fact in facts:
        parts = [
            piece
            for part in fact.parts
            for piece in cut(part, cuts)
            if excluded(fact, piece.start, policy) is None
        ]
        if parts:
            kept.append(replace(fact, parts=tuple(parts if fact.span.instant else joined(parts))))
    return kept


def exclusions(
    facts: list[Fact], cuts: list[int], window: Window, policy: Declared, always: str | None = None
) -> dict[str, set[tuple[str | None, str]]]:
    """Subject and id of the events about data that each reason, or one for all, leaves out of the window."""
    found: dict[str, set[tuple[str | None, str]]] = {}
    for fact in facts:
        for part in fact.parts if fact["event"] in DATA else ():
            inside = clip(part, *window)
            for piece in cut(inside, cuts) if inside else ():
                code = always or excluded(fact, piece.start, policy)
                if code and code != NOT_OURS:
                    found.setdefault(code, set()).add((fact["subject"], fact.id))
    return found
