"""What did the broker send, when nobody asks for single records? Its batches, unpacked in one go.

kafka-python makes an object of each record, which costs more than everything an archiver does with it. Here
it fetches, checks sums and follows transactions as always, and hands out batches as columns.

A record of Kafka's format 2 (https://kafka.apache.org/documentation/#record) without headers is byte for
byte a record of Avro: numbers and lengths are the same varints. So the batches of a fetch are read as one
block of Avro, and record by record only where that is not clean: a missing key or value, headers, damage.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from kafka import KafkaConsumer
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError, UnsupportedVersionError
from kafka.record.default_records import DefaultRecordBatch

from lineage.logs.kafka_reader import Reader
from lineage.logs.record import Records

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


class _Whole:
    """A batch of the broker in the place of one of its records, as far as the fetcher looks at those."""

    key = None
    headers = ()
    checksum = None
    timestamp_type = None

    def __init__(self, batch: DefaultRecordBatch) -> None:
        self.value = Unpacked(batch)
        self.offset = batch.last_offset
        self.timestamp = batch.max_timestamp
        self.size_in_bytes = batch.size_in_bytes

    def validate_crc(self) -> bool:
        return True  # the batch's own was


class Unpacked:
    """The records of one batch as they stand one after the other, not compressed any more."""

    def __init__(self, batch: DefaultRecordBatch) -> None:
        batch._maybe_uncompress()
        self.batch = batch
        self.data = bytes(memoryview(batch._buffer)[batch._pos :])

    def __len__(self) -> int:
        count: int = self.batch.records_count
        return count


class _Batches:
    """The batches of a fetch; each gives itself where its records are asked for."""

    def __init__(self, records: Any) -> None:
        self._records = records

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def next_batch(self) -> "_Batch | None":
        batch = self._records.next_batch()
        if batch is None:
            return None
        if batch.magic != 2:
            raise UnsupportedVersionError("the topic holds records of a format older than Kafka 0.11")
        return _Batch(batch)


class _Batch:
    def __init__(self, batch: DefaultRecordBatch) -> None:
        self._batch = batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        return iter((_Whole(self._batch),))

    def __next__(self) -> Any:
        return next(self._batch)  # the fetcher looks at the one record of a control batch


class PartitionBatches(Fetcher.PartitionRecords):  # type: ignore[misc]  # kafka-python tells no types
    """Takes the place of kafka-python's own in a consumer's fetcher."""

    def __init__(self, fetch_offset: int, tp: Any, records: Any, **others: Any) -> None:
        super().__init__(fetch_offset, tp, _Batches(records), **others)


class BatchReader(Reader):
    """Reads as :class:`Reader` does, in a fraction of its processor time, and gives the broker's batches
    whole: a call may give more records than its limit.
    """

    _asked: Mapping[int, int]

    def read(self, positions: Mapping[int, int], limit: int, wait_seconds: float) -> Records:
        """See Log.read_batches."""
        self._asked = positions
        return super().read(positions, limit, wait_seconds)

    def _connect(self, group: str | None) -> KafkaConsumer:
        consumer = super()._connect(group)
        consumer._fetcher.PartitionRecords = PartitionBatches
        return consumer

    def _take(self, records: Records, partition: int, batch: list[Any]) -> None:
        offsets, times, keys, values = columns_of([each.value for each in batch])
        # The broker keeps its batches: the first may begin before the position asked for.
        begin = bisect_left(offsets, self._asked[partition])
        records.partition.extend([partition] * (len(offsets) - begin))
        records.offset.extend(offsets[begin:])
        records.recorded_at.extend(times[begin:])
        records.key.extend(keys[begin:])
        records.value.extend(values[begin:])


def columns_of(batches: Sequence[Unpacked]) -> Columns:
    """The records of batches, one after the other. Raises CorruptRecordError."""
    if sum(map(len, batches)) >= MANY and (columns := in_one_block(batches)) is not None:
        return columns
    offsets, times, keys, values = zip(*map(one_by_one, batches), strict=True)
    return [*chain(*offsets)], [*chain(*times)], [*chain(*keys)], [*chain(*values)]


def in_one_block(batches: Sequence[Unpacked]) -> Columns | None:
    """The records of batches as one block of Avro; None where it does not show that they are just that."""
    # A log that is only written to needs neither of them.
    import polars as pl

    from lineage.framing.block import file_head, rows_of_block

    def width(number: pl.Expr) -> pl.Expr:
        """How many bytes of a zigzag varint a number that is not negative takes."""
        return pl.sum_horizontal([pl.lit(1), *((number >= 1 << bits).cast(int) for bits in range(6, 62, 7))])

    data = b"".join(each.data for each in batches)
    rows = rows_of_block(file_head(RECORD), sum(map(len, batches)), data)
    if rows is None:
        return None
    size, time, offset, headers = map(pl.col, ("size", "time", "offset", "headers"))
    lengths = pl.col("key").bin.size().cast(int), pl.col("value").bin.size().cast(int)
    ends = 1 + width(time) + width(offset) + pl.sum_horizontal([width(each) + each for each in lengths]) + 1
    whole = (size == ends) & (time >= 0) & (offset >= 0) & (headers == 0)
    if rows.select(whole.all() & ((size + width(size)).sum() == len(data))).item() is not True:
        return None
    offsets: list[int] = []
    times: list[int] = []
    deltas, since, at = rows["offset"], rows["time"], 0
    for each in batches:
        here = slice(at, at := at + len(each))
        offsets += _offsets(each.batch, deltas[here].to_list)
        times += _times(each.batch, since[here].to_list)
    return offsets, times, rows["key"].to_list(), rows["value"].to_list()


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
