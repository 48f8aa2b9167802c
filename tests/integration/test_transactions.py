"""What does a reader get of records that another program writes in transactions?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from broker import Broker
from kafka import KafkaProducer
from projecting import a_store, column
from records import collected, numbered, record

from lineage.logs.kafka import KafkaLog
from lineage.projector import Projector

pytestmark = pytest.mark.kafka


@pytest.fixture
def log(broker: Broker, topic_name: str) -> Iterator[KafkaLog]:
    with KafkaLog(broker.bootstrap, topic_name, connect_seconds=10) as opened:
        opened.ensure_topic(partitions=1)
        yield opened


@pytest.fixture
def transactional(broker: Broker) -> Iterator[KafkaProducer]:
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id=f"test-{uuid4().hex}")
    producer.init_transactions()
    yield producer
    producer.close(timeout=10)


@contextmanager
def aborted(producer: KafkaProducer) -> Iterator[None]:
    producer.begin_transaction()
    yield
    producer.flush()
    producer.abort_transaction()


@contextmanager
def committed(producer: KafkaProducer) -> Iterator[None]:
    producer.begin_transaction()
    yield
    producer.commit_transaction()


def read_from(log: KafkaLog, start: int) -> tuple[list[int], list[bytes | None]]:
    offsets: list[int] = []
    values: list[bytes | None] = []
    while len(found := log.read({0: start}, limit=3, wait_seconds=0.2)):
        offsets += found.offset
        values += found.value
        start = found.next_positions()[0]
    return offsets, values


def test_what_was_aborted_is_never_read_and_the_holes_it_leaves_stop_nobody(
    log: KafkaLog, topic_name: str, transactional: KafkaProducer
) -> None:
    for number in range(4):
        with aborted(transactional):
            transactional.send(topic_name, key=b"key", value=b"never %d" % number)
        with committed(transactional):
            transactional.send(topic_name, key=b"key", value=b"%d" % number)
        log.append(b"key", b"plain %d" % number)
        log.flush()
    offsets, values = read_from(log, 0)
    assert values == [text for number in range(4) for text in (b"%d" % number, b"plain %d" % number)]
    assert offsets == sorted(set(offsets))
    assert log.bounds()[0][1] == 4 * 5  # two records and two markers, and the plain one
    assert read_from(log, offsets[-1] + 1) == ([], [])


def test_a_log_that_ends_with_what_was_aborted_has_been_read_to_its_end(
    log: KafkaLog, topic_name: str, transactional: KafkaProducer
) -> None:
    log.append(b"key", b"plain")
    log.flush()
    with aborted(transactional):
        transactional.send(topic_name, key=b"key", value=b"never")
    assert read_from(log, 0) == ([0], [b"plain"])
    assert log.bounds()[0][1] == 3
    assert len(log.read({0: 3}, limit=1, wait_seconds=0)) == 0


def test_an_open_transaction_ends_the_log_until_it_is_committed(
    log: KafkaLog, topic_name: str, transactional: KafkaProducer
) -> None:
    transactional.begin_transaction()
    transactional.send(topic_name, key=b"key", value=b"later")
    transactional.flush()
    log.append(b"key", b"behind it")
    log.flush()
    assert read_from(log, 0) == ([], [])
    transactional.commit_transaction()
    found = log.read({0: 0}, limit=2, wait_seconds=10)
    assert found.value == [b"later", b"behind it"]


def test_the_projector_catches_up_over_what_was_aborted_and_counts_each_event_once(
    log: KafkaLog, topic_name: str, transactional: KafkaProducer, tmp_path: Path
) -> None:
    kept, lost = numbered([collected() for _ in range(20)]), [collected() for _ in range(20)]
    for one, other in zip(kept, lost, strict=True):
        with committed(transactional):
            key, value = record(one)
            transactional.send(topic_name, key=key, value=value)
        with aborted(transactional):
            key, value = record(other)
            transactional.send(topic_name, key=key, value=value)
    with a_store(tmp_path) as store:
        done = Projector(log, store, batch_records=7, patience_seconds=15).catch_up()
        ids = column(store, "select event_id from event_row")
        again = Projector(log, store, patience_seconds=15).catch_up()
    assert (done.events, again.records) == (20, 0)
    assert set(ids) == {event.event_id for event in kept}
