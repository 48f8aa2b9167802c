"""How do the batches of a topic become columns? All of a fetch in one go.

A record of Kafka's format 2 (https://kafka.apache.org/documentation/#record) without headers is byte for
byte a record of Avro: numbers and lengths are the same varints. So the batches of a fetch are read as one
block of Avro, and record by record only where that is not clean: a missing key or value, headers, damage.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any, Final

from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch

Columns = tuple[list[int], list[int], list[bytes | None], list[bytes | None]]
"""Offsets, times in microseconds since 1970, keys, values."""

RECORD: Final = {
    "type": "record",
    "name": "record",
    "fields": [
        {"name": "size", "type": "long"},
        {"name": "attributes", "type": {"type": "fixed", "name": "attributes", "size": 1}},
        {"name": "time", "type": "long"},
        {"name": "offset", "type": "long"},
        {"name": "key", "type": "bytes"},
        {"name": "value", "type": "bytes"},
        {"name": "headers", "type": "long"},
    ],
}
"""As Avro sees a record without headers: what counts them is zero."""

MANY: Final = 300
"""Records that are worth a block: to open one takes about a millisecond."""


class Unpacked:
    """The records of one batch as they stand one after the other, not compressed any more."""

    def __init__(self, batch: DefaultRecordBatch) -> None:
        batch._maybe_uncompress()
        self.batch = batch
        self.data = bytes(memoryview(batch._buffer)[batch._pos :])

    def __len__(self) -> int:
        count: int = self.batch.records_count
        return count


def columns_of(batches: Sequence[Unpacked]) -> Columns:
    """The records of batches, one after the other. Raises CorruptRecordError."""
    if sum(map(len, batches)) >= MANY and (columns := in_one_block(batches)) is not None:
        return columns
    offsets, times, keys, values = zip(*map(one_by_one, batches), strict=True)
    return [*chain(*offsets)], [*chain(*times)], [*chain(*keys)], [*chain(*values)]


def in_one_block(batches: Sequence[Unpacked]) -> Columns | None:
    """The records of batches as one block of Avro; None where it does not show that they are just that."""
    from lineage.framing.block import rows_of_block  # a log that is only written to needs none of it

    data = b"".join(each.data for each in batches)
    head, sizes, are_whole = _block()
    rows = rows_of_block(head, sum(map(len, batches)), data)
    if rows is None or rows.select((are_whole & (sizes.sum() == len(data))).all()).item() is not True:
        return None
    offsets: list[int] = []
    times: list[int] = []
    at = 0
    for each in batches:
        here = slice(at, at := at + len(each))
        offsets += _offsets(each.batch, partial(_part, rows["offset"], here))
        times += _times(each.batch, partial(_part, rows["time"], here))
    return offsets, times, rows["key"].to_list(), rows["value"].to_list()


def _part(column: Any, rows: slice) -> list[int]:
    found: list[int] = column[rows].to_list()
    return found


@cache
def _block() -> tuple[bytes, Any, Any]:
    """The head of a file of records, and two of polars.Expr: how many bytes each takes, and whether it is
    what it says.
    """
    import polars as pl

    from lineage.framing.block import file_head

    def width(number: pl.Expr) -> pl.Expr:
        """How many bytes of a zigzag varint a number that is not negative takes."""
        return pl.sum_horizontal([pl.lit(1), *((number >= 1 << bits).cast(int) for bits in range(6, 62, 7))])

    size, time, offset, headers = map(pl.col, ("size", "time", "offset", "headers"))
    lengths = pl.col("key").bin.size().cast(int), pl.col("value").bin.size().cast(int)
    ends = 1 + width(time) + width(offset) + pl.sum_horizontal([width(each) + each for each in lengths]) + 1
    are_whole = (size == ends) & (time >= 0) & (offset >= 0) & (headers == 0)
    return file_head(RECORD), size + width(size), are_whole


def one_by_one(batch: Unpacked) -> Columns:
    """The records of a batch, whatever they hold. Raises CorruptRecordError."""
    try:
        return _columns(batch)
    except IndexError:
        raise CorruptRecordError("a batch ends within a record") from None


def _columns(batch: Unpacked) -> Columns:
    data, at = batch.data, 0
    since: list[int] = []
    deltas: list[int] = []
    keys: list[bytes | None] = []
    values: list[bytes | None] = []
    for _ in range(len(batch)):
        size, at = _varint(data, at)
        end = at + size
        since_first, at = _varint(data, at + 1)  # behind the attributes: none are in use
        delta, at = _varint(data, at)
        since.append(since_first)
        deltas.append(delta)
        for column in (keys, values):
            length, at = _varint(data, at)
            column.append(None if length < 0 else data[at : at + length])
            at += max(0, length)
        if at >= end:
            raise CorruptRecordError("a record is longer than it says")
        at = end  # behind its headers
    if at != len(data):
        raise CorruptRecordError("a batch is longer than its records")
    return _offsets(batch.batch, lambda: deltas), _times(batch.batch, lambda: since), keys, values


def _offsets(batch: DefaultRecordBatch, deltas: Callable[[], list[int]]) -> list[int]:
    first, last = batch.base_offset, batch.last_offset
    if last - first + 1 == batch.records_count:
        return list(range(first, last + 1))
    return [first + each for each in deltas()]


def _times(batch: DefaultRecordBatch, since: Callable[[], list[int]]) -> list[int]:
    if batch.timestamp_type == batch.LOG_APPEND_TIME:
        return [batch.max_timestamp * 1000] * batch.records_count
    return [(batch.first_timestamp + each) * 1000 for each in since()]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A zigzag varint, and where it ends."""
    number = shift = 0
    while (byte := data[at]) >= 128:
        number |= (byte & 127) << shift
        shift += 7
        at += 1
    number |= byte << shift
    return (number >> 1) ^ -(number & 1), at + 1
