"""What do we still hold of a category, and which pieces are there to show? (rulings.md 32, 33)"""

from evaluator.asked import Asked
from evaluator.judged import PROVIDERS
from evaluator.kept import perhaps, put_events, states
from evaluator.times import ALWAYS, Span, clip
from evaluator.told import Fact

COLLECTS = ("Collected", "Corrected")


def held(asked: Asked, category: str) -> str:
    """Whether anything of a category is still held, on its line or not.

    An element is the category's when it was put while the policy mapped it there; then all its puts count.
    """
    elements = {
        element
        for fact in put_events(asked.facts)
        for piece in asked.pieces(fact, ALWAYS)
        for element in asked.words(fact)
        if category in asked.policy.categories(element, piece.start)
    }
    collects = [f for f in asked.of(*COLLECTS) if f.parts[0].start < asked.window.end]
    into = {fact["system"] for fact in collects if asked.words(fact) & elements}
    found = states(asked.puts, elements)
    if "HELD" in found:
        return "HELD"
    silent = any(not asked.policy.publishes(system) for system in into)
    return "UNKNOWN" if "UNKNOWN" in found or silent or _at_a_provider(asked, category) else "DELETED"


def _at_a_provider(asked: Asked, category: str) -> bool:
    """Whether a provider got some of it and has not acknowledged its deletion."""
    notices = [
        notice
        for notice in asked.of("RecipientNotified")
        if (notice["about"], notice["outcome"]) == ("DELETION", "ACKNOWLEDGED")
    ]
    return any(
        category in asked.policy.categories(element, piece.start)
        and verdict.kinds & PROVIDERS
        and not any(_acknowledged(asked, notice, fact, piece, element) for notice in notices)
        for fact, piece, element, verdict in asked.granted(ALWAYS)
    )


def _acknowledged(asked: Asked, notice: Fact, fact: Fact, piece: Span, element: str) -> bool:
    return (
        notice["recipient"] == fact["recipient"]
        and element in asked.words(notice)
        and piece.end < notice.span.start < asked.window.end
    )


def pieces(asked: Asked, unsearched: set[str]) -> list[tuple[str, bool, str | None]]:
    """Elements collected in the window and perhaps still held: (element, show, withheld).

    What was put again after a vault closed is held again, whatever event told of its collection.
    """
    puts = [put for put in asked.puts if not put.vaulted and put.system not in unsearched]
    elements = [element for element in in_window(asked) if perhaps(puts, element)]
    codes = {element: asked.policy.withhold(element) for element in elements}
    return sorted((e, code is None, code) for e, code in codes.items() if code != "NOT_A_PIECE")


def in_window(asked: Asked) -> set[str]:
    """The elements collected in the window."""
    return {
        element
        for fact in asked.of(*COLLECTS)
        if any(clip(part, *asked.window) for part in fact.parts)
        for element in asked.words(fact)
    }


def earlier(asked: Asked) -> list[str]:
    """Held still, and collected before the window only."""
    before = [fact for fact in asked.of(*COLLECTS) if fact.parts[0].start < asked.window.start]
    elements = {element for fact in before for element in asked.words(fact)} - in_window(asked)
    return sorted(element for element in elements if perhaps(asked.puts, element))
