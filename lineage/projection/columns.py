"""What does one batch of the log become? The columns of an event's row, and the rows that one transaction
writes.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT = pl.Datetime("us", "UTC")
TEXTS = pl.List(pl.String)
UUID_BYTES = pl.Binary
"""A UUID travels as its 16 bytes until the database casts it."""

LOG_COLUMNS: dict[str, pl.DataType] = {
    "log_partition": pl.Int32(),
    "log_offset": pl.Int64(),
    "recorded_at": INSTANT,
}

FIELDS: dict[str, pl.DataType] = {
    "event": pl.String(),
    "event_id": UUID_BYTES(),
    "subject": UUID_BYTES(),
    "namespace": pl.String(),
    "occurred_at": INSTANT,
    "occurred_until": INSTANT,
    "ongoing": pl.Boolean(),
    "count": pl.Int64(),
    "producer": pl.String(),
    "incarnation": UUID_BYTES(),
    "sequence": pl.Int64(),
    "origin": pl.String(),
    "system": pl.String(),
    "actor": pl.String(),
    "on_behalf_of": pl.String(),
    "instruction": pl.String(),
    "regimes": TEXTS,
    "exemption": pl.String(),
    "claim_evidence": pl.String(),
    "activity": pl.String(),
    "request": pl.String(),
    "supersedes": UUID_BYTES(),
    "elements": TEXTS,
    "source": pl.String(),
    "recipient": pl.String(),
    "purposes": TEXTS,
    "consideration": pl.String(),
    "occasion": pl.String(),
    "outcome": pl.String(),
    "operation": pl.String(),
    "reason": pl.String(),
    "method": pl.String(),
    "collected_before": INSTANT,
    "held_in": pl.String(),
    "notice": pl.String(),
    "legal_basis": pl.String(),
    "retention": pl.String(),
    "operator": pl.String(),
    "consent": pl.String(),
    "legal_document": pl.String(),
    "undisclosed_until": INSTANT,
    "other": UUID_BYTES(),
    "retracts": UUID_BYTES(),
    "about": pl.String(),
    "kind": pl.String(),
    "details": pl.String(),
}
"""The columns that a record's own fields fill. A field with no column of its name stands in ``details``."""

EVENT_ROW: dict[str, pl.DataType] = {**LOG_COLUMNS, **FIELDS}
REPEAT_ROW: tuple[str, ...] = (*LOG_COLUMNS, "subject", "event_id", "producer", "incarnation", "sequence")
ERASED_ROW: dict[str, pl.DataType] = {
    **LOG_COLUMNS,
    "producer": pl.String(),
    "incarnation": UUID_BYTES(),
    "sequence": pl.Int64(),
    "erased_by": UUID_BYTES(),
}
PARKED_ROW: dict[str, pl.DataType] = {
    **LOG_COLUMNS,
    "reason": pl.String(),
    "key": pl.Binary(),
    "value": pl.Binary(),
    "subjects": pl.List(pl.Binary),
    "subject": UUID_BYTES(),
    "event_id": UUID_BYTES(),
    "producer": pl.String(),
    "incarnation": UUID_BYTES(),
    "sequence": pl.Int64(),
    "content": pl.Binary(),
}
SETTLEMENT_ROW: dict[str, pl.DataType] = {
    "log_partition": pl.Int32(),
    "log_offset": pl.Int64(),
    "settled_at": INSTANT,
}
SEQUENCE_RUN: dict[str, pl.DataType] = {
    "producer": pl.String(),
    "incarnation": UUID_BYTES(),
    "first": pl.Int64(),
    "last": pl.Int64(),
}
REPORT_ROW: dict[str, pl.DataType] = {
    "event_id": UUID_BYTES(),
    "producer": pl.String(),
    "incarnation": UUID_BYTES(),
    "last_sequence": pl.Int64(),
    "covers_from": INSTANT,
    "covers_until": INSTANT,
    "systems": TEXTS,
    "closing": pl.Boolean(),
    "occurred_at": INSTANT,
    "recorded_at": INSTANT,
    "log_partition": pl.Int32(),
    "log_offset": pl.Int64(),
}
DISPLACED_ROW: dict[str, pl.DataType] = {
    "log_partition": pl.Int32(),
    "log_offset": pl.Int64(),
    "same": pl.Boolean(),
    "content": pl.Binary(),
}
REFUSAL: dict[str, pl.DataType] = {
    **LOG_COLUMNS,
    "subject": UUID_BYTES(),
    "event_id": UUID_BYTES(),
    "content": pl.Binary(),
    "settled": pl.Boolean(),
}


def empty(columns: dict[str, pl.DataType]) -> pl.DataFrame:
    """No rows of these columns."""
    return pl.DataFrame(schema=columns)


def microseconds(instant: datetime) -> int:
    """An instant since 1970-01-01 UTC, exactly: a float of seconds would not hold it."""
    return (instant - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AdoptedPolicy:
    """One arrival of a policy, with the rows of its tables; ``problem`` tells why there are none."""

    policy: str
    recorded_at: datetime
    occurred_at: datetime
    event_id: bytes
    files: str = field(repr=False)
    problem: str | None
    log_partition: int
    log_offset: int
    tables: dict[str, list[tuple[object, ...]]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a partition is read: the last offset, its running maximum of record times, the last record's
    digest.
    """

    partition: int
    offset: int
    recorded_at: datetime
    digest: bytes

    @property
    def microseconds(self) -> int:
        """``recorded_at`` since 1970-01-01 UTC."""
        return microseconds(self.recorded_at)


@dataclass(frozen=True, slots=True, repr=False)
class Rows:
    """All that one batch of records becomes; one transaction writes it, or none of it.

    ``displaced`` names accepted rows of another partition whose identity a record recorded earlier takes
    over; ``same`` says whether that record's content is the same, ``content`` is what they said.
    """

    events: pl.DataFrame
    repeats: pl.DataFrame
    parked: pl.DataFrame
    settlements: pl.DataFrame
    displaced: pl.DataFrame
    runs: pl.DataFrame
    reports: pl.DataFrame
    erased: pl.DataFrame
    policies: tuple[AdoptedPolicy, ...]
    reached: tuple[Reached, ...]

    def __repr__(self) -> str:
        return f"Rows({len(self.events)} events, {len(self.repeats)} repeats, {len(self.parked)} parked)"
