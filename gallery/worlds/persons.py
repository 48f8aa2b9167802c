"""Who asks, and what is it to them? A child, somebody unproven, somebody forgotten, another's patient."""

from typing import Any

from gallery.shop import Shop, noon
from gallery.world import world
from lineage.events import (
    AgeBand,
    AgeBasis,
    Choice,
    ChoiceMade,
    Deleted,
    DeletionReason,
    ErasureMode,
    NotificationOutcome,
    NotifiedAbout,
    RecipientNotified,
    SubjectDescribed,
    SubjectErased,
)
from lineage.report import Verification


@world(verification=Verification.V_ACCOUNT)
def under_16(shop: Shop) -> None:
    """A girl of fourteen, who agreed herself that her data be sold; all of it is sensitive."""
    band = {"age_band": AgeBand.FROM_13_TO_15, "band_until": "2027-04", "age_basis": AgeBasis.STATED}
    shop.tells(SubjectDescribed, "2025-08-01", **band)
    shop.tells(ChoiceMade, "2025-08-01", choice=Choice.OPT_IN)
    shop.collects("full_name email_address date_of_birth", "2025-08-01", purposes="account courses")
    shop.collects("course_grade", "2026-01-30", "our_site", "courses")
    shop.sells("email_address", "2025-11-05", "LISTS")
    shop.shares("course_grade", "2026-02-01", "SISTER", "courses")


@world(verification=Verification.V1_REASONABLE, blocks=("pieces",))
def denied_pieces(shop: Shop) -> None:
    """Somebody who asked for the data itself, verified to a reasonable degree alone: gets the categories."""
    _a_customer(shop)


@world(verification=Verification.V0_NONE)
def unverified(shop: Shop) -> None:
    """Nobody knows who asks: the answer tells nothing of any person."""
    _a_customer(shop)


@world(declares=(("business.yaml", "california_only: false", "california_only: true"),))
def not_californian(shop: Shop) -> None:
    """A resident of Nevada, where the business answers Californians alone."""
    shop.tells(SubjectDescribed, "2025-07-01", residency="NV")
    _a_customer(shop)


@world()
def erased(shop: Shop) -> None:
    """Somebody who was forgotten at their own wish, and came back in the spring."""
    _a_customer(shop)
    shop.tells(SubjectErased, "2026-03-01", through=noon("2026-03-01"), mode=ErasureMode.TOMBSTONE)
    shop.collects("email_address order_history", "2026-04-20", purposes="order")


@world()
def vaulted(shop: Shop) -> None:
    """Somebody whose data was deleted; what happened to it is still on record, and nothing is held."""
    _a_customer(shop)
    deleted = "2026-03-01"
    shop.tells(
        Deleted, deleted, elements=("order_history", "transaction_detail"), reason=DeletionReason.REQUEST
    )
    shop.tells(SubjectErased, deleted, through=noon(deleted), mode=ErasureMode.VAULT)
    shop.tells(
        RecipientNotified,
        "2026-03-04",
        recipient="PAY",
        about=NotifiedAbout.DELETION,
        elements=("transaction_detail",),
        outcome=NotificationOutcome.ACKNOWLEDGED,
    )


@world()
def processor_only(shop: Shop) -> None:
    """A patient of a clinic for which the business only works: the clinic answers, not we."""
    for month in ("2025-09", "2025-12", "2026-03"):
        clinic: dict[str, Any] = {"on_behalf_of": "CLINIC", "system": "clinic"}
        shop.collects("full_name allergies health_insurance_id", f"{month}-05", **clinic)
        shop.shares("full_name allergies", f"{month}-06", "HOST", "order", **clinic)


def _a_customer(shop: Shop) -> None:
    shop.collects("full_name email_address phone_number", "2025-09-01", purposes="account order")
    shop.collects("order_history transaction_detail", "2025-11-11", purposes="order payment")
    shop.collects("page_view cookie_id", "2025-12-01", "our_site", "statistics", count=12)
    shop.shares("transaction_detail", "2025-11-11", "PAY", "payment")
    shop.shares("cookie_id", "2025-12-02", "ADS", "wide_ads")
