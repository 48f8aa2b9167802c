"""How do we keep the log in a Kafka topic?

The topic has to stamp records itself (`message.timestamp.type=LogAppendTime`): `recorded_at` is the record's
timestamp, and with the default `CreateTime` it would be whatever the writer says. `ensure_topic` makes it so.
"""

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from kafka.errors import TopicAlreadyExistsError

from lineage.errors import Refused
from lineage.logs.kafka_batches import BatchReader
from lineage.logs.kafka_reader import Reader
from lineage.logs.kafka_topic import Topic, administering, committed, described
from lineage.logs.kafka_writer import Writer
from lineage.logs.record import Delivered, Records

DAY_MILLISECONDS = 24 * 60 * 60 * 1000


class KafkaLog:
    """A log in a Kafka topic. Connects when it is first used; a record's partition follows from its key.

    ``connect_seconds`` bounds how long the broker may be silent when something is asked of it,
    ``deliver_seconds`` how long a record may stay unconfirmed before it is dropped and ``on_delivery`` told;
    ``until_closed``: none is dropped for that, and closing waits for nothing. Then what the log has of each
    partition is always a beginning of what was appended.
    """

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        *,
        group: str = "lineage",
        client_options: Mapping[str, Any] | None = None,
        connect_seconds: float = 10.0,
        deliver_seconds: float = 30.0,
        until_closed: bool = False,
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._group = group
        self._options = dict(client_options or {})
        self._connect_seconds = connect_seconds
        self._writer = Writer(
            bootstrap, topic, self._options, connect_seconds, deliver_seconds, until_closed=until_closed
        )
        self._reader = Reader(bootstrap, topic, group, self._options, connect_seconds)
        self._batches = BatchReader(bootstrap, topic, group, self._options, connect_seconds)

    @property
    def name(self) -> str:
        return self._topic

    def partitions(self) -> list[int]:
        return self._reader.partitions()

    def append(
        self,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int | None = None,
        recorded_at: datetime | None = None,
        on_delivery: Delivered | None = None,
    ) -> None:
        if recorded_at is not None:
            raise Refused("Kafka stamps records itself: recorded_at can be given to the embedded log only")
        self._writer.append(key, value, partition, on_delivery)

    def flush(self, timeout_seconds: float = 30.0) -> None:
        self._writer.flush(timeout_seconds)

    def bounds(self) -> dict[int, tuple[int, int]]:
        return self._reader.bounds()

    def read(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        return self._reader.read(positions, limit, wait_seconds)

    def read_batches(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        return self._batches.read(positions, limit, wait_seconds)

    def commit(self, positions: Mapping[int, int]) -> None:
        self._reader.commit(positions)

    def ensure_topic(self, *, partitions: int, replication: int = 1, retention_days: int = 30) -> bool:
        """Make the topic as this product needs it, where there is none; True when it was made.

        A topic that exists is left as it is. Raises LogUnavailable.
        """
        wanted = {
            "num_partitions": partitions,
            "replication_factor": replication,
            "configs": {
                "message.timestamp.type": "LogAppendTime",
                "cleanup.policy": "delete",
                "retention.ms": str(retention_days * DAY_MILLISECONDS),
                # One copy may be away without stopping writers; a confirmed record stands on all the others.
                "min.insync.replicas": str(max(1, replication - 1)),
            },
        }
        with administering(self._bootstrap, self._topic, self._options, self._connect_seconds) as admin:
            try:
                admin.create_topics({self._topic: wanted}, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                return False
        return True

    def described(self) -> Topic:
        """How the brokers have the topic now. Raises LogUnavailable."""
        return described(self._bootstrap, self._topic, self._options, self._connect_seconds)

    def committed(self) -> dict[int, int]:
        """The next offsets that ``commit`` told last; empty when it never did. Raises LogUnavailable."""
        return committed(self._bootstrap, self._topic, self._group, self._options, self._connect_seconds)

    def close(self) -> None:
        try:
            self._writer.close()
        finally:
            self._reader.close()
            self._batches.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
