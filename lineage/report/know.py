"""The answer to a request to know, as JSON (``ccpa.know/1``).

What did you collect about me, from whom, why, and to whom did you sell, share or disclose it? (law.md A.6;
§§1798.110, .115, .130). Pure: rows in, document out.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from lineage import __version__
from lineage.codec.schemas import shipped
from lineage.identity import Who
from lineage.policy import Policy
from lineage.report import sentences
from lineage.report.canonical import canonical, day_or_instant, instant
from lineage.report.denials import ground
from lineage.report.evidence import Evidence, evidence
from lineage.report.given import Person, Row
from lineage.report.kept import Kept
from lineage.report.request import BLOCKS, CATEGORY_BLOCKS, Request
from lineage.report.state import State
from lineage.window import Window

SCHEMA = "ccpa.know/1"
LISTED = (*CATEGORY_BLOCKS, "under_order")
CALIFORNIA = frozenset({"CA", "US-CA"})
NO_EXEMPTION = {"CUSTOMER": "DN_SP_ROLE", "HOUSEHOLD": "DN_HOUSEHOLD", "NON_CONSUMER": "DN_NOT_CONSUMER"}
"""What is left out for another reason than that a law exempts it (law.md A.20)."""


def document(
    request: Request, person: Person, row: Row, log_gaps: Sequence[Row], state: State
) -> dict[str, Any]:
    """The whole report of one person, to be released (:mod:`lineage.report.gate`), which puts it in order.

    ``row`` is what ``answer.sql`` says of the person, ``log_gaps`` the rows of ``log_gap.sql`` for the
    request's window.
    """
    policy, projected, window, who = state.policy, state.projected, person.window, person.who
    gaps = [*(_gap(gap) for gap in log_gaps), *_gaps_of_person(who, row)]
    complete = not gaps
    kept = Kept(row["holdings"], row["with_providers"], policy)
    shape: dict[str, Callable[[Row, Kept], dict[str, Any]]] = {
        "collected": _collected,
        "sources": _source,
        "purposes": _purpose,
        "third_parties": _third_party,
        "sold_or_shared": _pair,
        "disclosed": _pair,
        "under_order": _pair,
    }
    listed: dict[str, list[dict[str, Any]]] = {block: [] for block in LISTED}
    for line in row["lines"]:
        listed[line["block"]].append(shape[line["block"]](line, kept))
    under_order = listed.pop("under_order")
    collected = {element for line in listed["collected"] for element in line["elements"]}
    listed["pieces"] = kept.pieces(collected)
    earlier = kept.collected_earlier(collected)
    statements = {block: _statement(found, complete) for block, found in listed.items()}
    coverage_from = max(
        (each.covers_from for each in policy.business.producers.values() if each.covers_from), default=None
    )
    return {
        "schema": SCHEMA,
        "for_release": False,
        "request": {
            "id": None,
            "received_at": day_or_instant(request.received),
            "residency": row["residency"],
            "verification": request.verification.value,
            "supplement_of": None,
        },
        "regime": "CCPA" if policy.business.is_ccpa_business else None,
        "subject": {
            "token": str(request.subject),
            "linked": [str(each.subject) for each in who.members if each.subject != request.subject],
        },
        "window": {
            "from": instant(window.start),
            "to": instant(window.end),
            "time_zone": window.time_zone,
            "basis": window.basis,
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
        "denials": _denials(policy, row["residency"]),
        "not_searched": [
            {
                "record_types": left_out.record_types,
                "statement": sentences.said("NOT_SEARCHED", record_types=left_out.record_types),
            }
            for system in state.unsearched
            if (left_out := policy.business.systems[system].no_search) is not None
        ],
        "exclusions": _exclusions(row["exclusions"]),
        "under_order": under_order,
        "for_review": [{"event_id": event_id, "reason": reason} for event_id, reason in row["reviews"]],
        "statements": _statements(statements, policy, earlier, coverage_from, window),
        "versions": {
            "policy": policy.digest,
            "vocabulary": policy.vocabulary.version,
            "schemas": _schemas_digest(),
            "calendars": None,
            "software": __version__,
        },
        "positions": projected.positions,
    }


def _collected(line: Row, kept: Kept) -> dict[str, Any]:
    return {
        **_category(line, kept),
        "elements": line["words"],
        **_when(line),
        "held": kept.held(line["category"]),
        "evidence": _evidence(line),
    }


def _category(line: Row, kept: Kept) -> dict[str, Any]:
    name = kept.policy.vocabulary.category_name
    return {
        "category": line["category"],
        "statutory_name": name(line["category"]),
        "sensitive": [{"id": spi, "statutory_name": name(spi)} for spi in kept.sensitive(line)],
    }


def _when(line: Row) -> dict[str, Any]:
    return {
        "first": line["first_at"],
        "last": line["last_at"],
        "events": line["events"],
        "occurrences": int(line["occurrences"]),
    }


def _evidence(line: Row) -> Evidence:
    return evidence(line["event_ids"])


def _exclusions(left_out: Collection[tuple[str, UUID, str]]) -> list[dict[str, Any]]:
    counted = Counter(NO_EXEMPTION.get(reason, f"DN_EXEMPT_{reason}") for reason, _, _ in left_out)
    return [
        {"code": code, "count": count, "statement": ground(code).statement} for code, count in counted.items()
    ]


def _source(line: Row, kept: Kept) -> dict[str, Any]:
    return {
        "category": line["party"],
        "wording": kept.policy.vocabulary.source_wording(line["party"]),
        "evidence": _evidence(line),
    }


def _purpose(line: Row, kept: Kept) -> dict[str, Any]:
    known = kept.policy.purpose(line["party"])
    return {
        "purpose": line["party"],
        "statutory": line["words"],
        "wording": known.wording if known else None,
        "for": line["kinds"],
        "evidence": _evidence(line),
    }


def _third_party(line: Row, kept: Kept) -> dict[str, Any]:
    return {
        "category": line["party"],
        "wording": kept.policy.vocabulary.recipient_wording(line["party"]),
        "kinds": line["kinds"],
        "evidence": _evidence(line),
    }


def _pair(line: Row, kept: Kept) -> dict[str, Any]:
    return {
        **_category(line, kept),
        "elements": line["words"],
        "recipient_category": line["party"],
        "recipient_wording": kept.policy.vocabulary.recipient_wording(line["party"]),
        "kinds": line["kinds"],
        "unreviewed": line["unreviewed"],
        **_when(line),
        "evidence": _evidence(line),
    }


def _gaps_of_person(who: Who, row: Row) -> list[dict[str, Any]]:
    found = {
        "NO_MATCH": not (who.is_known or row["is_heard"]),
        "ERASED": who.is_erased,
        "PARKED": row["has_parked"],
        "UNKNOWN_WORD": row["has_unknown_word"],
        "LINK_UNSURE": row["is_unsure"],
    }
    gaps = [(reason, None) for reason, is_so in found.items() if is_so]
    return [
        {"reason": reason, "producer": None, "system": system, "from": None, "to": None}
        for reason, system in (*gaps, *(("HOLDING_UNKNOWN", each) for each in row["unmet_systems"]))
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
    said: list[tuple[str, str | None, str]] = [
        ("NOT_FOR_RELEASE", None, sentences.said("NOT_FOR_RELEASE")),
        ("FOR_CUSTOMERS", None, ground("DN_SP_ROLE").statement),
    ]
    for block, statement in statements.items():
        if statement == "NONE":
            said.append(("NONE", block, sentences.negative(block)))
        elif statement == "COVERAGE_INCOMPLETE":
            said.append(("COVERAGE_INCOMPLETE", block, sentences.said("COVERAGE_INCOMPLETE")))
    if coverage_from is not None and coverage_from > window.start:
        day = coverage_from.astimezone(ZoneInfo(policy.business.time_zone)).date().isoformat()
        said.append(("RECORDS_START", None, sentences.said("RECORDS_START", day=day)))
    if earlier:
        said.append(("OLDER_DATA", None, sentences.said("OLDER_DATA")))
    if not policy.business.is_ccpa_business:
        said.append(("NOT_A_BUSINESS", None, sentences.said("NOT_A_BUSINESS")))
    if contacts := ", ".join(_texts(policy.business.contacts)):
        said.append(
            ("CONTACT", None, sentences.said("CONTACT", name=policy.business.name, contacts=contacts))
        )
    return [{"code": code, "block": block, "statement": text} for code, block, text in said]


def _texts(free: object) -> Iterator[str]:
    """The texts in free data, as they are written."""
    match free:
        case str():
            yield free
        case list():
            yield from (text for each in free for text in _texts(each))
        case dict():
            yield from (text for each in free.values() for text in _texts(each))


def _denials(policy: Policy, residency: str | None) -> list[dict[str, Any]]:
    """Where only Californians are answered, a known resident of another state is not (rulings.md 20)."""
    if not policy.business.california_only or residency is None or residency.upper() in CALIFORNIA:
        return []
    denied = ground("DN_NOT_CONSUMER")
    return [
        {"block": block, "code": "DN_NOT_CONSUMER", "basis": denied.basis, "statement": denied.statement}
        for block in BLOCKS
    ]


@cache
def _schemas_digest() -> str:
    """SHA-256 over every released schema's fingerprint: which records this version can read."""
    return sha256(canonical(shipped().fingerprints())).hexdigest()
