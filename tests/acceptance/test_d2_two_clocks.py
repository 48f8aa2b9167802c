"""law D.2: what happened, and when it was known."""

from datetime import datetime
from pathlib import Path
from typing import Any

from business import RQ, Business, at, categories, gaps

from lineage.desk.again import stale, verified
from lineage.desk.issued import Issued, IssuedReport
from lineage.events import EventRetracted, SubjectErased
from lineage.report import Audience, Request, Verification


def test_t05_an_event_that_is_delivered_three_times_counts_once(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z")
    once = business.answer()
    business.says_again()
    business.says_again()

    thrice = business.answer()

    assert thrice["collected"][0]["events"] == 1
    assert thrice["answer_digest"] == once["answer_digest"]


def test_an_erasure_recorded_later_holds_and_makes_nobody_known(business: Business) -> None:
    erased = at("2026-01-10T12:00Z")
    business.tells(SubjectErased, "2026-01-10T12:00Z", through=erased, recorded_at="2026-08-01T12:00Z")

    assert gaps(business.answer(as_of="2026-07-01T12:00Z")) >= {"NO_MATCH", "ERASED"}


def test_whose_every_event_was_erased_later_is_known_as_of_before(business: Business) -> None:
    business.collects("email_address", "2026-01-10T12:00Z", recorded_at="2026-01-10T12:00Z")
    erased = at("2026-06-01T12:00Z")
    business.tells(SubjectErased, "2026-08-01T12:00Z", through=erased, recorded_at="2026-08-01T12:00Z")

    found = gaps(business.answer(as_of="2026-07-01T12:00Z"))

    assert "ERASED" in found
    assert "NO_MATCH" not in found


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


def test_t10_the_day_on_which_the_records_start_is_told_in_words(tmp_path: Path) -> None:
    business = Business(tmp_path, declares={"business.yaml": ("from: 2020-01-01", "from: 2025-10-01")})
    business.collects("email_address", "2026-01-10T12:00Z")

    answer = business.answer()

    assert answer["sold_or_shared"]["statement"] == "COVERAGE_INCOMPLETE"
    said = {each["statement"] for each in answer["statements"] if each["code"] == "RECORDS_START"}
    assert said == {"Our records start on 2025-10-01."}


def test_t01_what_is_recorded_late_belongs_to_the_time_in_which_it_happened(business: Business) -> None:
    business.collects("email_address", "2026-06-01T12:00Z", recorded_at="2026-06-20T12:00Z")

    assert categories(business.answer(as_of="2026-07-01T00:00Z")) == {"A"}


def test_t02_an_answer_as_of_then_does_not_change_with_what_is_told_later(business: Business) -> None:
    business.collects("email_address", "2026-06-01T12:00Z", recorded_at="2026-06-02T12:00Z")
    business.collects("order_history", "2026-06-01T12:00Z", recorded_at="2026-07-10T12:00Z")

    then, now = business.answer(as_of="2026-07-01T00:00Z"), business.answer()

    assert categories(then) == {"A"}
    assert categories(now) == {"A", "D"}
    assert then["as_of"] == "2026-07-01T00:00:00.000000Z"


def test_t02_a_late_event_is_due_as_a_supplement_and_the_report_that_went_out_stays(
    business: Business,
) -> None:
    business.collects("email_address", "2026-06-01T12:00Z", recorded_at="2026-06-02T12:00Z")
    business.collects("order_history", "2026-06-01T12:00Z", recorded_at="2026-07-10T12:00Z")
    asked = {"verification": Verification.V2_HIGH, "audience": Audience.PERSON}
    request = Request(subject=business.subject, received=at(RQ), **asked)
    sent = business.answer(as_of="2026-07-01T00:00Z", **asked)
    report = IssuedReport.issue(sent, request, positions={}, by="handler-1", at=at("2026-07-01T00:00Z"))

    def again(issued: Issued, as_of: datetime | None, audience: Audience | None = None) -> dict[str, Any]:
        return business.answer(as_of=as_of.isoformat() if as_of else None, **asked)

    [due] = stale([report], again)

    assert due.issued.id == report.id
    assert any(each.startswith("collected: PI_D_COMMERCIAL is new") for each in due.difference.changes)
    assert verified(report, again) is None


def test_t03_what_happened_after_receipt_is_left_out_however_soon_it_was_recorded(business: Business) -> None:
    business.collects("email_address", "2026-06-20T12:00Z", recorded_at="2026-06-20T12:00Z")

    assert categories(business.answer(as_of="2026-07-01T00:00Z")) == set()


def test_t04_an_event_that_replaces_another_is_told_in_its_place(business: Business) -> None:
    wrong = business.collects("ssn", "2026-01-10T12:00Z")
    business.collects("email_address", "2026-01-10T12:00Z", supersedes=wrong)

    answer = business.answer()

    assert categories(answer) == {"A"}
    assert [line["elements"] for line in answer["collected"]] == [["email_address"]]


def test_t09_a_retracted_event_is_gone_and_a_retracted_retraction_brings_it_back(business: Business) -> None:
    event = business.collects("email_address", "2026-01-10T12:00Z")
    retraction = business.tells(EventRetracted, "2026-01-11T12:00Z", retracts=event)
    assert categories(business.answer()) == set()

    business.tells(EventRetracted, "2026-01-12T12:00Z", retracts=retraction)

    assert categories(business.answer()) == {"A"}
