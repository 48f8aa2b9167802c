"""law D.5: the same cases, as the person reads them."""

from collections.abc import Callable

import pytest
from business import Business
from reading_forms import of_csv, of_html
from reading_pdf import of_pdf

from lineage.forms import Form, made
from lineage.report import Audience, Verification
from lineage.report.gate import released
from lineage.report.request import BLOCKS
from lineage.words import english

Pages = Callable[[], dict[Form, str]]
CASE = "7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11"


@pytest.fixture
def pages(business: Business) -> Pages:
    """What a person who is verified to a high degree reads in each form, without line breaks."""

    def pages() -> dict[Form, str]:
        copy = released(business.answer(), Verification.V2_HIGH, BLOCKS, Audience.PERSON, CASE)
        return {form: read(made(copy, form), form) for form in Form}

    return pages


def read(content: bytes, form: Form) -> str:
    match form:
        case Form.TEXT:
            return " ".join(content.decode().split())
        case Form.HTML:
            found = of_html(content)
        case Form.PDF:
            found = of_pdf(content)
        case Form.CSV:
            found = of_csv(content, english("labels.note"), english("labels.behind"))
    return " ".join(
        text for rows, said in found.values() for text in (*(cell for row in rows for cell in row), *said)
    )


@pytest.mark.parametrize(
    ("element", "name", "instead"),
    [
        ("ssn", "your Social Security number", "We hold your Social Security number."),
        ("driver_license_no", "your driver's license number", "a government identification document"),
        ("card_pan", "a payment card number", "a financial account or payment card number"),
        ("biometric_template", "biometric", "such as a fingerprint-scan template"),
        ("account_password", "password", "We hold a password for your account."),
        ("security_qa", "security questions", "We hold security questions and answers"),
    ],
    ids=["K-01", "K-02", "K-03", "K-06", "K-07 password", "K-07 questions"],
)
def test_k01_k02_k03_k06_k07_the_type_is_told_in_words_in_place_of_the_value(
    business: Business, pages: Pages, element: str, name: str, instead: str
) -> None:
    business.collects(element, "2026-01-10T12:00Z")

    for form, said in pages().items():
        assert name in said, form
        assert instead in said, form
        assert english("cells.shown") not in said, form


def test_k03_a_card_number_alone_is_not_called_sensitive(business: Business, pages: Pages) -> None:
    business.collects("card_pan", "2026-01-10T12:00Z")

    for form, said in pages().items():
        assert english("cells.sensitive", names="").strip() not in said, form


def test_k08_an_inference_is_told_by_its_statutory_name_and_shown(business: Business, pages: Pages) -> None:
    business.collects("risk_score", "2026-01-10T12:00Z", source="own_scoring")

    for form, said in pages().items():
        assert "Inferences drawn to create a profile about a consumer" in said, form
        assert english("cells.shown") in said, form


def test_k10_what_our_provider_collected_for_us_is_told(business: Business, pages: Pages) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", actor="R_PAY")

    for form, said in pages().items():
        assert "Identifiers" in said, form


def test_k11_that_nothing_was_sold_is_said_aloud_beside_the_other_list(
    business: Business, pages: Pages
) -> None:
    business.shares("email_address", "R_PAY", "payment")

    for form, said in pages().items():
        assert (
            "Our records show no sale and no sharing of your personal information in this period." in said
        ), form
        assert "this answer does not speak of those." in said, form
        assert "Payment processors" in said, form


def test_k12_sold_and_disclosed_stand_in_two_tables(business: Business) -> None:
    business.shares("email_address", "R_ADS", "cross_context")
    business.shares("email_address", "R_PAY", "payment")
    copy = released(business.answer(), Verification.V2_HIGH, BLOCKS, Audience.PERSON, CASE)

    for found in (
        of_html(made(copy, Form.HTML)),
        of_csv(made(copy, Form.CSV), english("labels.note"), english("labels.behind")),
        of_pdf(made(copy, Form.PDF)),
    ):
        [sold], [disclosed] = (
            found[english(f"blocks.{block}.heading")][0] for block in ("sold_or_shared", "disclosed")
        )
        assert "Advertising networks" in "".join(sold)
        assert "Payment processors" in "".join(disclosed)


def test_k13_nobody_who_is_verified_is_sent_to_the_privacy_policy(business: Business, pages: Pages) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")

    for form, said in pages().items():
        assert "privacy policy" not in said.lower(), form


def test_k14_categories_go_by_the_names_of_the_statute(business: Business, pages: Pages) -> None:
    business.collects("postal_address", "2026-01-10T12:00Z")

    for form, said in pages().items():
        assert "Personal information described in Civil Code section 1798.80(e)" in said, form


def test_k15_what_was_not_searched_is_described(business: Business, pages: Pages) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", system="tapes")

    for form, said in pages().items():
        assert "We did not search these records: backup tapes of closed accounts." in said, form
