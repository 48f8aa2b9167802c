"""How do the values of a whole batch become columns? By schema, in blocks, and never worse than one by one.

What a value becomes depends on that value alone: on no neighbour, on no order. The strict reader
(``read.py``) says what is an event; a block is only a faster way to the same answer, taken when it is clean.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from lineage.codec.block import Block
from lineage.codec.frames import columns, frame_of
from lineage.codec.refusals import UNDECODABLE, UNKNOWN_SCHEMA
from lineage.codec.schemas import MARKER, Registry, WriterSchema, shipped
from lineage.codec.single import body_reader
from lineage.events import EmitterHeader

ONE_BY_ONE = 128
"""A block of so many bodies that is not clean is read one by one; a larger one is halved."""


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
        self._blocks: dict[bytes, Block | None] = {}
        self._columns: dict[str, dict[str, pl.DataType]] = {}

    def decode(self, values: Sequence[bytes | None]) -> DecodedBatch:
        """Every value is in exactly one place: a row of a frame, or refused with a reason."""
        groups: dict[bytes, list[int]] = defaultdict(list)
        refused: list[tuple[int, str]] = []
        for index, value in enumerate(values):
            if value is None or value[:2] != MARKER or len(value) < 10:
                refused.append((index, UNDECODABLE))
            else:
                groups[value[2:10]].append(index)
        parts: dict[str, list[tuple[list[int], pl.DataFrame]]] = defaultdict(list)
        for raw, indices in groups.items():
            written = self._registry.by_fingerprint(raw)
            if written is None:
                refused.extend((index, UNKNOWN_SCHEMA) for index in indices)
                continue
            bodies = [value[10:] for index in indices if (value := values[index]) is not None]
            kept, frame = self._group(raw, written, bodies)
            if len(kept) < len(indices):
                good = set(kept)
                refused.extend((index, UNDECODABLE) for at, index in enumerate(indices) if at not in good)
            if kept:
                parts[written.event].append(([indices[at] for at in kept], frame))
        return DecodedBatch({event: _joined(found) for event, found in parts.items()}, sorted(refused))

    def _group(
        self, raw: bytes, written: WriterSchema, bodies: list[bytes]
    ) -> tuple[Sequence[int], pl.DataFrame]:
        """Which of the bodies of one schema are events, and their rows."""
        wanted = self._wanted(written.event)
        block = self._block(raw, written)
        frame = None if block is None else block.frame(bodies)
        if frame is not None:
            return range(len(bodies)), frame
        if block is not None and len(bodies) > ONE_BY_ONE:
            return self._halves(raw, written, bodies)
        events: dict[int, EmitterHeader] = {}
        read = body_reader(self._registry, raw)
        for at, body in enumerate(bodies):
            try:
                if read is not None:
                    events[at] = read(body)
            except (ValueError, IndexError):
                continue
        return list(events), frame_of(list(events.values()), wanted)

    def _halves(
        self, raw: bytes, written: WriterSchema, bodies: list[bytes]
    ) -> tuple[Sequence[int], pl.DataFrame]:
        """So that one damaged value slows down its neighbourhood, not the batch."""
        middle = len(bodies) // 2
        left, above = self._group(raw, written, bodies[:middle])
        right, below = self._group(raw, written, bodies[middle:])
        return [*left, *(middle + at for at in right)], pl.concat([above, below])

    def _wanted(self, event: str) -> dict[str, pl.DataType]:
        if event not in self._columns:
            self._columns[event] = columns(self._registry.current(event).schema)
        return self._columns[event]

    def _block(self, raw: bytes, written: WriterSchema) -> Block | None:
        """None for a schema with other columns than the newest: its events take defaults one by one."""
        if raw not in self._blocks:
            wanted = self._wanted(written.event)
            same = columns(written.schema) == wanted and written.event != "PolicyAdopted"  # it has a map
            self._blocks[raw] = Block(written.schema, wanted) if same else None
        return self._blocks[raw]


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
