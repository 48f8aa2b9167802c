"""The broker goes away while a service records: calls go on, and afterwards each event is there, in order."""

from collections import defaultdict
from pathlib import Path
from secrets import token_hex
from time import monotonic

import pytest
from archiving import everything
from broker import Broker
from spooling import POLICY

from lineage.codec import decode
from lineage.events import Collected, ProducerReported
from lineage.logs.kafka import KafkaLog
from lineage.publish import open_publisher
from lineage.settings import load_settings

PEOPLE, EVENTS = 40, 3_000


@pytest.mark.kafka
def test_a_broker_that_is_killed_stops_no_call_and_the_order_of_each_person_is_kept(
    broker: Broker, topic_name: str, tmp_path: Path
) -> None:
    settings = load_settings(
        home=tmp_path, log="kafka", kafka_bootstrap=broker.bootstrap, kafka_topic=topic_name
    )
    people = [f"account:{token_hex(8)}" for _ in range(PEOPLE)]
    told = []
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=3)
        with open_publisher("shop", policy=POLICY, settings=settings, spool=True, resumes=True) as publisher:
            for number in range(EVENTS):
                if number == EVENTS // 3:
                    broker.kill()
                    away = monotonic()
                told.append(publisher.record("sign_up", subject=people[number % PEOPLE]))
                if number == 2 * EVENTS // 3:
                    assert monotonic() - away < 20  # a thousand calls, none of which asked the broker
                    broker.start()
            publisher.flush(120)
        there = [decode(value) for value in everything(log).value if value is not None]

    events = [event for event in there if isinstance(event, Collected)]
    assert {event.event_id for event in events} == set(told)
    numbers = defaultdict(list)
    for event in events:
        if event.sequence not in numbers[event.subject]:  # what came again counts where it came first
            numbers[event.subject].append(event.sequence)
    assert all(found == sorted(found) for found in numbers.values())
    closing = [event for event in there if isinstance(event, ProducerReported) and event.closing]
    assert len(closing) == 3  # one in each partition
    assert {report.last_sequence for report in closing} == {EVENTS}
