"""How does one event become a value of the log, and back? By fastavro; here is what must hold around it."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

from fastavro import parse_schema, schemaless_reader

from lineage.codec.body import body_writer, written
from lineage.codec.flat import flat
from lineage.codec.record import record, way
from lineage.codec.refusals import Undecodable, UnknownSchema
from lineage.codec.schemas import Registry, Schema, shipped
from lineage.errors import Refused
from lineage.events import BY_NAME, EmitterHeader, PolicyAdopted, ProducerReported
from lineage.framing import NO_IDS, SchemaIds, header_of

NO_SEQUENCE = 0
"""What reports and policies carry for ``sequence``: they take no number."""

NUMBERLESS = (ProducerReported, PolicyAdopted)

UNWRITABLE = (AttributeError, TypeError, ValueError, OverflowError)
UNREADABLE = (EOFError, IndexError, ValueError, OverflowError)
"""What fastavro raises for a value that is not of its type, and for bytes that are no record."""


class Body:
    """Writes and reads what follows the header, by one schema."""

    def __init__(self, schema: Schema) -> None:
        told = flat(schema)
        self._put = body_writer(told)
        _, self._back = record(told)
        self._fields = told["fields"]
        self._parsed = parse_schema(told)

    def write(self, event: EmitterHeader) -> bytes:
        """The event's bytes. Raises Refused, naming the first field that cannot be written."""
        try:
            return self._put(event)
        except UNWRITABLE:
            pass  # raised anew below, without fastavro's words: they show the value
        raise Refused(
            f"{type(event).__name__}.{self._wrong(event)}: missing, or not of the type that "
            "lineage.events declares"
        )

    def _wrong(self, event: EmitterHeader) -> str:
        for field in self._fields:
            try:
                value = getattr(event, field["name"])
                out = way(field["type"]).out
                written(field["type"], value if out is None else out(value))
            except UNWRITABLE:
                return str(field["name"])
        return "fields"

    def record(self, body: bytes) -> dict[str, Any]:
        """Field name to value as fastavro gives it. Raises Undecodable, also when a byte is left over."""
        stream = BytesIO(body)
        try:
            told = schemaless_reader(stream, self._parsed, None)
        except UNREADABLE:
            told = None
        if isinstance(told, dict) and stream.tell() == len(body):
            return told
        raise Undecodable

    def read(self, body: bytes) -> EmitterHeader:
        """The event that the bytes are, wholly. Raises Undecodable."""
        event: EmitterHeader = self._back(self.record(body))
        return event


@cache
def _writing(event: str) -> tuple[bytes, Body]:
    """The ten bytes before the body, and what makes the body."""
    if event not in BY_NAME:
        raise Refused("only the events of lineage.events can be encoded")
    written = shipped().current(event)
    return written.header, Body(written.schema)


def encode(event: EmitterHeader) -> bytes:
    """The event in Avro single-object encoding.

    Raises Refused, naming the field and never its value, when a field is missing or of a wrong type: a
    subject that is no token, a time without zone, an interval that ends before it begins.
    """
    header, body = _writing(type(event).__name__)
    if event.sequence is None and isinstance(event, NUMBERLESS):
        event = replace(event, sequence=NO_SEQUENCE)
    value = header + body.write(event)
    if event.occurred_until is not None:
        _check_interval(event)
    return value


def _check_interval(event: EmitterHeader) -> None:
    where = f"{type(event).__name__}.occurred_until"
    if event.ongoing:
        raise Refused(f"{where}: leave it out while the event is ongoing")
    if (
        event.occurred_at is not None
        and event.occurred_until is not None
        and event.occurred_until < event.occurred_at
    ):
        raise Refused(f"{where}: it must not lie before occurred_at")


@cache
def body_of(registry: Registry, raw: bytes) -> Body | None:
    """What reads the bodies that stand behind these eight bytes of fingerprint, or None: not known here."""
    written = registry.by_fingerprint(raw)
    return None if written is None else Body(written.schema)


def decode(value: bytes, ids: SchemaIds = NO_IDS) -> EmitterHeader:
    """The event that the bytes are, wholly, in either framing.

    Raises UnknownSchema when the fingerprint was never released or nothing is known of the id, Undecodable
    when the bytes have no such header, are cut short, or have anything left over.
    """
    header = header_of(value)
    try:
        raw = ids.fingerprint(header)
    except ValueError:
        raise Undecodable from None
    body = None if raw is None else body_of(shipped(), raw)
    if body is None:
        raise UnknownSchema
    return body.read(value[len(header) :])
