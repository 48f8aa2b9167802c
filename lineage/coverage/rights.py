"""Who tells events for a system that is not its own? They are kept and count; somebody has to look."""

from collections.abc import Iterable, Mapping
from typing import Any

from lineage.policy import Policy

UNKNOWN_PRODUCER = "UNKNOWN_PRODUCER"
NOT_ITS_SYSTEM = "NOT_ITS_SYSTEM"


def outside(emitted: Iterable[Mapping[str, Any]], policy: Policy) -> list[dict[str, Any]]:
    """The rows of ``emitted.sql`` whose producer the policy does not know, or does not name for the system;
    each with ``why``.

    It is no gap of an answer: rulings.md 39 lists those to the end, and the events are there.
    """
    found = []
    for row in emitted:
        producer = policy.business.producers.get(row["producer"] or "")
        if producer is None or row["system"] not in producer.systems:
            why = UNKNOWN_PRODUCER if producer is None else NOT_ITS_SYSTEM
            found.append({"producer": row["producer"], "system": row["system"], "why": why} | dict(row))
    return found
