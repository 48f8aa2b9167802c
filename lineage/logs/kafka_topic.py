"""How does the topic stand at the brokers: its copies, its settings, how far its readers say they are?

What an administrator's client is asked; records are the reader's and the writer's.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

from lineage.logs.kafka_faults import faults, missing_topic, unavailable

# A new cluster makes its topic of offsets when it is first asked for them; a restarted one reads it first.
NOT_YET = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)


@dataclass(frozen=True, slots=True)
class Copies:
    """How many copies a partition has to have, and how many are up to date."""

    wanted: int
    in_sync: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the brokers have it. ``settings``: Kafka's own names and texts, `retention.ms` and so on."""

    name: str
    partitions: Mapping[int, Copies]
    settings: Mapping[str, str]


@contextmanager
def administering(
    bootstrap: str, topic: str, options: Mapping[str, Any], connect_seconds: float
) -> Iterator[KafkaAdminClient]:
    """A client for asking and making. Its errors, and those of the block, are told in our words."""
    milliseconds = int(connect_seconds * 1000)
    with faults(bootstrap, topic):
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=milliseconds, **options
        )
        try:
            yield admin
        finally:
            admin.close()


def described(bootstrap: str, topic: str, options: Mapping[str, Any], connect_seconds: float) -> Topic:
    """Raises LogUnavailable, also when there is no such topic or its settings may not be read."""
    with administering(bootstrap, topic, options, connect_seconds) as admin:
        [found] = admin.describe_topics([topic])
        if not found["partitions"]:
            raise missing_topic(bootstrap, topic)
        asked = ConfigResource(ConfigResourceType.TOPIC, topic)
        settings = admin.describe_configs([asked], config_filter="all")["topic"][topic]
    if not settings:
        raise unavailable(bootstrap, topic, "its settings cannot be read (DESCRIBE_CONFIGS is needed)")
    return Topic(
        name=topic,
        partitions={
            each["partition_index"]: Copies(len(each["replica_nodes"]), len(each["isr_nodes"]))
            for each in found["partitions"]
        },
        settings={name: told["value"] for name, told in settings.items() if told["value"] is not None},
    )


def committed(
    bootstrap: str, topic: str, group: str, options: Mapping[str, Any], connect_seconds: float
) -> dict[int, int]:
    """The next offset of each partition, as the reader ``group`` has told it; empty when it never did."""
    until = time.monotonic() + connect_seconds
    with administering(bootstrap, topic, options, connect_seconds) as admin:
        while True:
            try:
                told = admin.list_group_offsets(group)
                break
            except NOT_YET:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
    return {
        place.partition: each.offset for place, each in told.get(group, {}).items() if place.topic == topic
    }
