"""law D.2: what happened, and when it was known."""

from business import Business, categories


def test_t05_an_event_that_is_delivered_three_times_counts_once(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    once = business.answer()
    business.says_again()
    business.says_again()

    thrice = business.answer()

    assert thrice["collected"][0]["events"] == 1
    assert thrice["answer_digest"] == once["answer_digest"]


def test_t06_other_content_under_a_known_id_is_parked_and_admitted(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    business.says_again(elements=("ssn",))

    answer = business.answer()

    assert [line["elements"] for line in answer["collected"]] == [["email_address"]]
    assert {gap["reason"] for gap in answer["coverage"]["gaps"]} == {"PARKED"}


def test_t08_a_new_database_from_the_first_offset_gives_the_same_report(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    business.shares("email_address", "R_ADS", "cross_context")
    first = business.answer()

    again = business.answer(database="another.duckdb")

    assert again["answer_digest"] == first["answer_digest"]


def test_t10_no_negative_is_said_before_the_records_start(young_business: Business) -> None:
    young_business.collects("email_address", "2026-01-10T12:00Z")

    answer = young_business.answer()

    assert categories(answer) == {"A"}
    assert answer["sold_or_shared"] == {"pairs": [], "statement": "COVERAGE_INCOMPLETE"}
    assert [(gap["reason"], gap["from"], gap["to"]) for gap in answer["coverage"]["gaps"]] == [
        ("SILENT", "2025-06-15T07:00:00.000000Z", "2025-10-01T07:00:00.000000Z")
    ]
