"""The answer to a request to know, as JSON (``ccpa.know/1``).

What did you collect about me, from whom, why, and to whom did you sell, share or disclose it? (law.md A.6;
§§1798.110, .115, .130). Pure: rows in, document out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from lineage import __version__
from lineage.codec.schemas import shipped
from lineage.policy import Policy
from lineage.report import sentences
from lineage.report.asking import Projected, Row
from lineage.report.canonical import canonical, day_or_instant, instant, sealed
from lineage.report.evidence import Evidence, evidence
from lineage.report.person import Person
from lineage.window import Window

SCHEMA = "ccpa.know/1"
CATEGORY_BLOCKS = ("collected", "sources", "purposes", "third_parties", "sold_or_shared", "disclosed")
BLOCKS = (*CATEGORY_BLOCKS, "pieces")


@dataclass(frozen=True, slots=True)
class Request:
    """One person's request: the token asked for and the receipt."""

    subject: UUID
    received: date | datetime
    window: Window


def document(
    request: Request, row: Row, log_gaps: Sequence[Row], policy: Policy, projected: Projected
) -> dict[str, Any]:
    """The whole report of one person, in order and sealed with its digests.

    ``row`` is one row of ``answer.sql``, ``log_gaps`` the rows of ``log_gap.sql`` for the request's window.
    """
    gaps = [*(_gap(gap) for gap in log_gaps), *_gaps_of_person(row)]
    complete = not gaps
    person = Person(row["holdings"], row["with_providers"], policy)
    shape: dict[str, Callable[[Row, Person], dict[str, Any]]] = {
        "collected": _collected,
        "sources": _source,
        "purposes": _purpose,
        "third_parties": _third_party,
        "sold_or_shared": _pair,
        "disclosed": _pair,
    }
    listed: dict[str, list[dict[str, Any]]] = {block: [] for block in CATEGORY_BLOCKS}
    for line in row["lines"]:
        listed[line["block"]].append(shape[line["block"]](line, person))
    collected = {element for line in listed["collected"] for element in line["elements"]}
    listed["pieces"] = person.pieces(collected)
    earlier = person.collected_earlier(collected)
    statements = {block: _statement(found, complete) for block, found in listed.items()}
    coverage_from = max(
        (each.covers_from for each in policy.business.producers.values() if each.covers_from), default=None
    )
    return sealed(
        {
            "schema": SCHEMA,
            "for_release": False,
            "request": {
                "id": None,
                "received_at": day_or_instant(request.received),
                "residency": row["residency"],
                "verification": "V0_NONE",
                "supplement_of": None,
            },
            "regime": "CCPA" if policy.business.is_ccpa_business else None,
            "subject": {"token": str(request.subject), "linked": []},
            "window": {
                "from": instant(request.window.start),
                "to": instant(request.window.end),
                "time_zone": request.window.time_zone,
                "basis": request.window.basis,
                "refusal": None,
            },
            "as_of": instant(projected.as_of),
            "provisional": projected.provisional,
            "coverage": {
                "from": instant(coverage_from) if coverage_from else None,
                "complete": complete,
                "gaps": gaps,
            },
            "block_status": dict.fromkeys(BLOCKS, "denied"),
            **{block: listed[block] for block in ("collected", "sources", "purposes", "third_parties")},
            "sold_or_shared": {"pairs": listed["sold_or_shared"], "statement": statements["sold_or_shared"]},
            "disclosed": {"pairs": listed["disclosed"], "statement": statements["disclosed"]},
            "pieces": {"items": listed["pieces"], "attachment": None},
            "held_collected_earlier": earlier,
            "block_statements": {
                block: statements[block]
                for block in ("collected", "sources", "purposes", "third_parties", "pieces")
            },
            "denials": [
                {
                    "block": block,
                    "code": "DN_UNVERIFIED",
                    "basis": "R 7024(a)" if block == "pieces" else "R 7024(b)",
                    "statement": sentences.UNVERIFIED,
                }
                for block in BLOCKS
            ],
            "not_searched": [],
            "exclusions": [],
            "under_order": [],
            "statements": _statements(statements, policy, earlier, coverage_from, request.window),
            "versions": {
                "policy": policy.digest,
                "vocabulary": policy.vocabulary.version,
                "schemas": _schemas_digest(),
                "calendars": None,
                "software": __version__,
            },
            "positions": projected.positions,
        }
    )


def _collected(line: Row, person: Person) -> dict[str, Any]:
    return {
        **_category(line, person),
        "elements": line["words"],
        **_when(line),
        "held": person.held(line["category"]),
        "evidence": _evidence(line),
    }


def _category(line: Row, person: Person) -> dict[str, Any]:
    name = person.policy.vocabulary.category_name
    return {
        "category": line["category"],
        "statutory_name": name(line["category"]),
        "sensitive": [{"id": spi, "statutory_name": name(spi)} for spi in person.sensitive(line)],
    }


def _when(line: Row) -> dict[str, Any]:
    return {
        "first": instant(line["first_at"]),
        "last": instant(line["last_at"]),
        "events": len(line["events"]),
        "occurrences": sum(event["count"] for event in line["events"]),
    }


def _evidence(line: Row) -> Evidence:
    return evidence([event["event_id"] for event in line["events"]])


def _source(line: Row, person: Person) -> dict[str, Any]:
    return {
        "category": line["party"],
        "wording": person.policy.vocabulary.source_wording(line["party"]),
        "evidence": _evidence(line),
    }


def _purpose(line: Row, person: Person) -> dict[str, Any]:
    known = person.policy.purpose(line["party"])
    return {
        "purpose": line["party"],
        "statutory": line["words"],
        "wording": known.wording if known else None,
        "for": line["kinds"],
        "evidence": _evidence(line),
    }


def _third_party(line: Row, person: Person) -> dict[str, Any]:
    return {
        "category": line["party"],
        "wording": person.policy.vocabulary.recipient_wording(line["party"]),
        "kinds": line["kinds"],
        "evidence": _evidence(line),
    }


def _pair(line: Row, person: Person) -> dict[str, Any]:
    return {
        **_category(line, person),
        "recipient_category": line["party"],
        "recipient_wording": person.policy.vocabulary.recipient_wording(line["party"]),
        "kinds": line["kinds"],
        "unreviewed": line["unreviewed"],
        **_when(line),
        "evidence": _evidence(line),
    }


def _gaps_of_person(row: Row) -> list[dict[str, Any]]:
    found = {
        "NO_MATCH": not row["is_known"],
        "ERASED": row["is_erased"],
        "PARKED": row["has_parked"],
        "UNKNOWN_WORD": row["has_unknown_word"],
        "LINK_UNSURE": row["is_linked"],
    }
    return [
        {"reason": reason, "producer": None, "system": None, "from": None, "to": None}
        for reason, is_so in found.items()
        if is_so
    ]


def _gap(row: Row) -> dict[str, Any]:
    return {
        "reason": row["reason"],
        "producer": row["producer"],
        "system": row["system"],
        "from": instant(row["gap_from"]) if row["gap_from"] else None,
        "to": instant(row["gap_to"]) if row["gap_to"] else None,
    }


def _statement(found: Sequence[object], complete: bool) -> str | None:
    """A negative only when coverage is complete (rulings.md 36)."""
    if not complete:
        return "COVERAGE_INCOMPLETE"
    return None if found else "NONE"


def _statements(
    statements: dict[str, str | None],
    policy: Policy,
    earlier: Sequence[str],
    coverage_from: datetime | None,
    window: Window,
) -> list[dict[str, Any]]:
    said: list[tuple[str, str | None, str]] = [("NOT_FOR_RELEASE", None, sentences.NO_CASE)]
    for block, statement in statements.items():
        if statement == "NONE":
            said.append(("NONE", block, sentences.negative(block)))
        elif statement == "COVERAGE_INCOMPLETE":
            said.append(("COVERAGE_INCOMPLETE", block, sentences.INCOMPLETE))
    if coverage_from is not None and coverage_from > window.start:
        day = coverage_from.astimezone(ZoneInfo(policy.business.time_zone)).date().isoformat()
        said.append(("RECORDS_START", None, sentences.RECORDS_START.format(day=day)))
    if earlier:
        said.append(("OLDER_DATA", None, sentences.OLDER_DATA))
    if not policy.business.is_ccpa_business:
        said.append(("NOT_A_BUSINESS", None, sentences.NOT_A_BUSINESS))
    return [{"code": code, "block": block, "statement": text} for code, block, text in said]


@cache
def _schemas_digest() -> str:
    """SHA-256 over every released schema's fingerprint: which records this version can read."""
    return sha256(canonical(shipped().fingerprints())).hexdigest()
