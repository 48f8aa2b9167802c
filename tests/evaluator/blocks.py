"""Which lines stand in each block of categories? (rulings.md 28 to 31; docs/the-answer.md)"""

from typing import Any

from evaluator.asked import Asked
from evaluator.lines import Line, pairs
from evaluator.remaining import held
from evaluator.times import Span
from evaluator.told import Fact

COLLECTS = ("Collected", "Corrected")
USES = {"SALE": "selling", "SHARE": "sharing"}


def collected(asked: Asked) -> dict[str, Any]:
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
            "held": held(asked, category),
        }
        for category, line in lines.items()
    }


def sources(asked: Asked) -> dict[str, Any]:
    lines: dict[str, Line] = {}
    for fact in asked.of("Collected"):
        for piece in asked.pieces(fact):
            category = asked.policy.source_category(fact["source"], piece.start)
            lines.setdefault(category, Line()).add(fact, piece)
    return {category: line.ids for category, line in lines.items()}


def purposes(asked: Asked) -> dict[str, Any]:
    """Rulings.md 31."""
    lines: dict[str, tuple[Line, set[str]]] = {}

    def add(fact: Fact, piece: Span, uses: set[str]) -> None:
        for purpose in fact["purposes"] if uses else []:
            line, statutory = lines.setdefault(purpose, (Line(), set()))
            line.add(fact, piece)
            line.words |= uses
            statutory |= asked.policy.statutory(purpose, piece.start)

    for fact in asked.of("Collected"):
        for piece in asked.pieces(fact):
            add(fact, piece, {"collecting"})
    for fact in asked.of("Used"):
        for piece in asked.pieces(fact):
            if any(asked.above_floor(element, piece) for element in asked.words(fact)):
                add(fact, piece, {"using"})
    for fact, piece, _, verdict in asked.sharings():
        uses = {USES[kind] for kind in verdict.sold_or_shared}
        add(fact, piece, uses | ({"disclosing"} if verdict.disclosed else set()))
    return {
        purpose: {"statutory": sorted(statutory), "for": sorted(line.words), "evidence": line.ids}
        for purpose, (line, statutory) in lines.items()
    }


def third_parties(asked: Asked) -> dict[str, Any]:
    lines: dict[str, Line] = {}
    for fact, piece, _, verdict in asked.sharings():
        if verdict.third_party_kinds:
            category = asked.policy.recipient_category(fact["recipient"], piece.start)
            line = lines.setdefault(category, Line())
            line.add(fact, piece)
            line.words |= verdict.third_party_kinds
    return {c: {"kinds": sorted(line.words), "evidence": line.ids} for c, line in lines.items()}


def sold_or_shared(asked: Asked) -> dict[str, Any]:
    return pairs(asked, [(shown, shown[3].sold_or_shared) for shown in asked.sharings()])


def disclosed(asked: Asked) -> dict[str, Any]:
    shown = [each for each in asked.sharings() if each[3].disclosed]
    return pairs(asked, [(each, each[3].kinds) for each in shown])


def under_order(asked: Asked) -> dict[str, Any]:
    return pairs(asked, [(shown, shown[3].kinds) for shown in asked.under_order()])
