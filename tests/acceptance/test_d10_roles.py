"""law D.10: whose answer does an event belong to?"""

from business import Business, categories

from lineage.report import Audience, Verification


def test_r01_what_is_done_for_a_hospital_on_its_instructions_is_the_hospitals(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", on_behalf_of="HOSPITAL", purposes=("service",))

    answer = business.answer()

    assert categories(answer) == set()
    assert [(each["code"], each["count"]) for each in answer["exclusions"]] == [("DN_SP_ROLE", 1)]


def test_r01_what_no_instruction_of_the_hospital_covers_is_ours(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", on_behalf_of="HOSPITAL", purposes=("marketing",))
    business.shares("order_history", "R_BROKER", "service", on_behalf_of="HOSPITAL")

    assert categories(business.answer()) == {"A"}
    assert business.answer()["sold_or_shared"]["pairs"] != []


def test_r01_the_persons_copy_gives_no_hint_of_a_customers_file(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    before = business.answer(audience=Audience.PERSON, verification=Verification.V2_HIGH)
    business.collects("ssn", "2026-01-10T12:00Z", on_behalf_of="HOSPITAL", purposes=("service",))

    after = business.answer(audience=Audience.PERSON, verification=Verification.V2_HIGH)

    assert after["answer_digest"] == before["answer_digest"]


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
