"""Records of a log made by hand: events of people who never were, encoded and keyed as a publisher does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from fastavro import parse_schema, schemaless_reader, schemaless_writer

from lineage.codec import encode
from lineage.codec.schemas import shipped
from lineage.events import Collected, EmitterHeader, PolicyAdopted, PopulationShared, ProducerReported, Shared
from lineage.logs import Records

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INCARNATION = uuid4()


def a_subject() -> UUID:
    """A token of nobody in particular: UUID version 8."""
    bits = bytearray(uuid4().bytes)
    bits[6] = 0x80 | bits[6] & 0x0F
    return UUID(bytes=bytes(bits))


def header(**given: Any) -> dict[str, Any]:
    """What every event needs; random ids unless given."""
    return {
        "event_id": uuid4(),
        "subject": a_subject(),
        "namespace": "account",
        "occurred_at": NOW - timedelta(days=1),
        "producer": "web-shop",
        "incarnation": INCARNATION,
        "sequence": 1,
        "system": "shop",
    } | given


def collected(**given: Any) -> Collected:
    return Collected(
        **header(**{"elements": ("email_address",), "source": "the-person", "purposes": ("orders",)} | given)
    )


def shared(**given: Any) -> Shared:
    return Shared(**header(**{"elements": ("email_address",), "recipient": "mailer"} | given))


def population(**given: Any) -> PopulationShared:
    known = header(**{"elements": ("email_address",), "recipient": "mailer"} | given)
    return PopulationShared(
        **{name: value for name, value in known.items() if name not in ("subject", "namespace")}
    )


def report(**given: Any) -> ProducerReported:
    known = {
        "event_id": uuid4(),
        "occurred_at": NOW - timedelta(minutes=1),
        "producer": "web-shop",
        "incarnation": INCARNATION,
        "sequence": 0,
        "last_sequence": 1,
        "covers_from": NOW - timedelta(days=1),
        "covers_until": NOW - timedelta(minutes=1),
    }
    return ProducerReported(**known | given)


def key_of(event: EmitterHeader) -> bytes:
    """The key that a publisher gives the event's record."""
    if isinstance(event, PolicyAdopted):
        return b"policy"
    if isinstance(event, PopulationShared | ProducerReported):
        return str(event.producer).encode()
    return getattr(event, "subject").bytes  # noqa: B009 - every other kind has one


Record = tuple[bytes | None, bytes | None]


def record(event: EmitterHeader) -> Record:
    return key_of(event), encode(event)


def numbered(events: Iterable[EmitterHeader]) -> list[EmitterHeader]:
    """The events with the sequence numbers 1, 2, 3 …"""
    return [replace(event, sequence=number) for number, event in enumerate(events, start=1)]


def foreign(event: EmitterHeader, **header: Any) -> Record:
    """A record of another publisher, which did not look whether the header's fields fit together."""
    key, value = record(event)
    assert value is not None
    schema = parse_schema(dict(shipped().current(type(event).__name__).schema))
    told: Any = schemaless_reader(BytesIO(value[10:]), schema, None)
    told["header"] = _altered(told["header"], header)
    body = BytesIO()
    schemaless_writer(body, schema, told)
    return key, value[:10] + body.getvalue()


def _altered(told: dict[str, Any], header: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _altered(value, header) if isinstance(value, dict) else header.get(name, value)
        for name, value in told.items()
    }


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)


def records(
    told: Iterable[EmitterHeader | Record], *, at: datetime = NOW, first: int = 0, partition: int = 0
) -> Records:
    """The log's records of events, or of bare key and value, all recorded at one instant."""
    pairs = [each if isinstance(each, tuple) else record(each) for each in told]
    return Records(
        partition=[partition] * len(pairs),
        offset=list(range(first, first + len(pairs))),
        recorded_at=[microseconds(at)] * len(pairs),
        key=[key for key, _ in pairs],
        value=[value for _, value in pairs],
    )
