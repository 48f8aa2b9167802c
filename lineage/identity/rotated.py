"""Who is a person whose identifiers have several tokens, each under one secret after the other?

When the secret of the tokens is changed, a link ties each identifier's new token to its old one. The two are
not two that belong together: they are one and the same. So their histories are read as one history, and what
is found of it holds for every token of the identifier. One account stays one account, a device stays one
device whoever holds it, and what is told under the new token corrects and erases what was told under the old.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from lineage.identity.decided import Decided, Pair, Verdict
from lineage.identity.histories import Histories
from lineage.identity.members import Family, Member, Stopped, Who
from lineage.identity.token import Token


class Identifiers:
    """Loaded tokens, those of one identifier read as one.

    ``rotated``: each token whose identifier has several, with all of them.
    """

    def __init__(
        self, histories: Histories, rotated: Mapping[UUID, frozenset[UUID]], decided: Decided
    ) -> None:
        self._rotated = rotated
        self._tokens = {
            one: self._renamed(histories.merged(one, self._all(one)) if one in rotated else token)
            for one, token in histories.tokens.items()
            if one == self._one(one)
        }
        self._decided: dict[Pair, Verdict] = {}
        for pair, verdict in decided.items():
            named = frozenset(self._one(each) for each in pair)
            if len(named) > 1:  # of two decisions on one pair the later holds
                self._decided[named] = verdict

    def who(self, asked: UUID, family: Collection[UUID]) -> Who | Stopped:
        """The person behind a token, by every token of every identifier. ``family``: all that may matter."""
        tokens = {one: self._tokens[one] for one in (self._one(each) for each in family)}
        found = Family(tokens, self._decided).who(self._one(asked))
        if isinstance(found, Stopped):
            return found
        return replace(
            found,
            members=self._spread(found.members),
            households=self._spread(found.households),
            unsure=self._spread(found.unsure),
        )

    def taken_out(self) -> list[tuple[UUID, UUID]]:
        """The events that do not count any more, by subject and id, under each token of their identifier."""
        return [
            (each, out)
            for one, token in self._tokens.items()
            for each in self._all(one)
            for out in sorted(token.out)
        ]

    def _one(self, subject: UUID) -> UUID:
        """The token by which its identifier goes here."""
        return min(self._all(subject))

    def _all(self, subject: UUID) -> list[UUID]:
        return sorted(self._rotated.get(subject, {subject}))

    def _renamed(self, token: Token) -> Token:
        return replace(token, links=tuple(replace(link, other=self._one(link.other)) for link in token.links))

    def _spread(self, members: Collection[Member]) -> tuple[Member, ...]:
        return tuple(
            replace(member, subject=each) for member in members for each in self._all(member.subject)
        )
