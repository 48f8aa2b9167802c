"""What is the answer to one token's request to know? Slow and plain, block by block (docs/the-answer.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluator.declared import Declared
from evaluator.gaps import covered_from, gaps
from evaluator.judged import Person, Verdict, judge
from evaluator.kept import Kept, holdings, puts, sensitive_together
from evaluator.times import ALWAYS, Span, Window, clip, cut, window, written
from evaluator.told import Fact, Record, read

COLLECTS = ("Collected", "Corrected")


@dataclass
class Line:
    """What stands on one line of the answer."""

    ids: dict[str, int] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    sensitive: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    unreviewed: bool = False

    def add(self, fact: Fact, piece: Span) -> None:
        self.ids[fact.id] = fact["count"]
        self.spans.append(piece)

    def counted(self) -> dict[str, Any]:
        return {
            "first": written(min(span.start for span in self.spans)),
            "last": written(max(span.end for span in self.spans)),
            "events": len(self.ids),
            "occurrences": sum(self.ids.values()),
            "evidence": sorted(self.ids),
        }


@dataclass
class Asked:
    """One token's facts with all that judges them."""

    facts: list[Fact]
    policy: Declared
    window: Window
    person: Person
    kept: Kept
    together: dict[str, set[str]]

    def pieces(self, fact: Fact, low: int | None = None) -> Iterator[Span]:
        """The pieces of a fact inside the window, or from ``low`` to the window's end."""
        inside = clip(fact.span, self.window.start if low is None else low, self.window.end)
        if inside:
            yield from cut(inside, self.cuts())

    def cuts(self) -> list[int]:
        moments = [fact.span.start for fact in (*self.person.choices, *self.person.descriptions)]
        return [*self.policy.boundaries, *moments]

    def of(self, *kinds: str) -> list[Fact]:
        return [fact for fact in self.facts if fact["event"] in kinds]

    def words(self, fact: Fact) -> set[str]:
        return {self.policy.element(word) for word in fact["elements"]}

    def sensitive(self, element: str, at: int) -> set[str]:
        return self.policy.sensitive(element, at) | self.together.get(element, set())

    def sharings(self, low: int | None = None) -> Iterator[tuple[Fact, Span, str, Verdict]]:
        """Every granted sharing, piece by piece and element by element, with its verdict."""
        for fact in self.of("Shared"):
            if fact["outcome"] == "DENIED":
                continue
            for piece in self.pieces(fact, low):
                for element in self.words(fact):
                    yield fact, piece, element, judge(fact, element, piece.start, self.policy, self.person)


def evaluate(
    policy_files: Mapping[str, str], records: list[Record], subject: str, received: str
) -> dict[str, Any]:
    """The answer's blocks, keyed for comparison. ``records`` in the order of the log.

    ``policy_files`` were adopted first; what the records adopt later judges instead.
    """
    told = read(records)
    policy = Declared(told.policy or policy_files)
    asked_for = window(received, policy.zone)
    facts = sorted(told.facts.get(subject, []), key=lambda f: (f.span.start, f.recorded_at, f.id))
    person = Person(
        tuple(f for f in facts if f["event"] == "ChoiceMade"),
        tuple(f for f in facts if f["event"] == "SubjectDescribed"),
    )
    asked = Asked(
        facts,
        policy,
        asked_for,
        person,
        holdings(facts, asked_for.end, policy),
        sensitive_together(facts, asked_for.end, policy),
    )
    found = gaps(told, subject, policy, asked_for)
    begins = covered_from(policy)
    blocks: dict[str, Any] = {
        "collected": _collected(asked),
        "sources": _sources(asked),
        "purposes": _purposes(asked),
        "third_parties": _third_parties(asked),
        "pieces": _pieces(asked),
        "sold_or_shared": _pairs(asked, sold=True),
        "disclosed": _pairs(asked, sold=False),
    }
    return {
        "window": {"from": written(asked_for.start), "to": written(asked_for.end)},
        **blocks,
        "statements": {name: _statement(block, not found) for name, block in blocks.items()},
        "held_collected_earlier": _earlier(asked),
        "gaps": {(r, p, s, _or_none(start), _or_none(end)) for r, p, s, start, end in found},
        "complete": not found,
        "coverage_from": _or_none(begins),
    }


def _or_none(at: int | None) -> str | None:
    return None if at is None else written(at)


def _statement(block: Any, complete: bool) -> str | None:
    """Rulings.md 36."""
    if not complete:
        return "COVERAGE_INCOMPLETE"
    return None if block else "NONE"


def _collected(asked: Asked) -> dict[str, Any]:
    lines: dict[str, Line] = {}
    for fact in asked.of(*COLLECTS):
        for piece in asked.pieces(fact):
            for element in asked.words(fact):
                for category in asked.policy.categories(element, piece.start):
                    line = lines.setdefault(category, Line())
                    line.add(fact, piece)
                    line.elements.add(element)
                    line.sensitive |= asked.sensitive(element, piece.start)
    return {
        category: {
            **line.counted(),
            "elements": sorted(line.elements),
            "sensitive": sorted(line.sensitive),
            "held": _held(asked, category),
        }
        for category, line in lines.items()
    }


def _held(asked: Asked, category: str) -> str:
    """Whether anything of a category is still held, on its line or not (rulings.md 32).

    An element is the category's when it was put while the policy mapped it there; then all its puts count.
    """
    elements = {
        element
        for fact in puts(asked.facts)
        for piece in asked.pieces(fact, ALWAYS)
        for element in asked.words(fact)
        if category in asked.policy.categories(element, piece.start)
    }
    collects = [fact for fact in asked.of(*COLLECTS) if fact.span.start < asked.window.end]
    into = {fact["system"] for fact in collects if asked.words(fact) & elements}
    states = {state for element in elements for state in asked.kept.of(element)}
    if "HELD" in states:
        return "HELD"
    silent = any(not asked.policy.publishes(system) for system in into)
    return "UNKNOWN" if "UNKNOWN" in states or silent or _at_a_provider(asked, category) else "DELETED"


def _at_a_provider(asked: Asked, category: str) -> bool:
    """Whether a provider got some of it and has not acknowledged its deletion."""
    for fact, piece, element, verdict in asked.sharings(ALWAYS):
        if category not in asked.policy.categories(element, piece.start):
            continue
        if not verdict.kinds & {"BP_SERVICE_PROVIDER", "BP_CONTRACTOR"}:
            continue
        if not any(
            _acknowledged(asked, notice, fact, piece, element) for notice in asked.of("RecipientNotified")
        ):
            return True
    return False


def _acknowledged(asked: Asked, notice: Fact, fact: Fact, piece: Span, element: str) -> bool:
    return (
        (notice["about"], notice["outcome"]) == ("DELETION", "ACKNOWLEDGED")
        and notice["recipient"] == fact["recipient"]
        and element in asked.words(notice)
        and piece.end < notice.span.start < asked.window.end
    )


def _sources(asked: Asked) -> dict[str, Any]:
    lines: dict[str, Line] = {}
    for fact in asked.of("Collected"):
        for piece in asked.pieces(fact):
            category = asked.policy.source_category(fact["source"], piece.start)
            lines.setdefault(category, Line()).add(fact, piece)
    return {category: sorted(line.ids) for category, line in lines.items()}


def _purposes(asked: Asked) -> dict[str, Any]:
    """Rulings.md 31."""
    lines: dict[str, tuple[Line, set[str]]] = {}

    def add(fact: Fact, piece: Span, uses: set[str]) -> None:
        for purpose in fact["purposes"] if uses else []:
            line, statutory = lines.setdefault(purpose, (Line(), set()))
            line.add(fact, piece)
            line.words |= uses
            statutory |= asked.policy.statutory(purpose, piece.start)

    for fact in asked.of("Collected", "Used"):
        for piece in asked.pieces(fact):
            add(fact, piece, {"collecting" if fact["event"] == "Collected" else "using"})
    for fact, piece, _, verdict in asked.sharings():
        uses = {{"SALE": "selling", "SHARE": "sharing"}[kind] for kind in verdict.sold_or_shared}
        add(fact, piece, uses | ({"disclosing"} if verdict.disclosed else set()))
    return {
        purpose: {"statutory": sorted(statutory), "for": sorted(line.words), "evidence": sorted(line.ids)}
        for purpose, (line, statutory) in lines.items()
    }


def _third_parties(asked: Asked) -> dict[str, Any]:
    lines: dict[str, Line] = {}
    for fact, piece, _, verdict in asked.sharings():
        if verdict.third_party_kinds:
            category = asked.policy.recipient_category(fact["recipient"], piece.start)
            line = lines.setdefault(category, Line())
            line.add(fact, piece)
            line.words |= verdict.third_party_kinds
    return {c: {"kinds": sorted(line.words), "evidence": sorted(line.ids)} for c, line in lines.items()}


def _pairs(asked: Asked, *, sold: bool) -> dict[str, Any]:
    lines: dict[tuple[str, str], Line] = {}
    for fact, piece, element, verdict in asked.sharings():
        kinds = verdict.sold_or_shared if sold else verdict.kinds if verdict.disclosed else frozenset()
        if not kinds:
            continue
        recipient = asked.policy.recipient_category(fact["recipient"], piece.start)
        for category in asked.policy.categories(element, piece.start):
            line = lines.setdefault((category, recipient), Line())
            line.add(fact, piece)
            line.words |= kinds
            line.sensitive |= asked.sensitive(element, piece.start)
            line.unreviewed = line.unreviewed or verdict.unreviewed
    return {
        f"{category} {recipient}": {
            **line.counted(),
            "kinds": sorted(line.words),
            "sensitive": sorted(line.sensitive),
            "unreviewed": line.unreviewed,
        }
        for (category, recipient), line in lines.items()
    }


def _in_window(asked: Asked) -> set[str]:
    facts = [fact for fact in asked.of(*COLLECTS) if clip(fact.span, *asked.window)]
    return {element for fact in facts for element in asked.words(fact)}


def _pieces(asked: Asked) -> list[tuple[str, bool, str | None]]:
    """Elements collected in the window and perhaps still held: (element, show, withheld)."""
    elements = [element for element in _in_window(asked) if asked.kept.perhaps(element)]
    codes = {element: asked.policy.withhold(element) for element in elements}
    return sorted((e, code is None, code) for e, code in codes.items() if code != "NOT_A_PIECE")


def _earlier(asked: Asked) -> list[str]:
    before = [fact for fact in asked.of(*COLLECTS) if fact.span.start < asked.window.start]
    elements = {element for fact in before for element in asked.words(fact)} - _in_window(asked)
    return sorted(element for element in elements if asked.kept.perhaps(element))
