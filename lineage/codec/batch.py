"""How do the values of a whole batch become columns? By schema, in blocks, and an unclean block in parts.

What a value becomes depends on that value alone, and on what ids mean: on no neighbour, on no order. Parking
goes by it. The one judge is the block: a value is an event when a block of that value alone is clean. A clean
block of many is clean in each of its parts, for every record ended where its guard stands. Of policies
fastavro is the judge; of the rest it is asked only which values are likely to be clean together.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import pairwise

import polars as pl

from lineage.codec.block import Block
from lineage.codec.frames import frame_of
from lineage.codec.refusals import UNDECODABLE, UNKNOWN_SCHEMA, Undecodable
from lineage.codec.schemas import Registry, Schema, WriterSchema, shipped
from lineage.codec.single import Body
from lineage.events import PolicyAdopted
from lineage.framing import NO_IDS, SchemaIds, header_of

CUTS = 4
"""An unclean block is cut into so many: one damaged value slows down its neighbourhood, not the batch."""

FEW = 64
"""Values of an unclean block that are worth a look one by one before they are put together again. To open a
block takes as long as fastavro needs for some thirty values: where many are damaged this halves the time.
"""

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
        self._readers: dict[tuple[bytes, int], Callable[[list[bytes]], Read]] = {}

    def decode(self, values: Sequence[bytes | None], ids: SchemaIds = NO_IDS) -> DecodedBatch:
        """Every value is in exactly one place: a row of a frame, or refused with a reason."""
        groups: dict[bytes | None, list[int]] = defaultdict(list)
        for index, value in enumerate(values):
            groups[value and header_of(value)].append(index)
        refused: list[tuple[int, str]] = []
        parts: dict[str, list[tuple[list[int], pl.DataFrame]]] = defaultdict(list)
        for header, indices in groups.items():
            try:
                raw = ids.fingerprint(header or b"")
            except ValueError:
                refused.extend((index, UNDECODABLE) for index in indices)
                continue
            written = None if raw is None else self._registry.by_fingerprint(raw)
            if header is None or raw is None or written is None:
                refused.extend((index, UNKNOWN_SCHEMA) for index in indices)
                continue
            whole = [value for index in indices if (value := values[index]) is not None]
            kept, frame = self._reader(raw, written, len(header))(whole)
            if len(kept) < len(indices):
                good = set(kept)
                refused.extend((index, UNDECODABLE) for at, index in enumerate(indices) if at not in good)
            if kept:
                parts[written.event].append(([indices[at] for at in kept], frame))
        return DecodedBatch({event: _joined(found) for event, found in parts.items()}, sorted(refused))

    def _reader(self, raw: bytes, written: WriterSchema, head: int) -> Callable[[list[bytes]], Read]:
        if (raw, head) not in self._readers:
            newest = self._registry.current(written.event).schema
            if written.event == PolicyAdopted.__name__:
                self._readers[raw, head] = partial(_one_by_one, Body(written.schema), newest, head)
            else:
                self._readers[raw, head] = partial(
                    _in_blocks, Block(written.schema, newest, head), Body(written.schema), head
                )
        return self._readers[raw, head]


def _in_blocks(block: Block, body: Body, head: int, values: list[bytes]) -> Read:
    """By polars-avro: an unclean block is cut again and again, down to blocks of one value."""
    kept: list[int] = []
    parts: list[pl.DataFrame] = []

    def read(some: Sequence[int]) -> None:
        rows = block.rows([values[at] for at in some])
        if rows is not None:
            kept.extend(some)
            parts.append(rows)
        elif len(some) > 1:
            for part in cut(some):
                read(part)

    def cut(some: Sequence[int]) -> list[Sequence[int]]:
        likely = [at for at in some if _reads(body, values[at][head:])] if len(some) <= FEW else []
        if 0 < len(likely) < len(some):
            unlikely = set(some).difference(likely)
            return [likely, *([at] for at in sorted(unlikely))]
        step = -(-len(some) // CUTS)
        return [some[start : start + step] for start in range(0, len(some), step)]

    read(range(len(values)))
    return _ascending(kept, block.frame(parts))


def _reads(body: Body, told: bytes) -> bool:
    try:
        body.record(told)
    except Undecodable:
        return False
    return True


def _one_by_one(body: Body, newest: Schema, head: int, values: list[bytes]) -> Read:
    """By fastavro, and by it alone: the projection takes for a policy what ``decode`` takes for one."""
    records = {}
    for at, value in enumerate(values):
        with suppress(Undecodable):
            records[at] = body.record(value[head:])
    return list(records), frame_of(records.values(), newest)


def _joined(parts: list[tuple[list[int], pl.DataFrame]]) -> tuple[list[int], pl.DataFrame]:
    """The rows of several schemas of one event as one frame, in the order of the values."""
    if len(parts) == 1:
        return parts[0]
    indices = [index for part, _ in parts for index in part]
    return _ascending(indices, pl.concat([frame for _, frame in parts]))


def _ascending(indices: list[int], frame: pl.DataFrame) -> tuple[list[int], pl.DataFrame]:
    """The rows in the order of their indices."""
    if all(one < other for one, other in pairwise(indices)):
        return indices, frame
    order = sorted(range(len(indices)), key=indices.__getitem__)
    return [indices[at] for at in order], frame[order]


@cache
def _shipped() -> Decoder:
    return Decoder(shipped())


def decode_batch(values: Sequence[bytes | None], ids: SchemaIds = NO_IDS) -> DecodedBatch:
    """Decode values of the log, in either framing, by the shipped schemas. Never raises for what a value
    holds.
    """
    return _shipped().decode(values, ids)
