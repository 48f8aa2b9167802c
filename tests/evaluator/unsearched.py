"""Which systems are left out of a search? (rulings.md 33; law.md A.6, rule 9)"""

from collections.abc import Iterable

from evaluator.asked import Asked
from evaluator.declared import CROSS_CONTEXT
from evaluator.times import ALWAYS

COMMERCIAL = {
    "BP1_AD_AUDIT",
    "BP4_TRANSIENT",
    "BP6_ADS_NON_CROSS",
    "CP_MARKETING_OWN",
    "CP_THIRD_PARTY_MARKETING",
    "CP_DATA_MONETISATION",
    CROSS_CONTEXT,
}


def unsearched(everybody: Iterable[Asked], systems: dict[str, str]) -> dict[str, str]:
    """Of the systems that need not be searched those whose data nobody's events show in a commercial use.

    ``everybody``: each token's answer, over all time.
    """
    commercial: set[str] = set()
    if systems:
        for asked in everybody:
            commercial |= _commercial(asked)
    return {system: types for system, types in systems.items() if system not in commercial}


def _commercial(asked: Asked) -> set[str]:
    used = {
        fact["system"]
        for fact in asked.of("Used")
        for piece in asked.pieces(fact, ALWAYS)
        for purpose in fact["purposes"]
        if asked.policy.statutory(purpose, piece.start) & COMMERCIAL
    }
    return used | {fact["system"] for fact, _, _, verdict in asked.granted(ALWAYS) if verdict.sold_or_shared}
