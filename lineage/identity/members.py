"""Which tokens are this person, and when? Paths of verified links, in force at the instant of each event.

A link counts whichever of its tokens was asked for, and along a path all links must be in force (rulings.md
17). A device is a leaf: it passes from hand to hand, so nothing is reached through it (rulings.md 18).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import combinations
from typing import Literal
from uuid import UUID

from lineage.identity.intervals import (
    ALWAYS,
    BEGINNING,
    END,
    NEVER,
    Intervals,
    intersection,
    union,
    without,
)
from lineage.identity.token import Link, Token

DEVICE = "device"
ACCOUNT = "account"
PASSED_ON = frozenset({DEVICE, "phone"})
"""Namespaces of what changes hands: a link without a beginning begins when it was told."""


@dataclass(frozen=True, slots=True)
class Member:
    """A token, for a time in which its events are the person's."""

    subject: UUID
    times: Intervals
    erased_through: datetime | None = None
    vaulted_through: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """The person behind a token.

    ``households``: when their tokens, and tokens linked with them, stood for a household.
    ``unsure``: tokens that may be this person's too, with the times at which an event of theirs would make
    the answer doubtful. ``under_16``: when the person was known to be under 16.
    """

    members: tuple[Member, ...]
    is_known: bool
    is_erased: bool
    households: tuple[Member, ...] = ()
    unsure: tuple[tuple[UUID, Intervals], ...] = ()
    under_16: Intervals = NEVER


@dataclass(frozen=True, slots=True)
class Stopped:
    """No answer until a person has decided."""

    reason: Literal["TWO_ACCOUNTS"]


class Family:
    """Tokens around the one asked for, each with its history: enough of them to tell who the person is."""

    def __init__(self, tokens: Mapping[UUID, Token]) -> None:
        self._tokens = tokens

    def who(self, asked: UUID) -> Who | Stopped:
        """The person behind this token; Stopped when two accounts are one person at one instant."""
        if self._token(asked).is_household:
            return Who(members=(), is_known=False, is_erased=False)
        if self._has_two_accounts(asked):
            return Stopped("TWO_ACCOUNTS")
        reached = self._reach(asked, hold=True)
        members = tuple(
            Member(
                subject,
                times,
                self._token(subject).erased_through,
                self._token(subject).vaulted_through,
            )
            for subject, at in reached.items()
            if (times := without(at, self._token(subject).household_times)) or subject == asked
        )
        return Who(
            members=members,
            households=self._households(reached),
            is_known=any(self._token(each.subject).is_known for each in members),
            is_erased=any(each.erased_through is not None for each in members),
            unsure=self._unsure(members),
            under_16=union(
                *(
                    intersection(each.times, ((BEGINNING, self._token(each.subject).under_16_until),))
                    for each in members
                )
            ),
        )

    def _households(self, reached: Mapping[UUID, Intervals]) -> tuple[Member, ...]:
        at = {
            subject: intersection(times, self._token(subject).household_times)
            for subject, times in reached.items()
        }
        for pair, (verified, _) in self._pairs.items():
            for subject in pair:
                [other] = pair - {subject}
                if subject in reached and self._token(other).is_household:
                    near = intersection(verified, reached[subject])
                    at[other] = union(at.get(other, NEVER), near)
        return tuple(Member(subject, times) for subject, times in at.items() if times)

    def _token(self, subject: UUID) -> Token:
        return self._tokens.get(subject) or Token(subject)

    def _is_device(self, subject: UUID) -> bool:
        return self._namespaces.get(subject) == DEVICE

    @cached_property
    def _namespaces(self) -> dict[UUID, str]:
        found = {
            link.other: link.other_namespace
            for token in self._tokens.values()
            for link in token.links
            if link.other_namespace
        }
        return found | {each.subject: each.namespace for each in self._tokens.values() if each.namespace}

    @cached_property
    def _pairs(self) -> dict[frozenset[UUID], tuple[Intervals, Intervals]]:
        """Of each linked pair: when they are verified to be one person, and when they are only said to be."""
        told: dict[frozenset[UUID], list[tuple[UUID, Link]]] = {}
        for token in self._tokens.values():
            for link in token.links:
                if link.other != token.subject:
                    told.setdefault(frozenset({token.subject, link.other}), []).append((token.subject, link))
        return {pair: self._in_force(links) for pair, links in told.items()}

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

    @cached_property
    def _neighbours(self) -> dict[UUID, dict[UUID, Intervals]]:
        found: dict[UUID, dict[UUID, Intervals]] = {}
        for pair, (verified, _) in self._pairs.items():
            one, other = pair
            if verified and not self._token(one).is_household and not self._token(other).is_household:
                found.setdefault(one, {})[other] = verified
                found.setdefault(other, {})[one] = verified
        return found

    def _reach(self, start: UUID, *, hold: bool, devices: bool = True) -> dict[UUID, Intervals]:
        """When each token is the same person as ``start``.

        ``hold``: a device belongs to nobody while two people hold it; ``devices``: reach them at all.
        """
        reached: dict[UUID, Intervals] = {start: self._free(start) if hold else ALWAYS}
        to_pass = [start]
        while to_pass:
            one = to_pass.pop()
            for other, linked in self._neighbours.get(one, {}).items():
                if self._is_device(other) and not devices:
                    continue
                times = intersection(reached[one], linked)
                if hold:
                    times = intersection(times, self._free(other))
                now = union(reached.get(other, NEVER), times)
                if now != reached.get(other, NEVER):
                    reached[other] = now
                    if not self._is_device(other):
                        to_pass.append(other)
        return reached

    def _free(self, subject: UUID) -> Intervals:
        return without(ALWAYS, self._shared_times(subject)) if self._is_device(subject) else ALWAYS

    def _shared_times(self, device: UUID) -> Intervals:
        """When two people hold the device: two holders that are not one person by any other way."""
        holders = {
            other: linked
            for other, linked in self._neighbours.get(device, {}).items()
            if not self._is_device(other)
        }
        shared = NEVER
        for (one, first), (other, second) in combinations(holders.items(), 2):
            one_person = self._reach(one, hold=False, devices=False).get(other, NEVER)
            shared = union(shared, without(intersection(first, second), one_person))
        return shared

    def _has_two_accounts(self, asked: UUID) -> bool:
        accounts = [
            times
            for subject, times in self._reach(asked, hold=False).items()
            if self._namespaces.get(subject) == ACCOUNT
        ]
        return any(intersection(one, other) for one, other in combinations(accounts, 2))

    def _unsure(self, members: tuple[Member, ...]) -> tuple[tuple[UUID, Intervals], ...]:
        at = {each.subject: each.times for each in members}
        found: dict[UUID, Intervals] = {}
        for pair, (_, declared) in self._pairs.items():
            for subject in pair if declared else ():
                [other] = pair - {subject}
                if subject in at:
                    found[other] = union(found.get(other, NEVER), without(ALWAYS, at.get(other, NEVER)))
        for device in {*at, *(other for each in at for other in self._neighbours.get(each, {}))}:
            if self._is_device(device) and (shared := self._shared_times(device)):
                held = [self._neighbours[device].get(each, NEVER) for each in at]
                ours = shared if device in at else intersection(shared, union(*held))
                found[device] = union(found.get(device, NEVER), ours)
        return tuple((subject, times) for subject, times in found.items() if times)
