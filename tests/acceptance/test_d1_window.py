"""law D.1: which twelve months does a request ask about?"""

from datetime import date

import pytest
from business import Business, categories, pairs, window
from resealed import again

from lineage.errors import Refused
from lineage.report.check import problems
from lineage.report.refusal import Reason, Refusal


def test_w01_the_first_day_is_whole_and_begins_at_pacific_midnight(business: Business) -> None:
    business.collects("email_address", "2025-06-15T07:00:00Z")
    business.collects("order_history", "2025-06-15T06:59:59.999Z")

    answer = business.answer()

    assert window(answer) == ("2025-06-15T07:00:00.000000Z", "2026-06-15T17:00:00.000000Z")
    assert categories(answer) == {"A"}


def test_w02_the_instant_of_receipt_is_no_longer_in(business: Business) -> None:
    business.collects("email_address", "2026-06-15T16:59:59.999Z")
    business.collects("order_history", "2026-06-15T17:00:00Z")

    assert categories(business.answer()) == {"A"}


def test_w03_twelve_months_before_a_leap_day_end_with_february(business: Business) -> None:
    answer = business.answer("2028-02-29T12:00-08:00")

    assert answer["window"]["from"] == "2027-02-28T08:00:00.000000Z"


def test_w06_the_day_of_receipt_is_the_pacific_one(business: Business) -> None:
    business.collects("email_address", "2025-02-28T09:00Z")

    answer = business.answer("2026-03-01T05:30Z")

    assert answer["window"]["from"] == "2025-02-28T08:00:00.000000Z"
    assert categories(answer) == {"A"}


def test_w08_a_letter_of_which_only_the_day_is_known_asks_to_the_end_of_that_day(business: Business) -> None:
    business.collects("email_address", "2026-05-05T06:00Z")
    business.collects("order_history", "2026-05-05T07:00Z")

    answer = business.answer("2026-05-04")

    assert window(answer) == ("2025-05-04T07:00:00.000000Z", "2026-05-05T07:00:00.000000Z")
    assert categories(answer) == {"A"}


def test_w11_a_disclosure_counts_by_its_own_time_not_by_that_of_the_collection(business: Business) -> None:
    business.collects("card_pan", "2021-11-10T12:00Z")
    business.shares("card_pan", "R_PAY", "payment", "2026-02-01T12:00Z")

    answer = business.answer()

    assert categories(answer) == set()
    assert pairs(answer, "disclosed") == {("B", "RCP_PAYMENT")}


def test_w14_what_was_collected_earlier_and_is_still_held_is_named_apart(business: Business) -> None:
    business.collects("email_address", "2024-09-01T12:00Z")

    answer = business.answer()

    assert categories(answer) == set()
    assert answer["held_collected_earlier"] == ["email_address"]
    assert "OLDER_DATA" in {each["code"] for each in answer["statements"]}


def test_w09_everything_begins_with_2022_in_pacific_time(business: Business) -> None:
    business.collects("email_address", "2022-01-01T07:59Z")
    business.collects("order_history", "2022-01-01T08:00Z")

    answer = business.answer(everything=True)

    assert answer["window"]["basis"] == "everything"
    assert window(answer)[0] == "2022-01-01T08:00:00.000000Z"
    assert categories(answer) == {"D"}


def test_w09_a_range_begins_with_its_first_day(business: Business) -> None:
    business.collects("email_address", "2024-05-01T06:59Z")
    business.collects("order_history", "2024-05-01T07:00Z")

    answer = business.answer(since=date(2024, 5, 1))

    assert answer["window"]["basis"] == "range"
    assert categories(answer) == {"D"}


def test_w11_the_longer_answer_has_all_that_the_twelve_months_have(business: Business) -> None:
    business.collects("card_pan", "2021-11-10T12:00Z")
    business.shares("card_pan", "R_PAY", "payment", "2026-02-01T12:00Z")

    assert pairs(business.answer(everything=True), "disclosed") == {("B", "RCP_PAYMENT")}


def test_w11_an_older_disclosure_of_what_was_collected_before_2022_is_below_the_floor(
    business: Business,
) -> None:
    business.collects("card_pan", "2021-11-10T12:00Z")
    business.shares("card_pan", "R_PAY", "payment", "2024-02-01T12:00Z")
    assert pairs(business.answer(everything=True), "disclosed") == set()

    business.collects("card_pan", "2023-11-10T12:00Z")

    assert pairs(business.answer(everything=True), "disclosed") == {("B", "RCP_PAYMENT")}


def test_w12_a_longer_period_is_not_refused_by_the_bare_assertion_of_the_effort(business: Business) -> None:
    with pytest.raises(Refused, match="which records"):
        Refusal(Reason.DISPROPORTIONATE, "disproportionate effort")

    base_only = business.answer()
    bare = {"reason": "DISPROPORTIONATE", "facts": "disproportionate effort"}
    answer = again(base_only | {"window": base_only["window"] | {"refusal": bare}})

    assert [(each.path, each.rule) for each in problems(answer)] == [
        ("$.window.refusal.facts", "W-12, R 7024(h)")
    ]


def test_w12_a_longer_period_is_refused_with_its_facts_and_the_twelve_months_are_answered(
    business: Business,
) -> None:
    business.collects("order_history", "2024-01-10T12:00Z")
    business.collects("email_address", "2026-01-10T12:00Z")
    facts = "Orders before 2025 lie on tapes; reading one takes a technician six hours."

    answer = business.answer(refusal=Refusal(Reason.DISPROPORTIONATE, facts))

    assert answer["window"]["basis"] == "twelve_months"
    assert answer["window"]["refusal"] == {"reason": "DISPROPORTIONATE", "facts": facts}
    assert categories(answer) == {"A"}
    assert (None, "DN_DISPROPORTIONATE") in {(each["block"], each["code"]) for each in answer["denials"]}
    assert problems(answer) == []


def test_a_range_that_begins_after_the_receipt_is_refused(business: Business) -> None:
    with pytest.raises(Refused, match="not before the receipt"):
        business.answer(since=date(2026, 6, 16))
