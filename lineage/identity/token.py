"""What is known of one token: how it was described, with which others it was linked, and what was erased."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from lineage.identity.corrections import Said, taken_out
from lineage.identity.intervals import BEGINNING, END, NEVER, Intervals, union
from lineage.tokens import ROTATION
from lineage.window import midnight

Row = Mapping[str, Any]

HOUSEHOLD = "HOUSEHOLD"
UNDER_16 = {"UNDER_13": 36, "FROM_13_TO_15": 0}
"""The bands, and for how many months a person is under 16 after the month in which the band ends."""

UNDER_13 = {"UNDER_13": 0}
"""The same for being under 13."""


NEVER_ERASED = frozenset({"SubjectsLinked", "SubjectsUnlinked", "SubjectDescribed", "SubjectErased"})
"""What stays when what occurred before an instant is erased: who the person is, and that it was erased."""


@dataclass(frozen=True, slots=True)
class Link:
    """One telling that two tokens belong together, or do not."""

    order: tuple[datetime, datetime, UUID]
    other: UUID
    other_namespace: str
    is_undone: bool
    is_same_person: bool
    is_verified: bool
    since: datetime | None
    until: datetime | None
    is_rotation: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """The history of one token, as of an instant. ``out``: the ids of its events that do not count."""

    subject: UUID
    namespace: str | None = None
    is_known: bool = False
    out: frozenset[UUID] = frozenset()
    links: tuple[Link, ...] = ()
    is_household: bool = False
    household_times: Intervals = NEVER
    under_16_until: datetime = BEGINNING
    under_13_until: datetime = BEGINNING
    erased_through: datetime | None = None
    vaulted_through: tuple[datetime, ...] = ()

    def __repr__(self) -> str:
        return f"Token({len(self.links)} links)"


def token(subject: UUID, rows: Sequence[Row], zone: ZoneInfo, as_of: datetime) -> Token:
    """From the rows of ``history.sql`` about this token. Bands of age end with a month of ``zone``.

    What was erased corrects nothing any more: it is as if it had never been told (rulings.md 22). An erasure
    that was recorded after ``as_of`` holds, but makes nobody known.
    """
    erased = [
        (details.get("mode", "TOMBSTONE"), datetime.fromisoformat(details["through"]))
        for _, details in _of(rows, "SubjectErased")
    ]
    erased_through = max((through for mode, through in erased if mode != "VAULT"), default=None)
    left = [row for row in rows if _outlives(row, erased_through)]
    out = taken_out(
        [
            Said(
                event_id=row["event_id"],
                event=row["event"],
                recorded_at=row["recorded_at"],
                supersedes=row["supersedes"],
                retracts=row["retracts"],
            )
            for row in left
        ]
    )
    standing = sorted((row for row in left if row["event_id"] not in out), key=_order)
    described = [(row, details) for row, details in _of(standing, "SubjectDescribed")]
    kinds = [(row["occurred_at"], details["kinds"]) for row, details in described if "kinds" in details]
    return Token(
        subject=subject,
        namespace=rows[0]["namespace"] if rows else None,
        is_known=any(row["recorded_at"] <= as_of for row in rows),
        out=out,
        links=tuple(
            _link(row, details)
            for event in ("SubjectsLinked", "SubjectsUnlinked")
            for row, details in _of(standing, event)
        ),
        is_household=bool(kinds) and HOUSEHOLD in kinds[-1][1],
        household_times=_household_times(kinds),
        under_16_until=_young_until(described, UNDER_16, frozenset({"SIXTEEN_OR_OVER"}), zone),
        under_13_until=_young_until(
            described, UNDER_13, frozenset({"FROM_13_TO_15", "SIXTEEN_OR_OVER"}), zone
        ),
        erased_through=erased_through,
        vaulted_through=tuple(through for mode, through in erased if mode == "VAULT"),
    )


def _outlives(row: Row, erased_through: datetime | None) -> bool:
    return erased_through is None or row["event"] in NEVER_ERASED or row["occurred_at"] >= erased_through


def _order(row: Row) -> tuple[datetime, datetime, UUID]:
    return row["occurred_at"], row["recorded_at"], row["event_id"]


def _of(rows: Sequence[Row], event: str) -> list[tuple[Row, dict[str, Any]]]:
    return [(row, json.loads(row["details"] or "{}")) for row in rows if row["event"] == event]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _link(row: Row, details: dict[str, Any]) -> Link:
    is_one_identifier = row["namespace"] == details.get("other_namespace", "")
    return Link(
        order=_order(row),
        other=row["other"],
        other_namespace=details.get("other_namespace", ""),
        is_undone=row["event"] == "SubjectsUnlinked",
        is_same_person=details.get("relation", HOUSEHOLD) == "SAME_PERSON",
        is_verified=details.get("evidence", "DECLARED") in ("VERIFIED_LOGIN", "VERIFIED_REQUEST"),
        since=_instant(details.get("since")),
        until=_instant(details.get("until")),
        is_rotation=row["activity"] == ROTATION and is_one_identifier,
    )


def _household_times(kinds: Sequence[tuple[datetime, Sequence[str]]]) -> Intervals:
    """When the token was described as a household's; the earliest description holds for before it, too."""
    begins = [BEGINNING, *(at for at, _ in kinds[1:])]
    ends = [*begins[1:], END]
    return union(
        tuple(
            (since, until)
            for since, until, (_, each) in zip(begins, ends, kinds, strict=False)
            if HOUSEHOLD in each
        )
    )


def _young_until(
    described: Sequence[tuple[Row, dict[str, Any]]],
    bands: Mapping[str, int],
    older: frozenset[str],
    zone: ZoneInfo,
) -> datetime:
    """Up to when the person is known to be of these bands, not ``older`` ones (rulings.md 21)."""
    until = BEGINNING
    grown: datetime = END
    for row, details in reversed(described):
        band = details.get("age_band")
        if band in older:
            grown = row["occurred_at"]
        elif band in bands:
            until = max(until, min(grown, _band_end(details.get("band_until"), bands[band], zone)))
    return until


def _band_end(month: str | None, further_months: int, zone: ZoneInfo) -> datetime:
    if month is None:
        return END
    year, number = (int(part) for part in month.split("-"))
    later = year * 12 + number - 1 + further_months + 1
    return midnight(date(later // 12, later % 12 + 1, 1), zone)
