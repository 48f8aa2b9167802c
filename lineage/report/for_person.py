"""What may stand in the copy that the person gets? (law.md A.10; rulings.md 35, 42)

The copy is built from what is named here, never by taking things away: what a later version adds to the
handler's document stays inside until somebody has decided otherwise. What is kept back is null or empty.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

Document = Mapping[str, Any]

_TOP: Final = (
    *("schema", "for_release", "regime", "window", "as_of", "provisional", "versions"),
    *("block_status", "held_collected_earlier", "block_statements"),
)
_REQUEST: Final = ("id", "received_at", "residency", "verification", "supplement_of")
_CATEGORY: Final = ("category", "statutory_name", "sensitive")
_WHEN: Final = ("first", "last", "events", "occurrences")
_PAIR: Final = (
    *(*_CATEGORY, "elements", "recipient_category", "recipient_wording", "kinds", "unreviewed"),
    *_WHEN,
)
_LISTS: Final = {
    "collected": (*_CATEGORY, "elements", *_WHEN, "held"),
    "sources": ("category", "wording"),
    "purposes": ("purpose", "statutory", "wording", "for"),
    "third_parties": ("category", "wording", "kinds"),
}
_PAIRS: Final = ("sold_or_shared", "disclosed")
_PIECE: Final = ("element", "show", "withheld", "statement")

_SAID_TO_ANYBODY: Final = frozenset(
    {"NOT_FOR_RELEASE", "RECORDS_START", "NOT_A_BUSINESS", "FOR_CUSTOMERS", "CONTACT"}
)
"""Codes of statements about the business and its records; the other ones depend on the person."""

_SAID_TO_THE_PERSON: Final = _SAID_TO_ANYBODY | {"OLDER_DATA"}


def for_person(document: Document, shown: Collection[str], *, verified: bool) -> dict[str, Any]:
    """The person's copy of a document in which the blocks that are not ``shown`` are empty already.

    ``verified``: at V1 or above. Otherwise nothing in the copy depends on the person. Not sealed.
    """
    said = _SAID_TO_THE_PERSON if verified else _SAID_TO_ANYBODY
    request = _picked(document["request"], _REQUEST)
    attachment = document["pieces"]["attachment"]
    return {
        **_picked(document, _TOP),
        "request": request if verified else {**request, "residency": None},
        # Facts about what we hold tell a stranger that we hold it.
        "window": document["window"] if verified else {**document["window"], "refusal": None},
        "subject": {"token": None, "linked": []},
        "coverage": _coverage(document["coverage"], verified=verified),
        **{block: _lines(document[block], names) for block, names in _LISTS.items()},
        **{
            block: {
                "pairs": _lines(document[block]["pairs"], _PAIR),
                "statement": document[block]["statement"],
            }
            for block in _PAIRS
        },
        "pieces": {
            "items": [{**_picked(each, _PIECE), "held_in": []} for each in document["pieces"]["items"]],
            "attachment": attachment and _picked(attachment, ("digest",)),
        },
        "denials": [_picked(each, ("block", "code", "basis", "statement")) for each in document["denials"]],
        "not_searched": [
            _picked(each, ("record_types", "statement")) for each in document["not_searched"] if verified
        ],
        "exclusions": _exclusions(document["exclusions"]) if verified else [],
        "under_order": [],
        "statements": [
            _picked(each, ("code", "block", "statement"))
            for each in document["statements"]
            if each["block"] in shown or each["code"] in said
        ],
        "positions": {},
    }


def _coverage(coverage: Document, *, verified: bool) -> dict[str, Any]:
    """Reasons and times, not whose records are missing. To strangers not even whether any are: a NO_MATCH, or
    its absence, would tell them whether the person is known here.
    """
    if not verified:
        return {"from": coverage["from"], "complete": False, "gaps": []}
    gaps = {(gap["reason"], gap["from"], gap["to"]) for gap in coverage["gaps"]}
    return {
        "from": coverage["from"],
        "complete": coverage["complete"],
        "gaps": [
            {"reason": reason, "producer": None, "system": None, "from": since, "to": until}
            for reason, since, until in gaps
        ],
    }


def _exclusions(exclusions: Iterable[Document]) -> list[dict[str, Any]]:
    """Each exemption by its name and words. Of customers' data speaks the sentence that every report has."""
    return [
        {"code": each["code"], "count": None, "statement": each["statement"]}
        for each in exclusions
        if each["code"] != "DN_SP_ROLE"
    ]


def _lines(lines: Iterable[Document], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{**_picked(line, names), "evidence": None} for line in lines]


def _picked(of: Document, names: Sequence[str]) -> dict[str, Any]:
    return {name: of[name] for name in names if name in of}
