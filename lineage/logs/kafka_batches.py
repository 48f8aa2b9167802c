"""What did the broker send, when nobody asks for single records? Its batches, unpacked in one go.

kafka-python makes an object of each record, which costs more than everything an archiver does with it. Here
it fetches, checks sums and follows transactions as always, and hands out batches as columns.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from kafka import KafkaConsumer
from kafka.consumer.fetcher import Fetcher
from kafka.errors import UnsupportedVersionError
from kafka.record.default_records import DefaultRecordBatch

from lineage.logs.kafka_columns import Unpacked, columns_of
from lineage.logs.kafka_reader import Reader
from lineage.logs.record import Records


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
