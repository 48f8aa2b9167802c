"""What a customer needs from us to answer a person itself (R 7024(i); law.md R-03).

We handle some data for customers, on their instructions: it is theirs to tell. This is their part, never
another customer's, and nothing of our own answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from lineage.report.canonical import canonical, instant, sealed
from lineage.report.given import Row

SCHEMA: Final = "ccpa.customer/1"

STATEMENT: Final = (
    "This is what we did with the person's data on your behalf, as it was told to us. It is yours to answer "
    "for; events of other customers, and what we answer for ourselves, are not in it."
)


def part_of(customer: str, document: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """The customer's part, in order and sealed like an answer.

    ``document``: the handler's copy of our own answer, for what the two have in common: the token that was
    given, the window, how far the log is read, and when it has gaps; not the person's other tokens, nor whose
    systems the gaps are in, for these may be another customer's. ``rows``: those of ``for_customer.sql``.
    """
    coverage = document["coverage"]
    gaps = [{name: gap[name] for name in ("reason", "from", "to")} for gap in coverage["gaps"]]
    return sealed(
        {
            "schema": SCHEMA,
            "customer": customer,
            "subject": {"token": document["subject"]["token"]},
            "window": document["window"],
            "as_of": document["as_of"],
            "provisional": document["provisional"],
            "coverage": {**coverage, "gaps": list({canonical(gap): gap for gap in gaps}.values())},
            "events": [_event(row) for row in rows],
            "statement": STATEMENT,
            "versions": document["versions"],
            "positions": document["positions"],
        }
    )


def _event(row: Row) -> dict[str, Any]:
    at = {"from": instant(row["begins"]), "to": instant(row["ends"])}
    told = {
        name: value for name, value in row.items() if name not in ("begins", "ends") and value is not None
    }
    return told | at
