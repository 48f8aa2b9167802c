"""Does the evaluator know which tokens are one person, and what is known of them? (rulings.md 17 to 22)"""

from typing import Any

import pytest
from evaluator.handmade import (
    ANA,
    BEN,
    COOKIE,
    PHONE,
    TABLET,
    answer,
    collected,
    described,
    elements,
    linked,
    reasons,
    unlinked,
)

Json = dict[str, Any]


def of(subject: str, *elements: str, at: str = "2026-02-01T00:00Z", **more: Any) -> Json:
    return collected(*elements, at=at, subject=subject, **more)


def test_a_verified_link_brings_earlier_events_of_a_cookie() -> None:
    found = answer(of(COOKIE, "email_address", at="2025-07-01T00:00Z"), linked(COOKIE, ANA))
    assert elements(found) == {"email_address"}
    assert found["complete"]


def test_whichever_token_of_a_person_is_asked_about_the_answer_is_the_same() -> None:
    events = [of(COOKIE, "email_address"), of(ANA, "resume"), linked(ANA, COOKIE)]
    assert answer(*events, subject=COOKIE) == answer(*events, subject=ANA)


def test_a_phone_belongs_to_the_person_only_from_the_link_on() -> None:
    events = [of(PHONE, "email_address", at="2025-12-01T00:00Z"), of(PHONE, "resume"), linked(PHONE, ANA)]
    assert elements(answer(*events)) == {"resume"}


def test_an_interval_is_cut_to_the_link() -> None:
    long = of(COOKIE, "email_address", at="2026-01-01T00:00Z", occurred_until="2026-03-01T00:00Z")
    found = answer(long, linked(COOKIE, ANA, since="2026-02-01T00:00Z", until="2026-02-10T00:00Z"))
    line = found["collected"]["PI_A_IDENTIFIERS"]
    assert (line["first"], line["last"]) == ("2026-02-01T00:00:00.000000Z", "2026-02-10T00:00:00.000000Z")


def test_a_path_of_links_holds_only_while_all_its_links_do() -> None:
    chain = [
        linked(ANA, COOKIE, until="2026-02-15T00:00Z"),
        linked(COOKIE, PHONE, since="2026-02-10T00:00Z"),
    ]
    assert answer(of(PHONE, "email_address", at="2026-02-12T00:00Z"), *chain)["collected"]
    assert not answer(of(PHONE, "email_address", at="2026-02-20T00:00Z"), *chain)["collected"]
    assert not answer(of(PHONE, "email_address", at="2026-02-05T00:00Z"), *chain)["collected"]


def test_an_unlinking_takes_its_time_out_and_a_later_linking_adds_again() -> None:
    events = [of(COOKIE, "email_address"), linked(COOKIE, ANA)]
    apart = unlinked(ANA, COOKIE, since="2026-01-15T00:00Z", until="2026-03-01T00:00Z")
    assert not answer(*events, apart)["collected"]
    assert answer(*events, apart, linked(COOKIE, ANA, at="2026-06-01T00:00Z"))["collected"]


def test_an_unverified_link_is_a_gap_only_where_its_token_did_anything_in_the_window() -> None:
    loose = linked(ANA, COOKIE, evidence="SAME_DEVICE")
    seen = of(COOKIE, "email_address")
    found = answer(loose, seen)
    assert (found["collected"], reasons(found)) == ({}, {"LINK_UNSURE"})
    assert not reasons(answer(loose, seen | {"occurred_at": "2024-01-01T00:00Z"}))
    assert not reasons(answer(loose, seen, linked(ANA, COOKIE)))
    assert not reasons(answer(loose, seen, unlinked(ANA, COOKIE)))


def test_a_device_is_never_passed_through_unless_it_is_asked_about() -> None:
    events = [linked(ANA, TABLET), linked(COOKIE, TABLET), linked(ANA, COOKIE), of(TABLET, "email_address")]
    assert answer(*events)["collected"]
    beyond = [linked(ANA, TABLET), linked(TABLET, COOKIE, since="2026-03-01T00:00Z"), of(COOKIE, "resume")]
    assert not answer(*beyond)["collected"]


def test_a_device_that_two_people_hold_is_nobodys() -> None:
    held = [linked(TABLET, ANA), linked(TABLET, COOKIE), of(TABLET, "email_address")]
    for subject in (ANA, COOKIE, TABLET):
        found = answer(*held, subject=subject)
        assert (found["collected"], reasons(found)) == ({}, {"LINK_UNSURE"})


def test_two_accounts_at_one_instant_stop_the_answer() -> None:
    stopped = {"stopped": "TWO_ACCOUNTS"}
    assert answer(linked(ANA, COOKIE), linked(COOKIE, BEN)) == stopped
    assert answer(linked(ANA, TABLET), linked(TABLET, BEN), subject=TABLET) == stopped
    assert answer(linked(ANA, TABLET), linked(TABLET, BEN)) != stopped
    one_after_the_other = [
        linked(ANA, COOKIE, until="2026-02-01T00:00Z"),
        linked(COOKIE, BEN, since="2026-02-01T00:00Z"),
    ]
    assert answer(*one_after_the_other) != stopped


def test_a_household_answers_nothing_and_is_told_as_an_exclusion() -> None:
    tv = [of(COOKIE, "email_address"), described(subject=COOKIE, kinds=["HOUSEHOLD"]), linked(ANA, COOKIE)]
    found = answer(*tv, of(ANA, "resume"))
    assert (elements(found), found["exclusions"]) == ({"resume"}, {"DN_HOUSEHOLD": 1})
    asked = answer(*tv, subject=COOKIE)
    assert (asked["collected"], reasons(asked)) == ({}, {"NO_MATCH"})


def test_what_occurred_in_a_household_stays_out_whatever_came_later() -> None:
    once = described(at="2026-01-01T00:00Z", kinds=["HOUSEHOLD"])
    now = described(at="2026-03-01T00:00Z", kinds=["USER"])
    assert not answer(once, now, of(ANA, "email_address"))["collected"]
    assert answer(once, now, of(ANA, "email_address", at="2026-04-01T00:00Z"))["collected"]


@pytest.mark.parametrize(
    ("state", "consumer"),
    [
        ({"residency": "US-NV"}, False),
        ({"residency": "US-CA"}, True),
        ({}, True),
        ({"residency": "US-NV", "at": "2026-06-20T00:00Z"}, True),
    ],
)
def test_only_californians_are_answered_where_the_business_says_so(state: Json, consumer: bool) -> None:
    found = answer(described(**state), business={"california_only": True}, verification="V_ACCOUNT")
    assert {code for _, code in found["denials"]} == (set() if consumer else {"DN_NOT_CONSUMER"})
    assert answer(described(**state))["consumer"]


@pytest.mark.parametrize(
    ("what", "at", "young"),
    [
        ({"age_band": "FROM_13_TO_15", "band_until": "2026-02"}, "2026-03-01T07:59Z", True),
        ({"age_band": "FROM_13_TO_15", "band_until": "2026-02"}, "2026-03-01T08:00Z", False),
        ({"age_band": "UNDER_13", "band_until": "2023-02"}, "2026-02-28T00:00Z", True),
        ({"age_band": "UNDER_13", "band_until": "2023-02"}, "2026-03-02T00:00Z", False),
        ({"age_band": "UNDER_13"}, "2026-06-01T00:00Z", True),
        ({"age_band": "FROM_13_TO_15"}, "2025-07-01T00:00Z", True),
    ],
)
def test_a_known_child_marks_the_lines(what: Json, at: str, young: bool) -> None:
    found = answer(described(**what), of(ANA, "resume", at=at))
    assert all(line["sensitive"] == ["SPI_UNDER16"] * young for line in found["collected"].values())


def test_somebody_known_to_be_sixteen_is_a_child_no_more() -> None:
    known = [described(age_band="UNDER_13"), described(at="2026-03-01T00:00Z", age_band="SIXTEEN_OR_OVER")]
    assert not answer(*known, of(ANA, "resume", at="2026-03-01T00:00Z"))["collected"]["PI_I_EMPLOYMENT"][
        "sensitive"
    ]


def erased(through: str, mode: str) -> Json:
    return {"event": "SubjectErased", "occurred_at": "2026-06-01T00:00Z", "through": through, "mode": mode}


def test_a_tombstone_takes_out_what_occurred_before_it_and_is_a_gap() -> None:
    events = [of(ANA, "email_address"), of(ANA, "resume", at="2026-03-01T00:00Z")]
    found = answer(*events, erased("2026-03-01T00:00Z", "TOMBSTONE"))
    assert elements(found) == {"resume"}
    assert reasons(found) == {"ERASED"}


def test_a_vault_keeps_the_lines_and_shows_no_piece() -> None:
    found = answer(of(ANA, "email_address"), erased("2026-03-01T00:00Z", "VAULT"))
    assert found["collected"]["PI_A_IDENTIFIERS"]["held"] == "DELETED"
    assert (found["pieces"], reasons(found)) == ([], set())
