"""What if something is missing, may not be told, or keeps the answer from going out?"""

from typing import Any

from gallery.shop import Shop, noon
from gallery.world import world
from lineage.events import (
    Consideration,
    HoldKind,
    HoldPlaced,
    LinkEvidence,
    Occasion,
    Origin,
    PopulationShared,
    SubjectDescribed,
)
from lineage.pieces.gather import Missing
from lineage.report.refusal import Reason, Refusal

WITHOUT_A_VOICE = ("business.yaml", "till: {country: US,", "parking: {country: US}\n  till: {country: US,")
"""A system that tells nothing."""

SINCE_DECEMBER = ("business.yaml", "staff], from: 2021-01-01", "staff], from: 2025-12-01")
"""One of the two producers tells only since then."""

NOT_SEARCHED = (
    "business.yaml",
    "tapes: {country: US,",
    "tapes: {country: US, no_search: {record_types: backup tapes of accounts that were closed before 2024},",
)
"""A system that need not be searched (R 7024(c))."""


@world(declares=(WITHOUT_A_VOICE,), is_translated=True)
def gaps(shop: Shop) -> None:
    """Somebody bought something, but the records have gaps of many kinds."""
    shop.recorded_at = noon("2026-06-12")  # before the request came
    shop.silent_from["office"] = noon("2026-03-01")
    shop.collects("full_name email_address order_history", "2025-09-10", purposes="order account")
    shop.shares("email_address", "2025-10-03", "ADS", "wide_ads")
    shop.loses_one("market")
    shop.garbles_one()
    shop.collects("page_view", "2025-10-01", "our_site", "statistics", subject=shop.token("cookie:shared"))
    shop.links("cookie:shared", "2025-10-02", evidence=LinkEvidence.DECLARED)
    shop.tells(
        PopulationShared,
        "2026-01-15",
        system="mailing",
        elements=("phone_number",),
        recipient="LISTS",
        purposes=("list_trade",),
        producer="office",
    )


@world(declares=(SINCE_DECEMBER,))
def before_the_records(shop: Shop) -> None:
    """A customer whose older data was put on record afterwards: one service tells only since December."""
    earlier = {"origin": Origin.RECONSTRUCTED}
    shop.collects("full_name email_address order_history", "2023-02-02", purposes="order account", **earlier)
    shop.collects("date_of_birth photo", "2022-08-15", purposes="account", **earlier)
    shop.collects("order_history transaction_detail", "2026-01-20", purposes="order payment")
    shop.shares("transaction_detail", "2026-01-20", "PAY", "payment")


@world(
    declares=(NOT_SEARCHED,),
    is_attached=True,
    missing=(Missing("allergies", "clinic", "it did not answer"),),
    is_translated=True,
)
def withheld(shop: Shop) -> None:
    """Somebody of whom much is held whose value the law forbids to show: it is named, and not shown."""
    shop.collects("full_name ssn driver_license_no passport_no", "2025-09-01", purposes="account")
    shop.collects("card_pan card_security_code bank_account_no", "2025-09-02", purposes="payment")
    shop.collects("account_password security_qa", "2025-09-03", purposes="account security")
    shop.collects("fingerprint", "2025-10-04", "our_site", "security")
    shop.collects("health_insurance_id medical_record_no allergies", "2025-10-05", purposes="order")
    shop.collects("price_score risk_score", "2026-01-06", "scoring", "newsletter security")
    shop.collects("security_log_signal", "2026-01-07", "our_site", "security")
    shop.collects("call_recording", "2026-02-08", "call_center", "support", actor="CALLS")
    shop.collects("email_address", "2026-02-09", purposes="account", system="tapes")
    shop.shares("card_pan", "2026-02-10", "PAY", "payment")


@world()
def excluded(shop: Shop) -> None:
    """Somebody of whom part is a household's, part is under another law, and part is public: all left out."""
    shop.collects("full_name email_address", "2025-08-01", purposes="order account")
    shop.collects(
        *("medical_record_no", "2025-09-01"), exemption="HIPAA_PHI", claim_evidence="vault://agreement"
    )
    shop.collects("employer", "2025-09-02", "records", exemption="PUBLIC", claim_evidence="vault://registry")
    shop.shares(
        *("order_history", "2025-09-03", "LISTS", "list_trade"),
        exemption="DEIDENTIFIED",
        claim_evidence="vault://assessment",
    )
    television: dict[str, Any] = {"subject": shop.token("device:television"), "namespace": "device"}
    shop.tells(SubjectDescribed, "2025-07-01", kinds=("HOUSEHOLD",), **television)
    shop.links("device:television", "2025-07-02")
    shop.collects("page_view", "2025-10-01", "our_site", "statistics", **television)


@world(
    everything=True,
    refusal=Refusal(
        Reason.DISPROPORTIONATE,
        "Orders before June 2025 lie on 4,000 tapes of a drive that is no longer made; reading one takes a"
        " technician six hours.",
    ),
)
def refused_period(shop: Shop) -> None:
    """Somebody asked for everything since 2022; the longer period was refused, with the facts."""
    shop.collects("full_name email_address order_history", "2024-01-10", purposes="order account")
    shop.collects("order_history", "2026-01-10")
    shop.shares("email_address", "2026-01-11", "MAILER", "order account")


@world()
def unready(shop: Shop) -> None:
    """An answer that may not go out yet: unreviewed disclosures, an unknown word, an order of silence."""
    shop.collects("full_name email_address page_view", "2025-09-01", purposes="order account")
    shop.shares("page_view", "2026-02-01", "COUNTS", "statistics")
    shop.shares("email_address", "2026-02-02", "SISTER", "order", Consideration.UNKNOWN)
    shop.shares("email_address", "2026-02-03", "LISTS", "list_trade", exemption="AGGREGATE")
    shop.collects("shoe_size", "2026-03-01")
    shop.tells(HoldPlaced, "2026-03-02", kind=HoldKind.NONDISCLOSURE, by="POLICE", document="vault://order")
    shop.shares(
        *("full_name order_history", "2026-03-03", "POLICE", "legal"),
        occasion=Occasion.LEGAL_PROCESS,
        legal_document="vault://warrant",
    )
