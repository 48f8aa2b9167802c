"""How do the values of a whole batch become columns? By schema, in blocks, and an unclean block in parts.

What a value becomes depends on that value alone: on no neighbour, on no order. Parking goes by it. The one
judge is the block: a value is an event when a block of that value alone is clean. A clean block of many is
clean in each of its parts, for every record ended where its guard stands. Of policies fastavro is the judge.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial

import polars as pl

from lineage.codec.block import Block
from lineage.codec.frames import frame_of
from lineage.codec.refusals import UNDECODABLE, UNKNOWN_SCHEMA, Undecodable
from lineage.codec.schemas import HEADER_BYTES, MARKER, Registry, Schema, WriterSchema, shipped
from lineage.codec.single import Body
from lineage.events import PolicyAdopted

CUTS = 4
"""An unclean block is cut into so many: one damaged value slows down its neighbourhood, not the batch."""

Read = tuple[Sequence[int], pl.DataFrame]
"""Which of some values are events, and their rows."""


@dataclass(frozen=True, slots=True)
class DecodedBatch:
    """Rows by event type, and what could not be read. ``repr`` shows counts only."""

    frames: dict[str, tuple[list[int], pl.DataFrame]] = field(repr=False)
    """Event name to (index into the values of each row, ascending; the rows)."""
    refused: list[tuple[int, str]]
    """Index into the values and reason code, ascending."""


class Decoder:
    """Decodes batches by the schemas of one registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._readers: dict[bytes, Callable[[list[bytes]], Read]] = {}

    def decode(self, values: Sequence[bytes | None]) -> DecodedBatch:
        """Every value is in exactly one place: a row of a frame, or refused with a reason."""
        groups: dict[bytes | None, list[int]] = defaultdict(list)
        for index, value in enumerate(values):
            groups[value and value[:HEADER_BYTES]].append(index)
        refused: list[tuple[int, str]] = []
        parts: dict[str, list[tuple[list[int], pl.DataFrame]]] = defaultdict(list)
        for header, indices in groups.items():
            if header is None or len(header) < HEADER_BYTES or not header.startswith(MARKER):
                refused.extend((index, UNDECODABLE) for index in indices)
                continue
            raw = header[len(MARKER) :]
            written = self._registry.by_fingerprint(raw)
            if written is None:
                refused.extend((index, UNKNOWN_SCHEMA) for index in indices)
                continue
            whole = [value for index in indices if (value := values[index]) is not None]
            kept, frame = self._reader(raw, written)(whole)
            if len(kept) < len(indices):
                good = set(kept)
                refused.extend((index, UNDECODABLE) for at, index in enumerate(indices) if at not in good)
            if kept:
                parts[written.event].append(([indices[at] for at in kept], frame))
        return DecodedBatch({event: _joined(found) for event, found in parts.items()}, sorted(refused))

    def _reader(self, raw: bytes, written: WriterSchema) -> Callable[[list[bytes]], Read]:
        if raw not in self._readers:
            newest = self._registry.current(written.event).schema
            if written.event == PolicyAdopted.__name__:
                self._readers[raw] = partial(_one_by_one, Body(written.schema), newest)
            else:
                self._readers[raw] = partial(_in_blocks, Block(written.schema, newest))
        return self._readers[raw]


def _in_blocks(block: Block, values: list[bytes]) -> Read:
    """By polars-avro: an unclean block is cut again and again, down to blocks of one value."""
    kept: list[int] = []
    parts: list[pl.DataFrame] = []

    def read(first: int, size: int) -> None:
        rows = block.rows(values[first : first + size])
        if rows is not None:
            kept.extend(range(first, first + size))
            parts.append(rows)
        elif size > 1:
            step = -(-size // CUTS)
            for start in range(0, size, step):
                read(first + start, min(step, size - start))

    read(0, len(values))
    return kept, block.frame(parts)


def _one_by_one(body: Body, newest: Schema, values: list[bytes]) -> Read:
    """By fastavro, and by it alone: the projection takes for a policy what ``decode`` takes for one."""
    records = {}
    for at, value in enumerate(values):
        with suppress(Undecodable):
            records[at] = body.record(value[HEADER_BYTES:])
    return list(records), frame_of(records.values(), newest)


def _joined(parts: list[tuple[list[int], pl.DataFrame]]) -> tuple[list[int], pl.DataFrame]:
    """The rows of several schemas of one event as one frame, in the order of the values."""
    if len(parts) == 1:
        return parts[0]
    indices = [index for part, _ in parts for index in part]
    order = sorted(range(len(indices)), key=indices.__getitem__)
    frame = pl.concat([frame for _, frame in parts])
    return [indices[at] for at in order], frame[order]


@cache
def _shipped() -> Decoder:
    return Decoder(shipped())


def decode_batch(values: Sequence[bytes | None]) -> DecodedBatch:
    """Decode values of the log by the shipped schemas. Never raises for what a value holds."""
    return _shipped().decode(values)
