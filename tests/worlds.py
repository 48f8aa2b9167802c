"""What might have happened? Builders of single events with good defaults, strategies for any event at all."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

from hypothesis import strategies as st

from lineage import events
from lineage.events import EVENTS, EmitterHeader, Header, PolicyAdopted, ProducerReported

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
"""When things happen that were given no time."""


def as_token(number: int) -> UUID:
    """A subject token (UUID version 8) with these bits, as far as version and variant leave them free."""
    fixed = (number & ~(0xF << 76) & ~(0x3 << 62)) | (8 << 76) | (2 << 62)
    return UUID(int=fixed)


def a_subject() -> UUID:
    """A random person."""
    return as_token(uuid4().int)


def an_event_id(at: datetime = NOON) -> UUID:
    """A random UUID version 7 made at that time."""
    millis = int(at.timestamp() * 1000)
    return UUID(
        int=(millis << 80) | (7 << 76) | (uuid4().int >> 52 & 0xFFF) << 64 | (2 << 62) | uuid4().int >> 66
    )


BODY: Mapping[str, Mapping[str, Any]] = {
    "Collected": {"elements": ("email_address",), "source": "the_person", "purposes": ("service",)},
    "Used": {"elements": ("email_address",), "purposes": ("service",)},
    "Shared": {"elements": ("email_address",), "recipient": "ad_network", "purposes": ("advertising",)},
    "Corrected": {"elements": ("email_address",)},
    "Deleted": {"elements": ("email_address",)},
    "SubjectDescribed": {"residency": "US-CA"},
    "ChoiceMade": {"choice": events.Choice.OPT_OUT},
    "RecipientNotified": {"recipient": "ad_network", "about": events.NotifiedAbout.DELETION},
    "EventRetracted": {"reason": "WRONG_SUBJECT"},
    "PopulationShared": {"system": "shop", "elements": ("email_address",), "recipient": "ad_network"},
    "ProducerReported": {"last_sequence": 1},
    "PolicyAdopted": {"digest": "0" * 64, "files": {"business.yaml": "name: A shop\n"}},
}
"""Fields beyond the header that a builder fills in; what must be fresh or fit the time is filled in below."""


def an_event(kind: type[EmitterHeader], /, **given: Any) -> Any:
    """A complete event of a type, ready to encode: fresh ids, at noon. ``given`` overrides."""
    at = given.get("occurred_at", NOON)
    numberless = issubclass(kind, ProducerReported | PolicyAdopted)
    fresh: dict[str, Any] = {
        "event_id": an_event_id(at),
        "occurred_at": at,
        "producer": "checkout",
        "incarnation": uuid4(),
        "sequence": 0 if numberless else 1,
    }
    if issubclass(kind, Header):
        fresh |= {"subject": a_subject(), "namespace": "account", "system": "shop"}
    match kind.__name__:
        case "SubjectsLinked" | "SubjectsUnlinked":
            fresh |= {"other": a_subject(), "other_namespace": "email"}
        case "EventRetracted":
            fresh["retracts"] = an_event_id(at)
        case "SubjectErased":
            fresh["through"] = at
        case "ProducerReported":
            fresh |= {"covers_from": at - timedelta(hours=1), "covers_until": at}
    return kind(**(fresh | dict(BODY.get(kind.__name__, {})) | given))


def collected(**given: Any) -> events.Collected:
    """An e-mail address was collected from the person."""
    event: events.Collected = an_event(events.Collected, **given)
    return event


def used(**given: Any) -> events.Used:
    """An e-mail address was used for the service."""
    event: events.Used = an_event(events.Used, **given)
    return event


def shared(**given: Any) -> events.Shared:
    """An e-mail address went to an advertising network."""
    event: events.Shared = an_event(events.Shared, **given)
    return event


def deleted(**given: Any) -> events.Deleted:
    """An e-mail address was erased from the shop."""
    event: events.Deleted = an_event(events.Deleted, **given)
    return event


words = st.one_of(
    st.sampled_from(["email_address", "phone_number", "crm", "shop", "US-CA", "s3://bucket/row/1", ""]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
"""Ids and pointers as they are, and any other text that UTF-8 can hold."""

tokens = st.integers(0, 2**128 - 1).map(as_token)
uuids = st.uuids()
times = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
longs = st.integers(-(2**63), 2**63 - 1)
counts = st.integers(1, 2**63 - 1)

BY_FIELD: Mapping[str, st.SearchStrategy[Any]] = {
    "subject": tokens,
    "other": tokens,
    "count": counts,
    "steps": counts,
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotated type."""
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([values_of(part) for part in get_args(kind)])
    if get_origin(kind) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=4).map(tuple)
    if get_origin(kind) is dict:
        return st.dictionaries(words, words, max_size=3)
    if dataclasses.is_dataclass(kind):
        return records(kind)  # type: ignore[arg-type]  # a class, not an instance: the annotations hold classes
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return {
        type(None): st.none(),
        str: words,
        bool: st.booleans(),
        int: longs,
        UUID: uuids,
        datetime: times,
    }[kind]


def records(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any record of a dataclass, complete: nothing that the publisher would still have to fill in."""
    hints = get_type_hints(kind)
    always = {"event_id": uuids, "occurred_at": times, "producer": words, "incarnation": uuids}
    if issubclass(kind, ProducerReported | PolicyAdopted):
        always["sequence"] = st.just(0)
    elif issubclass(kind, EmitterHeader):
        always["sequence"] = counts
    chosen = BY_FIELD | (always if issubclass(kind, EmitterHeader) else {})
    return st.fixed_dictionaries(
        {name: chosen[name] if name in chosen else values_of(hint) for name, hint in hints.items()}
    ).map(lambda given: kind(**_in_order(given)))


def _in_order(given: dict[str, Any]) -> dict[str, Any]:
    """An interval ends after it begins, and an ongoing one has no end."""
    end = given.get("occurred_until")
    if end is not None:
        if given["ongoing"]:
            given["occurred_until"] = None
        elif end < given["occurred_at"]:
            given["occurred_at"], given["occurred_until"] = end, given["occurred_at"]
    return given


BY_TYPE = {kind: records(kind) for kind in EVENTS}


def any_event_of(kind: type[EmitterHeader]) -> st.SearchStrategy[Any]:
    """Any complete event of one type."""
    return BY_TYPE[kind]


def any_event() -> st.SearchStrategy[Any]:
    """Any complete event of any type."""
    return st.sampled_from(EVENTS).flatmap(any_event_of)
