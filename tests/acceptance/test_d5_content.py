"""law D.5: what an answer holds, and what it never prints."""

import pytest
from business import Business, categories
from resealed import again
from worlds import a_subject

from lineage.report import Audience, Verification
from lineage.report.check import problems


def shown(answer: dict, element: str) -> tuple[bool, str | None]:
    [item] = [each for each in answer["pieces"]["items"] if each["element"] == element]
    return item["show"], item["withheld"]


def test_k01_a_social_security_number_is_named_and_never_shown(business: Business) -> None:
    business.collects("ssn", "2026-01-10T12:00Z")

    answer = business.answer()

    assert categories(answer) == {"A", "B"}
    assert {each["id"] for line in answer["collected"] for each in line["sensitive"]} == {"SPI_GOV_ID"}
    assert shown(answer, "ssn") == (False, "WH_SSN")


def test_k03_a_card_number_alone_is_withheld_yet_not_sensitive(business: Business) -> None:
    business.collects("card_pan", "2026-01-10T12:00Z")

    answer = business.answer()

    assert [(line["category"], line["sensitive"]) for line in answer["collected"]] == [
        ("PI_B_CUSTOMER_RECORDS", [])
    ]
    assert shown(answer, "card_pan") == (False, "WH_FIN_ACCOUNT")


def test_k03_a_card_number_beside_its_code_in_one_system_is_sensitive(business: Business) -> None:
    business.collects("card_pan", "2026-01-10T12:00Z")
    business.collects("card_security_code", "2024-01-10T12:00Z")

    [line] = business.answer()["collected"]

    assert [each["id"] for each in line["sensitive"]] == ["SPI_ACCOUNT_ACCESS"]


def test_k08_an_internal_score_is_an_inference_and_shown(business: Business) -> None:
    business.collects("risk_score", "2026-01-10T12:00Z", source="own_scoring")

    answer = business.answer()

    assert categories(answer) == {"K"}
    assert [line["category"] for line in answer["sources"]] == ["SRC_DERIVED"]
    assert shown(answer, "risk_score") == (True, None)


def test_k08_a_score_recorded_as_a_trade_secret_is_named_and_not_shown(business: Business) -> None:
    business.collects("pricing_score", "2026-01-10T12:00Z", source="own_scoring")
    business.collects("email_address", "2026-01-10T12:00Z")

    answer = business.answer()

    assert categories(answer) == {"A", "K"}
    assert shown(answer, "pricing_score") == (False, "DN_TRADE_SECRET")
    assert shown(answer, "email_address") == (True, None)


def test_k11_nothing_sold_is_said_aloud_when_the_records_are_complete(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", purposes=("service",))

    answer = business.answer()

    assert answer["coverage"] == {"from": "2020-01-01T08:00:00.000000Z", "complete": True, "gaps": []}
    assert answer["sold_or_shared"] == {"pairs": [], "statement": "NONE"}
    said = [each["statement"] for each in answer["statements"] if each["block"] == "sold_or_shared"]
    assert said == [
        "Our records show no sale and no sharing of your personal information in this period. Some laws"
        " forbid us to describe certain disclosures, or even to say whether there were any; this answer does"
        " not speak of those."
    ]


def test_a_report_is_never_for_release_without_a_case(business: Business) -> None:
    answer = business.answer()

    assert answer["for_release"] is False
    assert set(answer["block_status"].values()) == {"denied"}


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ("driver_license_no", "WH_GOV_ID"),
        ("biometric_template", "WH_BIOMETRIC"),
        ("account_password", "WH_PASSWORD"),
        ("security_qa", "WH_SECURITY_QA"),
    ],
    ids=["K-02", "K-06", "K-07 password", "K-07 questions"],
)
def test_k02_k06_k07_what_must_not_be_printed_is_named(business: Business, element: str, code: str) -> None:
    business.collects(element, "2026-01-10T12:00Z")

    answer = business.answer()

    assert shown(answer, element) == (False, code)
    [item] = answer["pieces"]["items"]
    assert item["statement"]


def test_k10_what_our_provider_collected_for_us_is_ours_to_answer(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", actor="R_PAY")

    answer = business.answer()

    assert categories(answer) == {"A"}
    assert shown(answer, "email_address") == (True, None)


def test_k12_the_two_lists_as_one_table_are_refused(business: Business) -> None:
    business.shares("email_address", "R_ADS", "cross_context")
    answer = business.answer()
    answer["disclosures"] = answer.pop("sold_or_shared")["pairs"] + answer["disclosed"]["pairs"]

    found = {(each.path, each.rule) for each in problems(answer)}

    assert ("$.sold_or_shared", "K-12, §1798.130(a)(4)(B), (C)") in found
    assert ("$.disclosures", "K-12, §1798.130(a)(4)(B), (C)") in found


def test_k13_an_answer_that_points_at_the_privacy_policy_is_refused_unless_it_is_the_same_for_all(
    business: Business,
) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", purposes=("service",))
    answer = business.answer()
    answer["collected"][0]["note"] = "See our privacy policy."

    assert [each.rule for each in problems(again(answer))] == ["K-13, R 7024(j)"]

    answer["same_for_everybody"] = {"who": "counsel", "when": "2026-06-01"}
    assert problems(again(answer)) == []


def test_k14_a_category_in_other_words_than_the_statutes_is_refused(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    answer = business.answer()
    answer["collected"][0]["statutory_name"] = "Contact details"

    assert [(each.path, each.rule) for each in problems(again(answer))] == [
        ("$.collected[0].statutory_name", "K-14, §1798.130(c)")
    ]


def test_k15_tapes_that_need_not_be_searched_are_described_instead(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", system="tapes")

    answer = business.answer()

    assert answer["pieces"]["items"] == []
    assert [each["record_types"] for each in answer["not_searched"]] == ["backup tapes of closed accounts"]


def test_k15_tapes_whose_data_was_sold_are_searched(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", system="tapes")
    business.shares("email_address", "R_BROKER", "marketing", system="tapes", subject=a_subject())

    answer = business.answer()

    assert shown(answer, "email_address") == (True, None)
    assert answer["not_searched"] == []


def test_every_answer_of_these_businesses_passes_the_validator(business: Business) -> None:
    business.collects("ssn", "2026-01-10T12:00Z")
    business.shares("email_address", "R_ADS", "cross_context")

    answers = business.answers(
        *({"audience": audience, "verification": level} for audience in Audience for level in Verification)
    )

    assert [problems(each) for each in answers] == [[]] * len(Audience) * len(Verification)
