"""What does the database tell of some tokens, as of an instant? Loaded as they turn out to matter."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb

from lineage.identity.decided import NOTHING, Decided, Verdict, tied
from lineage.identity.linked import DEVICE
from lineage.identity.token import Link, Token, token
from lineage.questions import of_one
from lineage.tokens import ROTATION

_FOLDER = Path(__file__).parent
_HISTORY, _NAMESPACE, _CORRECTED = (
    (_FOLDER / f"{name}.sql").read_text(encoding="utf-8") for name in ("history", "namespace", "corrected")
)

Rows = list[dict[str, Any]]


class Histories:
    """The tokens loaded so far."""

    def __init__(
        self, reader: duckdb.DuckDBPyConnection, as_of: datetime, zone: ZoneInfo, decided: Decided = NOTHING
    ) -> None:
        self._reader, self._as_of, self._zone = reader, as_of, zone
        self.tokens: dict[UUID, Token] = {}
        self._of: dict[UUID, Rows] = {}
        self._pointed: dict[UUID, set[UUID]] = {}
        self._namespaces: dict[UUID, str] = {}
        self._twins: dict[UUID, set[UUID]] = defaultdict(set)
        self._same: dict[UUID, set[UUID]] = defaultdict(set)
        for pair, verdict in decided.items():
            if verdict is Verdict.SAME_PERSON:
                for each in pair:
                    self._same[each] |= pair - {each}

    def load(self, subjects: Iterable[UUID]) -> None:
        """Bring these, and those that say they are linked with them."""
        new = dict.fromkeys(each for each in subjects if each not in self._pointed)
        if not new:
            return
        text = _HISTORY if len(new) > 1 else of_one(_HISTORY)
        rows = self._rows(text, {"asked": list(new), "as_of": self._as_of})
        self._pointed |= {each: set() for each in new}
        for row in rows:
            if row["other"] in new:
                self._pointed[row["other"]].add(row["subject"])
            if row["activity"] == ROTATION:
                self._twins[row["subject"]].add(row["other"])
                self._twins[row["other"]].add(row["subject"])
        self._take([row for row in rows if row["subject"] in new], new)

    def has(self, subject: UUID) -> bool:
        """Whether this token was loaded."""
        return subject in self.tokens

    def neighbours(self, subject: UUID) -> set[UUID]:
        """Tokens that were ever linked with this one, truly or not, or decided to be this one's."""
        linked = {link.other for link in self.tokens[subject].links}
        return linked | self._pointed.get(subject, set()) | self._same.get(subject, set())

    def twins(self, subject: UUID) -> set[UUID]:
        """Tokens that were ever told to be of the same identifier, under another secret."""
        return self._twins.get(subject, set())

    def is_device(self, subject: UUID) -> bool:
        """Whether it passes from hand to hand, as far as that was told."""
        return self._namespaces.get(subject) == DEVICE

    def rotated(self) -> dict[UUID, frozenset[UUID]]:
        """Each loaded token whose identifier has several, by one secret after the other, with all of them."""
        last: dict[frozenset[UUID], Link] = {}
        for subject, one in self.tokens.items():
            for link in one.links:
                pair = frozenset((subject, link.other))
                known = last.get(pair)
                if (link.is_rotation or link.is_undone) and (known is None or known.order < link.order):
                    last[pair] = link
        return tied(pair for pair, link in last.items() if link.is_rotation and pair <= self.tokens.keys())

    def merged(self, subject: UUID, together: Collection[UUID]) -> Token:
        """What is known of one identifier, told under several tokens, under this one of them."""
        rows = [row for each in sorted(together) for row in self._of[each]]
        wanted = {(each, out) for each in together for row in rows for out in self._corrects(row)}
        return token(subject, self._with(rows, wanted), self._zone, self._as_of)

    def _take(self, rows: Rows, subjects: Collection[UUID]) -> None:
        wanted = {(row["subject"], out) for row in rows for out in self._corrects(row)}
        for each in subjects:
            self._of[each] = []
        for row in self._with(rows, wanted):
            self._of[row["subject"]].append(row)
        told = {each: token(each, self._of[each], self._zone, self._as_of) for each in subjects}
        named = self._named(
            [each for each, one in told.items() if each in self._same or one.erased_through is not None]
        )
        for subject, one in told.items():
            # An event of another token names it, or one of its own that was erased (rulings.md 39).
            if self._pointed[subject] or (one.erased_through is not None and subject in named):
                one = replace(one, is_known=True)
            if one.namespace is None:
                one = replace(one, namespace=named.get(subject))
            self.tokens[subject] = one
            if one.namespace is not None:
                self._namespaces[subject] = one.namespace
            for link in one.links:
                self._namespaces.setdefault(link.other, link.other_namespace)

    def _corrects(self, row: Mapping[str, Any]) -> Sequence[UUID]:
        if row["recorded_at"] > self._as_of:  # an erasure, which holds whenever it was recorded
            return ()
        return [row[name] for name in ("supersedes", "retracts") if row[name]]

    def _with(self, rows: Rows, wanted: set[tuple[UUID, UUID]]) -> Rows:
        """The rows, and those of the events that are wanted by subject and id."""
        missing = wanted - {(row["subject"], row["event_id"]) for row in rows}
        if not missing:
            return rows
        asked, ids = ({each[part] for each in missing} for part in (0, 1))
        given = {"asked": list(asked), "wanted": list(ids), "as_of": self._as_of}
        more = self._rows(_CORRECTED, given)
        return [*rows, *(row for row in more if (row["subject"], row["event_id"]) in missing)]

    def _named(self, subjects: Sequence[UUID]) -> dict[UUID, str | None]:
        """Those of the tokens that have any event, with their namespaces, which no link may tell."""
        rows = self._rows(_NAMESPACE, {"asked": subjects, "as_of": self._as_of}) if subjects else []
        return {row["subject"]: row["namespace"] for row in rows}

    def _rows(self, text: str, given: Mapping[str, Any]) -> Rows:
        found = self._reader.execute(_parsed(text), dict(given))
        columns = [column[0] for column in found.description or ()]
        return [dict(zip(columns, values, strict=True)) for values in found.fetchall()]


@cache
def _parsed(text: str) -> duckdb.Statement:
    [parsed] = duckdb.extract_statements(text)
    return parsed
