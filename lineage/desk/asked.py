"""How is a request kept? As names and plain values, so that its class may grow."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lineage.report.refusal import Refusal
from lineage.report.request import Audience, Request, Verification


def told(request: Request) -> dict[str, Any]:
    """The request as an event holds it."""
    return {
        "subject": request.subject,
        "received": request.received,
        "since": request.since,
        "everything": request.everything,
        "blocks": list(request.blocks),
        "verification": request.verification.value,
        "audience": request.audience.value,
        "refusal": request.refusal and request.refusal.told(),
    }


def request_of(told: Mapping[str, Any], verification: Verification | None = None) -> Request:
    """The request again; at another level when one is given. Requests kept earlier have no refusal."""
    refusal = told.get("refusal")
    kept = Request(
        subject=told["subject"],
        received=told["received"],
        since=told["since"],
        everything=told["everything"],
        blocks=tuple(told["blocks"]),
        verification=Verification(told["verification"]),
        audience=Audience(told["audience"]),
        refusal=refusal and Refusal.of(refusal),
    )
    return kept if verification is None else replace(kept, verification=verification)
