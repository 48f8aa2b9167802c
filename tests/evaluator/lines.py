"""What stands on one line of the answer? (rulings.md 5, 34)"""

from dataclasses import dataclass, field
from typing import Any

from evaluator.asked import Asked, Shown
from evaluator.times import Span, written
from evaluator.told import Fact


@dataclass
class Line:
    """Facts that share a line. ``counts``: how often, by an event's subject and id; ``words``: kinds, or uses
    of a purpose.
    """

    counts: dict[tuple[str | None, str], int] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    sensitive: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    unreviewed: bool = False

    def add(self, fact: Fact, piece: Span) -> None:
        self.counts[fact["subject"], fact.id] = fact["count"]
        self.spans.append(piece)

    def counted(self) -> dict[str, Any]:
        return {
            "first": written(min(span.start for span in self.spans)),
            "last": written(max(span.end for span in self.spans)),
            "events": len(self.counts),
            "occurrences": sum(self.counts.values()),
            "evidence": self.ids,
        }

    @property
    def ids(self) -> list[str]:
        return sorted({id for _, id in self.counts})


def pairs(asked: Asked, shown: list[tuple[Shown, frozenset[str]]]) -> dict[str, Any]:
    """Lines by category and recipient category. ``shown``: each with the kinds that stand on its line."""
    lines: dict[tuple[str, str], Line] = {}
    for (fact, piece, element, verdict), kinds in shown:
        recipient = asked.policy.recipient_category(fact["recipient"], piece.start)
        for category in asked.policy.categories(element, piece.start) if kinds else ():
            line = lines.setdefault((category, recipient), Line())
            line.add(fact, piece)
            line.words |= kinds
            line.elements.add(element)
            line.sensitive |= asked.sensitive(element, piece.start)
            line.unreviewed |= verdict.unreviewed
    return {
        f"{category} {recipient}": {
            **line.counted(),
            "kinds": sorted(line.words),
            "elements": sorted(line.elements),
            "sensitive": sorted(line.sensitive),
            "unreviewed": line.unreviewed,
        }
        for (category, recipient), line in lines.items()
    }
