"""Does the topic keep what is promised of a log? Its settings against ours, and where people's records lie.

The contract (settings.md, "The topic"): the broker dates records, keeps each for its days, on as many disks
as asked for, and drops none for any other reason.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from lineage.logs.kafka import DAY_MILLISECONDS
from lineage.logs.kafka_topic import Topic
from lineage.logs.kafka_writer import hashed
from lineage.logs.record import MAX_RECORD_BYTES, Records
from lineage.operate.examine.finding import Finding, fail, ok, warn
from lineage.settings import Settings

FRAME_BYTES: Final = 1_024
"""What a record needs beside key and value, with room to spare: a batch's header is 61 bytes."""

TOKEN_BYTES: Final = 16


def judged(topic: Topic, settings: Settings) -> Iterator[Finding]:
    """One finding for each part of the contract."""
    yield _clock(topic)
    yield _cleanup(topic)
    yield _retention(topic, settings.kafka_retention_days)
    yield _copies(topic, settings.kafka_replication)
    yield _confirmed(topic)
    yield _size(topic)
    yield _partitions(topic, settings.kafka_partitions)


def _altered(topic: Topic, setting: str) -> str:
    return f"kafka-configs.sh --alter --entity-type topics --entity-name {topic.name} --add-config {setting}"


def _clock(topic: Topic) -> Finding:
    what, found = "topic: clock", topic.settings.get("message.timestamp.type")
    if found == "LogAppendTime":
        return ok(what, "the broker dates each record")
    return fail(
        what,
        f"message.timestamp.type is {found}: writers date their own records, and may date them back",
        _altered(topic, "message.timestamp.type=LogAppendTime")
        + "; records written before keep their writers' times",
    )


def _cleanup(topic: Topic) -> Finding:
    what, found = "topic: cleanup", topic.settings.get("cleanup.policy")
    if found == "delete":
        return ok(what, "records go by age only")
    return fail(
        what,
        f"cleanup.policy is {found}: Kafka drops all but the last record of each person",
        _altered(topic, "cleanup.policy=delete") + "; what is gone must come back from the archive",
    )


def _retention(topic: Topic, days: int) -> Finding:
    what = "topic: retention"
    kept = int(topic.settings.get("retention.ms", "-1"))
    limit = int(topic.settings.get("retention.bytes", "-1"))
    if limit >= 0:
        return fail(
            what,
            f"retention.bytes is {limit}: a busy day can push out records that are days old at most",
            _altered(topic, "retention.bytes=-1"),
        )
    if 0 <= kept < days * DAY_MILLISECONDS:
        return fail(
            what,
            f"Kafka keeps a record {kept / DAY_MILLISECONDS:g} days, kafka_retention_days says {days}",
            _altered(topic, f"retention.ms={days * DAY_MILLISECONDS}"),
        )
    return ok(what, "for ever" if kept < 0 else f"{kept / DAY_MILLISECONDS:g} days")


def _copies(topic: Topic, wanted: int) -> Finding:
    what = "topic: copies"
    fewest = min(each.wanted for each in topic.partitions.values())
    behind = sorted(part for part, each in topic.partitions.items() if each.in_sync < each.wanted)
    if fewest < wanted:
        return fail(
            what,
            f"a partition has {fewest} copies, kafka_replication says {wanted}",
            "kafka-reassign-partitions.sh",
        )
    if behind:
        return warn(
            what,
            f"partitions {behind} have copies that are not up to date",
            "see that all brokers run and have room",
        )
    if fewest == 1:
        return warn(
            what,
            "there is one copy: a disk that breaks takes along what is not archived",
            "for production: three brokers and kafka_replication=3",
        )
    return ok(what, f"{fewest} of each partition, all up to date")


def _confirmed(topic: Topic) -> Finding:
    what = "topic: confirmed by"
    needed = int(topic.settings.get("min.insync.replicas", "1"))
    copies = min(each.wanted for each in topic.partitions.values())
    wanted = max(1, copies - 1)
    if topic.settings.get("unclean.leader.election.enable") == "true":
        return fail(
            what,
            "unclean.leader.election.enable is true: a copy that lags may lead, and confirmed records go",
            _altered(topic, "unclean.leader.election.enable=false"),
        )
    if needed > copies:
        return fail(
            what,
            f"min.insync.replicas is {needed} of {copies} copies: nothing can be written",
            _altered(topic, f"min.insync.replicas={wanted}"),
        )
    if needed < wanted:
        return fail(
            what,
            f"min.insync.replicas is {needed} of {copies} copies: a confirmed record may stand on one disk",
            _altered(topic, f"min.insync.replicas={wanted}"),
        )
    return ok(what, f"{needed} of {copies} copies")


def _size(topic: Topic) -> Finding:
    what, largest = "topic: record size", int(topic.settings.get("max.message.bytes", "0"))
    needed = MAX_RECORD_BYTES + FRAME_BYTES
    if largest >= needed:
        return ok(what, f"up to {largest} bytes")
    return fail(
        what,
        f"max.message.bytes is {largest}: records that we accept, up to {MAX_RECORD_BYTES}, are refused",
        _altered(topic, "max.message.bytes=1048588"),
    )


def _partitions(topic: Topic, wanted: int) -> Finding:
    what, count = "topic: partitions", len(topic.partitions)
    if count == wanted:
        return ok(what, f"{count}")
    return warn(
        what,
        f"there are {count}, kafka_partitions says {wanted}",
        "set kafka_partitions to what there is: partitions that are added move people between them",
    )


def placed(samples: Iterable[Records], partitions: int) -> Finding:
    """Are people where Kafka's own hash of their token puts them, in a sample of each partition's end?

    Only keys of 16 bytes are looked at: reports and policies go to every partition.
    """
    what = "topic: partitioner"
    places: dict[bytes, set[int]] = {}
    for records in samples:
        for key, partition in zip(records.key, records.partition, strict=True):
            if key is not None and len(key) == TOKEN_BYTES:
                places.setdefault(key, set()).add(partition)
    elsewhere = sum(found != {hashed(key) % partitions} for key, found in places.items())
    torn = sum(len(found) > 1 for found in places.values())
    if torn:
        return fail(
            what,
            f"{torn} of {len(places)} people looked at have records in several partitions",
            "have all publishers use the partitioner murmur2 (librdkafka: murmur2_random)",
        )
    if elsewhere:
        return warn(
            what,
            f"{elsewhere} of {len(places)} people looked at are not where Kafka's own hash puts them",
            "partitions were added, or a publisher has another partitioner than murmur2 (librdkafka: "
            "murmur2_random)",
        )
    return ok(what, f"{len(places)} people looked at, each in the partition of Kafka's own hash")
