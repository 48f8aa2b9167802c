"""How does a record get into the topic, and who hears when it does not?

Every replica confirms (acks=all) and a repeated request adds nothing (idempotence). kafka-python 3 sets no
limit to what waits in its memory; here `MAX_WAITING_BYTES` does.
"""

import time
from collections.abc import Mapping
from functools import lru_cache, partial
from threading import Lock, RLock
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaTimeoutError
from kafka.partitioner.default import DefaultPartitioner, murmur2

from lineage.errors import LogUnavailable, Refused
from lineage.logs.kafka_faults import RECONNECT_MILLISECONDS, faults, missing_topic, unavailable
from lineage.logs.record import Delivered, check_record

MAX_WAITING_BYTES = 64 * 1024 * 1024  # of records that are not confirmed yet
RECORD_OVERHEAD_BYTES = 200  # what a waiting record costs beside key and value, about
LOOK_FOR_ROOM_SECONDS = 0.005
LONGEST_SECONDS = 7 * 24 * 60 * 60.0  # that a record is tried where it is tried until the log is closed
CLOSE_SECONDS = 1.0  # that such a log waits when it is closed: what is not confirmed is kept elsewhere
CONNECT_AGAIN_SECONDS = 5.0  # after a failed connect, appends fail at once for so long


class RememberingPartitioner(DefaultPartitioner):  # type: ignore[misc]  # kafka-python tells no types
    """Kafka's own hash of the key, remembered: it is Python, and a service tells of the same people often."""

    def partition(
        self,
        topic: str,
        key: object,
        serialized_key: bytes | None,
        value: object,
        serialized_value: bytes | None,
        cluster: Any,
    ) -> int:
        """The partition, as DefaultPartitioner has it."""
        partitions = cluster.partitions_for_topic(topic)
        if serialized_key is None or not partitions:
            return int(super().partition(topic, key, serialized_key, value, serialized_value, cluster))
        return hashed(serialized_key) % len(partitions)


@lru_cache(maxsize=65_536)
def hashed(key: bytes) -> int:
    """Kafka's own hash of a key; the remainder by the number of partitions is its partition."""
    positive: int = murmur2(key) & 0x7FFFFFFF
    return positive


class Writer:
    """The producing half of a Kafka log; connects on the first append. Safe to share between threads."""

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        options: Mapping[str, Any],
        connect_seconds: float,
        deliver_seconds: float,
        *,
        until_closed: bool = False,
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._options = dict(options)
        self._connect_seconds = connect_seconds
        self._deliver_seconds = LONGEST_SECONDS if until_closed else deliver_seconds
        self._request_seconds = max(1.0, deliver_seconds / 3)
        self._until_closed = until_closed
        self._producer: KafkaProducer | None = None
        self._opening = RLock()
        self._failed_connect: tuple[float, LogUnavailable] | None = None
        self._taking = Lock()
        self._taken_bytes = 0
        self._settled_bytes = 0  # confirmed or dropped
        self._stuck_at = -1  # what was settled when somebody waited for room in vain
        self._dropped: LogUnavailable | None = None

    def append(
        self, key: bytes | None, value: bytes | None, partition: int | None, on_delivery: Delivered | None
    ) -> None:
        """Hand a record to the producer's buffer. Raises Refused, LogUnavailable: then nothing was taken."""
        size = check_record(key, value) + RECORD_OVERHEAD_BYTES
        producer = self._producer or self._open()
        self._take_room(size)
        try:
            future = producer.send(self._topic, value=value, key=key, partition=partition)
        except BaseException as error:
            with self._taking:
                self._taken_bytes -= size
            if isinstance(error, ValueError):
                raise Refused(f"topic {self._topic} has no partition {partition}") from error
            with faults(self._bootstrap, self._topic):
                raise
        future.add_both(partial(self._settled, size, on_delivery))

    def _open(self) -> KafkaProducer:
        with self._opening:
            if self._producer is not None:
                return self._producer
            if self._failed_connect is not None and time.monotonic() < self._failed_connect[0]:
                raise self._failed_connect[1]
            try:
                self._producer = self._connect()
            except LogUnavailable as error:
                self._failed_connect = (time.monotonic() + CONNECT_AGAIN_SECONDS, error)
                raise
            return self._producer

    def _connect(self) -> KafkaProducer:
        milliseconds = int(self._connect_seconds * 1000)
        with faults(self._bootstrap, self._topic):
            producer = KafkaProducer(
                bootstrap_servers=self._bootstrap.split(","),
                # A topic that the broker makes by itself keeps the writer's time instead of the log's.
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=milliseconds,
                reconnect_backoff_max_ms=RECONNECT_MILLISECONDS,
                max_block_ms=milliseconds,
                request_timeout_ms=int(self._request_seconds * 1000),
                delivery_timeout_ms=int(self._deliver_seconds * 1000) + 1000,
                # Nobody waits for a record: fewer, larger requests cost the service a tenth less. A service
                # that is killed loses what waits; without a closing report its end stays a gap.
                linger_ms=100,
                batch_size=128 * 1024,
                partitioner=RememberingPartitioner(),
                metrics_enabled=False,
                **self._options,
            )
            try:
                producer.partitions_for(self._topic)
            except KafkaTimeoutError as error:
                producer.close(timeout=0)
                raise missing_topic(self._bootstrap, self._topic) from error
            except BaseException:
                producer.close(timeout=0)
                raise
        return producer

    def _take_room(self, size: int) -> None:
        with self._taking:
            if self._taken_bytes - self._settled_bytes + size > MAX_WAITING_BYTES:
                self._wait_for_room(size)
            self._taken_bytes += size

    def _wait_for_room(self, size: int) -> None:
        deadline = time.monotonic() + self._connect_seconds
        while (waiting := self._taken_bytes - self._settled_bytes) + size > MAX_WAITING_BYTES:
            # One caller has waited in vain; until something moves, the next ones need not.
            if self._settled_bytes == self._stuck_at or time.monotonic() > deadline:
                self._stuck_at = self._settled_bytes
                raise unavailable(self._bootstrap, self._topic, f"{waiting >> 20} MiB wait unconfirmed")
            time.sleep(LOOK_FOR_ROOM_SECONDS)

    def _settled(self, size: int, on_delivery: Delivered | None, outcome: object) -> None:
        """Called by the producer's thread with the record's place, or with the error that dropped it."""
        # One thread settles what was sent, so this needs no lock; it runs once a record.
        self._settled_bytes += size
        error = None
        if isinstance(outcome, BaseException):
            self._dropped = error = unavailable(self._bootstrap, self._topic, outcome)
        if on_delivery is not None:
            on_delivery(error)

    def flush(self, timeout_seconds: float) -> None:
        """Wait until all is confirmed. Raises LogUnavailable: too late, or dropped since the last flush."""
        if self._producer is None:
            return
        with faults(self._bootstrap, self._topic):
            self._producer.flush(timeout=timeout_seconds)
        self._raise_dropped()

    def _raise_dropped(self) -> None:
        dropped, self._dropped = self._dropped, None
        if dropped is not None:
            raise dropped

    def close(self) -> None:
        """Send what waits, as long as it may still be delivered. Raises LogUnavailable as flush does."""
        with self._opening:
            producer, self._producer = self._producer, None
        if producer is None:
            return
        if self._until_closed:
            _abandon(producer)
            return
        with faults(self._bootstrap, self._topic):
            # Batches expire by themselves after the time of delivery, so this ends.
            producer.close(timeout=self._deliver_seconds + 5)
        self._raise_dropped()


def _abandon(producer: KafkaProducer) -> None:
    """Close it, and end its thread also when the broker confirms nothing: its own `close` goes on trying."""
    sender = producer._sender
    try:
        producer.close(timeout=CLOSE_SECONDS)
    except KafkaTimeoutError:
        sender.force_close()
        sender.join(CLOSE_SECONDS)
