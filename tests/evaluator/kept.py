"""What do we still hold, and in which system? (rulings.md 30, 32)"""

from dataclasses import dataclass

from evaluator.declared import Declared
from evaluator.times import micros
from evaluator.told import Fact

PUT_BY_USE = ("STORED", "RESTORED")


def puts(facts: list[Fact]) -> list[Fact]:
    """The events that put data into their system."""
    return [
        fact
        for fact in facts
        if fact["event"] in ("Collected", "Corrected")
        or (fact["event"] == "Used" and fact["operation"] in PUT_BY_USE)
    ]


@dataclass(frozen=True)
class Kept:
    """Per element and system HELD, UNKNOWN or DELETED, by what occurred before the window's end."""

    states: dict[tuple[str, str], str]

    def of(self, element: str) -> set[str]:
        return {state for (each, _), state in self.states.items() if each == element}

    def perhaps(self, element: str) -> bool:
        return bool(self.of(element) & {"HELD", "UNKNOWN"})


def holdings(facts: list[Fact], until: int, policy: Declared) -> Kept:
    """``facts``: the token's, in any order."""
    deletions = [fact for fact in facts if fact["event"] == "Deleted" and fact.span.start < until]
    found: dict[tuple[str, str], set[str]] = {}
    for put in puts(facts):
        if put.span.start >= until:
            continue
        for word in put["elements"]:
            element = policy.element(word)
            state = _after(put, element, deletions, policy)
            found.setdefault((element, put["system"]), set()).add(state)
    worst_first = ("HELD", "UNKNOWN", "DELETED")
    return Kept({key: next(s for s in worst_first if s in states) for key, states in found.items()})


def _after(put: Fact, element: str, deletions: list[Fact], policy: Declared) -> str:
    state = "HELD"
    for deletion in deletions:
        before = deletion["collected_before"]
        reaches = (
            deletion["system"] == put["system"]
            and element in {policy.element(word) for word in deletion["elements"]}
            and put.span.end <= deletion.span.start
            and (before is None or put.span.start < micros(before))
        )
        if reaches and (before is not None or deletion["reason"] != "ROUTINE"):
            return "DELETED"
        if reaches:
            state = "UNKNOWN"
    return state


def sensitive_together(facts: list[Fact], until: int, policy: Declared) -> dict[str, set[str]]:
    """What became sensitive because it was put into one system with something else (rulings.md 30)."""
    stored: dict[str, set[str]] = {}
    for put in puts(facts):
        if put.span.start < until:
            stored.setdefault(put["system"], set()).update(policy.element(word) for word in put["elements"])
    found: dict[str, set[str]] = {}
    for elements in stored.values():
        for element in elements:
            for spi, others in policy.sensitive_when(element):
                if others & elements:
                    found.setdefault(element, set()).add(spi)
    return found
