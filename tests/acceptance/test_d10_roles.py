"""law D.10: whose answer does an event belong to?"""

import pytest
from business import Business, categories
from worlds import a_subject

from lineage.errors import Refused
from lineage.report import Audience, Verification


def test_r01_what_is_done_for_a_hospital_on_its_instructions_is_the_hospitals(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", on_behalf_of="HOSPITAL", purposes=("service",))

    answer = business.answer()

    assert categories(answer) == set()
    assert [(each["code"], each["count"]) for each in answer["exclusions"]] == [("DN_SP_ROLE", 1)]


def test_r01_what_no_instruction_of_the_hospital_covers_is_ours(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", on_behalf_of="HOSPITAL", purposes=("marketing",))
    business.shares("order_history", "R_BROKER", "service", on_behalf_of="HOSPITAL")

    answer = business.answer()

    assert categories(answer) == {"A"}
    assert answer["sold_or_shared"]["pairs"] != []


def test_r01_the_persons_copy_gives_no_hint_of_a_customers_file(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    before = business.answer(audience=Audience.PERSON, verification=Verification.V2_HIGH)
    business.collects("ssn", "2026-01-10T12:00Z", on_behalf_of="HOSPITAL", purposes=("service",))

    after = business.answer(audience=Audience.PERSON, verification=Verification.V2_HIGH)

    assert after["answer_digest"] == before["answer_digest"]


def test_r03_a_customer_gets_its_own_part_and_never_anothers(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    business.collects("phone", "2026-01-11T12:00Z", on_behalf_of="HOSPITAL", purposes=("service",))
    business.collects("gps_point", "2025-12-01T12:00Z", on_behalf_of="COUNTY", purposes=("service",))

    part = business.answer_for_customer("HOSPITAL")

    assert [each["elements"] for each in part["events"]] == [["phone"]]
    assert "COUNTY" not in str(part)


def test_r03_a_customers_part_names_no_other_token_of_the_person(business: Business) -> None:
    cookie = a_subject()
    business.links(cookie, "2025-12-01T12:00Z")

    assert str(cookie) in str(business.answer()["subject"])
    assert str(cookie) not in str(business.answer_for_customer("HOSPITAL"))


def test_r03_a_customers_part_admits_gaps_without_naming_whose_they_are(business: Business) -> None:
    business.collects("phone", "2026-01-11T12:00Z", on_behalf_of="HOSPITAL", purposes=("service",))
    before_the_reports = "2026-03-01T00:00Z"

    ours = business.answer(as_of=before_the_reports)
    part = business.answer_for_customer("HOSPITAL", as_of=before_the_reports)

    assert part["coverage"]["complete"] is ours["coverage"]["complete"] is False
    assert {frozenset(gap) for gap in part["coverage"]["gaps"]} == {frozenset({"reason", "from", "to"})}


def test_r03_what_is_ours_stays_out_of_a_customers_part(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", on_behalf_of="HOSPITAL", purposes=("marketing",))
    business.collects("gps_point", "2026-02-01T12:00Z", on_behalf_of="COUNTY", purposes=("service",))

    assert business.answer_for_customer("HOSPITAL")["events"] == []
    assert business.answer_for_customer("COUNTY")["events"] == []


def test_r03_health_data_of_a_hospital_is_in_its_part_though_no_answer_of_ours_has_it(
    business: Business,
) -> None:
    business.collects(
        "medical_record_no",
        "2026-01-10T12:00Z",
        on_behalf_of="HOSPITAL",
        purposes=("service",),
        exemption="HIPAA_PHI",
        claim_evidence="vault://business-associate-agreement",
    )

    [event] = business.answer_for_customer("HOSPITAL")["events"]

    assert (event["exemption"], event["elements"]) == ("HIPAA_PHI", ["medical_record_no"])


def test_r03_a_customer_that_the_policy_does_not_know_is_refused(business: Business) -> None:
    with pytest.raises(Refused, match="no such customer"):
        business.answer_for_customer("CLINIC")


def test_r05_protected_health_information_is_left_out_by_its_proven_exemption(business: Business) -> None:
    business.collects(
        "medical_record_no",
        "2026-01-10T12:00Z",
        regimes=("HIPAA",),
        exemption="HIPAA_PHI",
        claim_evidence="vault://business-associate-agreement",
    )

    answer = business.answer()

    assert categories(answer) == set()
    assert [each["code"] for each in answer["exclusions"]] == ["DN_EXEMPT_HIPAA_PHI"]


def test_r05_a_regime_alone_leaves_nothing_out(business: Business) -> None:
    business.collects("medical_record_no", "2026-01-10T12:00Z", regimes=("HIPAA",))

    assert categories(business.answer()) == {"B"}


def test_r06_what_is_done_for_a_county_is_ours_once_we_set_the_purposes(business: Business) -> None:
    business.collects("gps_point", "2025-12-01T12:00Z", on_behalf_of="COUNTY", purposes=("service",))
    assert categories(business.answer()) == set()

    business.collects("gps_point", "2026-02-01T12:00Z", on_behalf_of="COUNTY", purposes=("service",))

    assert categories(business.answer()) == {"G"}
