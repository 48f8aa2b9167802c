"""A log that moves to another topic: does every record keep its time, and every answer its words?"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from archiving import archive, everything
from broker import Broker
from kafka import KafkaAdminClient
from projecting import column, contents
from records import NOW, collected, record, report

from lineage.archive import WholeLog
from lineage.archive.migrating import go_on
from lineage.archive.owning import owned
from lineage.errors import ArchiveInUse, LogChanged, Refused
from lineage.logs import EmbeddedLog, Log
from lineage.logs.kafka import KafkaLog
from lineage.projector import Projector
from lineage.rebuild import rebuild
from lineage.store import Store


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", name="old", clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def next_log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "next.sqlite", name="new", clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def tell(log: Log, numbers: range) -> None:
    for number in numbers:
        log.append(*record(collected(sequence=number)))
    log.flush()


def test_offsets_go_on_counting_and_records_keep_their_times(
    log: EmbeddedLog, next_log: EmbeddedLog, folder: Path
) -> None:
    tell(log, range(1, 8))
    before = everything(log)
    archive(folder, log, records=3)
    assert go_on(folder, log, "new") == {0: 7}
    tell(next_log, range(8, 13))
    whole = WholeLog(folder, next_log)
    after = everything(whole)
    archive(folder, next_log, records=3)
    archived = everything(WholeLog(folder, next_log))

    assert (whole.name, whole.bounds()) == ("old", {0: (0, 12)})
    assert after.offset == list(range(12))
    assert (after.value[:7], after.recorded_at[:7]) == (before.value, before.recorded_at)
    assert archived == after


def test_a_log_that_is_not_archived_whole_stays_where_it_is(log: EmbeddedLog, folder: Path) -> None:
    tell(log, range(1, 4))
    archive(folder, log)
    tell(log, range(4, 5))
    with pytest.raises(Refused, match="not all is archived"):
        go_on(folder, log, "new")
    assert WholeLog(folder, log).bounds() == {0: (0, 4)}


def test_a_log_does_not_go_back_to_a_topic_nor_move_under_a_running_archiver(
    log: EmbeddedLog, folder: Path
) -> None:
    tell(log, range(1, 4))
    archive(folder, log)
    with pytest.raises(Refused, match="name of its own"):
        go_on(folder, log, "old")
    with owned(folder), pytest.raises(ArchiveInUse):
        go_on(folder, log, "new")


def test_settings_that_still_name_the_old_topic_are_told_so(
    log: EmbeddedLog, next_log: EmbeddedLog, folder: Path
) -> None:
    tell(log, range(1, 4))
    tell(next_log, range(4, 8))
    archive(folder, log)
    with pytest.raises(LogChanged, match="archive continue new"):
        archive(folder, next_log)
    go_on(folder, log, "new")
    with pytest.raises(LogChanged, match="Set kafka_topic to new"):
        WholeLog(folder, log).bounds()


def test_the_old_log_under_the_new_name_is_not_archived_again(
    log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    """The embedded log has whatever name the settings give it."""
    tell(log, range(1, 4))
    archive(folder, log)
    go_on(folder, log, "new")
    with EmbeddedLog(tmp_path / "log.sqlite", name="new") as renamed:
        with pytest.raises(LogChanged, match="archived already"):
            archive(folder, renamed)
        with pytest.raises(LogChanged, match="archived already"):
            WholeLog(folder, renamed).bounds()


def moved(old: Log, new: Log, folder: Path, path: Path) -> None:
    """A log is told and projected, moves, is told more; in the end nobody asks the old topic."""
    tell(old, range(1, 101))
    archive(folder, old, records=20, wait_seconds=0.2)
    with Store(path) as store:
        Projector(WholeLog(folder, old), store).catch_up()
        at_first = column(store, "select recorded_at from event_row where sequence <= 100 order by sequence")
    go_on(folder, old, new.name)
    tell(new, range(101, 151))
    new.append(*record(report(last_sequence=151)), partition=0)
    new.flush()
    whole = WholeLog(folder, new)
    with Store(path) as store:
        assert Projector(whole, store).catch_up().records == 51
        at_last = column(store, "select recorded_at from event_row where sequence <= 100 order by sequence")
        assert at_last == at_first
        assert column(store, "select count_missing from coverage") == [1]
        before = contents(store)

    archive(folder, new, records=20, wait_seconds=0.2)
    assert rebuild(WholeLog(folder, new), path).records == 151
    with Store(path) as store:
        assert contents(store) == before


@pytest.mark.kafka
def test_a_kafka_topic_moves_to_another_and_is_deleted(broker: Broker, tmp_path: Path, folder: Path) -> None:
    names = [f"test-{uuid4().hex}" for _ in range(2)]
    with KafkaLog(broker.bootstrap, names[0]) as old, KafkaLog(broker.bootstrap, names[1]) as new:
        old.ensure_topic(partitions=2)
        new.ensure_topic(partitions=3)
        moved(old, new, folder, tmp_path / "lineage.duckdb")
        admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
        admin.delete_topics([old.name])
        admin.close()
        assert len(everything(WholeLog(folder, new))) == 151


@pytest.mark.kafka
def test_an_embedded_log_goes_on_in_kafka(
    broker: Broker, log: EmbeddedLog, topic_name: str, tmp_path: Path, folder: Path
) -> None:
    with KafkaLog(broker.bootstrap, topic_name) as new:
        new.ensure_topic(partitions=3)
        moved(log, new, folder, tmp_path / "lineage.duckdb")


@pytest.mark.kafka
def test_a_topic_with_fewer_partitions_is_no_continuation(broker: Broker, folder: Path) -> None:
    names = [f"test-{uuid4().hex}" for _ in range(2)]
    with KafkaLog(broker.bootstrap, names[0]) as old, KafkaLog(broker.bootstrap, names[1]) as new:
        old.ensure_topic(partitions=2)
        new.ensure_topic(partitions=1)
        tell(old, range(1, 40))
        archive(folder, old, wait_seconds=0.2)
        go_on(folder, old, new.name)
        with pytest.raises(LogChanged, match="a topic keeps its partitions"):
            WholeLog(folder, new).bounds()
