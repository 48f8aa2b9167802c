"""Which tokens are one person, at which instant? (rulings.md 17 to 19)

Slow and plain: between two instants at which any link begins or ends nothing changes, so each such stretch is
walked by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from evaluator.times import ALWAYS, FOREVER, Span, joined, micros, without
from evaluator.told import Fact

Pairs = dict[frozenset[str], list[Span]]
PASSED_ON = {"phone", "device"}


@dataclass
class Person:
    """Whose tokens, and when. ``unsure``: a device and when two people held it. ``around``: a household's
    token that is linked to this person, and when. ``stopped``: two accounts meet.
    """

    asked: str
    household: bool = False
    tokens: dict[str, list[Span]] = field(default_factory=dict)
    unsure: list[tuple[str, Span]] = field(default_factory=list)
    around: dict[str, list[Span]] = field(default_factory=dict)
    stopped: bool = False

    def names(self) -> set[str]:
        return {self.asked, *self.tokens}

    def at(self, instant: int) -> set[str]:
        return {t for t, spans in self.tokens.items() if any(s.start <= instant < s.end for s in spans)}


class Community:
    """All links and kinds that count."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        told = sorted(facts, key=lambda fact: fact.order)
        links = [fact for fact in told if fact["event"] in ("SubjectsLinked", "SubjectsUnlinked")]
        self.verified = _pairs(links, verified=True)
        self.unverified = _pairs(links, verified=False)
        self.namespaces = {str(f["subject"]): str(f["namespace"]) for f in told}
        self.namespaces |= {str(f["other"]): str(f["other_namespace"]) for f in links}
        self.kinds: dict[str, list[Fact]] = {}
        for fact in told:
            if fact["event"] == "SubjectDescribed" and fact["kinds"] is not None:
                self.kinds.setdefault(fact["subject"], []).append(fact)
        self.households = {t for t, described in self.kinds.items() if "HOUSEHOLD" in described[-1]["kinds"]}
        self.devices = {token for token, name in self.namespaces.items() if name == "device"}
        edges = {edge for spans in self.verified.values() for span in spans for edge in span}
        self.stretches = [Span(*each) for each in pairwise(sorted({ALWAYS, *edges, FOREVER}))]

    def household_time(self, token: str) -> list[Span]:
        """When a token was described as a household's; the first description holds before it too."""
        described = self.kinds.get(token, [])
        starts = [ALWAYS, *(fact.span.start for fact in described[1:])]
        ends = [*starts[1:], FOREVER]
        return [
            Span(start, end)
            for fact, start, end in zip(described, starts, ends, strict=False)
            if "HOUSEHOLD" in fact["kinds"] and start < end
        ]

    def person(self, asked: str) -> Person:
        """The tokens of whoever the asked token stands for, each with its time."""
        person = Person(asked, household=asked in self.households)
        if person.household:
            return person
        for stretch in self.stretches:
            reached = self._reach(asked, stretch.start)
            own = reached - self.households
            person.stopped |= len([t for t in own if self.namespaces.get(t) == "account"]) > 1
            disputed = {t for t in own & self.devices if self._two_hold(t, stretch.start)}
            person.unsure += [(device, stretch) for device in disputed]
            if asked in disputed:
                continue
            for token in own - disputed:
                person.tokens.setdefault(token, []).append(stretch)
            for token in reached & self.households:
                person.around.setdefault(token, []).append(stretch)
        for spans in (*person.tokens.values(), *person.around.values()):
            spans[:] = joined(spans)
        return person

    def _neighbours(self, token: str, at: int) -> set[str]:
        return {
            other
            for pair, spans in self.verified.items()
            if token in pair and any(span.start <= at < span.end for span in spans)
            for other in pair - {token}
        }

    def _reach(self, start: str, at: int, shunned: str | None = None) -> set[str]:
        """Everything reached from a token; of devices and households only the first is passed through."""
        found, todo = {start}, [start]
        while todo:
            token = todo.pop()
            if token != start and token in self.devices | self.households:
                continue
            new = self._neighbours(token, at) - found - {shunned}
            found |= new
            todo += new
        return found

    def _two_hold(self, device: str, at: int) -> bool:
        """Whether two holders of a device are not one person without any device between them."""
        holders = sorted(self._neighbours(device, at) - self.households)
        return bool(holders) and not set(holders) <= self._reach(holders[0], at, shunned=device)


def _pairs(links: list[Fact], *, verified: bool) -> Pairs:
    """When two tokens are linked: each linking adds its time, each unlinking takes its own out again."""
    found: Pairs = {}
    for fact in links:
        pair = frozenset({str(fact["subject"]), str(fact["other"])})
        if len(pair) == 1:
            continue
        span = _time(fact)
        if fact["event"] == "SubjectsUnlinked":
            found[pair] = without(found.get(pair, []), [span])
        elif fact["relation"] == "SAME_PERSON" and fact["evidence"].startswith("VERIFIED") == verified:
            found[pair] = joined([*found.get(pair, []), *([span] if span.start < span.end else [])])
    return {pair: spans for pair, spans in found.items() if spans}


def _time(fact: Fact) -> Span:
    open_since = ALWAYS
    if fact["event"] == "SubjectsLinked" and PASSED_ON & {fact["namespace"], fact["other_namespace"]}:
        open_since = fact.span.start
    return Span(
        micros(fact["since"]) if fact["since"] else open_since,
        micros(fact["until"]) if fact["until"] else FOREVER,
    )


def members(facts: Mapping[str | None, list[Fact]], person: Person) -> list[Fact]:
    """All events whose subject was a token of the person at some time."""
    return [fact for token in person.tokens for fact in facts.get(token, [])]
