"""What does a service pay for a checked, pseudonymous, numbered event beside handing ready bytes to Kafka?"""

from random import Random
from uuid import uuid4

from kafka import KafkaProducer

from bench.figures import Figure, Spent, median
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
    quick = min(_record(_publisher(Shelf()), events).seconds for _ in range(2))
    size = sum(len(value) for _, value in ready) / len(ready)
    processor = median([theirs.processor / ours.processor for theirs, ours in rounds])
    theirs_seconds, ours_seconds = (median([each[side].seconds for each in rounds]) for side in (0, 1))
    return [
        Figure(
            "publish: record() + flush / bare send() + flush",
            median([theirs.seconds / ours.seconds for theirs, ours in rounds]),
            f"{events / ours_seconds:,.0f}/s beside {events / theirs_seconds:,.0f}/s, {size:.0f} bytes; "
            f"processor time {processor:.2f} x; {quick / events * 1e6:.0f} us an event before the log",
            at_least=0.4,
        )
    ]


def _publisher(log: Log) -> Publisher:
    return Publisher(log, prontotrak(), Pseudonymiser(SECRET), "web")


def _record(publisher: Publisher, events: int) -> Spent:
    chance = Random(1)
    subjects = [f"account:{chance.randrange(PEOPLE)}" for _ in range(events)]
    begun = Spent.now()
    for number, subject in enumerate(subjects):
        publisher.record(ACTIVITIES[number % len(ACTIVITIES)], subject=subject)
    publisher.flush()
    return Spent.since(begun)


def _ready(events: int) -> list[tuple[bytes, bytes]]:
    shelf = Shelf()
    _record(_publisher(shelf), events)
    return [(key, value) for key, value in shelf.records if key is not None and value is not None]


def _send(producer: KafkaProducer, topic: str, ready: list[tuple[bytes, bytes]], events: int) -> Spent:
    begun = Spent.now()
    for number in range(events):
        key, value = ready[number % len(ready)]
        producer.send(topic, key=key, value=value)
    producer.flush()
    return Spent.since(begun)
