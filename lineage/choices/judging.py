"""What would this sharing be in the eyes of the law, if it were made now?

The steps are those by which answers judge what was recorded (``verdict.sql``, law.md A.3): one reading of the
law, asked before instead of after. A service repeats few combinations of words, so each is judged once for
as long as nothing in the policy begins or ends.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final

import duckdb

from lineage.events import PopulationShared, Shared
from lineage.policy import Policy
from lineage.policy.tables import boundaries
from lineage.questions import compose
from lineage.questions.declared import declared, literal

Sharing = Shared | PopulationShared

MARKETING: Final = frozenset(
    {"CP_MARKETING_OWN", "CP_THIRD_PARTY_MARKETING", "BP6_ADS_NON_CROSS", "PUR_CROSS_CONTEXT_ADS"}
)
"""Statutory purposes that a person means who wants no marketing."""

FREE_OF_LIMIT: Final = frozenset({"LEGAL_OR_GOV", "CONSUMER_DIRECTED", "SWITCHING", "OPT_OUT_SIGNAL"})
"""What no limit of sensitive data touches: the person or the law directs it."""

REMEMBERED: Final = 4_096  # combinations of words, then it starts afresh
MEMORY_MEBIBYTES: Final = 128

_KIND: Final = """struct(
    ask int, item int, event text, subject uuid, event_id uuid, system text, actor text, on_behalf_of text,
    instruction text, exemption text, claim_evidence text, elements text[], recipient text, purposes text[],
    consideration text, occasion text, outcome text, legal_document text, undisclosed_until timestamptz,
    as_of timestamptz, base_from timestamptz, earliest timestamptz, chosen_at timestamptz,
    piece_from timestamptz, piece_to timestamptz, in_window bool, customer_then text, decided text
)[]"""
# Nothing was collected, held back or shared with everybody: the sharing itself is all there is.
_GIVEN: Final = (
    ("piece", f"select unnest($sharing::{_KIND}, max_depth := 2)"),
    (
        "hit",
        "select null::int as item, null::timestamptz as owned_from, null::timestamptz as piece_from, "
        "null::timestamptz as piece_to, null::text[] as elements where false",
    ),
    (
        "collected",
        "select null::int as ask, null::struct(element text, put_from timestamptz, put_to timestamptz)[] "
        "as times where false",
    ),
    (
        "order_of_silence",
        "select null::int as ask, null::text as authority, null::text[] as elements where false",
    ),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the policy makes of a sharing, whoever it is about.

    ``excluded``: why it is not for us to answer, as answers say; ``sold``: SALE, SHARE or both; ``kinds`` the
    verdict, the worst case in place of none. ``beyond_limit``: a purpose is none of LM1 to LM8.
    ``marketing``: those of its purposes that are marketing.
    """

    excluded: str | None
    kinds: tuple[str, ...]
    sold: tuple[str, ...]
    is_to_third_party: bool
    is_contracted: bool
    is_sensitive: bool
    is_limited: bool
    purposes: tuple[str, ...]
    marketing: frozenset[str]


class Judge:
    """Judges sharings by one policy. Thread-safe."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._boundaries = boundaries(policy)
        # What reads no table is planned once, and the plan takes far longer than the question.
        self._connection = duckdb.connect(config={"threads": "1", "memory_limit": f"{MEMORY_MEBIBYTES}MiB"})
        self._connection.execute("set timezone = 'UTC'")
        self._connection.execute(f"prepare permitted as {compose('permitted', declared(policy), _GIVEN)}")
        self._lock = Lock()
        self._remembered: dict[tuple[object, ...], Judged | None] = {}

    def judged(self, sharing: Sharing, now: datetime, *, has_chosen: bool) -> Judged | None:
        """What it would be now; None when nothing would be made available (a refused demand).

        ``has_chosen``: the person opted out or limited, which an opt-out signal needs (rulings.md 25).
        """
        key = (bisect_right(self._boundaries, now), has_chosen, *_words(sharing).values())
        if key not in self._remembered:
            with self._lock:
                if len(self._remembered) >= REMEMBERED:
                    self._remembered.clear()
                self._remembered[key] = self._ask(sharing, now, has_chosen)
        return self._remembered[key]

    def _ask(self, sharing: Sharing, now: datetime, has_chosen: bool) -> Judged | None:
        piece = _words(sharing) | {
            "ask": 0,
            "item": 0,
            "event": "Shared",  # of everybody it is the same as of each
            "as_of": now,
            "base_from": now,
            "earliest": now,
            "chosen_at": now if has_chosen else None,
            "piece_from": now,
            "piece_to": now,
            "in_window": True,
        }
        given = f"{literal([_whole(piece)])}::{_KIND}"
        [row] = self._connection.execute(f"execute permitted(sharing := {given})").fetchall()
        excluded, kinds, called, sold, is_to_third_party, is_contracted = row
        if excluded is None and kinds is None:
            return None
        purposes = tuple(sharing.purposes)
        limits = [self._policy.purpose(each) for each in purposes]
        return Judged(
            excluded=excluded,
            kinds=tuple(called or ()),
            sold=tuple(sold or ()),
            is_to_third_party=bool(is_to_third_party),
            is_contracted=bool(is_contracted),
            is_sensitive=any(self._is_sensitive(each, now) for each in sharing.elements),
            is_limited=FREE_OF_LIMIT.isdisjoint(called or ())
            and not (limits and all(each is not None and each.limit for each in limits)),
            purposes=purposes,
            marketing=frozenset(each for each in purposes if MARKETING & self._statutory(each, now)),
        )

    def _is_sensitive(self, word: str, now: datetime) -> bool:
        """What is sensitive beside another is taken to be: where the other lies is not known here."""
        words = self._policy.vocabulary
        element = words.elements.get(words.aliases.get(word, word))
        return element is None or bool(element.sensitive.at(now) or element.sensitive_when)

    def _statutory(self, id: str, now: datetime) -> frozenset[str]:
        purpose = self._policy.purpose(id)
        return frozenset(purpose.statutory.at(now) or ()) if purpose else frozenset()


def _words(sharing: Sharing) -> dict[str, Any]:
    """All that the steps look at. Of a proof they ask only whether it is there."""
    return {
        "system": sharing.system,
        "actor": sharing.actor,
        "on_behalf_of": sharing.on_behalf_of,
        "instruction": sharing.instruction,
        "exemption": sharing.exemption,
        "claim_evidence": None if sharing.claim_evidence is None else "given",
        "elements": tuple(sharing.elements),
        "recipient": sharing.recipient,
        "purposes": tuple(sharing.purposes),
        "consideration": str(sharing.consideration),
        "occasion": str(sharing.occasion),
        "outcome": str(sharing.outcome),
        "legal_document": None if sharing.legal_document is None else "given",
    }


def _whole(piece: dict[str, Any]) -> dict[str, Any]:
    missing = ("subject", "event_id", "undisclosed_until", "customer_then", "decided")
    return {
        **dict.fromkeys(missing),
        **piece,
        **{name: list(piece[name]) for name in ("elements", "purposes")},
    }
