"""What is this refused record? Which check it failed and what helps; its contents only when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import duckdb

from lineage.codec import Undecodable, UnknownSchema, decode
from lineage.codec.schemas import shipped
from lineage.errors import LogChanged, Refused
from lineage.framing import NO_IDS, SchemaIds, header_of
from lineage.logs import Log
from lineage.parked.still import in_words
from lineage.questions import compose
from lineage.report.state import Discarded

CHECKS: Final[Mapping[str, tuple[str, str]]] = {
    "UNKNOWN_SCHEMA": (
        "its schema is none that ships with this version",
        "install the version that knows it, or learn the registry's ids (lineage schemas learn); then "
        "release it",
    ),
    "UNDECODABLE": (
        "its bytes are not one whole event",
        "have the producer send the event again under a new id, then discard this record",
    ),
    "KEY_MISMATCH": (
        "its key is not its subject's token, or not its producer's name",
        "have the producer send the event again under the right key, then discard this record",
    ),
    "INVALID_TIME": (
        "it ends before it begins, ends though it goes on, or lies outside the calendar",
        "have the producer send the event again with the right time under a new id, then discard this record",
    ),
    "FUTURE": (
        "it claims to have happened more than five minutes after the log took it",
        "have the producer send it once more: the same event, taken later, settles this one; "
        "or correct the time under a new id, then discard this record",
    ),
    "OTHER_CONTENT": (
        "its id is known, with other content",
        "have the producer publish a correction that supersedes the accepted event, then discard this record",
    ),
}
"""Reason -> which check failed, and what helps."""


@dataclass(frozen=True, slots=True)
class Described:
    """A refused record without its contents. ``settled_at``: when its gap ended, if it has.

    ``fingerprint``: of the schema that it names, when it names one; ``schema``: the event of that schema,
    when it is known here. ``concerns``: the tokens of whom it may speak; None: of anybody.
    """

    partition: int
    offset: int
    recorded_at: datetime
    reason: str
    check: str
    helps: str
    fingerprint: str | None
    schema: str | None
    key_bytes: int | None
    value_bytes: int | None
    producer: str | None
    incarnation: UUID | None
    sequence: int | None
    settled_at: datetime | None
    concerns: tuple[UUID, ...] | None = field(repr=False)
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)

    def told(self) -> dict[str, Any]:
        """All that may be shown to whoever operates the log: whom it concerns as a number."""
        shown = {name: each for name, each in asdict(self).items() if name not in ("key", "value")}
        return shown | {"concerns": in_words(None if self.concerns is None else len(self.concerns))}

    def contents(self, ids: SchemaIds = NO_IDS) -> dict[str, Any]:
        """Key and value in hexadecimal digits, and the fields of the event when it can be read."""
        return {"key": _hex(self.key), "value": _hex(self.value), "event": _event(self.value, ids)}


def described(
    reader: duckdb.DuckDBPyConnection,
    log: Log,
    partition: int,
    offset: int,
    discarded: Sequence[Discarded] = (),
    ids: SchemaIds = NO_IDS,
) -> Described:
    """The refused record at this place. The log is asked for the bytes of one that stood accepted once.

    ``ids``: what a schema registry's ids mean.

    Raises:
        Refused: no record is parked there.
        LogChanged, LogUnavailable: its bytes cannot be had from the log.
    """
    found = reader.execute(
        f"""
        select recorded_at, reason, producer, incarnation, sequence, subjects, settled_at
        from ({compose("refusal")})
        where log_partition = $partition and log_offset = $offset
        """,
        {
            "discarded": [each._asdict() for each in discarded],
            "partition": partition,
            "offset": offset,
        },
    ).fetchone()
    if found is None:
        raise Refused(f"No record is parked at {partition}/{offset}. Run: lineage parked list")
    recorded_at, reason, producer, incarnation, sequence, subjects, settled_at = found
    key, value = _bytes(reader, log, partition, offset, reason)
    check, helps = CHECKS[reason]
    named = _fingerprint(value, ids)
    written = named and shipped().by_fingerprint(named)
    return Described(
        partition=partition,
        offset=offset,
        recorded_at=recorded_at,
        reason=reason,
        check=check,
        helps=helps,
        fingerprint=named[::-1].hex() if named else None,
        schema=written.event if written else None,
        key_bytes=None if key is None else len(key),
        value_bytes=None if value is None else len(value),
        producer=producer,
        incarnation=incarnation,
        sequence=sequence,
        settled_at=settled_at,
        concerns=None if subjects is None else tuple(subjects),
        key=key,
        value=value,
    )


def _bytes(
    reader: duckdb.DuckDBPyConnection, log: Log, partition: int, offset: int, reason: str
) -> tuple[bytes | None, bytes | None]:
    place = {"partition": partition, "offset": offset}
    where = "where log_partition = $partition and log_offset = $offset"
    [(key, value)] = reader.execute(f"select key, value from parked_row {where} limit 1", place).fetchall()
    if value is not None or reason != "OTHER_CONTENT":
        return key, value
    first, end = log.bounds().get(partition, (0, 0))
    records = log.read({partition: offset}, limit=1, wait_seconds=5.0) if first <= offset < end else None
    if not records or records.offset[0] != offset:
        raise LogChanged(
            f"{log.name}/{partition} does not hold record {offset} any more. Bring it back from an archive."
        )
    return records.key[0], records.value[0]


def _fingerprint(value: bytes | None, ids: SchemaIds) -> bytes | None:
    try:
        return ids.fingerprint(header_of(value or b""))
    except ValueError:  # it is in no framing
        return None


def _hex(told: bytes | None) -> str | None:
    return None if told is None else told.hex()


def _event(value: bytes | None, ids: SchemaIds) -> dict[str, Any] | None:
    if value is None:
        return None
    try:
        event = decode(value, ids)
    except (Undecodable, UnknownSchema):
        return None
    return {"event": type(event).__name__, **asdict(event)}
