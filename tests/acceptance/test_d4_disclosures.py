"""law D.4: what the law calls a disclosure, and in which list it stands."""

from typing import Any
from uuid import UUID

import pytest
from business import Business, at, kinds, pairs, third_parties
from worlds import a_subject

from lineage.events import Consideration, HoldKind, HoldLifted, HoldPlaced, Occasion, SubjectDescribed

ORDER = {"kind": HoldKind.NONDISCLOSURE, "by": "R_SHERIFF2", "document": "vault://order"}


def tells_the_sheriff(business: Business, element: str, **given: Any) -> None:
    """A disclosure under legal process, with its document."""
    proven = {"occasion": Occasion.LEGAL_PROCESS, "legal_document": "vault://subpoena"}
    business.shares(element, "R_SHERIFF2", "legal", **proven, **given)


def test_c01_card_data_to_the_payment_processor_is_for_a_business_purpose_only(business: Business) -> None:
    business.shares("card_pan", "R_PAY", "payment")

    answer = business.answer()

    assert kinds(answer, "disclosed") == {"BP_SERVICE_PROVIDER"}
    assert pairs(answer, "disclosed") == {("B", "RCP_PAYMENT")}
    assert third_parties(answer) == set()
    assert answer["sold_or_shared"] == {"pairs": [], "statement": "NONE"}


def test_c02_an_address_list_for_money_is_a_sale(business: Business) -> None:
    business.shares("email_address", "R_BROKER", "marketing", consideration=Consideration.MONEY)

    answer = business.answer()

    assert kinds(answer, "sold_or_shared") == {"SALE"}
    assert pairs(answer, "sold_or_shared") == {("A", "RCP_DATA_BROKER")}
    assert third_parties(answer) == {"RCP_DATA_BROKER"}


def test_c03_cross_context_advertising_is_sharing_though_nobody_pays(business: Business) -> None:
    business.shares("cookie_id", "R_ADS", "cross_context")

    answer = business.answer()

    assert kinds(answer, "sold_or_shared") == {"SHARE"}
    assert pairs(answer, "sold_or_shared") == {("A", "RCP_AD_NETWORK"), ("F", "RCP_AD_NETWORK")}


def test_c05_contacts_in_exchange_for_theirs_are_a_sale(business: Business) -> None:
    business.shares("email_address", "R_JOINT", "marketing", consideration=Consideration.OTHER_VALUE)

    answer = business.answer()

    assert kinds(answer, "sold_or_shared") == {"SALE"}
    assert pairs(answer, "sold_or_shared") == {("A", "RCP_JOINT_PARTNER")}


def test_c06_an_analytics_provider_under_its_contract_is_a_service_provider(business: Business) -> None:
    business.shares("page_view", "R_GA", "statistics", "2025-11-01T12:00Z")

    assert kinds(business.answer(), "disclosed") == {"BP_SERVICE_PROVIDER"}


def test_c07_the_same_provider_after_its_contract_is_shown_as_a_sale_for_review(business: Business) -> None:
    business.shares("page_view", "R_GA", "statistics", "2026-01-01T08:00Z")

    answer = business.answer()

    assert kinds(answer, "sold_or_shared") == {"SALE"}
    assert [pair["unreviewed"] for pair in answer["sold_or_shared"]["pairs"]] == [True]


def test_c07_an_interval_over_the_end_of_the_contract_stands_in_both_lists_with_its_own_dates(
    business: Business,
) -> None:
    business.shares(
        "page_view", "R_GA", "statistics", "2025-12-01T00:00Z", occurred_until=at("2026-02-01T00:00Z")
    )

    answer = business.answer()

    assert [(pair["first"], pair["last"]) for pair in answer["sold_or_shared"]["pairs"]] == [
        ("2026-01-01T08:00:00.000000Z", "2026-02-01T00:00:00.000000Z")
    ]
    assert [(pair["first"], pair["kinds"]) for pair in answer["disclosed"]["pairs"]] == [
        ("2025-12-01T00:00:00.000000Z", ["BP_SERVICE_PROVIDER", "SALE"])
    ]


def test_c08_a_subsidiary_of_the_same_brand_is_the_same_business(business: Business) -> None:
    business.shares("email_address", "R_SUB", "service")

    answer = business.answer()

    assert answer["sold_or_shared"]["statement"] == answer["disclosed"]["statement"] == "NONE"
    assert third_parties(answer) == set()


def test_c09_an_affiliate_of_another_brand_is_a_third_party(business: Business) -> None:
    business.shares("email_address", "R_AFF", "service")

    answer = business.answer()

    assert kinds(answer, "disclosed") == {"BP_THIRD_PARTY"}
    assert third_parties(answer) == {"RCP_AFFILIATE"}


def test_c10_what_the_person_asked_to_be_sent_is_neither_sold_nor_shared(business: Business) -> None:
    business.shares(
        "resume", "R_EMPLOYER", "marketing", occasion=Occasion.CONSUMER_DIRECTED, claim_evidence="click/1"
    )

    answer = business.answer()

    assert answer["sold_or_shared"]["statement"] == "NONE"
    assert [line["kinds"] for line in answer["third_parties"]] == [["CONSUMER_DIRECTED"]]


def test_c10_without_proof_of_the_persons_wish_it_is_judged_like_any_other(business: Business) -> None:
    business.shares("resume", "R_EMPLOYER", "marketing", occasion=Occasion.CONSUMER_DIRECTED)

    answer = business.answer()

    assert kinds(answer, "sold_or_shared") == {"SALE"}
    assert all(pair["unreviewed"] for pair in answer["sold_or_shared"]["pairs"])


def test_c11_a_transfer_to_a_rival_that_the_person_ordered_stands_nowhere(business: Business) -> None:
    business.shares("email_address", "R_BROKER", "service", occasion=Occasion.SWITCHING, claim_evidence="o/1")

    answer = business.answer()

    assert answer["sold_or_shared"]["statement"] == answer["disclosed"]["statement"] == "NONE"
    assert third_parties(answer) == set()


def test_c14_a_subpoena_is_legal_process_and_its_sender_a_third_party(business: Business) -> None:
    business.shares(
        "email_address", "R_SHERIFF2", "legal", occasion=Occasion.LEGAL_PROCESS, legal_document="s/1"
    )

    answer = business.answer()

    assert answer["sold_or_shared"]["statement"] == "NONE"
    assert [(line["category"], line["kinds"]) for line in answer["third_parties"]] == [
        ("RCP_GOVERNMENT", ["LEGAL_OR_GOV"])
    ]


def test_c19_what_a_third_party_gave_is_unknown_and_counts_as_value(business: Business) -> None:
    business.shares("email_address", "R_AFF", "service", consideration=Consideration.UNKNOWN)

    answer = business.answer()

    assert kinds(answer, "sold_or_shared") == {"SALE"}
    assert [pair["unreviewed"] for pair in answer["sold_or_shared"]["pairs"]] == [True]


def test_a_report_to_the_persons_own_agency_is_no_sale_and_to_another_one_is(business: Business) -> None:
    business.tells(SubjectDescribed, "2025-07-01T12:00Z", customer="NORTH", residency=None)
    business.shares("gps_point", "R_SHERIFF", "service", "2025-10-01T12:00Z")
    business.shares("full_name", "R_SHERIFF2", "service", "2025-10-02T12:00Z")

    answer = business.answer()

    assert {pair["category"] for pair in answer["sold_or_shared"]["pairs"]} == {
        "PI_A_IDENTIFIERS",
        "PI_B_CUSTOMER_RECORDS",
    }
    assert ("G", "RCP_GOVERNMENT") in pairs(answer, "disclosed")


def test_c13_what_goes_to_the_buyer_of_the_business_is_no_sale(business: Business) -> None:
    business.shares(
        "email_address", "R_BUYER", "service", occasion=Occasion.MERGER, claim_evidence="vault://contract"
    )

    answer = business.answer()

    assert kinds(answer, "disclosed") == {"MERGER"}
    assert answer["sold_or_shared"]["pairs"] == []
    assert [line["category"] for line in answer["third_parties"]] == ["RCP_SUCCESSOR"]


def test_c15_what_a_court_forbids_to_tell_is_in_no_block_and_the_handler_sees_it_apart(
    business: Business,
) -> None:
    tells_the_sheriff(
        business,
        "email_address",
        undisclosed_until=at("2026-12-31T08:00Z"),
        recorded_at="2025-11-02T12:00Z",
    )

    answer = business.answer(as_of="2026-12-01T00:00Z")

    assert answer["third_parties"] == []
    assert answer["purposes"] == []
    assert [line["recipient_category"] for line in answer["under_order"]] == ["RCP_GOVERNMENT"]

    after_the_order = business.answer(as_of="2027-01-01T00:00Z")

    assert [line["category"] for line in after_the_order["third_parties"]] == ["RCP_GOVERNMENT"]
    assert after_the_order["under_order"] == []


@pytest.mark.parametrize(
    ("lifted_at", "is_hidden"), [("2025-10-01T12:00Z", True), ("2025-12-01T12:00Z", False)]
)
def test_c15_an_order_is_lifted_by_what_comes_after_it_alone(
    business: Business, lifted_at: str, is_hidden: bool
) -> None:
    tells_the_sheriff(business, "email_address")
    business.tells(HoldLifted, lifted_at, **ORDER)
    business.tells(HoldPlaced, "2025-11-01T12:00Z", **ORDER)

    assert bool(business.answer()["under_order"]) is is_hidden


def test_c15_an_order_counts_though_its_token_was_the_persons_only_later(business: Business) -> None:
    cookie = a_subject()
    business.tells(HoldPlaced, "2025-09-01T12:00Z", subject=cookie, namespace="cookie", **ORDER)
    business.links(cookie, "2025-10-01T12:00Z", since=at("2025-10-01T12:00Z"))
    tells_the_sheriff(business, "page_view", subject=cookie, namespace="cookie")

    answer = business.answer()

    assert answer["third_parties"] == []
    assert [line["recipient_category"] for line in answer["under_order"]] == ["RCP_GOVERNMENT"]


def test_c17_what_a_provider_hands_on_to_its_own_provider_adds_no_line(business: Business) -> None:
    business.shares("card_pan", "R_PAY", "payment")
    business.shares("card_pan", "R_SUBCONTRACTOR", "payment", actor="R_PAY")

    answer = business.answer()

    assert pairs(answer, "disclosed") == {("B", "RCP_PAYMENT")}


def test_c17_what_a_provider_sells_on_is_listed(business: Business) -> None:
    business.shares("card_pan", "R_BROKER", "payment", actor="R_PAY", consideration=Consideration.MONEY)

    assert pairs(business.answer(), "sold_or_shared") == {("B", "RCP_DATA_BROKER")}


def test_c20_a_deidentified_set_is_left_out_only_with_its_evidence(business: Business) -> None:
    business.shares("email_address", "R_BROKER", "marketing", exemption="DEIDENTIFIED")
    without = business.answer()
    assert pairs(without, "sold_or_shared") == {("A", "RCP_DATA_BROKER")}
    assert [each["reason"] for each in without["for_review"]][:1] == ["EXEMPTION_WITHOUT_EVIDENCE"]

    business.shares(
        "order_history",
        "R_BROKER",
        "marketing",
        exemption="DEIDENTIFIED",
        claim_evidence="vault://assessment",
    )

    assert pairs(business.answer(), "sold_or_shared") == {("A", "RCP_DATA_BROKER")}


def test_each_line_names_the_rule_and_the_contract_that_decided(business: Business) -> None:
    paid = business.shares("card_pan", "R_PAY", "payment")
    sold = business.shares("email_address", "R_BROKER", "marketing", consideration=Consideration.MONEY)

    [provider] = business.explains("disclosed/0")
    [sale] = business.explains("sold_or_shared/0")

    assert (provider["event_id"], provider["contracts"]) == (str(paid), ["pay"])
    assert [step["step"] for step in provider["steps"]] == [8]
    assert (sale["event_id"], sale["contracts"]) == (str(sold), [])
    assert [step["step"] for step in sale["steps"]] == [7]


def reviewed(business: Business, event_id: UUID, decided: str, **asked: Any) -> dict[str, Any]:
    return business.answer(reviews={business.subject: [(event_id, decided)]}, **asked)


def test_c07_what_a_person_reviewed_stands_where_they_decided(business: Business) -> None:
    shared = business.shares("page_view", "R_GA", "statistics", "2026-01-01T08:00Z")

    answer = reviewed(business, shared, "BP_SERVICE_PROVIDER")

    assert answer["sold_or_shared"]["pairs"] == []
    assert [(pair["kinds"], pair["unreviewed"]) for pair in answer["disclosed"]["pairs"]] == [
        (["BP_SERVICE_PROVIDER"], False)
    ]
    assert (answer["third_parties"], answer["for_review"]) == ([], [])


def test_c19_a_sale_that_a_person_confirmed_is_unreviewed_no_more(business: Business) -> None:
    shared = business.shares("email_address", "R_AFF", "service", consideration=Consideration.UNKNOWN)

    answer = reviewed(business, shared, "SALE")

    assert [(pair["kinds"], pair["unreviewed"]) for pair in answer["sold_or_shared"]["pairs"]] == [
        (["SALE"], False)
    ]


def test_c19_a_review_speaks_of_its_event_alone(business: Business) -> None:
    shared = business.shares("email_address", "R_AFF", "service", consideration=Consideration.UNKNOWN)
    business.shares("email_address", "R_AFF", "service", consideration=Consideration.UNKNOWN)

    answer = reviewed(business, shared, "BP_THIRD_PARTY")

    assert [(pair["kinds"], pair["unreviewed"]) for pair in answer["sold_or_shared"]["pairs"]] == [
        (["SALE"], True)
    ]
    assert kinds(answer, "disclosed") >= {"BP_THIRD_PARTY"}


def test_c20_a_person_decides_whether_a_claimed_exemption_holds(business: Business) -> None:
    shared = business.shares("email_address", "R_BROKER", "marketing", exemption="DEIDENTIFIED")

    holds, fails = (reviewed(business, shared, decided) for decided in ("EXEMPT", "NOT_EXEMPT"))

    assert (pairs(holds, "sold_or_shared"), holds["for_review"]) == (set(), [])
    assert [each["code"] for each in holds["exclusions"]] == ["DN_EXEMPT_DEIDENTIFIED"]
    assert pairs(fails, "sold_or_shared") == {("A", "RCP_DATA_BROKER")}
    assert "EXEMPTION_WITHOUT_EVIDENCE" not in {each["reason"] for each in fails["for_review"]}
