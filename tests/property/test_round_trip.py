"""Does an event survive the way through Avro and back, and does a value mean the same in any company?"""

import io
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import fastavro
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import any_event

from lineage.codec import Undecodable, decode, decode_batch, encode
from lineage.codec.frames import columns
from lineage.codec.schemas import shipped
from lineage.events import EVENTS, EmitterHeader, Header

PARSED = {
    kind.__name__: fastavro.parse_schema(dict(shipped().current(kind.__name__).schema)) for kind in EVENTS
}


@given(any_event())
def test_any_event_comes_back_from_avro_as_it_was(event: EmitterHeader) -> None:
    assert decode(encode(event)) == event


@given(any_event())
def test_every_byte_is_what_the_released_schema_says(event: EmitterHeader) -> None:
    name = type(event).__name__
    head = {each.name for each in fields(Header if isinstance(event, Header) else EmitterHeader)}
    row = _avro(event)
    row = {"header": {key: row.pop(key) for key in head}} | row
    out = io.BytesIO()
    fastavro.schemaless_writer(out, PARSED[name], row)
    assert encode(event)[10:] == out.getvalue()
    again = fastavro.schemaless_reader(io.BytesIO(encode(event)[10:]), PARSED[name], None)
    assert again == row


def _avro(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple):
        return [_avro(each) for each in value]
    if is_dataclass(value):
        return {each.name: _avro(getattr(value, each.name)) for each in fields(value)}
    return value


def damaged(value: bytes) -> st.SearchStrategy[bytes]:
    """The value cut short, made longer, with bytes changed, taken out, put in, or turned round."""
    places = st.integers(0, len(value) - 1)
    byte = st.one_of(st.sampled_from([0, 1, 2, 3, 0x7F, 0x80, 0xFF]), st.integers(0, 255))
    return st.one_of(
        st.just(value),
        places.map(lambda at: value[:at]),
        st.binary(min_size=1, max_size=12).map(lambda more: value + more),
        st.tuples(places, byte).map(lambda hit: value[: hit[0]] + bytes([hit[1]]) + value[hit[0] + 1 :]),
        places.map(lambda at: value[:at] + value[at + 1 :]),
        st.tuples(places, st.binary(min_size=1, max_size=10)).map(
            lambda hit: value[: hit[0]] + hit[1] + value[hit[0] :]
        ),
        st.tuples(places, st.integers(0, 7)).map(
            lambda hit: value[: hit[0]] + bytes([value[hit[0]] ^ 1 << hit[1]]) + value[hit[0] + 1 :]
        ),
        st.just(value[:2] + bytes(8) + value[10:]),
        st.just(value + value[10:]),
    )


anything = st.one_of(
    any_event().map(encode).flatmap(damaged), any_event().map(encode), st.none(), st.binary(max_size=40)
)


@given(any_event().map(encode).flatmap(damaged))
def test_whatever_bytes_hold_they_are_an_event_or_undecodable(value: bytes) -> None:
    try:
        event = decode(value)
    except Undecodable:
        return
    assert isinstance(event, EmitterHeader)


@settings(deadline=None, max_examples=60)
@given(st.lists(anything, max_size=12))
def test_a_value_becomes_in_a_batch_what_it_becomes_alone(values: Sequence[bytes | None]) -> None:
    check(values)


@settings(deadline=None, max_examples=20)
@given(st.lists(any_event().map(encode), min_size=1, max_size=8), st.data())
def test_one_damaged_value_among_many_of_its_kind_changes_no_other(
    values: list[bytes], data: st.DataObject
) -> None:
    many = values * 30
    at = data.draw(st.integers(0, len(many) - 1))
    many[at] = data.draw(damaged(many[at]))
    check(many)


def check(values: Sequence[bytes | None]) -> None:
    alone = {value: decode_batch([value]) for value in set(values)}
    batch = decode_batch(values)
    assert batch.refused == [
        (index, code) for index, value in enumerate(values) for _, code in alone[value].refused
    ]
    expected: dict[str, list[int]] = {}
    for index, value in enumerate(values):
        for name in alone[value].frames:
            expected.setdefault(name, []).append(index)
    assert {name: indices for name, (indices, _) in batch.frames.items()} == expected
    for name, (indices, frame) in batch.frames.items():
        rows = pl.concat([alone[values[index]].frames[name][1] for index in indices])
        assert frame.schema == rows.schema
        assert frame.equals(rows, null_equal=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(any_event(), min_size=1, max_size=12))
def test_a_batch_of_events_holds_the_fields_that_one_by_one_gives(told: list[EmitterHeader]) -> None:
    values = [encode(event) for event in told]
    batch = decode_batch(values)
    assert batch.refused == []
    assert sorted(index for indices, _ in batch.frames.values() for index in indices) == list(
        range(len(told))
    )
    for name, (indices, frame) in batch.frames.items():
        wanted = columns(shipped().current(name).schema)
        rows = [_row(decode(values[index])) for index in indices]
        expected = pl.DataFrame([[row[name] for name in wanted] for row in rows], schema=wanted, orient="row")
        assert frame.schema == expected.schema
        assert frame.equals(expected, null_equal=True)


def _row(event: EmitterHeader) -> dict[str, Any]:
    """The event as a row of a frame: words as text, a map as its entries."""
    return {
        name: [{"key": key, "value": inside} for key, inside in value.items()] if name == "files" else value
        for name, value in _avro(event).items()
    }


def test_a_batch_of_nothing_is_nothing() -> None:
    batch = decode_batch([])
    assert (batch.frames, batch.refused) == ({}, [])


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_frames_have_one_column_a_field_with_the_header_at_the_top(kind: type[EmitterHeader]) -> None:
    names = list(columns(shipped().current(kind.__name__).schema))
    assert sorted(names) == sorted(each.name for each in fields(kind))
    assert names[0] == "event_id"
    assert columns(shipped().current(kind.__name__).schema)["occurred_at"] == pl.Datetime("us", "UTC")
