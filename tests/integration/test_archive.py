"""Is every record archived once, whatever happens; and is the log whole when the broker has forgotten?"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from archiving import Forgetful, archive, everything, rows, tell
from broker import Broker
from kafka import KafkaAdminClient
from kafka.structs import TopicPartition
from projecting import contents
from records import NOW, collected, numbered, record, report

from lineage.archive import Archiver, WholeLog
from lineage.archive.form import chain, leaf_digest, path_of, segments
from lineage.archive.merging import NEIGHBOURS, merge_when_due
from lineage.archive.owning import owned
from lineage.archive.segments import write_segment
from lineage.errors import ArchiveDamaged, ArchiveInUse, LogChanged, LogUnavailable
from lineage.logs import EmbeddedLog, Log
from lineage.logs.kafka import KafkaLog
from lineage.projector import Projector
from lineage.rebuild import rebuild
from lineage.store import Store


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def stands_in_both(folder: Path, log: Log) -> None:
    """The archive has every record of the log once, each with the digest of what it says."""
    found = everything(log)
    archived = [
        (part, row["offset"], row["recorded_at"], row["key"], row["value"], row["digest"])
        for part, row in rows(folder)
    ]
    told = zip(found.partition, found.offset, found.recorded_at, found.key, found.value, strict=True)
    assert archived == sorted((*each, leaf_digest(*each)) for each in told)


def test_every_record_stands_in_the_archive_once_as_it_was(log: EmbeddedLog, folder: Path) -> None:
    tell(log, 10)
    log.append(b"a key alone", None)
    log.append(None, b"\x00 no event")
    log.flush()
    archive(folder, log, records=5)

    stands_in_both(folder, log)
    assert [(each.first, each.last) for each in chain(folder, 0)] == [(0, 4), (5, 9), (10, 11)]


def test_archiving_goes_on_where_the_segments_end(log: EmbeddedLog, folder: Path) -> None:
    tell(log, 5)
    archive(folder, log)
    before = {each: each.path.stat().st_mtime_ns for each in segments(folder, 0)}
    archive(folder, log)
    tell(log, 4, first=6)
    archive(folder, log)

    assert {each: each.path.stat().st_mtime_ns for each in before} == before
    assert [(each.first, each.last) for each in chain(folder, 0)] == [(0, 4), (5, 8)]
    stands_in_both(folder, log)


def test_a_segment_is_closed_after_so_many_seconds_though_it_is_small(log: EmbeddedLog, folder: Path) -> None:
    clock = [0.0]
    archiver = Archiver(folder, log, seconds=60, wait_seconds=0.0, clock=lambda: clock[-1])
    tell(log, 2)
    with owned(folder):
        archiver._begin()
        archiver._step()
        clock.append(59.0)
        archiver._step()
        assert chain(folder, 0) == []
        clock.append(60.0)
        archiver._step()
        assert [(each.first, each.last) for each in chain(folder, 0)] == [(0, 1)]


def test_what_is_read_beyond_a_full_segment_waits_for_the_next(
    log: EmbeddedLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage.archive.archiver.READ_RECORDS", 7)
    tell(log, 18)
    archive(folder, log, records=5)

    assert [(each.first, each.last) for each in chain(folder, 0)] == [(0, 4), (5, 9), (10, 14), (15, 17)]
    stands_in_both(folder, log)


def test_many_small_segments_become_few_and_the_same_records(log: EmbeddedLog, folder: Path) -> None:
    for number in range(230):
        tell(log, 1, first=number + 1)
        archive(folder, log, records=100)

    spans = [each.span for each in chain(folder, 0)]
    assert len(spans) < 3 * NEIGHBOURS
    assert len(segments(folder, 0)) == len(spans)
    assert spans[:2] == [100, 100]
    stands_in_both(folder, log)


@pytest.mark.parametrize("removed", range(NEIGHBOURS))
def test_a_merge_cut_short_leaves_every_record_once(
    removed: int, log: EmbeddedLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(log, 12)
    monkeypatch.setattr("lineage.archive.archiver.merge_when_due", lambda *_: None)
    archive(folder, log, records=1)
    unlink, count = Path.unlink, iter(range(100))

    def die(path: Path, missing_ok: bool = False) -> None:
        if next(count) == removed:
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", die)
        with pytest.raises(KeyboardInterrupt):
            merge_when_due(folder, 0, 100)

    stands_in_both(folder, log)
    archive(folder, log, records=100)
    assert len(segments(folder, 0)) == 1
    stands_in_both(folder, log)


def test_what_was_being_written_when_the_power_went_is_no_segment(log: EmbeddedLog, folder: Path) -> None:
    tell(log, 5)
    archive(folder, log)
    torn = folder / "0" / ".00000000000000000005-00000000000000000009.parquet.writing"
    torn.write_bytes(b"PAR1 and no more")
    tell(log, 5, first=6)
    archive(folder, log)

    assert not torn.exists()
    stands_in_both(folder, log)


def test_a_disk_that_takes_nothing_leaves_the_archive_as_it_was(log: EmbeddedLog, folder: Path) -> None:
    tell(log, 5)
    archive(folder, log)
    path = path_of(folder, 0, 5, 9)

    def full() -> Iterator[object]:
        raise OSError(28, "No space left on device")
        yield

    with pytest.raises(LogUnavailable, match="No space left"):
        write_segment(path, full())
    assert [each.name for each in (folder / "0").iterdir()] == [path_of(folder, 0, 0, 4).name]


def test_a_second_archiver_is_refused_and_told_by_whom(log: EmbeddedLog, folder: Path) -> None:
    with owned(folder), pytest.raises(ArchiveInUse, match=str(os.getpid())):
        Archiver(folder, log).catch_up()
    Archiver(folder, log).catch_up()


def other_log(path: Path, count: int) -> EmbeddedLog:
    log = EmbeddedLog(path, clock=lambda: NOW + timedelta(days=1))
    tell(log, count)
    return log


@pytest.mark.parametrize(("count", "why"), [(9, "another record"), (3, "ends at 3")])
def test_another_log_under_the_same_name_stops_archiver_and_reader(
    count: int, why: str, log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    tell(log, 5)
    archive(folder, log)
    with other_log(tmp_path / "other.sqlite", count) as other:
        with pytest.raises(LogChanged, match=why):
            archive(folder, other)
        with pytest.raises(LogChanged, match=why):
            WholeLog(folder, other).bounds()
    stands_in_both(folder, log)


def test_a_log_that_forgot_what_was_not_archived_stops_the_archiver(tmp_path: Path, folder: Path) -> None:
    with Forgetful(tmp_path / "log.sqlite", clock=lambda: NOW) as log:
        tell(log, 9)
        archive(folder, log)
        tell(log, 3, first=10)
        log.begins_at = 9
        archive(folder, log)
        tell(log, 3, first=13)
        log.begins_at = 13
        with pytest.raises(LogChanged, match="deleted before they were archived"):
            archive(folder, log)


def test_a_missing_segment_is_named_by_its_offsets(log: EmbeddedLog, folder: Path) -> None:
    tell(log, 15)
    archive(folder, log, records=5)
    chain(folder, 0)[1].path.unlink()

    with pytest.raises(ArchiveDamaged, match="offsets 5 to 9"):
        WholeLog(folder, log).bounds()


def test_a_damaged_segment_is_named(log: EmbeddedLog, folder: Path) -> None:
    tell(log, 5)
    archive(folder, log)
    [segment] = chain(folder, 0)
    segment.path.write_bytes(b"no Parquet")

    with pytest.raises(ArchiveDamaged, match=segment.path.name):
        WholeLog(folder, log).bounds()


def test_what_the_log_forgot_is_read_from_the_archive_and_the_rest_from_the_log(
    tmp_path: Path, folder: Path
) -> None:
    with Forgetful(tmp_path / "log.sqlite", clock=lambda: NOW) as log:
        tell(log, 20)
        told = everything(log)
        archive(folder, log, records=3)
        tell(log, 5, first=21)
        log.begins_at = 15
        whole = everything(WholeLog(folder, log))

        assert whole.offset == list(range(25))
        assert whole.value[:20] == told.value
        assert whole.recorded_at[:20] == told.recorded_at


def test_a_reader_is_not_disturbed_by_archiving_merging_and_forgetting(tmp_path: Path, folder: Path) -> None:
    with Forgetful(tmp_path / "log.sqlite", clock=lambda: NOW) as log:
        tell(log, 30)
        told = everything(log).value
        archive(folder, log, records=1)
        whole = WholeLog(folder, log)
        found, position = [], 0
        while len(some := whole.read({0: position}, limit=2, wait_seconds=0)):
            found += some.value
            position = some.next_positions()[0]
            if position == 10:
                tell(log, 10, first=31)
                archive(folder, log, records=1000)
                log.begins_at = 40
        assert found[:30] == told
        assert len(found) == 40


def test_a_database_is_rebuilt_from_archive_and_tail_as_it_was(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "lineage.duckdb"
    with Forgetful(tmp_path / "log.sqlite", clock=lambda: NOW) as log:
        tell(log, 30)
        log.append(*record(report(last_sequence=45)))
        archive(folder, log, records=7)
        tell(log, 14, first=31)
        with Store(path) as store:
            Projector(log, store, batch_records=8).catch_up()
            before = contents(store)
        log.begins_at = 20
        whole = WholeLog(folder, log)
        rebuild(whole, path)
        with Store(path) as store:
            assert contents(store) == before
            assert Projector(whole, store).catch_up().records == 0


class Archiving:
    """`lineage archive --follow` in a process of its own, started again whenever it was killed."""

    def __init__(self, home: Path, topic: str) -> None:
        self._environment = os.environ | {
            "LINEAGE_HOME": str(home),
            "LINEAGE_LOG": "embedded",
            "LINEAGE_KAFKA_TOPIC": topic,
            "LINEAGE_ARCHIVE_RECORDS": "50",
            "LINEAGE_ARCHIVE_SECONDS": "0.02",
        }
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-c", "from lineage.cli import main; main()", "archive", "--follow"]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def is_killed_and_started_again(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._start()

    def stops(self) -> str:
        self._process.send_signal(signal.SIGTERM)
        said, complained = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, complained.decode()
        return said.decode()


def test_an_archiver_killed_again_and_again_loses_and_doubles_nothing(
    tmp_path: Path, topic_name: str
) -> None:
    chance = random.Random(seed := random.SystemRandom().randrange(2**32))
    archiving = Archiving(tmp_path, topic_name)
    with EmbeddedLog(tmp_path / "log.sqlite", name=topic_name) as log:
        for round_ in range(5):
            until = time.monotonic() + chance.uniform(0.6, 1.5)  # it takes half a second to begin
            number = 0
            while time.monotonic() < until:
                number += 1
                tell(log, chance.randrange(1, 40), first=number)
                log.read({0: log.bounds()[0][1]}, limit=1, wait_seconds=0.02)
            if round_ < 4:
                archiving.is_killed_and_started_again()
        folder = tmp_path / "archive"
        end, patient_until = log.bounds()[0][1], time.monotonic() + 30
        while (found := chain(folder, 0) if folder.exists() else []) == [] or found[-1].last + 1 < end:
            assert time.monotonic() < patient_until, f"seed {seed}"
            log.read({0: end}, limit=1, wait_seconds=0.05)
        archiving.stops()
        stands_in_both(folder, log)
        small = [each for each in segments(folder, 0) if each.last - each.first + 1 < 50]
        assert len(small) < 20, f"seed {seed}"  # however much was told meanwhile: ten neighbours become one


def forgets(broker: Broker, topic: str, before: dict[int, int]) -> None:
    """The broker deletes what stands before these offsets, as its retention would."""
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.delete_records({TopicPartition(topic, part): offset for part, offset in before.items()})
    admin.close()


@pytest.mark.kafka
def test_kafka_may_forget_what_is_archived(
    broker: Broker, topic_name: str, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "lineage.duckdb"
    with KafkaLog(broker.bootstrap, topic_name) as log:
        log.ensure_topic(partitions=3)
        told = numbered([collected() for _ in range(300)])
        for event in told[:200]:
            log.append(*record(event))
        log.flush()
        archive(folder, log, records=40, wait_seconds=0.2)
        stands_in_both(folder, log)
        for event in told[200:]:
            log.append(*record(event))
        log.append(*record(report(last_sequence=301)), partition=0)
        log.flush()
        with Store(path) as store:
            Projector(log, store).catch_up()
            before = contents(store)

        forgets(broker, topic_name, {part: chain(folder, part)[-1].last - 2 for part in range(3)})
        whole = WholeLog(folder, log)
        assert rebuild(whole, path).records == 301
        with Store(path) as store:
            assert contents(store) == before
            assert Projector(whole, store).catch_up().records == 0

        archive(folder, log, wait_seconds=0.2)
        forgets(broker, topic_name, {part: end for part, (_, end) in log.bounds().items()})
        rebuild(WholeLog(folder, log), path)
        with Store(path) as store:
            assert contents(store) == before


@pytest.mark.kafka
def test_a_topic_made_anew_is_not_taken_for_the_archived_one(broker: Broker, folder: Path) -> None:
    topics = [f"test-{uuid4().hex}" for _ in range(2)]
    logs = [KafkaLog(broker.bootstrap, topic) for topic in topics]
    for log in logs:
        log.ensure_topic(partitions=2)
        tell(log, 40)
    archive(folder, logs[0], wait_seconds=0.2)
    logs[1]._topic = logs[0].name  # the same name, and another topic behind it
    with pytest.raises(LogChanged, match=r"another record|ends at|made anew"):
        archive(folder, logs[1], wait_seconds=0.2)
    for log in logs:
        log.close()
