"""What if nothing was collected, if all of it was sold, or if there is no end to it?"""

from itertools import product
from typing import Final

from gallery.shop import Shop
from gallery.world import world
from lineage.events import Consideration, Occasion, Operation, SubjectDescribed

RUN_OF_THE_MILL: Final = (
    "full_name email_address phone_number postal_address date_of_birth order_history loyalty_no"
)
EACH_CATEGORY: Final = (
    "full_name",
    "phone_number",
    "date_of_birth",
    "order_history",
    "fingerprint",
    "page_view",
    "gps_point",
    "call_recording",
    "job_title",
    "course_grade",
    "segment",
)
"""One element of each category of the statute, A to K."""

HELPERS: Final = {
    "PAY": "payment",
    "HOST": "hosting",
    "CALLS": "support",
    "MAILER": "order",
    "COUNTS": "statistics",
    "SISTER": "courses",
    "PICNIC": "order",
    "LAWYERS": "security",
}
"""Who gets data for a purpose of the business, and for which."""


@world(is_translated=True, is_attached=True)
def ordinary(shop: Shop) -> None:
    """A customer of some years, who bought, saw advertisements, asked for help, and was named to a court."""
    shop.tells(SubjectDescribed, "2023-03-02", residency="CA", kinds=("CUSTOMER",))
    shop.collects(RUN_OF_THE_MILL, "2023-03-02", purposes="account order")
    shop.collects("page_view", "2025-08-20", "our_site", "statistics", subject=shop.token("cookie:first"))
    shop.links("cookie:first", "2025-09-01")
    for month in ("2025-07", "2025-10", "2026-01", "2026-04"):
        shop.collects("order_history transaction_detail card_pan", f"{month}-11", purposes="order payment")
        shop.shares("card_pan full_name", f"{month}-11", "PAY", "payment")
        shop.collects("page_view ip_address cookie_id", f"{month}-18", "our_site", "statistics", count=37)
        shop.shares("cookie_id page_view", f"{month}-19", "ADS", "wide_ads")
        shop.uses("email_address full_name", f"{month}-21", "newsletter", producer="office", system="mailing")
    shop.shares("email_address order_history", "2025-09-05", "HOST", "hosting")
    shop.shares("page_view ip_address", "2025-11-02", "COUNTS", "statistics", count=112)
    shop.shares(
        "email_address", "2025-12-01", "PICNIC", "partner_offers", consideration=Consideration.OTHER_VALUE
    )
    shop.collects("call_recording support_message_content", "2026-02-03", "call_center", "support")
    shop.shares("full_name phone_number", "2026-02-03", "CALLS", "support")
    shop.collects("segment", "2026-02-20", "scoring", "newsletter")
    shop.shares(
        *("full_name order_history", "2026-03-09", "COURT", "legal"),
        occasion=Occasion.LEGAL_PROCESS,
        legal_document="vault://subpoena",
    )
    shop.shares(
        *("course_grade", "2026-05-12", "EMPLOYER", "courses"),
        occasion=Occasion.CONSUMER_DIRECTED,
        claim_evidence="vault://click",
    )


@world()
def nothing_held(shop: Shop) -> None:
    """An account that nobody has used for years: the records are complete, and there is nothing in them."""
    shop.tells(SubjectDescribed, "2022-05-01", residency="CA")


@world(is_attached=True)
def everything_sold(shop: Shop) -> None:
    """A business that sells all that it collects, and shares it for advertising as well."""
    shop.collects(" ".join(EACH_CATEGORY), "2025-07-01", purposes="list_trade account")
    for month in (7, 9, 11):
        shop.collects(
            "page_view cookie_id order_history", f"2025-{month:02}-02", "our_site", "list_trade wide_ads"
        )
        shop.shares("page_view cookie_id segment email_address", f"2025-{month:02}-03", "ADS", "wide_ads")
        shop.sells("page_view email_address", f"2025-{month:02}-04", "FRIENDS", "wide_ads")
    for number, element in enumerate(EACH_CATEGORY):
        shop.sells(element, f"2025-10-{number + 1:02}", "LISTS")
        shop.sells(element, f"2026-02-{number + 1:02}", "PHONES")
    shop.shares("full_name", "2025-12-12", "PAY", "payment")


@world(everything=True, is_attached=True)
def very_long(shop: Shop) -> None:
    """Somebody of whom everything was collected since 2022, and went to everybody; all of it is asked for."""
    purposes = ("order", "account", "support", "security", "statistics", "newsletter", "courses", "repair")
    sources = (
        *("you", "our_site", "ad_network", "provider_of_access", "measuring", "registry", "platform"),
        *("network", "list_seller", "partner", "clinic_staff", "fair", "applicant", "scoring"),
        *("call_center", "records"),
    )
    for year, (number, source) in product(range(2022, 2026), enumerate(sources)):
        element, purpose = EACH_CATEGORY[number % 11], purposes[number % 8]
        shop.collects(element, f"{year}-03-{number + 1:02}", source, purpose, count=number + 1)
    shop.collects(
        f"{RUN_OF_THE_MILL} ssn driver_license_no card_pan account_password allergies ethnic_origin",
        "2024-02-29",
        purposes="account order payment",
    )
    for (number, element), year in product(enumerate(EACH_CATEGORY), (2023, 2024, 2025)):
        day = f"{year}-11-{number + 1:02}"
        for network in ("ADS", "FRIENDS"):
            shop.shares(element, day, network, "wide_ads")
        for buyer in ("LISTS", "ACCESS", "PHONES", "VISITORS"):
            shop.sells(element, day, buyer)
        for helper, purpose in HELPERS.items():
            shop.shares(element, day, helper, purpose, count=1000 + number)
        shop.uses(element, day, "legal recruiting", operation=Operation.CONSULTED)
