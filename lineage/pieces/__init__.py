"""A copy of the specific pieces: values fetched for one person, sealed, delivered, and gone.

This package is the only one that ever holds a value of personal data, and it keeps none (design section 7).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lineage.errors import Refused
from lineage.pieces.attachment import Unsealable, attached, content, seal
from lineage.pieces.gather import Gathered, gather
from lineage.pieces.reading import SystemSilent
from lineage.pieces.safe import Kept, Safe
from lineage.pieces.wanted import Wanted, wanted
from lineage.policy import Policy
from lineage.report.check import problems
from lineage.report.request import Audience

__all__ = [
    "Gathered",
    "Kept",
    "Safe",
    "SystemSilent",
    "Unsealable",
    "Wanted",
    "attach",
    "gather",
    "wanted",
]


def attach(
    document: dict[str, Any], policy: Policy, addresses: Mapping[str, str], safe: Safe, now: datetime
) -> tuple[dict[str, Any], Kept, Gathered]:
    """Gather the pieces of an answer and seal them: the report with the attachment's digest, what is known of
    the attachment, and what was gathered (of which only names may be shown).

    ``document``: the handler's copy, in order, whose case releases pieces. ``addresses``: the environment.

    Raises:
        Refused: the report is not in order, or releases no pieces, or is of another policy.
    """
    if found := problems(document, Audience.HANDLER):
        raise Refused(f"The report is not in order: {found[0]} Run lineage report check on it.")
    if document["request"]["id"] is None or document["block_status"]["pieces"] != "answered":
        raise Refused("The report releases no pieces: that takes a case at V2_HIGH or V_ACCOUNT (R 7062).")
    gathered = gather(wanted(document, policy), policy, addresses)
    sealed = seal(content(document, gathered))
    kept = safe.put(sealed, gathered.for_review, now)
    return attached(document, sealed.digest, gathered), kept, gathered
