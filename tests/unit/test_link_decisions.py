"""Whose are the events, once a person has decided about a link? (rulings.md 17, 18)"""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from business import RQ, Business, at, categories, gaps
from worlds import a_subject

from lineage.events import LinkEvidence
from lineage.identity import Verdict
from lineage.report import Reporter, Request
from lineage.window import received

SAME, DIFFERENT = Verdict.SAME_PERSON, Verdict.DIFFERENT_PEOPLE
LATER = "2026-01-10T12:00Z"


@pytest.fixture
def business(tmp_path):
    made = Business(tmp_path)
    yield made
    made.close()


def answers(
    business: Business, decided: dict[tuple[UUID, UUID], Verdict], *subjects: UUID, **given: Any
) -> list[dict[str, Any]]:
    """What the business answers about each of these tokens when this was decided."""
    requests = [Request(subject=each, received=received(RQ)) for each in subjects]
    told = {frozenset(pair): verdict for pair, verdict in decided.items()}
    return Reporter(business.projected().cursor(), told, **given).report(requests)


def two_accounts(business: Business) -> tuple[UUID, UUID, UUID]:
    """Two accounts that one cookie logged into, with an event of each: an address, an order, a page."""
    second, cookie = a_subject(), a_subject()
    business.collects("email_address", "2025-07-10T12:00Z")
    business.collects("order_history", "2025-07-11T12:00Z", subject=second)
    business.collects("page_view", "2025-07-12T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, LATER)
    business.links(cookie, LATER, subject=second)
    return business.subject, second, cookie


def test_two_accounts_that_are_one_person_no_longer_stop(business):
    first, second, cookie = two_accounts(business)
    told = answers(business, {(first, second): SAME}, first, second, cookie)

    assert [categories(each) for each in told] == [{"A", "D", "F"}] * 3
    assert all(each["coverage"]["complete"] for each in told)


def test_what_two_different_people_both_reach_is_nobodys_and_admitted_to_both(business):
    first, second, cookie = two_accounts(business)
    told = answers(business, {(first, second): DIFFERENT}, first, second, cookie)

    assert [categories(each) for each in told] == [{"A"}, {"D"}, set()]
    assert all("LINK_UNSURE" in gaps(each) for each in told)
    assert all(each["subject"]["linked"] == [] for each in told)


def test_what_lies_only_behind_another_person_is_not_told(business):
    first, second, cookie = two_accounts(business)
    email = a_subject()
    business.collects("page_view", "2025-07-13T12:00Z", subject=email, namespace="email")
    business.links(email, LATER, namespace="email", subject=second)

    of_first, of_second, of_email = answers(business, {(first, second): DIFFERENT}, first, second, email)
    assert of_first["subject"]["linked"] == []
    assert of_second["subject"]["linked"] == [str(email)]
    assert categories(of_second) == categories(of_email) == {"D", "F"}
    assert str(cookie) not in of_email["subject"]["linked"]


def test_a_chain_between_two_people_is_neithers(business):
    second, near, far = a_subject(), a_subject(), a_subject()
    for token in (near, far):
        business.collects("page_view", "2025-07-12T12:00Z", subject=token, namespace="cookie")
    business.links(near, LATER)
    business.links(far, LATER, subject=near)
    business.links(far, LATER, subject=second)

    told = answers(business, {(business.subject, second): DIFFERENT}, business.subject, second)
    assert [(categories(each), gaps(each)) for each in told] == [(set(), {"LINK_UNSURE"})] * 2


def test_only_while_both_reach_it_is_a_token_nobodys(business):
    second, cookie = a_subject(), a_subject()
    business.collects("order_history", "2025-07-12T12:00Z", subject=cookie, namespace="cookie")
    business.collects("page_view", "2026-03-12T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, LATER)
    business.links(cookie, LATER, subject=second, since=at("2026-02-01T00:00Z"))

    [told] = answers(business, {(business.subject, second): DIFFERENT}, business.subject)
    assert (categories(told), gaps(told)) == ({"D"}, {"LINK_UNSURE"})


def test_a_link_that_is_decided_to_be_wrong_counts_for_nothing(business):
    cookie = a_subject()
    business.collects("page_view", "2025-07-12T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, LATER)

    told = answers(business, {(business.subject, cookie): DIFFERENT}, business.subject, cookie)
    assert [categories(each) for each in told] == [set(), {"F"}]
    assert all(each["coverage"]["complete"] for each in told)


@pytest.mark.parametrize(("verdict", "found"), [(SAME, {"F"}), (DIFFERENT, set())])
def test_a_link_that_was_unsure_is_settled_by_a_decision(business, verdict, found):
    cookie = a_subject()
    business.collects("page_view", "2025-07-12T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, LATER, evidence=LinkEvidence.DECLARED)

    [told] = answers(business, {(business.subject, cookie): verdict}, business.subject)
    assert (categories(told), gaps(told)) == (found, set())


def test_one_person_is_a_link_for_all_time_also_where_the_log_has_none(business):
    phone = a_subject()
    business.collects("page_view", "2025-07-12T12:00Z", subject=phone, namespace="phone")

    told = answers(business, {(business.subject, phone): SAME}, business.subject, phone)
    assert [categories(each) for each in told] == [{"F"}] * 2


def test_a_third_account_still_stops(business):
    first, second, cookie = two_accounts(business)
    third = a_subject()
    business.collects("order_history", "2025-07-11T12:00Z", subject=third)
    stopped = {"stopped": "TWO_ACCOUNTS"}

    joined = {(first, second): SAME, (second, third): SAME}
    assert categories(answers(business, joined, third)[0]) == {"A", "D", "F"}
    business.links(cookie, LATER, subject=third)
    assert answers(business, {(first, second): SAME}, first) == [stopped]


def test_who_is_told_apart_from_one_account_still_stops_for_another(business):
    first, second, _ = two_accounts(business)
    third, email = a_subject(), a_subject()
    business.links(email, LATER, namespace="email", subject=second)
    business.links(email, LATER, namespace="email", subject=third)

    told = answers(business, {(first, second): DIFFERENT}, first, second)
    assert [categories(told[0]), told[1]] == [{"A"}, {"stopped": "TWO_ACCOUNTS"}]


def test_who_is_one_with_a_person_is_apart_from_all_that_this_person_is_apart_from(business):
    first, second, cookie = two_accounts(business)
    own, theirs = a_subject(), a_subject()
    business.collects("page_view", "2025-07-13T12:00Z", subject=own, namespace="email")
    business.links(cookie, LATER, subject=own, namespace="email", other_namespace="cookie")
    business.collects("page_view", "2025-07-13T12:00Z", subject=theirs, namespace="email")
    decided = {(first, own): SAME, (second, theirs): SAME, (first, second): DIFFERENT}

    for order in permutations(decided):
        told = answers(business, {pair: decided[pair] for pair in order}, first, second)
        assert [each["subject"]["linked"] for each in told] == [[str(own)], [str(theirs)]]


def test_decisions_that_contradict_each_other_disclose_nothing_of_the_other(business):
    first, second, cookie = two_accounts(business)
    decided = {(first, cookie): SAME, (cookie, second): SAME, (first, second): DIFFERENT}

    told = answers(business, decided, first, second)
    assert [(categories(each), gaps(each)) for each in told] == [
        ({"A"}, {"LINK_UNSURE"}),
        ({"D"}, {"LINK_UNSURE"}),
    ]


def test_a_device_in_two_peoples_hands_stays_nobodys_when_they_are_told_apart(business):
    second, tablet = a_subject(), a_subject()
    business.links(tablet, "2025-07-01T12:00Z", namespace="device")
    business.links(tablet, "2025-07-02T12:00Z", namespace="device", subject=second)
    business.collects("page_view", "2025-08-01T12:00Z", subject=tablet, namespace="device")

    told = answers(business, {(business.subject, second): DIFFERENT}, business.subject, second, tablet)
    assert [(categories(each), gaps(each)) for each in told] == [(set(), {"LINK_UNSURE"})] * 3


def test_an_answer_names_the_position_of_the_desk_that_it_follows(business):
    first, second, _ = two_accounts(business)
    [told] = answers(business, {(first, second): SAME}, first, desk={"desk": 3})

    assert told["positions"]["desk"] == 3
