"""Does the evaluator read windows, knowledge and corrections as ruled? (rulings.md 7, 8, 11, 12)"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from evaluator.handmade import LOGGED, answer, collected, elements, reasons, shared

Json = dict[str, Any]
JUNE = datetime(2026, 6, 20, tzinfo=UTC)
EMAIL, JOB = "email_address", "resume"
WROTE, APPLIED = collected(EMAIL), collected(JOB)


def of_id(event: Json, id: str, **more: Any) -> Json:
    return event | {"event_id": id, **more}


def retraction(of: str, id: str) -> Json:
    return {
        "event": "EventRetracted",
        "occurred_at": "2026-06-01T00:00Z",
        "retracts": of,
        "reason": "MISTAKE",
        "event_id": id,
    }


def test_everything_begins_with_2022_in_the_business_zone() -> None:
    old, new = (
        collected(word, at=f"2022-01-01T{at}Z") for word, at in (("ssn", "07:59"), ("resume", "08:00"))
    )
    found = answer(old, new, everything=True)
    assert elements(found) == {JOB}
    assert found["window"]["basis"] == "everything"
    assert answer(since="2024-02-03")["window"]["from"] == "2024-02-03T08:00:00.000000Z"
    assert answer(since="2021-02-03")["window"]["from"] == "2022-01-01T08:00:00.000000Z"


@pytest.mark.parametrize(
    ("collections", "told"),
    [
        (["2021-05-01T00:00Z"], False),
        (["2021-05-01T00:00Z", "2022-05-01T00:00Z"], True),
        (["2021-05-01T00:00Z", "2024-05-01T00:00Z"], False),
        (["2023-05-01T00:00Z"], True),
        ([], True),
    ],
)
def test_what_was_collected_before_2022_is_below_the_floor_of_an_extended_answer(
    collections: list[str], told: bool
) -> None:
    past = [collected("email_address", at=at) for at in collections]
    sold = shared("broker", "CP_DATA_MONETISATION", "MONEY", occurred_at="2023-06-01T00:00Z")
    assert bool(answer(*past, sold, everything=True)["sold_or_shared"]) == told


def test_an_extended_answer_is_never_smaller_than_the_base_answer() -> None:
    past = collected("email_address", at="2021-05-01T00:00Z")
    sold = shared("broker", "CP_DATA_MONETISATION", "MONEY")
    long = sold | {"occurred_at": "2024-01-01T00:00Z", "occurred_until": "2025-12-01T00:00Z"}
    assert answer(past, sold, everything=True)["sold_or_shared"]
    cut = answer(past, long, everything=True)["sold_or_shared"]["PI_A_IDENTIFIERS RCP_DATA_BROKER"]
    assert cut["first"] == "2025-06-15T07:00:00.000000Z"


def test_an_answer_knows_what_was_recorded_by_its_instant() -> None:
    late = WROTE | {"recorded_at": JUNE + timedelta(days=2)}
    early = APPLIED | {"recorded_at": JUNE}
    assert elements(answer(early, late, as_of=JUNE)) == {JOB}
    assert elements(answer(early, late)) == {EMAIL, JOB}


def test_an_answer_lags_when_it_knows_less_than_its_window() -> None:
    before = APPLIED | {"recorded_at": datetime(2026, 6, 1, tzinfo=UTC)}
    assert "LAG" in reasons(answer(before, as_of=datetime(2026, 6, 1, tzinfo=UTC)))
    assert "LAG" not in reasons(answer(before))


def test_an_answer_is_provisional_until_the_log_has_passed_its_instant() -> None:
    assert answer(as_of=LOGGED + timedelta(1))["provisional"]
    assert not answer(APPLIED | {"recorded_at": JUNE}, as_of=JUNE)["provisional"]


def test_a_superseding_event_replaces_whatever_its_type_and_order() -> None:
    new = of_id(APPLIED, "b", supersedes="a")
    assert elements(answer(of_id(WROTE, "a"), new)) == {JOB}
    assert elements(answer(new, of_id(WROTE, "a"))) == {JOB}
    assert elements(answer(new)) == {JOB}


def test_at_a_fork_the_branch_recorded_last_stands() -> None:
    told = [
        of_id(WROTE, "a", recorded_at=JUNE),
        of_id(APPLIED, "b", supersedes="a", recorded_at=JUNE + timedelta(1)),
        of_id(WROTE, "c", supersedes="a", recorded_at=JUNE + timedelta(2)),
        of_id(APPLIED, "d", supersedes="b", recorded_at=JUNE + timedelta(3)),
    ]
    assert elements(answer(*told)) == {EMAIL}
    tied = [event | {"recorded_at": JUNE} for event in told[:3]]
    assert elements(answer(*tied)) == {EMAIL}


def test_a_retraction_takes_out_one_event_only() -> None:
    chain = [of_id(WROTE, "a"), of_id(APPLIED, "b", supersedes="a")]
    assert elements(answer(*chain, retraction("b", "r"))) == {EMAIL}
    assert elements(answer(*chain, retraction("a", "r"))) == {JOB}
    longer = [*chain, of_id(APPLIED, "c", supersedes="b"), retraction("b", "r")]
    assert elements(answer(*longer)) == {EMAIL, JOB}


def test_a_retracted_or_replaced_retraction_is_none() -> None:
    told = [of_id(WROTE, "a"), retraction("a", "r")]
    assert elements(answer(*told)) == set()
    assert elements(answer(*told, retraction("r", "s"))) == {EMAIL}
    assert elements(answer(*told, retraction("r", "s"), retraction("s", "t"))) == set()
    assert elements(answer(*told, of_id(APPLIED, "s", supersedes="r"))) == {EMAIL, JOB}


def test_rings_count_for_nothing() -> None:
    ring = [of_id(WROTE, "a", supersedes="b"), of_id(APPLIED, "b", supersedes="a")]
    assert elements(answer(*ring)) == set()
    assert elements(answer(*ring, retraction("b", "r"))) == {EMAIL}
    undecided = [retraction("s", "r"), retraction("r", "s")]
    assert elements(answer(of_id(WROTE, "a"), *undecided)) == {EMAIL}


def test_an_erasure_is_neither_retracted_nor_superseded_and_known_whatever_the_instant() -> None:
    erasure = {
        "event": "SubjectErased",
        "event_id": "e",
        "occurred_at": "2026-06-01T00:00Z",
        "through": "2026-06-01T00:00Z",
        "recorded_at": JUNE + timedelta(1),
    }
    told = [WROTE | {"recorded_at": JUNE}, erasure]
    replaced = of_id(APPLIED, "n", supersedes="e", occurred_at="2026-06-10T00:00Z")
    assert elements(answer(*told, retraction("e", "r"), replaced)) == {JOB}
    assert elements(answer(*told, as_of=JUNE)) == set()
    assert "ERASED" in reasons(answer(*told, as_of=JUNE))
