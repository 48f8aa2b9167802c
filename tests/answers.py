"""What is answered in small worlds? Much happened in one of them, nothing in another."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from business import Business, at
from worlds import a_subject

from lineage.events import Consideration, LinkEvidence, Occasion, SubjectDescribed
from lineage.report import Audience, Verification
from lineage.report.refusal import Reason, Refusal

Document = dict[str, Any]

VERIFIED: Final = {"audience": Audience.PERSON, "verification": Verification.V2_HIGH}
BEGUN_LATE: Final = (
    "from: 2020-01-01}",
    "from: 2025-10-01}\ncontacts: {write: privacy@shop.example, call: 1-800-555-0100}",
)
FACTS: Final = "Orders before 2024 lie on tapes; reading one takes a technician six hours."
WHEN: Final = "2026-01-10T12:00Z"


def of_much(folder: Path, **asked: Any) -> Document:
    """Sold, shared, passed on, withheld, exempt, not searched, from earlier; and some gaps."""
    business = Business(folder, covers_from=at("2025-10-01T07:00Z"), declares={"business.yaml": BEGUN_LATE})
    try:
        for element in ("email_address", "ssn", "card_pan", "gps_point", "order_history", "a_new_word"):
            business.collects(element, WHEN, purposes=("service",))
        business.collects("pricing_score", WHEN, source="own_scoring")
        business.collects("full_name", "2024-01-10T12:00Z")
        business.collects("date_of_birth", WHEN, system="tapes")
        business.collects(
            "medical_record_no", WHEN, exemption="HIPAA_PHI", claim_evidence="vault://agreement"
        )
        business.shares("email_address", "R_BROKER", "marketing", consideration=Consideration.MONEY)
        business.shares("page_view", "R_GA", "statistics", "2026-02-01T12:00Z")
        business.shares("cookie_id", "R_ADS", "cross_context")
        business.shares("card_pan", "R_PAY", "payment")
        business.shares(
            "full_name",
            "R_SHERIFF2",
            "legal",
            occasion=Occasion.LEGAL_PROCESS,
            legal_document="vault://subpoena",
        )
        business.links(seen := a_subject(), WHEN, evidence=LinkEvidence.DECLARED)
        business.collects("page_view", WHEN, subject=seen)
        return business.answer(**(asked or VERIFIED))
    finally:
        business.close()


def of_nothing(folder: Path) -> Document:
    """Something was collected in a system whose records are complete, and nothing went to anybody."""
    return _answer(folder, lambda business: business.collects("email_address", WHEN), **VERIFIED)


def of_a_stranger(folder: Path) -> Document:
    """The one who asks was not verified at all."""
    asked = VERIFIED | {"verification": Verification.V0_NONE}
    return _answer(folder, lambda business: business.collects("email_address", WHEN), **asked)


def of_somebody_half_verified(folder: Path) -> Document:
    """Good enough for the categories, not for the data itself. A longer period was asked for, and refused."""
    refusal = Refusal(Reason.DISPROPORTIONATE, FACTS)
    asked = VERIFIED | {"verification": Verification.V1_REASONABLE, "refusal": refusal}
    return _answer(folder, lambda business: business.collects("email_address", WHEN), **asked)


def of_a_neighbour(folder: Path) -> Document:
    """Somebody of another state, where only Californians are answered."""
    declares = {"business.yaml": ("is_ccpa_business: true", "is_ccpa_business: false\ncalifornia_only: true")}
    return _answer(
        folder,
        lambda business: business.tells(SubjectDescribed, WHEN, residency="US-NV"),
        declares=declares,
        **VERIFIED,
    )


WORLDS: Final[Mapping[str, Callable[[Path], Document]]] = {
    "much": of_much,
    "nothing": of_nothing,
    "stranger": of_a_stranger,
    "half verified": of_somebody_half_verified,
    "neighbour": of_a_neighbour,
    "handler": lambda folder: of_much(folder, audience=Audience.HANDLER),
}


def _answer(
    folder: Path,
    tell: Callable[[Business], object],
    declares: Mapping[str, tuple[str, str]] | None = None,
    **asked: Any,
) -> Document:
    business = Business(folder, declares=declares)
    try:
        tell(business)
        return business.answer(**asked)
    finally:
        business.close()
