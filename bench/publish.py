"""What does a service pay for a checked, pseudonymous, numbered event beside handing ready bytes to Kafka?"""

import time
from random import Random
from uuid import uuid4

from kafka import KafkaProducer

from bench.figures import Figure, median
from bench.year import SECRET, Shelf, prontotrak
from lineage.logs import Log
from lineage.logs.kafka import KafkaLog
from lineage.publish import Publisher
from lineage.tokens import Pseudonymiser

ROUNDS = 5
PEOPLE = 5_000
ACTIVITIES = ("observe_site_visit", "measure_site_use", "register_visitor", "show_ads_elsewhere")


def measure(bootstrap: str, events: int) -> list[Figure]:
    """Both ways in turn, onto one topic, in this process; each until the broker has confirmed all."""
    topic = f"bench-{uuid4().hex[:12]}"
    ready = _ready(min(events, 1000))
    with KafkaLog(bootstrap, topic) as log:
        log.ensure_topic(partitions=6)
        bare = KafkaProducer(bootstrap_servers=bootstrap)
        publisher = _publisher(log)
        _record(publisher, events // 10)
        _send(bare, topic, ready, events // 10)
        rounds = [(_send(bare, topic, ready, events), _record(publisher, events)) for _ in range(ROUNDS)]
        bare.close()
        publisher.close()
    quick = min(_record(_publisher(Shelf()), events) for _ in range(2))
    size = sum(len(value) for _, value in ready) / len(ready)
    theirs, ours = (median([each[side] for each in rounds]) for side in (0, 1))
    return [
        Figure(
            "publish: record() + flush / bare send() + flush",
            median([bare_seconds / seconds for bare_seconds, seconds in rounds]),
            f"{events / ours:,.0f}/s beside {events / theirs:,.0f}/s, {size:.0f} bytes; "
            f"{quick / events * 1e6:.0f} us an event before the log",
            at_least=0.4,
        )
    ]


def _publisher(log: Log) -> Publisher:
    return Publisher(log, prontotrak(), Pseudonymiser(SECRET), "web")


def _record(publisher: Publisher, events: int) -> float:
    chance = Random(1)
    subjects = [f"account:{chance.randrange(PEOPLE)}" for _ in range(events)]
    begun = time.perf_counter()
    for number, subject in enumerate(subjects):
        publisher.record(ACTIVITIES[number % len(ACTIVITIES)], subject=subject)
    publisher.flush()
    return time.perf_counter() - begun


def _ready(events: int) -> list[tuple[bytes, bytes]]:
    shelf = Shelf()
    _record(_publisher(shelf), events)
    return [(key, value) for key, value in shelf.records if key is not None and value is not None]


def _send(producer: KafkaProducer, topic: str, ready: list[tuple[bytes, bytes]], events: int) -> float:
    begun = time.perf_counter()
    for number in range(events):
        key, value = ready[number % len(ready)]
        producer.send(topic, key=key, value=value)
    producer.flush()
    return time.perf_counter() - begun
