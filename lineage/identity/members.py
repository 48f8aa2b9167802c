"""Which tokens are this person, and when? And which could be, so that the answer is in doubt?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from lineage.identity.decided import NOTHING, Decided
from lineage.identity.intervals import (
    ALWAYS,
    BEGINNING,
    NEVER,
    Intervals,
    intersection,
    union,
    without,
)
from lineage.identity.linked import Linked, Reached
from lineage.identity.token import Token


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
    unsure: tuple[Member, ...] = ()
    under_16: Intervals = NEVER


@dataclass(frozen=True, slots=True)
class Stopped:
    """No answer until a person has decided."""

    reason: Literal["TWO_ACCOUNTS"]


class Family:
    """Tokens around the one asked for, each with its history: enough of them to tell who the person is."""

    def __init__(self, tokens: Mapping[UUID, Token], decided: Decided = NOTHING) -> None:
        self._tokens = tokens
        self._linked = Linked(tokens, decided)

    def who(self, asked: UUID) -> Who | Stopped:
        """The person behind this token; Stopped when two accounts are one person at one instant."""
        if self._token(asked).is_household:
            # Nothing is told, but that something was erased is admitted, as it is of a parked record.
            was_erased = self._token(asked).erased_through is not None
            return Who(members=(), is_known=False, is_erased=was_erased)
        if self._linked.has_two_accounts(asked):
            return Stopped("TWO_ACCOUNTS")
        reached = self._linked.reach(asked, hold=True)
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
            unsure=self._unsure(asked, members),
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
        for pair, (verified, _) in self._linked.pairs.items():
            for subject in pair:
                [other] = pair - {subject}
                if subject in reached and self._token(other).is_household:
                    near = intersection(verified, reached[subject])
                    at[other] = union(at.get(other, NEVER), near)
        return tuple(
            Member(subject, times, self._token(subject).erased_through)
            for subject, times in at.items()
            if times
        )

    def _token(self, subject: UUID) -> Token:
        return self._tokens.get(subject) or Token(subject)

    def _unsure(self, asked: UUID, members: tuple[Member, ...]) -> tuple[Member, ...]:
        at = {each.subject: each.times for each in members}
        found: Reached = {}
        for pair, (_, declared) in self._linked.pairs.items():
            for subject in pair if declared else ():
                [other] = pair - {subject}
                if subject in at:
                    found[other] = union(found.get(other, NEVER), without(ALWAYS, at.get(other, NEVER)))
        neighbours = self._linked.neighbours
        for device in {*at, *(other for each in at for other in neighbours.get(each, {}))}:
            if self._linked.is_device(device) and (shared := self._linked.shared_times(device)):
                held = [
                    intersection(neighbours[device].get(each, NEVER), times) for each, times in at.items()
                ]
                ours = shared if device in at else intersection(shared, union(*held))
                found[device] = union(found.get(device, NEVER), ours)
        for one, both in self._linked.disputes:
            for subject, times in both.items():
                ours = times if subject == asked else intersection(times, at.get(one, NEVER))
                found[subject] = union(found.get(subject, NEVER), ours)
        return tuple(
            Member(subject, times, self._token(subject).erased_through)
            for subject, times in found.items()
            if times
        )
