"""Is a person the same person, whatever secret their tokens were made with?"""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from business import AFTER_ALL, RQ, Business, at, categories, gaps

from lineage.events import (
    EventRetracted,
    LinkEvidence,
    Relation,
    SubjectErased,
    SubjectsLinked,
    SubjectsUnlinked,
)
from lineage.identity import Verdict
from lineage.identity.rotating import rotate
from lineage.report import Reporter, Request
from lineage.tokens import Secret, token
from lineage.window import received

OLD, NEW = Secret(bytes(range(32))), Secret(bytes(range(32, 64)))
LATER = "2026-01-10T12:00Z"


@pytest.fixture
def business(tmp_path) -> Iterator[Business]:
    made = Business(tmp_path)
    yield made
    made.close()


def old(identifier: str) -> UUID:
    return token(OLD, *identifier.split(":"))


def new(identifier: str) -> UUID:
    return token(NEW, *identifier.split(":"))


def named(identifier: str, under=old) -> dict[str, Any]:
    return {"subject": under(identifier), "namespace": identifier.partition(":")[0]}


def links(
    business: Business, one: str, other: str, occurred_at: str = LATER, *, under=old, **given: Any
) -> UUID:
    namespace = other.partition(":")[0]
    return business.links(
        under(other), occurred_at, **{**named(one, under), "other_namespace": namespace, **given}
    )


def rotated(business: Business, *identifiers: str) -> list[tuple[int, str]]:
    """Tie the tokens of these; the lines that were refused."""
    bad: list[tuple[int, str]] = []
    lines = [f"{each}\n" for each in identifiers]
    rotate(business.log, NEW, OLD, lines, lambda *told: bad.append(told), clock=lambda: AFTER_ALL)
    return bad


def answers(
    business: Business, *subjects: UUID, decided: dict[frozenset[UUID], Verdict] | None = None
) -> list[dict[str, Any]]:
    requests = [Request(subject=each, received=received(RQ)) for each in subjects]
    return Reporter(business.projected().cursor(), decided or {}).report(requests)


def answer(
    business: Business, subject: UUID, decided: dict[frozenset[UUID], Verdict] | None = None
) -> dict[str, Any]:
    [told] = answers(business, subject, decided=decided)
    return told


def said(document: dict[str, Any]) -> dict[str, Any]:
    """All that an answer says but whose tokens it is about, and what is no answer."""
    apart = ("subject", "positions", "versions", "as_of", "answer_digest", "digest")
    return {name: value for name, value in document.items() if name not in apart}


IDENTIFIERS = (
    "account:1",
    "account:2",
    "cookie:c",
    "device:d",
    "device:e",
    "email:a@example.com",
    "phone:+14155550100",
)


@pytest.mark.parametrize("seed", range(3))
def test_asked_under_the_new_secret_an_identifier_has_the_answer_that_it_had(business, seed):
    chance = random.Random(seed)
    for number in range(30):
        one, other = chance.sample(IDENTIFIERS, 2)
        day = f"2025-{chance.randint(7, 12):02}-{chance.randint(1, 28):02}T12:00Z"
        if number % 2:
            element = chance.choice(("email_address", "order_history", "page_view"))
            business.collects(element, day, **named(one))
        else:
            kind = chance.choice((SubjectsLinked, SubjectsLinked, SubjectsUnlinked))
            evidence = chance.choice((LinkEvidence.VERIFIED_LOGIN, LinkEvidence.DECLARED))
            since = chance.choice((None, at(day) - timedelta(days=30)))
            links_to = {"other": old(other), "other_namespace": other.partition(":")[0]}
            told = {"relation": Relation.SAME_PERSON, "evidence": evidence, "since": since}
            business.tells(kind, day, **named(one), **links_to, **told)
    before = answers(business, *(old(each) for each in IDENTIFIERS))
    assert rotated(business, *IDENTIFIERS) == []

    after = answers(business, *(new(each) for each in IDENTIFIERS))
    assert [said(each) for each in after] == [said(each) for each in before]


def test_what_is_told_under_the_new_secret_is_the_same_persons(business):
    business.collects("email_address", "2025-07-10T12:00Z", **named("account:1"))
    links(business, "account:1", "cookie:c")
    rotated(business, "account:1", "cookie:c")
    business.collects("page_view", "2026-03-10T12:00Z", **named("cookie:c", new))
    business.collects("order_history", "2026-03-11T12:00Z", **named("account:1", new))

    told = answers(business, old("account:1"), new("cookie:c"))
    assert [categories(each) for each in told] == [{"A", "D", "F"}] * 2


def test_a_device_stays_one_device_whoever_holds_it(business):
    links(business, "account:1", "device:d", "2025-07-01T12:00Z")
    rotated(business, "account:1", "account:2", "device:d")
    business.collects("page_view", "2025-09-01T12:00Z", **named("device:d", new))
    assert categories(answer(business, new("account:1"))) == {"F"}

    links(business, "account:2", "device:d", "2025-08-01T12:00Z", under=new)
    told = answers(business, new("account:1"), new("account:2"))
    assert [(categories(each), gaps(each)) for each in told] == [(set(), {"LINK_UNSURE"})] * 2


def test_two_accounts_stay_two(business):
    links(business, "account:1", "cookie:c")
    rotated(business, "account:1", "account:2", "cookie:c")
    assert "stopped" not in answer(business, new("account:1"))

    links(business, "account:2", "cookie:c", under=new)
    assert answer(business, new("account:1")) == {"stopped": "TWO_ACCOUNTS"}


def test_what_is_unlinked_retracted_or_erased_under_the_new_secret_was_told_under_the_old(business):
    wrong = business.collects("order_history", "2025-07-10T12:00Z", **named("account:1"))
    business.collects("email_address", "2025-07-10T12:00Z", **named("account:1"))
    business.collects("page_view", "2025-07-10T12:00Z", **named("cookie:c"))
    links(business, "account:1", "cookie:c")
    rotated(business, "account:1", "cookie:c")
    assert categories(answer(business, new("account:1"))) == {"A", "D", "F"}

    apart = {"other": new("cookie:c"), "other_namespace": "cookie", "relation": Relation.SAME_PERSON}
    business.tells(SubjectsUnlinked, "2026-02-10T12:00Z", **named("account:1", new), **apart)
    assert categories(answer(business, new("account:1"))) == {"A", "D"}
    business.tells(EventRetracted, LATER, **named("account:1", new), retracts=wrong)
    assert categories(answer(business, new("account:1"))) == {"A"}
    business.tells(SubjectErased, LATER, **named("account:1", new), through=at(LATER))
    told = answer(business, new("account:1"))
    assert (categories(told), gaps(told)) == (set(), {"ERASED"})


def test_a_decision_under_the_old_secret_holds_under_the_new_and_the_later_one_wins(business):
    links(business, "account:1", "cookie:c")
    links(business, "account:2", "cookie:c")
    rotated(business, "account:1", "account:2", "cookie:c")
    of_old, of_new = (frozenset(under(each) for each in ("account:1", "account:2")) for under in (old, new))

    same, different = Verdict.SAME_PERSON, Verdict.DIFFERENT_PEOPLE
    one_person = answer(business, new("account:1"), {of_old: different, of_new: same})
    assert str(new("account:2")) in one_person["subject"]["linked"]
    apart = answer(business, new("account:1"), {of_new: same, of_old: different})
    assert apart["subject"]["linked"] == [str(old("account:1"))]


def test_rotating_again_adds_nothing(business):
    business.collects("email_address", "2025-07-10T12:00Z", **named("account:1"))
    rotated(business, "account:1")
    once = answer(business, new("account:1"))
    rotated(business, "account:1")

    assert said(answer(business, new("account:1"))) == said(once)
    assert once["coverage"]["complete"]


def test_a_wrong_line_is_named_by_its_number_and_the_rest_is_tied(business):
    business.collects("email_address", "2025-07-10T12:00Z", **named("account:1"))
    bad = rotated(business, "", "email:no-address-at-all", str(old("account:1")), "account:1")

    assert [number for number, _ in bad] == [2, 3]
    assert "no-address" not in str(bad)
    assert str(old("account:1")) not in str(bad)
    assert categories(answer(business, new("account:1"))) == {"A"}


def test_the_secret_in_use_cannot_be_the_retired_one(business):
    bad: list[tuple[int, str]] = []
    rotate(business.log, NEW, NEW, ["account:1"], lambda *told: bad.append(told))
    assert "retired" in bad[0][1]
