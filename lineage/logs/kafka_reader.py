"""What stands in the topic from these positions on?

One consumer with fixed partitions (no group, no rebalancing) goes on where the last call ended. Positions are
the caller's: nothing is reset, nothing is skipped, and "nothing new" is said only when the broker has told
where the partitions end. What a transaction wrote is read once it is committed, and never if it was aborted:
an open one ends the partition for the reader.
"""

import logging
import time
from collections.abc import Mapping
from threading import RLock
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata, TopicPartition

from lineage.errors import LogChanged
from lineage.logs.kafka_faults import RECONNECT_MILLISECONDS, faults, missing_topic, unavailable
from lineage.logs.record import ANOTHER_LOG, Records

LOG = logging.getLogger(__name__)
POLL_SECONDS = (
    0.2  # between two looks at whether the broker still answers, while records are known to be there
)


class Reader:
    """The consuming half of a Kafka log; connects when it is first asked."""

    def __init__(
        self, bootstrap: str, topic: str, group: str, options: Mapping[str, Any], connect_seconds: float
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._group = group
        self._options = dict(options)
        self._connect_seconds = connect_seconds
        self._lock = RLock()  # the consumer is not made for two threads
        self._consumer: KafkaConsumer | None = None
        self._gauge: KafkaConsumer | None = None
        self._standing: dict[int, int] = {}

    def partitions(self) -> list[int]:
        """The partitions of the topic, ascending. Raises LogUnavailable, also when there is no such topic."""
        with self._lock, faults(self._bootstrap, self._topic):
            found = self._open().partitions_for_topic(self._topic)
        if not found:
            raise missing_topic(self._bootstrap, self._topic)
        return sorted(found)

    def bounds(self) -> dict[int, tuple[int, int]]:
        """Per partition the first offset kept and the offset of the next record. Raises LogUnavailable."""
        with self._lock:
            places = [TopicPartition(self._topic, partition) for partition in self.partitions()]
            with faults(self._bootstrap, self._topic):
                first = self._open().beginning_offsets(places, timeout_ms=self._milliseconds)
                ends = self._ends(places)
        return {place.partition: (first[place], ends[place]) for place in places}

    def read(self, positions: Mapping[int, int], limit: int, wait_seconds: float) -> Records:
        """See Log.read."""
        if not positions:
            return Records()
        with self._lock, faults(self._bootstrap, self._topic):
            self._move_to(positions)
            # Whatever goes wrong below, the consumer may have moved: the next call has to seek again.
            standing, self._standing = self._standing, {}
            records = self._poll(limit, wait_seconds)
            if not len(records):
                records = self._poll_until_known(positions, limit)
            self._standing = standing | records.next_positions()
        return records

    def _move_to(self, positions: Mapping[int, int]) -> None:
        consumer = self._open()
        if consumer.assignment() != {TopicPartition(self._topic, partition) for partition in positions}:
            known = self.partitions()
            if not set(positions) <= set(known):
                raise LogChanged(
                    f"topic {self._topic} has {len(known)} partitions, others are asked for: {ANOTHER_LOG}"
                )
            consumer.assign([TopicPartition(self._topic, partition) for partition in positions])
            self._standing = {}
        for partition, offset in positions.items():
            if self._standing.get(partition) != offset:
                consumer.seek(TopicPartition(self._topic, partition), offset)
                self._standing[partition] = offset

    def _poll(self, limit: int, wait_seconds: float) -> Records:
        records = Records()
        waiting = max(0, int(wait_seconds * 1000))
        milliseconds = waiting
        while len(records) < limit:
            fetched = self._open().poll(timeout_ms=milliseconds, max_records=limit - len(records))
            if not fetched:
                break
            for place, batch in fetched.items():
                self._take(records, place.partition, batch)
            # A full batch is written at half the price of a small one: what is known to be there is awaited.
            milliseconds = waiting if self._is_behind() else 0
        return records

    def _take(self, records: Records, partition: int, batch: list[Any]) -> None:
        records.partition.extend([partition] * len(batch))
        records.offset.extend([record.offset for record in batch])
        records.recorded_at.extend([record.timestamp * 1000 for record in batch])
        records.key.extend([record.key for record in batch])
        records.value.extend([record.value for record in batch])

    def _is_behind(self) -> bool:
        """Whether the broker has told of records that were not handed out yet."""
        consumer = self._open()
        return any(
            (consumer.highwater(place) or 0) > consumer.position(place, timeout_ms=self._milliseconds)
            for place in consumer.assignment()
        )

    def _poll_until_known(self, positions: Mapping[int, int], limit: int) -> Records:
        """An empty poll may mean no news or no broker: go on until the ends of the partitions tell which."""
        consumer = self._open()
        deadline = time.monotonic() + self._connect_seconds
        ends = self._ends([TopicPartition(self._topic, partition) for partition in positions])
        ahead = [place.partition for place, end in ends.items() if positions[place.partition] > end]
        if ahead:
            raise LogChanged(
                f"topic {self._topic}, partitions {ahead} end before the positions asked for: {ANOTHER_LOG}"
            )
        # What nobody gets (markers, aborted records) may fill the end: then the consumer passes it.
        while any(
            consumer.position(place, timeout_ms=self._milliseconds) < end for place, end in ends.items()
        ):
            records = self._poll(limit, POLL_SECONDS)
            if len(records):
                return records
            if time.monotonic() > deadline:
                raise unavailable(
                    self._bootstrap, self._topic, "records are there, but the broker sends none"
                )
        return Records(
            passed={place.partition: end for place, end in ends.items() if positions[place.partition] < end}
        )

    def _ends(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        ends: dict[TopicPartition, int] = self._open().end_offsets(places, timeout_ms=self._milliseconds)
        return ends

    @property
    def _milliseconds(self) -> int:
        return int(self._connect_seconds * 1000)

    def _open(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = self._connect(group=None)
        return self._consumer

    def _connect(self, group: str | None) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self._bootstrap.split(","),
            group_id=group,
            enable_auto_commit=False,
            # What a transaction wrote counts once it is committed; the client would hand out all of it.
            isolation_level="read_committed",
            auto_offset_reset="none",  # a position that is gone is an error, never a jump
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=self._milliseconds,
            reconnect_backoff_max_ms=RECONNECT_MILLISECONDS,
            # A broker answers the requests of one connection in turn, and every empty read asks where the
            # partitions end: a waiting fetch holds up the answer.
            fetch_max_wait_ms=100,
            max_poll_records=50_000,
            fetch_max_bytes=50 * 1024 * 1024,
            max_partition_fetch_bytes=1024 * 1024,
            metrics_enabled=False,
            **self._options,
        )

    def commit(self, positions: Mapping[int, int]) -> None:
        """Tell the broker, for those who watch the lag; sent in the background, forgotten when it fails."""
        offsets = {
            TopicPartition(self._topic, partition): OffsetAndMetadata(offset, "", -1)
            for partition, offset in positions.items()
        }
        try:
            with self._lock:
                # A consumer with a group waits for its coordinator before it reads: so this one never reads.
                if self._gauge is None:
                    self._gauge = self._connect(self._group)
                self._gauge.commit_async(offsets)
        except (KafkaError, OSError) as error:
            LOG.warning(
                "the lag of %s on topic %s was not told: %s", self._group, self._topic, type(error).__name__
            )

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            for consumer in (self._consumer, self._gauge):
                if consumer is not None:
                    consumer.close(autocommit=False, timeout_ms=self._milliseconds)
            self._consumer = self._gauge = None
