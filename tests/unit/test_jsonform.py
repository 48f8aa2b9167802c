"""Is a line of JSON taken only when it says exactly what an event can say?"""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import NOON, a_subject, any_event, collected, shared

from lineage.codec import decode, encode
from lineage.errors import Refused
from lineage.events import Collected, Consideration, EmitterHeader, PolicyAdopted, Shared
from lineage.jsonform import fields_from_json, from_json, read_line, recorded_at_of, to_json

POISON = "ana.poisoned@example.com"
LINE: dict[str, Any] = {
    "event": "Shared",
    "subject": "account:42",
    "occurred_at": "2026-03-01T12:00:00Z",
    "elements": ["email_address"],
    "recipient": "ad_network",
}


@given(any_event())
def test_any_event_comes_back_from_json_and_avro_and_json(event: EmitterHeader) -> None:
    line = to_json(event)
    there = from_json(read_line(json.dumps(line)))
    assert there == event
    assert to_json(decode(encode(there))) == line


def test_what_the_publisher_fills_may_be_left_out() -> None:
    event = from_json(LINE)
    assert isinstance(event, Shared)
    assert (event.event_id, event.producer, event.incarnation, event.sequence) == (None, None, None, None)
    assert event.subject == "account:42"
    assert event.consideration is Consideration.UNKNOWN


def test_defaults_are_left_out_and_times_have_six_digits_in_utc() -> None:
    line = to_json(collected(occurred_at=NOON.astimezone(UTC) + timedelta(microseconds=5)))
    assert line["occurred_at"] == "2026-03-01T12:00:00.000005Z"
    assert {"ongoing", "count", "origin", "supersedes", "notice"}.isdisjoint(line)
    assert next(iter(line)) == "event"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01t12:00:00z", NOON),
        ("2026-03-01 12:00:00+00:00", NOON),
        ("2026-03-01T04:00-08:00", NOON),
        ("2026-03-01T12:00:00.5Z", NOON + timedelta(milliseconds=500)),
        ("2026-03-01T12:00:00.123456789Z", NOON + timedelta(microseconds=123456)),
    ],
)
def test_a_time_with_zone_is_that_instant_in_utc(text: str, instant: datetime) -> None:
    assert from_json(LINE | {"occurred_at": text}).occurred_at == instant


def test_a_subject_is_a_token_or_an_identifier_for_the_publisher() -> None:
    someone = a_subject()
    event = from_json(LINE | {"subject": str(someone)})
    assert isinstance(event, Shared)
    assert event.subject == someone


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"elements": POISON}, "Shared.elements"),
        ({"elements": [POISON, 1]}, "Shared.elements"),
        ({"elements": None}, "Shared.elements"),
        ({"recipient": {"name": POISON}}, "Shared.recipient"),
        ({"recipient": f"{POISON}\ud800"}, "Shared.recipient"),
        ({"recipient": None}, "Shared.recipient"),
        ({"subject": 42}, "Shared.subject"),
        ({"subject": "0d3c4c63-6a53-4b0c-9d8f-9c1f7e2b5a10"}, "Shared.subject"),
        ({"event_id": POISON}, "Shared.event_id"),
        ({"occurred_at": POISON}, "Shared.occurred_at"),
        ({"occurred_at": None}, "Shared.occurred_at"),
        ({"occurred_at": "2026-03-01T12:00:00"}, "Shared.occurred_at"),
        ({"occurred_at": "2026-03-01"}, "Shared.occurred_at"),
        ({"occurred_at": "2026-02-30T12:00:00Z"}, "Shared.occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "Shared.occurred_at"),
        ({"occurred_at": 1772366400}, "Shared.occurred_at"),
        ({"occurred_until": "2026-03-01T11:59:59Z"}, "Shared.occurred_until"),
        ({"occurred_until": "2026-03-02T00:00:00Z", "ongoing": True}, "Shared.occurred_until"),
        ({"ongoing": "yes"}, "Shared.ongoing"),
        ({"ongoing": 1}, "Shared.ongoing"),
        ({"count": 0}, "Shared.count"),
        ({"count": True}, "Shared.count"),
        ({"count": 1.5}, "Shared.count"),
        ({"count": 2**63}, "Shared.count"),
        ({"consideration": POISON}, "Shared.consideration"),
        ({"consideration": "money"}, "Shared.consideration"),
        ({"accounting": POISON}, "Shared.accounting"),
        ({"accounting": {"hipaa": {"basis": POISON}}}, "Shared.accounting.hipaa.description"),
        ({"accounting": {"hipaa": {"basis": 1}}}, "Shared.accounting.hipaa.basis"),
        ({"accounting": {"sox": POISON}}, "Shared.accounting: sox"),
        ({"source": POISON}, "source is not a field of Shared"),
        ({POISON: "x"}, "a key is not a field of Shared"),
        ({"recorded_at": "2026-03-01T12:00:00Z"}, "recorded_at"),
        ({"event": POISON}, "event"),
        ({"event": ["Shared"]}, "event"),
    ],
)
def test_a_line_is_refused_by_its_key_and_never_by_its_value(change: dict[str, Any], key: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_json(LINE | change)
    assert key in str(refusal.value)
    assert POISON not in repr(refusal.value)
    assert refusal.value.__context__ is None or refusal.value.__suppress_context__


@pytest.mark.parametrize("key", ["event", "subject", "occurred_at", "elements", "recipient"])
def test_a_required_key_that_is_missing_is_named(key: str) -> None:
    with pytest.raises(Refused, match=key):
        from_json({name: value for name, value in LINE.items() if name != key})


def test_equal_bounds_are_an_instant() -> None:
    event = from_json(LINE | {"occurred_until": LINE["occurred_at"]})
    assert event.occurred_until == event.occurred_at


def test_an_activity_may_fill_what_a_line_leaves_out() -> None:
    kind, known = fields_from_json({"event": "Collected", "subject": "account:42", "activity": "sign_up"})
    assert kind is Collected
    assert known == {"subject": "account:42", "activity": "sign_up"}


def test_recorded_at_is_read_only_when_asked_for() -> None:
    line = LINE | {"recorded_at": "2026-03-01T12:00:01Z"}
    assert from_json(line, recorded_at=True) == from_json(LINE)
    assert recorded_at_of(line) == NOON + timedelta(seconds=1)
    assert recorded_at_of(LINE) is None
    with pytest.raises(Refused, match=r"^recorded_at: "):
        recorded_at_of(LINE | {"recorded_at": POISON})


@pytest.mark.parametrize(
    "text", ["", POISON, "[]", "null", '{"a": 1', f'{{"{POISON}": 1, "{POISON}": 2}}', "[" * 100_000]
)
def test_a_line_that_is_no_object_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_line(text)
    assert POISON not in repr(refusal.value)


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9))
values = st.one_of(
    scalars, st.lists(scalars, max_size=3), st.dictionaries(st.text(max_size=5), scalars, max_size=2)
)
keys = st.one_of(st.sampled_from([each.name for each in fields(Shared)]), st.text(max_size=5))


@given(st.dictionaries(keys, values, max_size=4))
def test_whatever_a_line_holds_it_is_an_event_or_refused(more: dict[str, Any]) -> None:
    try:
        event = from_json(LINE | more)
    except Refused:
        return
    assert isinstance(event, EmitterHeader)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"subject": f"email:{POISON}"}, "Shared.subject"),
        ({"elements": POISON}, "Shared.elements"),
        ({"elements": (POISON, 1)}, "Shared.elements"),
        ({"recipient": POISON.encode()}, "Shared.recipient"),
        ({"recipient": f"{POISON}\ud800"}, "Shared.recipient"),
        ({"consideration": POISON}, "Shared.consideration"),
        ({"count": POISON}, "Shared.count"),
        ({"occurred_at": datetime(2026, 3, 1, 12)}, "Shared.occurred_at"),  # noqa: DTZ001  # that is the point
        ({"occurred_at": None}, "Shared.occurred_at"),
        ({"accounting": POISON}, "Shared.accounting"),
        ({"occurred_until": NOON - timedelta(seconds=1)}, "Shared.occurred_until"),
        ({"occurred_until": NOON, "ongoing": True}, "Shared.occurred_until"),
        ({"event_id": None}, "Shared.event_id"),
        ({"sequence": None}, "Shared.sequence"),
    ],
)
def test_an_event_that_cannot_travel_is_refused_by_its_field(change: dict[str, Any], where: str) -> None:
    event = shared(**{"occurred_at": NOON} | change) if change.get("occurred_at", NOON) else _without_time()
    with pytest.raises(Refused) as refusal:
        encode(event)
    assert str(refusal.value).startswith(where)
    assert POISON not in repr(refusal.value)
    assert refusal.value.__context__ is None or refusal.value.__suppress_context__


def _without_time() -> Shared:
    return Shared(
        event_id=UUID(int=1),
        producer="checkout",
        incarnation=UUID(int=2),
        sequence=1,
        subject=a_subject(),
        elements=("email_address",),
        recipient="ad_network",
    )


def test_a_policy_needs_no_number() -> None:
    event = PolicyAdopted(
        event_id=UUID(int=1),
        occurred_at=NOON,
        producer="policy",
        incarnation=UUID(int=2),
        digest="00",
        files={"business.yaml": "name: A shop\n"},
    )
    assert decode(encode(event)).sequence == 0
