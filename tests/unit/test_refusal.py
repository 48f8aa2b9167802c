"""May a longer period be refused, and what is the person told? (law.md A.7, A.20; R 7024(h))"""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from documents import a_document

from lineage.errors import Refused
from lineage.report.gate import released
from lineage.report.refusal import Reason, Refusal
from lineage.report.request import Audience, Request, Verification

FACTS = "Orders before 2024 lie on tapes; reading one takes a technician six hours."
REFUSAL = Refusal(Reason.DISPROPORTIONATE, FACTS)


def a_request(**asked):
    return Request(subject=uuid4(), received=datetime(2026, 6, 15, 17, tzinfo=UTC), **asked)


@pytest.mark.parametrize(
    "facts", ["", "Disproportionate effort.", "The cost is unreasonable for our company."]
)
def test_the_assertion_alone_is_no_refusal(facts):
    with pytest.raises(Refused, match="which records"):
        Refusal(Reason.DISPROPORTIONATE, facts)


def test_facts_tell_of_the_records_and_not_of_the_person():
    with pytest.raises(Refused, match="not of the person") as refused:
        Refusal(Reason.IMPOSSIBLE, f"{FACTS} They are those of ana@example.com.")

    assert "ana" not in str(refused.value)


@pytest.mark.parametrize("asked", [{"everything": True}, {"since": date(2024, 1, 1)}])
def test_in_place_of_the_longer_period_the_twelve_months_are_answered(asked):
    request = a_request(**asked).refusing(REFUSAL)

    assert (request.since, request.everything, request.refusal) == (None, False, REFUSAL)


@pytest.mark.parametrize("asked", [{}, {"since": date(2026, 1, 1)}])
def test_where_no_more_was_asked_there_is_nothing_to_refuse(asked):
    with pytest.raises(Refused, match="nothing to refuse"):
        a_request(**asked).refusing(REFUSAL)


def test_a_request_is_not_answered_and_refused_at_once():
    with pytest.raises(Refused, match="asked for and refused"):
        a_request(everything=True, refusal=REFUSAL)


@pytest.mark.parametrize("audience", Audience)
def test_a_refused_period_is_told_with_its_code_and_facts_and_denies_no_block(audience):
    copy = released(a_document(), Verification.V2_HIGH, audience=audience, refusal=REFUSAL)

    assert copy["window"]["refusal"] == {"reason": "DISPROPORTIONATE", "facts": FACTS}
    assert [(each["block"], each["code"], each["basis"]) for each in copy["denials"]] == [
        (None, "DN_DISPROPORTIONATE", "R 7024(h)")
    ]
    assert set(copy["block_status"].values()) == {"answered"}
    assert "OLDER_DATA" not in {each["code"] for each in copy["statements"]}


def test_a_stranger_is_not_told_the_facts():
    copy = released(a_document(), Verification.V0_NONE, audience=Audience.PERSON, refusal=REFUSAL)

    assert copy["window"]["refusal"] is None
    assert {each["code"] for each in copy["denials"]} == {"DN_UNVERIFIED"}


@pytest.mark.parametrize("level", Verification)
def test_a_copy_of_a_copy_refuses_the_same(level):
    once = released(a_document(), level, refusal=REFUSAL)

    assert released(once, level) == once
