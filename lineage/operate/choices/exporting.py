"""What has everybody chosen so far? Read from the database in one moment, and put into a signed file."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb

from lineage.choices.said import ALL, ALLOWING, Said, Word, micros, of_another, of_choice, purposes_of
from lineage.choices.snapshot import Head
from lineage.events import Choice, ChoiceMade, MadeBy, Via
from lineage.identity import NOTHING, Decided
from lineage.identity.intervals import BEGINNING
from lineage.operate.choices.binding import Binding
from lineage.operate.choices.writing import write
from lineage.proof.note import Signer
from lineage.report.state import Discarded, policy_in_force, projected
from lineage.store.sql import text

HEARD_DAYS: Final = 7
"""So long ids of events are named; a service that read no snapshot for longer keeps what it told itself."""

PEOPLE_AT_A_TIME: Final = 20_000
"""Linked people whose histories are in memory, some 100 MB: for each so many all events are read anew."""

ROWS_AT_A_TIME: Final = 10_000

Row = tuple[UUID, Said, int]


@dataclass(frozen=True, slots=True)
class Exported:
    """How many tokens stand in it, and up to when everything recorded is known to it, UTC."""

    people: int
    until: datetime


def export(
    reader: duckdb.DuckDBPyConnection,
    path: Path,
    signer: Signer,
    secret: str,
    *,
    log: str,
    caught_up_at: datetime | None = None,
    decided: Decided = NOTHING,
    discarded: Sequence[Discarded] = (),
) -> Exported:
    """Write the snapshot of everything projected.

    ``caught_up_at``: an instant up to which the database is known to have all of the log; without it, only
    what was recorded up to the last record of the partition that is furthest behind. ``secret``: the token of
    ``lineage.choices.permissions.CHECK``. ``decided``, ``discarded``: what people decided at the desk.
    Raises NoPolicy when none was adopted, OSError when the file cannot be written.
    """
    reader.begin()
    try:
        reached = projected(reader)
        policy = policy_in_force(reader)
        until = caught_up_at or _reached_everywhere(reader)
        exporting = _Exporting(reader, reached.as_of, until, ZoneInfo(policy.business.time_zone), decided)
        left_out = {(each.log_partition, each.log_offset) for each in discarded}
        people = write(
            path,
            Head(log, until, policy.digest, secret, 0, reached.positions),
            exporting.rows(purposes_of(policy), left_out),
            exporting.heard(),
            signer,
        )
    finally:
        reader.rollback()  # nothing was written
    return Exported(people, until)


def _reached_everywhere(reader: duckdb.DuckDBPyConnection) -> datetime:
    [(least,)] = reader.execute(
        "select min(reached) from (select max(recorded_at) as reached from position group by tracking_name)"
    ).fetchall()
    assert isinstance(least, datetime)  # noqa: S101 (something is projected: there is a policy)
    return least


@dataclass(frozen=True, slots=True)
class _Exporting:
    reader: duckdb.DuckDBPyConnection
    as_of: datetime
    until: datetime
    zone: ZoneInfo
    decided: Decided

    def heard(self) -> Iterator[UUID]:
        since = self.until - timedelta(days=HEARD_DAYS)
        for (event_id,) in self._asked("heard", {"since": since}):
            yield event_id

    def rows(self, purposes: frozenset[str], discarded: set[tuple[int, int]]) -> Iterator[Row]:
        """What was said of each token; several rows may say the same of one, at several instants."""
        entangled: dict[UUID, list[tuple[UUID, Said, datetime]]] = defaultdict(list)
        for subject, event_id, occurred_at, said, is_entangled in self._told(purposes):
            if is_entangled:
                entangled[subject] += ((event_id, each, occurred_at) for each in said)
            else:
                for each in said:
                    yield subject, each, micros(occurred_at)
        for part, offset, recorded_at, subject in self._asked("unread", {}):
            if (part, offset) not in discarded:
                entangled[subject].append((subject, (Word.UNREAD, ALL), recorded_at))
        subjects = list(entangled)
        for first in range(0, len(subjects), PEOPLE_AT_A_TIME):
            some = subjects[first : first + PEOPLE_AT_A_TIME]
            yield from self._of_entangled({each: entangled[each] for each in some})

    def _told(self, purposes: frozenset[str]) -> Iterator[tuple[UUID, UUID, datetime, list[Said], bool]]:
        meant: dict[tuple[Any, ...], list[Said]] = {}  # few sorts of choices are made by many
        given = {"decided": [each for pair in self.decided for each in pair]}
        for subject, event_id, event, occurred_at, named, method, details, is_entangled in self._asked(
            "chosen", given
        ):
            said: list[Said] = []
            if event == "ChoiceMade":
                told = json.loads(details or "{}")
                effective = told.get("effective_at")
                key = (
                    *(told.get(each) for each in ("choice", "via", "made_by", "steps")),
                    *(named or ()),
                    method,
                )
                if key not in meant:
                    meant[key] = of_choice(_choice(subject, named, method, told), purposes)
                is_in_force = effective is None or datetime.fromisoformat(effective) <= self.until
                said = [each for each in meant[key] if is_in_force or each[0] not in ALLOWING]
            yield subject, event_id, occurred_at, said, is_entangled

    def _of_entangled(self, told: dict[UUID, list[tuple[UUID, Said, datetime]]]) -> Iterator[Row]:
        binding = Binding(self.reader, told, self.as_of, self.zone, self.decided)
        allowed: list[tuple[UUID, UUID, datetime]] = []
        words: list[Said] = []
        for subject, all_said in told.items():
            bound = binding.bound(subject)
            token = binding.token(subject)
            ages = ((Word.UNDER_13, token.under_13_until), (Word.UNDER_16, token.under_16_until))
            forbidden: list[tuple[Said, datetime]] = [
                ((word, ALL), at) for word, at in ages if at > BEGINNING
            ]
            if token.erased_through is not None:
                forbidden.append(((Word.ERASED, ALL), token.erased_through))
            for event_id, said, at in all_said:
                if (subject, event_id) in binding.taken_out:
                    continue
                if said[0] in ALLOWING:
                    allowed += ((each, subject, at) for each in bound)
                    words += [said] * len(bound)
                else:
                    forbidden.append((said, at))
            for each in bound:
                for said, at in forbidden:
                    is_certain = each == subject and binding.is_certain(subject, at)
                    yield each, said if is_certain else of_another(said), micros(at)
        for (each, _, at), said, is_theirs in zip(allowed, words, binding.is_theirs(allowed), strict=True):
            if is_theirs:
                yield each, said, micros(at)

    def _asked(self, name: str, given: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        """To be read to its end before anything else is asked: a connection has one answer at a time."""
        found = self.reader.execute(text(f"{name}.sql", "lineage.operate.choices"), given)
        while some := found.fetchmany(ROWS_AT_A_TIME):
            yield from some


def _choice(
    subject: UUID, purposes: Sequence[str] | None, method: str | None, told: dict[str, Any]
) -> ChoiceMade:
    return ChoiceMade(
        subject=subject,
        choice=Choice(told["choice"]),
        purposes=tuple(purposes or ()),
        via=Via(told.get("via", Via.FORM)),
        made_by=MadeBy(told.get("made_by", MadeBy.SELF)),
        method=method,
        steps=told.get("steps", 1),
    )
