"""What did the broker send, when nobody asks for single records? Its batches, unpacked in one go.

kafka-python makes an object of each record, which costs more than everything an archiver does with it. Here
it fetches, checks sums and follows transactions as always, and hands out each batch as columns.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from kafka import KafkaConsumer
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError, UnsupportedVersionError
from kafka.record.default_records import DefaultRecordBatch

from lineage.logs.kafka_reader import Reader
from lineage.logs.record import Records

Columns = tuple[list[int], list[int], list[bytes | None], list[bytes | None]]
"""Offsets, times in microseconds since 1970, keys, values."""


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
    """The records of one batch as columns."""

    def __init__(self, batch: DefaultRecordBatch) -> None:
        self.columns = unpacked(batch)

    def __len__(self) -> int:
        return len(self.columns[0])


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
    """Reads as :class:`Reader` does, in a third of its processor time, and gives the broker's batches whole:
    a call may give more records than its limit.
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
        for each in batch:
            offsets, times, keys, values = each.value.columns
            # The broker keeps its batches: the first may begin before the position asked for.
            begin = bisect_left(offsets, self._asked[partition])
            records.partition.extend([partition] * (len(offsets) - begin))
            records.offset.extend(offsets[begin:])
            records.recorded_at.extend(times[begin:])
            records.key.extend(keys[begin:])
            records.value.extend(values[begin:])


def unpacked(batch: DefaultRecordBatch) -> Columns:
    """The records of a batch of format 2 (https://kafka.apache.org/documentation/#record).

    Raises CorruptRecordError.
    """
    batch._maybe_uncompress()
    try:
        return _columns(batch)
    except IndexError:
        raise CorruptRecordError("a batch ends within a record") from None


def _columns(batch: DefaultRecordBatch) -> Columns:
    data, at, count = bytes(batch._buffer), batch._pos, batch.records_count
    begun: list[int] = []
    keys: list[bytes | None] = []
    values: list[bytes | None] = []
    for _ in range(count):
        # Numbers are zigzag varints; those of one and two bytes, nearly all, are read in place.
        size = data[at]
        if size < 128:
            at += 1
        elif (high := data[at + 1]) < 128:
            size += (high << 7) - 128
            at += 2
        else:
            size, at = _varint(data, at)
        end = at + (size >> 1)
        at += 1  # attributes: none are in use
        begun.append(at)
        while data[at] >= 128:  # the time
            at += 1
        at += 1
        while data[at] >= 128:  # the offset
            at += 1
        at += 1
        length = data[at]
        if length < 128:
            at += 1
        else:
            length, at = _varint(data, at)
        if length & 1:
            keys.append(None)
        else:
            length >>= 1
            keys.append(data[at : at + length])
            at += length
        length = data[at]
        if length < 128:
            at += 1
        elif (high := data[at + 1]) < 128:
            length += (high << 7) - 128
            at += 2
        else:
            length, at = _varint(data, at)
        if length & 1:
            values.append(None)
        else:
            length >>= 1
            values.append(data[at : at + length])
            at += length
        if at >= end:
            raise CorruptRecordError("a record is longer than it says")
        at = end  # behind its headers
    if at != len(data):
        raise CorruptRecordError("a batch is longer than its records")
    return _offsets(batch, data, begun), _times(batch, data, begun), keys, values


def _offsets(batch: DefaultRecordBatch, data: bytes, begun: list[int]) -> list[int]:
    first, last = batch.base_offset, batch.last_offset
    if last - first + 1 == len(begun):
        return list(range(first, last + 1))
    return [first + _signed(_varint(data, _varint(data, at)[1])[0]) for at in begun]


def _times(batch: DefaultRecordBatch, data: bytes, begun: list[int]) -> list[int]:
    if batch.timestamp_type == batch.LOG_APPEND_TIME:
        return [batch.max_timestamp * 1000] * len(begun)
    return [(batch.first_timestamp + _signed(_varint(data, at)[0])) * 1000 for at in begun]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned varint, and where it ends."""
    number = shift = 0
    while (byte := data[at]) >= 128:
        number |= (byte & 127) << shift
        shift += 7
        at += 1
    return number | byte << shift, at + 1


def _signed(zigzag: int) -> int:
    return (zigzag >> 1) ^ -(zigzag & 1)
