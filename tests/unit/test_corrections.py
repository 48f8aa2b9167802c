"""Which events count after others replaced or retracted them? (rulings.md 11, 12)"""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lineage.identity.corrections import Said, taken_out
from lineage.identity.token import token

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
IDS = [uuid4() for _ in range(6)]


def said(
    event_id: UUID, hour: int = 0, *, supersedes: UUID | None = None, retracts: UUID | None = None
) -> Said:
    event = "EventRetracted" if retracts else "Collected"
    return Said(event_id, event, NOON + timedelta(hours=hour), supersedes, retracts)


def test_an_event_falls_when_another_replaces_it() -> None:
    old, new = uuid4(), uuid4()
    assert taken_out([said(old), said(new, 1, supersedes=old)]) == {old}


def test_what_replaces_an_unknown_event_stands_by_itself() -> None:
    assert taken_out([said(uuid4(), supersedes=uuid4())]) == set()


def test_of_two_that_replace_one_the_later_recorded_stands() -> None:
    root, early, late = uuid4(), uuid4(), uuid4()
    told = [said(root), said(late, 2, supersedes=root), said(early, 1, supersedes=root)]
    assert taken_out(told) == {root, early}


def test_the_branch_of_the_outdone_falls_with_it() -> None:
    root, early, late, leaf = uuid4(), uuid4(), uuid4(), uuid4()
    told = [
        said(root),
        said(early, 1, supersedes=root),
        said(late, 2, supersedes=root),
        said(leaf, 3, supersedes=early),
    ]
    assert taken_out(told) == {root, early, leaf}


def test_without_the_retracted_link_of_a_chain_both_its_ends_stand() -> None:
    root, middle, leaf, retraction = uuid4(), uuid4(), uuid4(), uuid4()
    told = [
        said(root),
        said(middle, 1, supersedes=root),
        said(leaf, 2, supersedes=middle),
        said(retraction, 3, retracts=middle),
    ]
    assert taken_out(told) == {middle}


def test_a_retracted_retraction_is_none() -> None:
    event, first, second = uuid4(), uuid4(), uuid4()
    assert taken_out([said(event), said(first, 1, retracts=event), said(second, 2, retracts=first)]) == {
        first
    }


def test_a_retraction_that_was_replaced_is_none() -> None:
    one, other, retraction, mended = uuid4(), uuid4(), uuid4(), uuid4()
    told = [
        said(one),
        said(other),
        said(retraction, 1, retracts=one),
        Said(mended, "EventRetracted", NOON + timedelta(hours=2), retraction, other),
    ]
    assert taken_out(told) == {retraction, other}


def test_rings_count_for_nothing() -> None:
    one, other, alone, last = uuid4(), uuid4(), uuid4(), uuid4()
    told = [
        said(one, supersedes=other),
        said(other, supersedes=one),
        said(alone, supersedes=alone),
        said(last, supersedes=one),
    ]
    assert taken_out(told) == {one, other, alone}


def test_retractions_that_retract_each_other_take_out_nothing() -> None:
    one, other = uuid4(), uuid4()
    assert taken_out([said(one, retracts=other), said(other, retracts=one)]) == set()


def test_an_erasure_is_neither_replaced_nor_retracted() -> None:
    erased = uuid4()
    told = [
        Said(erased, "SubjectErased", NOON),
        said(uuid4(), 1, supersedes=erased),
        said(uuid4(), 2, retracts=erased),
    ]
    assert taken_out(told) == set()


@given(
    st.lists(
        st.builds(
            said,
            st.sampled_from(IDS),
            st.integers(0, 3),
            supersedes=st.none() | st.sampled_from(IDS),
            retracts=st.none() | st.sampled_from(IDS),
        ),
        max_size=4,
        unique_by=lambda each: each.event_id,
    )
)
def test_the_order_in_which_they_are_told_does_not_matter(told: list[Said]) -> None:
    assert len({taken_out(order) for order in permutations(told)}) == 1


def test_a_correction_that_was_erased_corrects_nothing_any_more() -> None:
    subject, hold, retraction, erasure = (uuid4() for _ in range(4))

    def told(event_id: UUID, event: str, days: int, **more: object) -> dict[str, object]:
        empty = dict.fromkeys(("namespace", "other", "supersedes", "retracts", "activity", "details"))
        return empty | {
            "subject": subject,
            "event_id": event_id,
            "event": event,
            "recorded_at": NOON,
            "occurred_at": NOON + timedelta(days=days),
            **more,
        }

    history = [told(hold, "HoldPlaced", 20), told(retraction, "EventRetracted", 5, retracts=hold)]
    through = json.dumps({"through": (NOON + timedelta(days=10)).isoformat()})
    erased = told(erasure, "SubjectErased", 30, details=through)

    assert token(subject, history, ZoneInfo("UTC"), NOON).out == {hold}
    assert token(subject, [*history, erased], ZoneInfo("UTC"), NOON).out == frozenset()
