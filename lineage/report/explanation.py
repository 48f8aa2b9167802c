"""Why does a line stand in a report? Each piece of each event behind it, the step that decided, the contract.

Computed again from the log, as of the report's own instant.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lineage.errors import Refused
from lineage.report.canonical import instant
from lineage.report.given import Row

STEPS = {
    1: "the recipient is the same business",
    2: "the person directed it",
    3: "it only tells that the person opted out",
    4: "it is part of a merger or acquisition",
    5: "legal process, a government demand or an emergency required it",
    6: "it serves cross-context behavioral advertising",
    7: "something of value was received, and the recipient is no valid provider for all purposes",
    8: "a contract under R 7051 in force then names every purpose",
    9: "no value was received; a contract under R 7053 names every purpose, or the recipient is the customer",
    10: "no rule places it: it counts as a sale until a person has looked",
}
"""The steps of law.md A.3 in words."""

REVIEWED = "a person looked at it and decided so"

DISCLOSING = ("sold_or_shared", "disclosed", "third_parties", "under_order")


def line_of(document: Mapping[str, Any], name: str) -> tuple[str, Mapping[str, Any]]:
    """Block and line for a name such as ``disclosed/0``: the first line of that list.

    Raises:
        Refused: the name is none, or the report has no such line.
    """
    block, _, number = name.partition("/")
    found = document.get(block)
    lines = found.get("pairs") if isinstance(found, Mapping) else found
    if block not in DISCLOSING or not isinstance(lines, list):
        raise Refused(f"{block}: only lines of {', '.join(DISCLOSING)} are explained, such as disclosed/0.")
    if not number.isdecimal() or int(number) >= len(lines):
        raise Refused(f"{block} has {len(lines)} lines, counted from 0. Write {block}/0 for the first.")
    return block, lines[int(number)]


def every_line(document: Mapping[str, Any]) -> Iterator[str]:
    """The names of all lines that can be explained."""
    for block in DISCLOSING:
        found = document[block]
        lines = found["pairs"] if isinstance(found, Mapping) else found
        yield from (f"{block}/{number}" for number in range(len(lines)))


def explained(rows: list[Row], block: str, line: Mapping[str, Any], policy: str) -> list[dict[str, Any]]:
    """What stands behind the line, the earliest first. ``policy``: the digest of the one relied on."""
    return [
        {
            "event_id": row["event_id"],
            "from": instant(row["piece_from"]),
            "to": instant(row["piece_to"]),
            "recipient": row["recipient"],
            "elements": sorted({fact["element"] for fact in facts}),
            "purposes": sorted(row["purposes"] or []),
            "consideration": row["consideration"],
            "kinds": row["kinds"],
            "steps": [
                {"step": step, "because": STEPS[step] if row["decided"] is None else REVIEWED}
                for step in row["steps"]
            ],
            "contracts": row["contracts"],
            "unreviewed": row["unreviewed"],
            "policy": policy,
        }
        for row in rows
        if (facts := _facts(row, block, line))
    ]


def _facts(row: Row, block: str, line: Mapping[str, Any]) -> list[dict[str, Any]]:
    stands = {
        "sold_or_shared": bool(row["sold_or_shared"]),
        "disclosed": row["is_disclosed"],
        "third_parties": row["is_to_third_party"],
        "under_order": True,
    }
    if block == "third_parties":
        recipient, category = line["category"], None
    else:
        recipient, category = line["recipient_category"], line["category"]
    if not stands[block] or row["recipient_category"] != recipient:
        return []
    facts = row["hidden_facts"] if block == "under_order" else row["facts"]
    return [fact for fact in facts or [] if category in (None, fact["category"])]
