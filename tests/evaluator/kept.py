"""What do we hold of a person, in which system, from when to when? (rulings.md 22, 30, 32)"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluator.declared import Declared
from evaluator.linked import Person
from evaluator.times import FOREVER, Span, micros
from evaluator.told import Fact

PUT_BY_USE = ("STORED", "RESTORED")
PERHAPS = ("HELD", "UNKNOWN")


@dataclass(frozen=True)
class Put:
    """One element put into a system by one event. ``held``: from when to when it is, or may be, there.

    ``vaulted``: it was locked away, and no piece of it is shown (rulings.md 22).
    """

    fact: Fact
    element: str
    held: Span
    state: str
    vaulted: bool

    @property
    def system(self) -> str:
        return str(self.fact["system"])


def put_events(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The events that put data into their system."""
    for fact in facts:
        if fact["event"] in ("Collected", "Corrected") or (
            fact["event"] == "Used" and fact["operation"] in PUT_BY_USE
        ):
            yield fact


def holdings(
    facts: list[Fact], erasures: list[Fact], person: Person, until: int, policy: Declared
) -> list[Put]:
    """Everything put before ``until``, judged by what occurred before it.

    ``facts``: the person's and ours, with the parts that are so.
    """
    deletions = [f for f in facts if f["event"] == "Deleted" and f.parts[0].start < until]
    vaults = [erasure for erasure in erasures if erasure["mode"] == "VAULT"]
    return [
        _after(fact, policy.element(word), deletions, vaults, person, until, policy)
        for fact in put_events(facts)
        if fact.parts[0].start < until
        for word in fact["elements"]
    ]


def _after(
    put: Fact,
    element: str,
    deletions: list[Fact],
    vaults: list[Fact],
    person: Person,
    until: int,
    policy: Declared,
) -> Put:
    """A put and what became of it."""
    start = put.parts[0].start
    ends, unsure = [FOREVER], False
    for deletion in deletions:
        before, at = deletion["collected_before"], deletion.parts[0].start
        reaches = (
            deletion["system"] == put["system"]
            and element in map(policy.element, deletion["elements"])
            and put.span.end <= at
            and (before is None or put.span.start < micros(before))
        )
        if reaches and deletion["subject"] != put["subject"]:
            unsure |= put["subject"] in person.at(at)
        elif reaches and before is None and deletion["reason"] == "ROUTINE":
            unsure = True
        elif reaches:
            ends.append(at)
    own = [micros(vault["through"]) for vault in vaults if vault["subject"] == put["subject"]]
    ends += [through for through in own if put.span.end <= through <= until]
    gone = min(ends) < FOREVER
    return Put(
        put,
        element,
        Span(start, max(start, min(ends))),
        "DELETED" if gone else "UNKNOWN" if unsure else "HELD",
        any(put.span.start < through for through in own),
    )


def states(puts: Iterable[Put], elements: Iterable[str]) -> set[str]:
    """Per token, element and system the worst case, all together."""
    worst: dict[tuple[str, str, str], set[str]] = {}
    for put in puts:
        if put.element in elements:
            worst.setdefault((put.fact["subject"], put.element, put.system), set()).add(put.state)
    return {next(s for s in (*PERHAPS, "DELETED") if s in found) for found in worst.values()}


def perhaps(puts: Iterable[Put], element: str) -> bool:
    return bool(states(puts, {element}) & set(PERHAPS))


def sensitive_together(puts: Iterable[Put], policy: Declared) -> dict[str, set[str]]:
    """What became sensitive because it was put into one system with something else (rulings.md 30)."""
    stored: dict[str, set[str]] = {}
    for put in puts:
        stored.setdefault(put.system, set()).add(put.element)
    found: dict[str, set[str]] = {}
    for elements in stored.values():
        for element in elements:
            for spi, others in policy.sensitive_when(element):
                if others & elements:
                    found.setdefault(element, set()).add(spi)
    return found
