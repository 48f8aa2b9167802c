"""What does every log promise? One suite, run on the embedded log, on one that frames values anew, on one
that is archived as it goes, and on a real Kafka topic.
"""

import logging
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
from archiving import ArchivedNowAndThen
from broker import Broker
from kafka import KafkaProducer

from lineage.errors import LogChanged, LogUnavailable, Refused
from lineage.logs import EmbeddedLog, Log, Records, open_log
from lineage.logs.kafka import KafkaLog
from lineage.logs.record import MAX_RECORD_BYTES
from lineage.settings import Settings

Open = Callable[[], Log]
PARTITIONS = 3
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["embedded", "framed", "archived", pytest.param("kafka", marks=pytest.mark.kafka)])
def open_one(request: pytest.FixtureRequest, tmp_path: Path, topic_name: str) -> Iterator[Open]:
    """Opens the same, at first empty, log again and again; what a test leaves open is closed after it."""
    opened: list[Log] = []
    if request.param in ("embedded", "archived"):
        settings = Settings(home=tmp_path, log="embedded", kafka_topic=topic_name)
    elif request.param == "framed":
        settings = Settings(home=tmp_path, log="embedded", kafka_topic=topic_name, wire_format="confluent")
    else:
        bootstrap = request.getfixturevalue("broker").bootstrap
        KafkaLog(bootstrap, topic_name).ensure_topic(partitions=PARTITIONS)
        settings = Settings(home=tmp_path, log="kafka", kafka_bootstrap=bootstrap, kafka_topic=topic_name)

    def open_again() -> Log:
        log = open_log(settings)
        if request.param == "archived":
            log = ArchivedNowAndThen(settings.archive_folder, log)
        opened.append(log)
        return log

    yield open_again
    for log in opened:
        log.close()


@pytest.fixture
def log(open_one: Open) -> Log:
    return open_one()


def start(log: Log) -> dict[int, int]:
    return {partition: first for partition, (first, _) in log.bounds().items()}


def read_all(log: Log, positions: dict[int, int] | None = None, limit: int = 1000) -> list[Records]:
    """What stands in the log, call by call, until it says that there is nothing more."""
    positions = dict(start(log) if positions is None else positions)
    calls = []
    while len(records := log.read(positions, limit=limit, wait_seconds=0)):
        calls.append(records)
        positions |= records.next_positions()
    return calls


def values(calls: list[Records]) -> list[bytes | None]:
    return [value for records in calls for value in records.value]


def places(calls: list[Records]) -> list[tuple[int, int]]:
    return [place for records in calls for place in zip(records.partition, records.offset, strict=True)]


def append_numbers(log: Log, count: int, keys: int = 5) -> None:
    for number in range(count):
        log.append(b"key %d" % (number % keys), b"%d" % number)
    log.flush()


def test_what_was_appended_is_read_as_it_was(log: Log) -> None:
    log.append(b"\x00\xff", b"\xc3\x28 bytes, not text")
    log.flush()
    [records] = read_all(log)
    assert (records.key, records.value) == ([b"\x00\xff"], [b"\xc3\x28 bytes, not text"])
    assert records.partition[0] in log.partitions()


def test_a_key_without_value_and_a_value_without_key_come_back_so(log: Log) -> None:
    log.append(b"only a key", None)
    log.append(None, b"only a value")
    log.flush()
    pairs = {pair for records in read_all(log) for pair in zip(records.key, records.value, strict=True)}
    assert pairs == {(b"only a key", None), (None, b"only a value")}


def test_an_empty_log_says_so_at_once(log: Log) -> None:
    assert len(log.read(start(log), limit=10, wait_seconds=0)) == 0
    assert all(first == following for first, following in log.bounds().values())


def test_records_of_a_key_stay_in_one_partition_in_the_order_of_appending(log: Log) -> None:
    append_numbers(log, 200)
    by_key: dict[bytes | None, list[tuple[int, int]]] = {}
    for records in read_all(log, limit=17):
        for key, partition, value in zip(records.key, records.partition, records.value, strict=True):
            by_key.setdefault(key, []).append((partition, int(value or b"")))
    assert len(by_key) == 5
    for found in by_key.values():
        assert len({partition for partition, _ in found}) == 1
        assert [number for _, number in found] == sorted(number for _, number in found)
        assert len(found) == 40


def test_offsets_rise_within_a_partition_over_all_calls(log: Log) -> None:
    append_numbers(log, 100)
    for partition in log.partitions():
        offsets = [offset for part, offset in places(read_all(log, limit=7)) if part == partition]
        assert offsets == sorted(set(offsets))


def test_a_named_partition_is_obeyed_and_an_unknown_one_refused(log: Log) -> None:
    last = log.partitions()[-1]
    log.append(b"key", b"value", partition=last)
    log.flush()
    assert places(read_all(log)) == [(last, 0)]
    with pytest.raises(Refused):
        log.append(b"key", b"value", partition=last + 1)


def test_a_call_gives_no_more_than_its_limit_and_the_next_one_goes_on(log: Log) -> None:
    append_numbers(log, 25)
    calls = read_all(log, limit=10)
    assert all(len(records) <= 10 for records in calls)
    assert sorted(int(value or b"") for value in values(calls)) == list(range(25))


def test_a_reader_who_is_behind_gets_a_full_call_and_not_what_came_first(log: Log) -> None:
    """A broker hands out a megabyte of a partition at a time: here that is two records."""
    for number in range(18):
        log.append(None, bytes(500_000), partition=number % len(log.partitions()))
    log.flush()

    assert len(log.read(start(log), limit=15, wait_seconds=10)) == 15


def test_reading_starts_at_any_position_and_again_at_the_same(log: Log) -> None:
    append_numbers(log, 30, keys=1)
    partition = places(read_all(log))[0][0]
    for position in (10, 29, 0, 10):
        found = values(read_all(log, {partition: position}))
        assert found == [b"%d" % number for number in range(position, 30)]


def test_a_reader_that_does_not_move_on_gets_the_same_records_again(log: Log) -> None:
    append_numbers(log, 5, keys=1)
    partition = places(read_all(log))[0][0]
    first = log.read({partition: 0}, limit=5, wait_seconds=0)
    assert first == log.read({partition: 0}, limit=5, wait_seconds=0)


def test_only_the_named_partitions_are_read(log: Log) -> None:
    append_numbers(log, 60, keys=20)
    for partition in log.partitions():
        assert {part for part, _ in places(read_all(log, {partition: 0}))} <= {partition}
    assert len(log.read({}, limit=5, wait_seconds=0)) == 0


def test_bounds_tell_where_the_next_record_comes(log: Log) -> None:
    append_numbers(log, 30)
    ends = dict.fromkeys(log.partitions(), 0)
    for partition, offset in places(read_all(log)):
        ends[partition] = max(ends[partition], offset + 1)
    assert {partition: end for partition, (_, end) in log.bounds().items()} == ends
    assert sum(ends.values()) == 30


def test_a_position_beyond_the_end_is_an_error_and_not_an_empty_answer(log: Log) -> None:
    append_numbers(log, 3, keys=1)
    partition = places(read_all(log))[0][0]
    for wait_seconds in (0.0, 1.0):
        with pytest.raises(LogChanged):
            log.read({partition: 9}, limit=10, wait_seconds=wait_seconds)
    assert len(values(read_all(log, {partition: 0}))) == 3


def test_a_partition_that_is_not_there_is_an_error(log: Log) -> None:
    with pytest.raises(LogChanged):
        log.read({99: 0}, limit=10, wait_seconds=0)


def test_delivery_is_told_once_for_each_record_by_the_time_of_the_flush(log: Log) -> None:
    told: list[LogUnavailable | None] = []
    for number in range(50):
        log.append(b"key", b"%d" % number, on_delivery=told.append)
    log.flush()
    assert told == [None] * 50
    log.flush()
    assert len(told) == 50


def test_a_delivered_record_can_be_read_by_another(open_one: Open) -> None:
    writer, reader = open_one(), open_one()
    told: list[LogUnavailable | None] = []
    writer.append(b"key", b"value", on_delivery=told.append)
    writer.flush()
    assert told == [None]
    assert values(read_all(reader)) == [b"value"]


def test_a_closed_log_has_kept_what_was_not_flushed(open_one: Open) -> None:
    with open_one() as writer:
        writer.append(b"key", b"value")
    writer.close()
    assert values(read_all(open_one())) == [b"value"]


def test_a_log_that_is_opened_again_goes_on_behind_what_it_has(open_one: Open) -> None:
    with open_one() as log:
        append_numbers(log, 10, keys=1)
    with open_one() as log:
        log.append(b"key 0", b"10")
        log.flush()
        assert values(read_all(log)) == [b"%d" % number for number in range(11)]


def test_two_appenders_lose_nothing_and_share_no_offset(open_one: Open) -> None:
    logs = [open_one(), open_one()]

    def append(name: int) -> None:
        for number in range(100):
            logs[name].append(b"%d" % name, b"%d %d" % (name, number))
            if number % 10 == 9:
                logs[name].flush()

    threads = [Thread(target=append, args=(name,)) for name in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    calls = read_all(open_one())
    assert len(set(places(calls))) == len(values(calls)) == 200
    for name in (b"0 ", b"1 "):
        own = [value for value in values(calls) if value is not None and value.startswith(name)]
        assert own == [name + b"%d" % number for number in range(100)]


def test_a_waiting_reader_gets_what_another_appends_meanwhile(open_one: Open) -> None:
    reader, writer = open_one(), open_one()
    positions = start(reader)
    appending = Thread(target=lambda: (writer.append(b"key", b"news"), writer.flush()))
    appending.start()
    records = reader.read(positions, limit=10, wait_seconds=30)
    appending.join(timeout=60)
    assert records.value == [b"news"]


def test_the_recorded_time_is_the_logs_own_and_never_falls(log: Log) -> None:
    before = time.time()
    append_numbers(log, 50)
    after = time.time()
    calls = read_all(log)
    by_partition: dict[int, list[int]] = {}
    for records in calls:
        for partition, moment in zip(records.partition, records.recorded_at, strict=True):
            by_partition.setdefault(partition, []).append(moment)
    for moments in by_partition.values():
        assert moments == sorted(moments)
        assert before - 0.001 <= moments[0] / 1e6 <= moments[-1] / 1e6 <= after  # Kafka counts milliseconds


def test_large_records_pass_and_too_large_ones_are_refused(log: Log) -> None:
    large = uuid.uuid4().bytes * 12_800  # 200 KiB
    largest = b"x" * (MAX_RECORD_BYTES - 3)
    for value in (large, largest, large):
        log.append(b"key", value)
    with pytest.raises(Refused, match="limit"):
        log.append(b"key", b"x" * (MAX_RECORD_BYTES - 2))
    log.flush()
    assert values(read_all(log)) == [large, largest, large]


def test_a_record_of_nothing_is_refused(log: Log) -> None:
    with pytest.raises(Refused):
        log.append(None, None)


def test_telling_the_position_changes_nothing(log: Log) -> None:
    append_numbers(log, 5, keys=1)
    before = log.bounds()
    log.commit(dict.fromkeys(log.partitions(), 10**9))
    assert log.bounds() == before
    assert len(values(read_all(log))) == 5


def test_nothing_of_a_record_shows_in_the_representation(log: Log) -> None:
    log.append(b"a token", b"an event")
    log.flush()
    [records] = read_all(log)
    assert repr(records) == "Records(1 records of 1 partitions)"
    assert str(records) == repr(records)


def test_nothing_of_a_record_is_written_into_a_log_file_even_by_the_client(
    log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    log.append(b"a token", b"an event")
    log.flush()
    read_all(log)
    assert "a token" not in caplog.text
    assert "an event" not in caplog.text


def test_an_explicit_recorded_time_is_for_the_embedded_log_alone(log: Log) -> None:
    if isinstance(log, KafkaLog):
        with pytest.raises(Refused, match="recorded_at"):
            log.append(b"key", b"value", recorded_at=NOON)
        return
    log.append(b"key", b"value", recorded_at=NOON)
    log.flush()
    assert [moment for records in read_all(log) for moment in records.recorded_at] == [
        int(NOON.timestamp()) * 1_000_000
    ]


# Kafka's own promise.


@pytest.mark.kafka
def test_the_brokers_batches_hold_the_records_that_reading_gives_from_any_position_on(
    broker: Broker, topic_name: str
) -> None:
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=PARTITIONS)
        append_numbers(log, 300, keys=20)
        append_numbers(log, 30, keys=20)
        for partition, (_, end) in log.bounds().items():
            for position in (0, end // 2, end - 1):
                positions, found = {partition: position}, []
                while len(some := log.read_batches(positions, limit=1, wait_seconds=0)):
                    found.append(some)
                    positions |= some.next_positions()
                one_by_one = read_all(log, {partition: position})
                assert places(found) == places(one_by_one)
                assert values(found) == values(one_by_one)
                assert [at for each in found for at in each.recorded_at] == [
                    at for each in one_by_one for at in each.recorded_at
                ]
        with pytest.raises(LogChanged):
            log.read_batches({0: 10_000}, limit=1, wait_seconds=0)


# The embedded log's own promises.


@pytest.fixture
def ticking(tmp_path: Path) -> tuple[EmbeddedLog, list[datetime]]:
    """An embedded log and the clock it goes by: the last entry is now."""
    clock = [NOON]
    return EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: clock[-1]), clock


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def test_a_clock_that_goes_back_does_not_take_the_log_along(
    ticking: tuple[EmbeddedLog, list[datetime]],
) -> None:
    log, clock = ticking
    for hours in (0, -5, 1):
        clock.append(NOON + timedelta(hours=hours))
        log.append(b"key", b"value")
        log.flush()
    [records] = read_all(log)
    assert records.recorded_at == [micros(NOON), micros(NOON), micros(NOON + timedelta(hours=1))]


def test_explicit_times_must_rise_and_have_a_zone(ticking: tuple[EmbeddedLog, list[datetime]]) -> None:
    log, _ = ticking
    log.append(b"key", b"1", recorded_at=NOON)
    with pytest.raises(Refused, match="before the last record"):
        log.append(b"key", b"2", recorded_at=NOON - timedelta(microseconds=1))
    with pytest.raises(Refused, match="zone"):
        log.append(b"key", b"3", recorded_at=NOON.replace(tzinfo=None))
    log.flush()
    with pytest.raises(Refused, match="before the last record"):
        log.append(b"key", b"4", recorded_at=NOON - timedelta(microseconds=1))
    log.append(b"key", b"5", recorded_at=NOON)
    log.flush()
    assert values(read_all(log)) == [b"1", b"5"]


def test_a_record_cannot_be_changed_or_taken_out_of_the_file(tmp_path: Path) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        append_numbers(log, 1)
        with sqlite3.connect(tmp_path / "log.sqlite") as stranger:
            for change in ("update record set value = x'00'", "delete from record"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    stranger.execute(change)
        assert values(read_all(log)) == [b"0"]


def test_a_write_that_fails_is_told_to_the_record_and_to_the_flush(tmp_path: Path) -> None:
    told: list[LogUnavailable | None] = []
    log = EmbeddedLog(tmp_path / "log.sqlite")
    stranger = sqlite3.connect(tmp_path / "log.sqlite", isolation_level=None)
    stranger.execute("begin immediate")
    log.append(b"key", b"value", on_delivery=told.append)
    with pytest.raises(LogUnavailable):
        log.flush(timeout_seconds=0.1)
    assert [type(error) for error in told] == [LogUnavailable]
    stranger.execute("rollback")
    log.append(b"key", b"again", on_delivery=told.append)
    log.flush()
    assert told[1:] == [None]
    assert values(read_all(log)) == [b"again"]
    log.close()


def test_a_file_that_is_no_log_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "log.sqlite").write_bytes(b"something else altogether" * 100)
    with pytest.raises(LogUnavailable, match=r"log\.sqlite"):
        EmbeddedLog(tmp_path / "log.sqlite")


# Kafka's own promises.


@pytest.fixture
def nobody_listens() -> KafkaLog:
    return KafkaLog("127.0.0.1:1", "test", connect_seconds=0.3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda log: log.append(b"a token", b"an event"),
        lambda log: log.read({0: 0}, limit=1, wait_seconds=0),
        lambda log: log.bounds(),
        lambda log: log.partitions(),
        lambda log: log.ensure_topic(partitions=1),
    ],
    ids=["append", "read", "bounds", "partitions", "ensure_topic"],
)
def test_a_broker_that_is_not_there_is_said_soon_and_with_a_remedy(
    nobody_listens: KafkaLog, ask: Callable[[KafkaLog], object]
) -> None:
    began = time.monotonic()
    with pytest.raises(LogUnavailable, match="kafka_bootstrap") as caught:
        ask(nobody_listens)
    assert time.monotonic() - began < 10
    assert "token" not in str(caught.value)
    nobody_listens.close()


def test_after_a_failed_connect_appending_fails_at_once(nobody_listens: KafkaLog) -> None:
    for _ in range(200):  # 60 s if each one tried
        with pytest.raises(LogUnavailable):
            nobody_listens.append(b"key", b"value")


def test_telling_the_position_to_nobody_is_not_an_error(nobody_listens: KafkaLog) -> None:
    nobody_listens.commit({0: 5})


@pytest.mark.kafka
def test_a_missing_topic_is_named_with_the_command_that_makes_it(broker: Broker, topic_name: str) -> None:
    log = KafkaLog(broker.bootstrap, topic_name, connect_seconds=1)
    for ask in (log.partitions, log.bounds, lambda: log.append(b"key", b"value")):
        with pytest.raises(LogUnavailable, match=f"{topic_name}.*lineage topic create"):
            ask()
    log.close()


@pytest.mark.kafka
def test_a_topic_is_made_once_and_left_as_it_is_afterwards(broker: Broker, topic_name: str) -> None:
    log = KafkaLog(broker.bootstrap, topic_name)
    assert log.ensure_topic(partitions=2, retention_days=3)
    assert not log.ensure_topic(partitions=5)
    assert log.partitions() == [0, 1]
    log.close()


@pytest.mark.kafka
def test_a_topic_that_is_made_stamps_its_records_itself(broker: Broker, topic_name: str) -> None:
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=1, retention_days=3)
    backdated = KafkaProducer(bootstrap_servers=broker.bootstrap)
    backdated.send(topic_name, key=b"key", value=b"value", timestamp_ms=1_000).get(timeout=30)
    backdated.close()
    with KafkaLog(broker.bootstrap, topic_name) as log:
        [records] = read_all(log)
    assert records.recorded_at[0] > micros(NOON - timedelta(days=365))


@contextmanager
def killed(broker: Broker) -> Iterator[None]:
    """The time in which a broker is dead; afterwards it is back with its data."""
    try:
        broker.kill()
    except NotImplementedError as error:
        pytest.skip(str(error))
    try:
        yield
    finally:
        broker.start()


@pytest.mark.kafka
def test_a_broker_that_dies_is_no_empty_log_and_comes_back_with_everything(
    broker: Broker, topic_name: str
) -> None:
    end = {0: 10}
    with KafkaLog(broker.bootstrap, topic_name, connect_seconds=5) as log:
        log.ensure_topic(partitions=1)
        append_numbers(log, 10, keys=1)
        first = log.read({0: 0}, limit=5, wait_seconds=1)
        assert len(log.read(end, limit=5, wait_seconds=0)) == 0
        with killed(broker), pytest.raises(LogUnavailable):
            log.read(end, limit=5, wait_seconds=0)
        rest = read_all(log, first.next_positions())
        assert first.value + values(rest) == [b"%d" % number for number in range(10)]
        log.append(b"key 0", b"10")
        log.flush()
        assert values(read_all(log, end)) == [b"10"]


@pytest.mark.kafka
def test_what_a_dead_broker_does_not_confirm_is_told_and_its_room_is_bounded(
    broker: Broker, topic_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage.logs.kafka_writer.MAX_WAITING_BYTES", 5_000)
    told: Queue[LogUnavailable | None] = Queue()
    log = KafkaLog(broker.bootstrap, topic_name, connect_seconds=0.5, deliver_seconds=3)
    KafkaLog(broker.bootstrap, topic_name).ensure_topic(partitions=1)
    log.append(b"key", b"before", on_delivery=told.put)
    log.flush()
    assert told.get(timeout=0) is None
    with killed(broker):
        for _ in range(10):
            log.append(b"key", b"x" * 200, on_delivery=told.put)
        with pytest.raises(LogUnavailable):
            log.flush(timeout_seconds=0.1)
        with pytest.raises(LogUnavailable, match="unconfirmed"):
            log.append(b"key", b"x" * 5_000)
        assert [type(told.get(timeout=60)) for _ in range(10)] == [LogUnavailable] * 10
    with pytest.raises(LogUnavailable):
        log.close()
    log.close()
    with KafkaLog(broker.bootstrap, topic_name) as other:
        assert values(read_all(other))[0] == b"before"
