"""Random handler's documents (`ccpa.know/1`), with something that may not go out wherever it can stand."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from lineage.report.canonical import sealed
from lineage.report.request import BLOCKS

HIDDEN = "poisoned"
"""Stands in every value that may never be in the person's copy."""

COUNT = 987_654_321
"""How often something was excluded: the handler's number alone."""

WINDOW = {
    "from": "2025-06-15T07:00:00.000000Z",
    "to": "2026-06-15T17:00:00.000000Z",
    "time_zone": "America/Los_Angeles",
    "basis": "twelve_months",
    "refusal": None,
}
WORDS = st.sampled_from(["PI_A_IDENTIFIERS", "PI_D_COMMERCIAL", "RCP_PAYMENT", "SRC_EVENT", "to sell"])
DAYS = st.dates().map(lambda day: f"{day:%Y-%m-%d}T00:00:00.000000Z")
EVIDENCE = {"count": 1, "digest": HIDDEN, "first": [HIDDEN], "last": [HIDDEN]}
LATER = {"step": HIDDEN, "contract": HIDDEN}
"""What a later version may add to a line."""


def lines(*names: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    line = st.fixed_dictionaries(
        {
            **dict.fromkeys(names, WORDS),
            "events": st.integers(1, 99),
            "evidence": st.just(EVIDENCE),
            "later": st.just(LATER),
        }
    )
    return st.lists(line, max_size=3)


PAIR = ("category", "statutory_name", "recipient_category", "recipient_wording", "first", "last")
# A strategy made anew for each document would take longer than the document.
LINES = {
    "collected": lines("category", "statutory_name", "held", "first", "last"),
    "sources": lines("category", "wording"),
    "purposes": lines("purpose", "wording"),
    "third_parties": lines("category", "wording"),
    "under_order": lines("category"),
}
PAIRS = lines(*PAIR)
PIECE = st.fixed_dictionaries(
    {
        "element": WORDS,
        "show": st.booleans(),
        "withheld": st.none(),
        "statement": st.none(),
        "held_in": st.just([f"shop:{HIDDEN}"]),
    }
)
GAP = st.fixed_dictionaries(
    {
        "reason": st.sampled_from(["NO_MATCH", "PARKED", "SILENT", "SEQUENCE", "UNKNOWN_WORD"]),
        "producer": st.sampled_from([None, HIDDEN]),
        "system": st.sampled_from([None, HIDDEN]),
        "from": st.none() | DAYS,
        "to": st.none(),
    }
)
EXEMPTIONS = st.sampled_from(["DN_EXEMPT_HIPAA_PHI", "DN_HOUSEHOLD", "DN_EXEMPT_GLBA"])
FREQUENT = {"block": None, "code": "DN_FREQUENCY", "basis": "§1798.130(b)", "statement": "often"}
OLDER = {"code": "OLDER_DATA", "block": None, "statement": "there is older data"}


REQUEST = {
    "id": None,
    "received_at": "2026-06-15T17:00:00.000000Z",
    "residency": "CA",
    "verification": "V0_NONE",
    "supplement_of": None,
}
VERSIONS = {"policy": "p", "vocabulary": "v", "schemas": "s", "calendars": None, "software": "0"}
ABOUT_EACH_BLOCK = ("collected", "sources", "purposes", "third_parties", "pieces")


def a_document(**changed: Any) -> dict[str, Any]:
    """A handler's document with something in each list, and no denial."""
    line = {"events": 1, "evidence": EVIDENCE, "later": LATER}
    pair = line | dict.fromkeys(PAIR, "PI_A_IDENTIFIERS")
    statement = "COVERAGE_INCOMPLETE"
    document = {
        "schema": "ccpa.know/1",
        "for_release": False,
        "request": REQUEST,
        "regime": "CCPA",
        "subject": {"token": str(uuid4()), "linked": [str(uuid4())]},
        "window": WINDOW,
        "as_of": "2026-07-01T00:00:00.000000Z",
        "provisional": False,
        "coverage": {
            "from": None,
            "complete": False,
            "gaps": [{"reason": "SILENT", "producer": HIDDEN, "system": None, "from": None, "to": None}],
        },
        "block_status": dict.fromkeys(BLOCKS, "denied"),
        "collected": [
            line | {"category": "PI_A_IDENTIFIERS", "statutory_name": "Identifiers", "held": "HELD"}
        ],
        "sources": [line | {"category": "SRC_EVENT", "wording": "Events"}],
        "purposes": [line | {"purpose": "sell", "wording": "to sell"}],
        "third_parties": [line | {"category": "RCP_PAYMENT", "wording": "Payment"}],
        "sold_or_shared": {"pairs": [pair], "statement": statement},
        "disclosed": {"pairs": [pair], "statement": statement},
        "pieces": {
            "items": [
                {
                    "element": "email_address",
                    "show": True,
                    "withheld": None,
                    "statement": None,
                    "held_in": [f"shop:{HIDDEN}"],
                }
            ],
            "attachment": None,
        },
        "held_collected_earlier": ["email_address"],
        "block_statements": dict.fromkeys(ABOUT_EACH_BLOCK, statement),
        "denials": [],
        "not_searched": [{"record_types": "tapes", "statement": "not searched", "system": HIDDEN}],
        "exclusions": [{"code": "DN_EXEMPT_HIPAA_PHI", "count": COUNT, "statement": "of health"}],
        "under_order": [line | {"category": "PI_A_IDENTIFIERS"}],
        "statements": [
            {"code": "NOT_FOR_RELEASE", "block": None, "statement": "not for release"},
            *({"code": statement, "block": block, "statement": "said"} for block in BLOCKS),
            OLDER,
            {"code": "LATER", "block": None, "statement": HIDDEN},
        ],
        "for_review": [{"event_id": str(uuid4()), "reason": HIDDEN}],
        "versions": VERSIONS,
        "positions": {f"{HIDDEN}/0": 17},
    }
    return sealed(document | changed)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A handler's document about anybody, under one policy, for one request."""
    gaps = draw(st.lists(GAP, max_size=3))
    codes = draw(st.lists(EXEMPTIONS, unique=True))
    statement = "COVERAGE_INCOMPLETE" if gaps else draw(st.sampled_from([None, "NONE"]))
    return a_document(
        request=REQUEST | {"residency": draw(st.sampled_from([None, "CA", "NV"]))},
        subject={
            "token": str(draw(st.uuids())),
            "linked": [str(each) for each in draw(st.lists(st.uuids()))],
        },
        coverage={"from": None, "complete": not gaps, "gaps": gaps},
        **{block: draw(of_block) for block, of_block in LINES.items()},
        sold_or_shared={"pairs": draw(PAIRS), "statement": statement},
        disclosed={"pairs": draw(PAIRS), "statement": statement},
        pieces={
            "items": draw(st.lists(PIECE, max_size=3)),
            "attachment": draw(st.sampled_from([None, {"digest": "d", "path": HIDDEN}])),
        },
        held_collected_earlier=draw(st.lists(WORDS)),
        block_statements=dict.fromkeys(ABOUT_EACH_BLOCK, statement),
        denials=draw(st.sampled_from([[], [FREQUENT]])),
        exclusions=[{"code": code, "count": COUNT, "statement": f"of {code}"} for code in codes],
        statements=[
            {"code": "NOT_FOR_RELEASE", "block": None, "statement": "not for release"},
            *({"code": statement, "block": block, "statement": "said"} for block in BLOCKS if statement),
            *draw(st.sampled_from([[], [OLDER]])),
            {"code": "LATER", "block": None, "statement": HIDDEN},
        ],
        for_review=[{"event_id": HIDDEN, "reason": "NO_CLAIM_EVIDENCE"}],
    )


def tokens(document: dict[str, Any]) -> set[UUID]:
    """Every token that a handler's document names."""
    return {UUID(each) for each in (document["subject"]["token"], *document["subject"]["linked"])}
