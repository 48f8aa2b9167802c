"""law D.3: whose events are they?"""

from pathlib import Path

from business import Business, at, categories, gaps, pairs
from worlds import a_subject

from lineage.events import (
    LinkEvidence,
    Relation,
    SubjectDescribed,
    SubjectErased,
    SubjectsLinked,
    SubjectsUnlinked,
)
from lineage.report import Audience, Verification


def test_s01_what_a_cookie_did_before_the_login_is_the_accounts(business: Business) -> None:
    cookie = a_subject()
    business.collects("page_view", "2025-07-10T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, "2026-01-10T12:00Z")

    answer = business.answer()

    assert categories(answer) == {"F"}
    assert answer["subject"]["linked"] == [str(cookie)]
    assert business.answer(subject=cookie)["collected"] == answer["collected"]


def test_s01_two_tokens_may_tell_of_two_events_by_one_id(business: Business) -> None:
    cookie = a_subject()
    one_id = business.collects("page_view", "2025-07-10T12:00Z", subject=cookie, namespace="cookie")
    business.collects("page_view", "2025-07-10T12:00Z", event_id=one_id)
    business.links(cookie, "2026-01-10T12:00Z")

    [line] = business.answer()["collected"]

    assert line["events"] == 2
    assert line["evidence"]["first"] == [str(one_id)]


def test_s01_undoing_the_link_takes_the_cookies_events_out_again(business: Business) -> None:
    cookie = a_subject()
    business.collects("page_view", "2025-07-10T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, "2026-01-10T12:00Z")
    business.tells(
        SubjectsUnlinked,
        "2026-02-10T12:00Z",
        other=cookie,
        other_namespace="cookie",
        relation=Relation.SAME_PERSON,
    )

    assert categories(business.answer()) == set()


def test_s01_a_phone_that_changed_hands_brings_only_what_came_after_the_link(business: Business) -> None:
    phone = a_subject()
    business.collects("page_view", "2025-07-10T12:00Z", subject=phone, namespace="phone")
    business.links(phone, "2026-01-10T12:00Z", namespace="phone")
    business.collects("order_history", "2026-02-10T12:00Z", subject=phone, namespace="phone")

    assert categories(business.answer()) == {"D"}


def test_s01_two_accounts_of_one_person_at_one_time_stop_for_a_persons_decision(business: Business) -> None:
    cookie, second = a_subject(), a_subject()
    business.links(cookie, "2026-01-10T12:00Z")
    business.links(cookie, "2026-01-11T12:00Z", subject=second)

    assert business.answer() == {"stopped": "TWO_ACCOUNTS"}


def test_s04_a_household_is_nobodys_answer(business: Business) -> None:
    television = a_subject()
    business.tells(
        SubjectDescribed, "2025-07-01T12:00Z", subject=television, namespace="device", kinds=("HOUSEHOLD",)
    )
    business.collects("page_view", "2025-08-01T12:00Z", subject=television, namespace="device")
    business.links(television, "2025-09-01T12:00Z", namespace="device", since=None)

    answer = business.answer()

    assert categories(answer) == set()
    assert gaps(business.answer(subject=television)) == {"NO_MATCH"}


def test_s04_that_something_of_a_household_is_left_out_is_said_in_general_words(business: Business) -> None:
    television = a_subject()
    business.tells(
        SubjectDescribed, "2025-01-01T12:00Z", subject=television, namespace="device", kinds=("HOUSEHOLD",)
    )
    business.links(television, "2025-02-01T12:00Z", namespace="device")
    before_the_window, in_it = "2025-03-01T12:00Z", "2025-09-01T12:00Z"
    for instant in (before_the_window, in_it):
        business.collects("page_view", instant, subject=television, namespace="device")

    answer = business.answer()
    persons = business.answer(verification=Verification.V2_HIGH, audience=Audience.PERSON)

    assert categories(answer) == set()
    assert [(each["code"], each["count"]) for each in answer["exclusions"]] == [("DN_HOUSEHOLD", 1)]
    assert [(each["code"], each["count"]) for each in persons["exclusions"]] == [("DN_HOUSEHOLD", None)]
    assert "household" in persons["exclusions"][0]["statement"]


def test_s04_that_something_of_a_household_was_erased_is_admitted(business: Business) -> None:
    business.tells(SubjectDescribed, "2025-08-01T12:00Z", kinds=("HOUSEHOLD",))
    business.tells(SubjectErased, "2025-09-01T12:00Z", through=at("2025-09-01T12:00Z"))

    assert {"NO_MATCH", "ERASED"} <= gaps(business.answer())


def test_s04_a_device_that_two_people_hold_speaks_for_neither(business: Business) -> None:
    tablet, neighbour = a_subject(), a_subject()
    business.links(tablet, "2025-07-01T12:00Z", namespace="device")
    business.links(tablet, "2025-07-02T12:00Z", namespace="device", subject=neighbour)
    business.collects("page_view", "2025-08-01T12:00Z", subject=tablet, namespace="device")

    answer = business.answer()

    assert categories(answer) == set()
    assert gaps(answer) == {"LINK_UNSURE"}


def test_s04_who_holds_the_device_of_a_token_that_left_is_no_matter(business: Business) -> None:
    cookie, tablet, neighbour = a_subject(), a_subject(), a_subject()
    business.links(cookie, "2025-07-01T12:00Z", until=at("2025-08-01T12:00Z"))
    for holder, namespace in ((cookie, "cookie"), (neighbour, "account")):
        business.tells(
            SubjectsLinked,
            "2025-09-01T12:00Z",
            subject=holder,
            namespace=namespace,
            other=tablet,
            other_namespace="device",
            relation=Relation.SAME_PERSON,
            evidence=LinkEvidence.VERIFIED_LOGIN,
        )
    business.collects("page_view", "2025-10-01T12:00Z", subject=tablet, namespace="device")

    assert gaps(business.answer()) == set()


def test_s05_what_nobody_linked_in_the_ordinary_course_is_not_searched_for(business: Business) -> None:
    business.collects("page_view", "2025-07-10T12:00Z", subject=a_subject(), namespace="cookie")
    business.collects("email_address", "2025-07-10T12:00Z")

    answer = business.answer()

    assert categories(answer) == {"A"}
    assert answer["coverage"]["complete"]


def test_s05_a_link_that_is_only_declared_is_not_followed_and_admitted(business: Business) -> None:
    cookie = a_subject()
    business.collects("page_view", "2025-07-10T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, "2026-01-10T12:00Z", evidence=LinkEvidence.DECLARED)

    answer = business.answer()

    assert categories(answer) == set()
    assert gaps(answer) == {"LINK_UNSURE"}


def test_s05_what_was_erased_after_the_request_raises_no_doubt(business: Business) -> None:
    cookie = a_subject()
    business.collects("page_view", "2025-07-10T12:00Z", subject=cookie, namespace="cookie")
    business.links(cookie, "2026-01-10T12:00Z", evidence=LinkEvidence.DECLARED)
    business.tells(
        SubjectErased,
        "2026-07-01T12:00Z",
        through=at("2026-02-01T12:00Z"),
        subject=cookie,
        namespace="cookie",
    )

    assert "LINK_UNSURE" not in gaps(business.answer())


def test_s05_what_may_be_somebody_elses_before_the_window_is_no_doubt_about_it(business: Business) -> None:
    cookie = a_subject()
    lasting = {"occurred_until": at("2025-07-01T12:00Z"), "subject": cookie, "namespace": "cookie"}
    business.collects("page_view", "2025-03-01T12:00Z", **lasting)
    business.links(cookie, "2025-05-01T12:00Z", evidence=LinkEvidence.DECLARED)
    business.links(cookie, "2025-05-02T12:00Z", since=at("2025-05-02T12:00Z"))

    assert gaps(business.answer()) == set()


def test_s07_a_californian_of_today_is_answered_for_the_time_in_nevada_too(tmp_path: Path) -> None:
    business = californians_only(tmp_path)
    business.tells(SubjectDescribed, "2025-07-01T12:00Z", residency="US-NV")
    business.collects("email_address", "2025-08-01T12:00Z")
    business.tells(SubjectDescribed, "2026-01-01T12:00Z", residency="US-CA")

    answer = business.answer(verification=Verification.V_ACCOUNT)

    assert categories(answer) == {"A"}
    assert answer["block_status"]["collected"] == "answered"


def test_s08_where_only_californians_are_answered_a_nevadan_is_not(tmp_path: Path) -> None:
    business = californians_only(tmp_path)
    business.collects("email_address", "2025-08-01T12:00Z")
    business.tells(SubjectDescribed, "2026-01-01T12:00Z", residency="US-NV")

    answer = business.answer(verification=Verification.V_ACCOUNT)

    assert {each["code"] for each in answer["denials"]} == {"DN_NOT_CONSUMER"}
    assert set(answer["block_status"].values()) == {"denied"}


def test_s09_a_contact_at_a_customer_is_a_consumer_like_any_other(business: Business) -> None:
    business.tells(SubjectDescribed, "2025-07-01T12:00Z", kinds=("CUSTOMER_CONTACT",), customer="NORTH")
    business.collects("email_address", "2025-08-01T12:00Z")
    business.shares("email_address", "R_ADS", "cross_context")

    answer = business.answer()

    assert categories(answer) == {"A"}
    assert pairs(answer, "sold_or_shared") == {("A", "RCP_AD_NETWORK")}


def californians_only(folder: Path) -> Business:
    return Business(
        folder,
        declares={
            "business.yaml": ("is_ccpa_business: true", "is_ccpa_business: true\ncalifornia_only: true")
        },
    )
