"""Which tokens are linked with which, and when? Paths of links, in force at the instant of each event.

A link counts whichever of its tokens was asked for, and along a path all links must be in force (rulings.md
17). A device is a leaf: it passes from hand to hand, so nothing is reached through it (rulings.md 18). What a
person decided about a pair goes before what the log tells of it.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import combinations
from uuid import UUID

from lineage.identity.decided import NOTHING, Decided, Pair, Verdict, tied
from lineage.identity.intervals import ALWAYS, BEGINNING, END, NEVER, Intervals, intersection, union, without
from lineage.identity.token import Link, Token

DEVICE = "device"
ACCOUNT = "account"
PASSED_ON = frozenset({DEVICE, "phone"})
"""Namespaces of what changes hands: a link without a beginning begins when it was told."""

Reached = dict[UUID, Intervals]
"""Tokens, and when each is the same person as the one that the walk began with."""


class Linked:
    """Tokens that may be one person, with all their links."""

    def __init__(self, tokens: Mapping[UUID, Token], decided: Decided = NOTHING) -> None:
        self._tokens = tokens
        self._decided = {pair: verdict for pair, verdict in decided.items() if pair <= tokens.keys()}

    @cached_property
    def pairs(self) -> dict[Pair, tuple[Intervals, Intervals]]:
        """Of each linked pair: when they are verified to be one person, and when they are only said to be."""
        told: dict[Pair, list[tuple[UUID, Link]]] = {}
        for token in self._tokens.values():
            for link in token.links:
                if link.other != token.subject:
                    told.setdefault(frozenset({token.subject, link.other}), []).append((token.subject, link))
        found = {pair: self._in_force(links) for pair, links in told.items()}
        for pair, verdict in self._decided.items():
            found[pair] = (ALWAYS if verdict is Verdict.SAME_PERSON else NEVER), NEVER
        return found

    @cached_property
    def neighbours(self) -> dict[UUID, Reached]:
        """Of each token those that a verified link ties to it; a household's token is nobody's."""
        found: dict[UUID, Reached] = {}
        for pair, (verified, _) in self.pairs.items():
            one, other = pair
            if verified and not self._is_household(one) and not self._is_household(other):
                found.setdefault(one, {})[other] = verified
                found.setdefault(other, {})[one] = verified
        return found

    def is_device(self, subject: UUID) -> bool:
        """Whether it passes from hand to hand."""
        return self._namespaces.get(subject) == DEVICE

    def reach(self, start: UUID, *, hold: bool, devices: bool = True) -> Reached:
        """When each token is the same person as ``start``.

        ``hold``: a device belongs to nobody while two people hold it; ``devices``: reach them at all.
        """
        return self._walk(start, self._free if hold else self._undisputed, devices=devices)

    def shared_times(self, device: UUID) -> Intervals:
        """When two people hold the device: two holders that are not one person by any other way."""
        holders = {
            other: linked
            for other, linked in self.neighbours.get(device, {}).items()
            if not self.is_device(other)
        }
        shared = NEVER
        for (one, first), (other, second) in combinations(holders.items(), 2):
            one_person = self.reach(one, hold=False, devices=False).get(other, NEVER)
            shared = union(shared, without(intersection(first, second), one_person))
        return shared

    def has_two_accounts(self, asked: UUID) -> bool:
        """Whether two accounts are one person at one instant, and nobody has decided that they are."""
        accounts = [
            (subject, times)
            for subject, times in self.reach(asked, hold=False).items()
            if self._namespaces.get(subject) == ACCOUNT
        ]
        return any(
            other not in self._same.get(one, ()) and intersection(first, second)
            for (one, first), (other, second) in combinations(accounts, 2)
        )

    @cached_property
    def disputes(self) -> tuple[tuple[UUID, Reached], ...]:
        """Of each of two that were decided to be different people: the tokens that both reach, and when.

        Such a token is nobody's then, as a device that two people hold. Without them no path is left from
        one to the other.
        """
        found: list[tuple[UUID, Reached]] = []
        for pair in self._apart:
            one, other = (self._walk(each, self._shunning(each)) for each in pair)
            both = {each: intersection(one[each], other[each]) for each in one.keys() & other.keys()}
            found += [(each, both) for each in pair]
        return tuple(found)

    def _walk(self, start: UUID, free: Callable[[UUID], Intervals], *, devices: bool = True) -> Reached:
        """``free``: when a token may be entered."""
        reached: Reached = {start: free(start)}
        to_pass = [start]
        while to_pass:
            one = to_pass.pop()
            for other, linked in self.neighbours.get(one, {}).items():
                if self.is_device(other) and not devices:
                    continue
                times = intersection(reached[one], linked)
                if (may := free(other)) is not ALWAYS:
                    times = intersection(times, may)
                now = union(reached.get(other, NEVER), times)
                if now != reached.get(other, NEVER):
                    reached[other] = now
                    if not self.is_device(other):
                        to_pass.append(other)
        return reached

    def _free(self, subject: UUID) -> Intervals:
        undisputed = self._undisputed(subject)
        return without(undisputed, self.shared_times(subject)) if self.is_device(subject) else undisputed

    def _undisputed(self, subject: UUID) -> Intervals:
        disputed = [both[subject] for _, both in self.disputes if subject in both]
        return without(ALWAYS, union(*disputed)) if disputed else ALWAYS

    def _shunning(self, subject: UUID) -> Callable[[UUID], Intervals]:
        """Everywhere, but to those that are decided to be somebody else than this one, or this one's own."""
        own = self._same.get(subject, frozenset({subject}))
        told_apart = {
            other
            for pair in self._apart
            for mine in pair & own
            for other in pair - {mine}
            if mine == subject or not pair <= own  # decisions may contradict each other
        }
        others = told_apart.union(*(self._same.get(each, frozenset()) - own for each in told_apart))
        return lambda each: NEVER if each in others else ALWAYS

    @cached_property
    def _apart(self) -> list[Pair]:
        return [pair for pair, verdict in self._decided.items() if verdict is Verdict.DIFFERENT_PEOPLE]

    @cached_property
    def _same(self) -> dict[UUID, frozenset[UUID]]:
        return tied(pair for pair, verdict in self._decided.items() if verdict is Verdict.SAME_PERSON)

    def _is_household(self, subject: UUID) -> bool:
        return subject in self._tokens and self._tokens[subject].is_household

    @cached_property
    def _namespaces(self) -> dict[UUID, str]:
        found = {
            link.other: link.other_namespace
            for token in self._tokens.values()
            for link in token.links
            if link.other_namespace
        }
        return found | {each.subject: each.namespace for each in self._tokens.values() if each.namespace}

    def _in_force(self, links: list[tuple[UUID, Link]]) -> tuple[Intervals, Intervals]:
        verified, declared = NEVER, NEVER
        for subject, link in sorted(links, key=lambda each: each[1].order):
            passed_on = {self._namespaces.get(subject), self._namespaces.get(link.other)} & PASSED_ON
            opened = link.order[0] if passed_on and not link.is_undone else BEGINNING
            span = ((link.since or opened, link.until or END),)
            if link.is_undone:
                verified, declared = without(verified, span), without(declared, span)
            elif link.is_same_person and link.is_verified:
                verified = union(verified, span)
            elif link.is_same_person:
                declared = union(declared, span)
        return verified, declared
