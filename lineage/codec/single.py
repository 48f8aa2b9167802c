"""How does one event become a value of the log, and back?"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from lineage.codec.read import reader
from lineage.codec.refusals import Undecodable, UnknownSchema
from lineage.codec.schemas import MARKER, Registry, shipped
from lineage.codec.write import Unwritable, Write, writer
from lineage.errors import Refused
from lineage.events import BY_NAME, EmitterHeader, PolicyAdopted, ProducerReported

NO_SEQUENCE = 0
"""What reports and policies carry for ``sequence``: they take no number."""

NUMBERLESS = (ProducerReported, PolicyAdopted)


@cache
def _writing(event: str) -> tuple[bytes, Write]:
    """The ten bytes before the body, and what makes the body."""
    if event not in BY_NAME:
        raise Refused("only the events of lineage.events can be encoded")
    written = shipped().current(event)
    return written.header, writer(written.schema)


def encode(event: EmitterHeader) -> bytes:
    """The event in Avro single-object encoding.

    Raises Refused, naming the field and never its value, when a field is missing or of a wrong type: a
    subject that is no token, a time without zone, an interval that ends before it begins.
    """
    header, body = _writing(type(event).__name__)
    if event.sequence is None and isinstance(event, NUMBERLESS):
        event = replace(event, sequence=NO_SEQUENCE)
    try:
        value = header + body(event)
    except Unwritable as problem:
        where = f"{type(event).__name__}.{problem.path}"
        raise Refused(f"{where}: missing, or not of the type that lineage.events declares") from None
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
def body_reader(registry: Registry, raw: bytes) -> Callable[[bytes], EmitterHeader] | None:
    """What reads the bodies that stand behind these eight bytes of fingerprint, or None: not known here."""
    written = registry.by_fingerprint(raw)
    return None if written is None else reader(written.schema)


def decode(value: bytes) -> EmitterHeader:
    """The event that the bytes are, wholly.

    Raises UnknownSchema when the fingerprint was never released, Undecodable when the bytes are no
    single-object encoding, are cut short, or have anything left over.
    """
    if len(value) < 10 or value[:2] != MARKER:
        raise Undecodable
    read = body_reader(shipped(), value[2:10])
    if read is None:
        raise UnknownSchema
    try:
        return read(value[10:])
    except (ValueError, IndexError):
        raise Undecodable from None
