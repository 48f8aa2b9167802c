"""Which facts may the archive let go for their age? Those that no answer about a later time would miss.

The rules are those of ``expired.sql``; what they need of the policy and of the desk is given to them here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import duckdb
import polars as pl

from lineage.archive.erasing import Mark
from lineage.policy import Policy
from lineage.policy.keeping import ArchiveRetention
from lineage.policy.tables import boundaries
from lineage.store.sql import text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GOES = "GOES"
PROVIDERS = "R7051"


@dataclass(frozen=True, slots=True)
class Age:
    """How old is old, at an instant. A fact that was over and recorded ``before`` has gone, or may go.

    ``regimes``: the same instant for what is told under a regime; None: never. A hold ends when ``now`` says.
    """

    now: datetime
    before: datetime
    regimes: Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided at the desk: of which events, and of which pairs of tokens."""

    events: Collection[UUID] = ()
    pairs: Collection[frozenset[UUID]] = field(default=(), repr=False)


NOTHING_DECIDED = Decided()


def age(retention: ArchiveRetention, now: datetime) -> Age:
    """What a policy says, in days back from the midnight (UTC) that ``now`` follows."""
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)

    def back(days: int) -> datetime:
        return max(EPOCH, today - timedelta(days=min(days, (today - EPOCH).days)))

    regimes = {
        regime: None if days is None else min(back(days), back(retention.days))
        for regime, days in retention.regimes.items()
    }
    return Age(now, back(retention.days), regimes)


class Expired:
    """The old facts of a database, judged once; they stay with the connection.

    ``archived``: per partition the next offset to archive. What is not archived yet stays.
    """

    def __init__(
        self,
        reader: duckdb.DuckDBPyConnection,
        policy: Policy,
        old: Age,
        archived: Mapping[int, int],
        decided: Decided = NOTHING_DECIDED,
    ) -> None:
        self._reader = reader
        reader.register("linked_token", _linked(reader, decided.pairs).to_arrow())
        try:
            reader.execute(
                f"create or replace temp table expired as {text('expired.sql')}",
                {**_said(policy), **_given(old, archived), "decided": list(decided.events)},
            )
        finally:
            reader.unregister("linked_token")

    def counts(self) -> list[tuple[int, str, str, int]]:
        """Year, regimes, GOES or why they stay, and how many records."""
        return self._reader.execute(
            """
            select
                extract(year from occurred_at at time zone 'UTC')::int,
                array_to_string(regimes, ' '),
                coalesce(stays_for, $goes),
                count(*)
            from expired
            group by all
            order by all
            """,
            {"goes": GOES},
        ).fetchall()

    def records(self) -> int:
        """How many records may go."""
        return sum(count for *_, what, count in self.counts() if what == GOES)

    def marks(self, by: bytes, partition: int, first: int, last: int) -> dict[int, Mark]:
        """By offset what stands in place of those that may go, of a partition from offset to offset."""
        rows = self._reader.execute(
            """
            select log_offset, producer, incarnation, sequence
            from expired
            where stays_for is null and log_partition = $partition and log_offset between $first and $last
            """,
            {"partition": partition, "first": first, "last": last},
        ).fetchall()
        return {
            offset: Mark(producer, incarnation and incarnation.bytes, sequence, by)
            for offset, producer, incarnation, sequence in rows
        }


def _said(policy: Policy) -> dict[str, object]:
    """The words that the policy knows, and what of them the rules ask for."""
    words, parties = policy.vocabulary, policy.parties
    return {
        "words": [*words.elements, *words.aliases],
        "purposes": [*words.purposes, *policy.purposes],
        "sources": list(parties.sources),
        "recipients": list(parties.recipients),
        "customers": list(parties.customers),
        "customer_regimes": [
            [regime.upper() for regime in each.regimes] for each in parties.customers.values()
        ],
        "never_providers": [
            each.id
            for each in parties.recipients.values()
            if not any(contract.kind == PROVIDERS for contract in each.contracts)
        ],
        "no_search": [each.id for each in policy.business.systems.values() if each.no_search is not None],
        "boundaries": boundaries(policy),
    }


def _given(old: Age, archived: Mapping[int, int]) -> dict[str, object]:
    regimes = {regime: EPOCH if before is None else before for regime, before in old.regimes.items()}
    return {
        "now": old.now,
        "before": old.before,
        "regimes": list(regimes),
        "cutoffs": list(regimes.values()),
        "parts": list(archived),
        "ends": list(archived.values()),
    }


def _linked(reader: duckdb.DuckDBPyConnection, pairs: Iterable[frozenset[UUID]]) -> pl.DataFrame:
    """Each token that was ever tied to another, however, with the one that stands for all of those."""
    told = reader.execute(
        "select distinct subject, other from event_row where other is not null and subject is not null"
    ).fetchall()
    stands_for: dict[UUID, UUID] = {}

    def top(token: UUID) -> UUID:
        while (above := stands_for.setdefault(token, token)) != token:
            stands_for[token] = token = stands_for[above]
        return token

    for pair in (*told, *map(tuple, pairs)):
        least, *others = sorted(map(top, pair))
        stands_for.update(dict.fromkeys(others, least))
    people = {token: top(token) for token in tuple(stands_for)}
    return pl.DataFrame(
        {
            "token": [token.bytes for token in people],
            "person": [person.bytes for person in people.values()],
        },
        schema={"token": pl.Binary, "person": pl.Binary},
    )
