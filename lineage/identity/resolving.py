"""Asks the database for the histories that tell who some people are, ring by ring of linked tokens."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb

from lineage.identity.corrections import Said, taken_out
from lineage.identity.members import DEVICE, Family, Stopped, Who
from lineage.identity.token import Token, token

_HISTORY = (Path(__file__).parent / "history.sql").read_text(encoding="utf-8")
_CORRECTED = (Path(__file__).parent / "corrected.sql").read_text(encoding="utf-8")


class Histories:
    """The tokens loaded so far, as of an instant."""

    def __init__(self, reader: duckdb.DuckDBPyConnection, as_of: datetime, zone: ZoneInfo) -> None:
        self._reader, self._as_of, self._zone = reader, as_of, zone
        self.tokens: dict[UUID, Token] = {}
        self._pointed: dict[UUID, set[UUID]] = {}
        self._namespaces: dict[UUID, str] = {}

    def load(self, subjects: Iterable[UUID]) -> None:
        """Bring these, and those that say they are linked with them."""
        new = [each for each in dict.fromkeys(subjects) if each not in self._pointed]
        if not new:
            return
        rows = self._rows(_HISTORY, {"asked": new, "as_of": self._as_of})
        for each in new:
            self._pointed[each] = {row["subject"] for row in rows if row["other"] == each}
        self._take([row for row in rows if row["subject"] in set(new)], new)

    def has(self, subject: UUID) -> bool:
        """Whether this token was loaded."""
        return subject in self.tokens

    def neighbours(self, subject: UUID) -> set[UUID]:
        """Tokens that were ever linked with this one, truly or not."""
        return self._pointed.get(subject, set()) | {link.other for link in self.tokens[subject].links}

    def is_device(self, subject: UUID) -> bool:
        """Whether it passes from hand to hand, as far as that was told."""
        return self._namespaces.get(subject) == DEVICE

    def _take(self, rows: Sequence[dict[str, Any]], subjects: Iterable[UUID]) -> None:
        corrected = {row["subject"] for row in rows if row["supersedes"] or row["retracts"]}
        if corrected:
            seen = {(row["subject"], row["event_id"]) for row in rows}
            more = self._rows(_CORRECTED, {"asked": list(corrected), "as_of": self._as_of})
            rows = [*rows, *(row for row in more if (row["subject"], row["event_id"]) not in seen)]
        of: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            of[row["subject"]].append(row)
        for subject in subjects:
            self.tokens[subject] = one = token(subject, of[subject], self._zone)
            if one.namespace is not None:
                self._namespaces[subject] = one.namespace
            for link in one.links:
                self._namespaces.setdefault(link.other, link.other_namespace)

    def _rows(self, text: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        found = self._reader.execute(text, given)
        columns = [column[0] for column in found.description or ()]
        return [dict(zip(columns, values, strict=True)) for values in found.fetchall()]


def resolve(
    reader: duckdb.DuckDBPyConnection, asked: Sequence[UUID], as_of: datetime, zone: ZoneInfo
) -> tuple[list[Who | Stopped], list[tuple[UUID, UUID]]]:
    """Who each of these tokens is, in order; and which events, by subject and id, do not count any more."""
    histories = Histories(reader, as_of, zone)
    histories.load(asked)
    families = [_closure(histories, each) for each in asked]
    while wanted := {each for family in families for each in family if not histories.has(each)}:
        histories.load(wanted)
        families = [_closure(histories, each) for each in asked]
    who = [
        Family({one: histories.tokens[one] for one in family}).who(each)
        for each, family in zip(asked, families, strict=True)
    ]
    return who, [(each.subject, out) for each in histories.tokens.values() for out in sorted(each.out)]


def crowd_taken_out(reader: duckdb.DuckDBPyConnection, as_of: datetime) -> list[UUID]:
    """The ids of the sharings of everybody that were replaced; without a subject none can be retracted."""
    rows = reader.execute(
        """
        select event_id, recorded_at, supersedes
        from event_row
        where subject is null and event = 'PopulationShared' and recorded_at <= $as_of
        """,
        {"as_of": as_of},
    ).fetchall()
    if all(supersedes is None for _, _, supersedes in rows):
        return []
    return sorted(
        taken_out([Said(event_id, "PopulationShared", at, supersedes) for event_id, at, supersedes in rows])
    )


def _closure(histories: Histories, asked: UUID) -> set[UUID]:
    """Every token that may matter: all that is linked, but what lies behind devices, and who holds those."""
    is_own = {asked: True}
    to_pass = [asked]
    while to_pass:
        one = to_pass.pop()
        own = is_own[one] and (one == asked or not histories.is_device(one))
        for other in histories.neighbours(one) if histories.has(one) else ():
            if histories.is_device(other) and not own:
                continue  # what strangers hold beside
            if other not in is_own or (own and not is_own[other]):
                is_own[other] = own
                to_pass.append(other)
    return set(is_own)
