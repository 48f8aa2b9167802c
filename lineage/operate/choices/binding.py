"""Whom does a choice bind, that was made under one token?

To forbid, every token that was ever said to be the same person is bound, verified or not, whenever: a signal
holds for the browser and for whom it is tied to (R 7025). To allow, the choice must be the person's by the
rules of an answer. Nothing is bound through a device or a household, which are several people's.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb

from lineage.identity import Decided, Stopped, resolve
from lineage.identity.histories import Histories
from lineage.identity.linked import Linked
from lineage.identity.rotated import Identifiers
from lineage.identity.token import Token


class Binding:
    """Some tokens, with all that choices under them may bind.

    ``taken_out``: their events that do not count any more, by subject and id.
    """

    def __init__(
        self,
        reader: duckdb.DuckDBPyConnection,
        tokens: Collection[UUID],
        as_of: datetime,
        zone: ZoneInfo,
        decided: Decided,
    ) -> None:
        self._reader, self._as_of, self._zone, self._decided = reader, as_of, zone, decided
        self._histories = histories = Histories(reader, as_of, zone, decided)
        self._begun = frozenset(tokens)
        wanted = set(tokens)
        while wanted:
            histories.load(wanted)
            wanted = {
                other
                for one in wanted
                if one in self._begun or self._may_pass(one)
                for other in (*histories.neighbours(one), *histories.twins(one))
                if not histories.has(other)
            }
        rotated = histories.rotated()
        self._twins = rotated
        self._edges: dict[UUID, set[UUID]] = {}
        for pair, times in Linked(histories.tokens, decided).pairs.items():
            if any(times):
                one, other = pair
                self._edges.setdefault(one, set()).add(other)
                self._edges.setdefault(other, set()).add(one)
        self.taken_out: frozenset[tuple[UUID, UUID]] = frozenset(
            Identifiers(histories, rotated, decided).taken_out()
            if rotated
            else ((each.subject, out) for each in histories.tokens.values() for out in each.out)
        )

    def token(self, subject: UUID) -> Token:
        """What is known of a token."""
        return self._histories.tokens[subject]

    def is_certain(self, subject: UUID, at: datetime) -> bool:
        """Whether what was told of a token then is surely its person's, as far as the token itself tells."""
        token = self.token(subject)
        is_left = token.erased_through is None or at >= token.erased_through
        return is_left and not token.household_times and not self._histories.is_device(subject)

    def bound(self, subject: UUID) -> set[UUID]:
        """Every token that a choice under this one forbids something, itself among them."""
        found = set(self._all(subject))
        to_pass = list(found)
        while to_pass:
            for other in self._edges.get(to_pass.pop(), ()):
                for each in self._all(other):
                    if each not in found:
                        found.add(each)
                        if self._may_pass(each):
                            to_pass.append(each)
        return found

    def is_theirs(self, asked: Sequence[tuple[UUID, UUID, datetime]]) -> list[bool]:
        """Of each (token, other, instant): is what was told of the other then this person's for certain?"""
        tokens = list(dict.fromkeys(token for token, _, _ in asked))
        people, _ = resolve(self._reader, tokens, self._as_of, self._zone, self._decided)
        who = dict(zip(tokens, people, strict=True))
        return [
            not isinstance(person := who[token], Stopped)
            and any(
                each.subject == other and any(since <= at < until for since, until in each.times)
                for each in person.members
            )
            for token, other, at in asked
        ]

    def _may_pass(self, subject: UUID) -> bool:
        is_household = self._histories.has(subject) and self.token(subject).is_household
        return not is_household and not self._histories.is_device(subject)

    def _all(self, subject: UUID) -> Iterable[UUID]:
        return self._twins.get(subject, (subject,))
