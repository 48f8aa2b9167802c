"""Does the projector keep up with a log, go on where it ended, and stop when the log is another one?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from eventsourcing.persistence import IntegrityError
from projecting import column, contents
from records import NOW, collected, record, report

from lineage.errors import LogChanged, LogUnavailable
from lineage.events import EmitterHeader
from lineage.logs import EmbeddedLog, Log, Records
from lineage.projection.columns import Rows
from lineage.projector import Progress, Projector
from lineage.rebuild import rebuild
from lineage.store import Store


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lineage.duckdb"


def tell(log: Log, *events: EmitterHeader) -> None:
    for event in events:
        log.append(*record(event))
    log.flush()


def some_events(count: int = 5) -> list[EmitterHeader]:
    return [collected(sequence=number) for number in range(1, count + 1)]


def opened(path: Path) -> Store:
    return Store(path, say=lambda message: None)


class ShortenedLog(EmbeddedLog):
    """A log whose beginning, or middle, can be made to vanish, as Kafka's retention does."""

    begins_at = 0
    hands_out_nothing = False

    def bounds(self) -> dict[int, tuple[int, int]]:
        return {part: (self.begins_at, end) for part, (_, end) in super().bounds().items()}

    def read(self, positions, *, limit, wait_seconds):  # type: ignore[no-untyped-def] # as the log's own
        if self.hands_out_nothing:
            return Records()
        return super().read(positions, limit=limit, wait_seconds=wait_seconds)


def test_catching_up_projects_all_that_is_there(log: EmbeddedLog, path: Path) -> None:
    events = some_events()
    tell(log, *events, events[0], report(last_sequence=5))
    log.append(b"?", b"?")
    log.flush()
    with opened(path) as store:
        progress = Projector(log, store, batch_records=2).catch_up()

        assert progress == Progress(records=8, events=5, repeats=1, parked=1, reports=1)
        assert column(store, "select count(*) from event_row") == [5]
        assert Projector(log, store).catch_up() == Progress()


def test_projecting_in_small_batches_gives_the_tables_of_one_large_batch(
    log: EmbeddedLog, tmp_path: Path
) -> None:
    events = some_events(30)
    tell(log, *events, *events[:10], *(replace(event, source="a-broker") for event in events[5:15]))
    held = []
    for batch_records in (1, 7, 1000):
        with opened(tmp_path / f"{batch_records}.duckdb") as store:
            Projector(log, store, batch_records=batch_records).catch_up()
            held.append(contents(store))

    assert held[0] == held[1] == held[2]


def test_a_projector_goes_on_where_the_last_one_ended(log: EmbeddedLog, path: Path) -> None:
    first, second = some_events(3), [collected(sequence=number) for number in (4, 5)]
    tell(log, *first)
    with opened(path) as store:
        Projector(log, store).catch_up()
    tell(log, *second)
    with opened(path) as store:
        assert Projector(log, store).catch_up().records == 2
        assert sorted(column(store, "select sequence from event_row")) == [1, 2, 3, 4, 5]


def test_a_projector_that_dies_between_batches_loses_and_repeats_nothing(
    log: EmbeddedLog, path: Path
) -> None:
    tell(log, *some_events(9))

    def die(progress: Progress) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with opened(path) as store, pytest.raises(KeyboardInterrupt):
            Projector(log, store, batch_records=3, on_batch=die).catch_up()
    with opened(path) as store:
        assert Projector(log, store, batch_records=3).catch_up().records == 3
        assert sorted(column(store, "select sequence from event_row")) == list(range(1, 10))
        assert column(store, "select count(*) from repeat_row") == [0]


def test_a_projector_whose_write_failed_begins_again_where_the_database_is(
    log: EmbeddedLog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(log, *some_events(9))
    with opened(path) as store:
        projector = Projector(log, store, batch_records=2)
        written = store.write
        failing = iter([False, True])

        def write(topic: str, rows: Rows) -> None:
            if next(failing, False):
                raise OSError("no space left")
            written(topic, rows)

        monkeypatch.setattr(store, "write", write)
        with pytest.raises(OSError, match="no space"):
            projector.catch_up()
        assert column(store, "select count(*) from event_row") == [2]

        projector.catch_up()

        assert sorted(column(store, "select sequence from event_row")) == list(range(1, 10))


def test_following_takes_what_comes_until_it_is_stopped(log: EmbeddedLog, path: Path) -> None:
    stop, seen = Signal(), Signal()
    tell(log, *some_events(2))

    def look(progress: Progress) -> None:
        if progress.events == 4:
            seen.set()

    with opened(path) as store:
        projector = Projector(log, store, wait_seconds=0.05, on_batch=look)
        results: list[Progress] = []
        thread = Thread(target=lambda: results.append(projector.follow(stop)))
        thread.start()
        tell(log, *(collected(sequence=number) for number in (3, 4)))
        assert seen.wait(30)
        stop.set()
        thread.join(30)

        assert results == [Progress(records=4, events=4)]


def test_a_reader_can_wait_for_its_own_write(log: EmbeddedLog, path: Path) -> None:
    tell(log, *some_events(3))
    with opened(path) as store:
        Projector(log, store).catch_up()

        store.tracking().wait(f"{log.name}/0", 2, timeout=0.1)
        with pytest.raises(TimeoutError):
            store.tracking().wait(f"{log.name}/0", 3, timeout=0.1)


def test_a_log_shorter_than_what_was_projected_stops_the_projector(log: EmbeddedLog, path: Path) -> None:
    tell(log, *some_events(5))
    with opened(path) as store:
        Projector(log, store).catch_up()
        with EmbeddedLog(path.with_name("other.sqlite"), clock=lambda: NOW) as other:
            tell(other, *some_events(3))
            with pytest.raises(LogChanged, match="rebuild"):
                Projector(other, store).catch_up()


def test_another_log_under_the_same_name_is_known_by_its_last_record(log: EmbeddedLog, path: Path) -> None:
    tell(log, *some_events(5))
    with opened(path) as store:
        Projector(log, store).catch_up()
        before = contents(store)
        with EmbeddedLog(path.with_name("other.sqlite"), clock=lambda: NOW) as other:
            tell(other, *some_events(9))
            with pytest.raises(LogChanged, match="made anew"):
                Projector(other, store).catch_up()
        assert contents(store) == before


def test_a_log_whose_next_records_were_deleted_stops_the_projector(tmp_path: Path, path: Path) -> None:
    with ShortenedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as log, opened(path) as store:
        tell(log, *some_events(3))
        Projector(log, store).catch_up()
        tell(log, *[collected(sequence=number) for number in range(4, 8)])
        log.begins_at = 3
        assert Projector(log, store, batch_records=1).catch_up().records == 4
        tell(log, *[collected(sequence=number) for number in range(8, 12)])
        log.begins_at = 9
        with pytest.raises(LogChanged, match="deleted before they were projected"):
            Projector(log, store).catch_up()

        Projector(log, store, accept_missing_start=True).catch_up()
        assert column(store, "select count_missing from coverage") == [2]


def test_a_log_that_hands_nothing_out_is_not_taken_for_an_empty_one(tmp_path: Path, path: Path) -> None:
    with ShortenedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as log, opened(path) as store:
        tell(log, *some_events(3))
        log.hands_out_nothing = True
        with pytest.raises(LogUnavailable, match="not handed them out"):
            Projector(log, store, wait_seconds=0.0, patience_seconds=0.0).catch_up()


def test_rebuilding_gives_the_same_tables_and_keeps_the_old_ones_until_then(
    log: EmbeddedLog, path: Path
) -> None:
    events = some_events(20)
    tell(log, *events, *events[:4], replace(events[0], source="a-broker"), report(last_sequence=25))
    tell(log, collected(sequence=21, occurred_at=NOW + timedelta(hours=1)))
    with opened(path) as store:
        Projector(log, store, batch_records=6).catch_up()
        before = contents(store)
    progress = rebuild(log, path)

    assert progress.records == 27
    assert not list(path.parent.glob("*.rebuilding*"))
    with opened(path) as store:
        assert contents(store) == before
        assert Projector(log, store).catch_up() == Progress()


def test_a_rebuild_writes_the_events_in_order_once_however_many_there_are(
    log: EmbeddedLog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage.store.compaction.SMALLEST_UNSORTED_ROWS", 3)
    tell(log, *some_events(20))
    with opened(path) as store:
        Projector(log, store).catch_up()
        store.compact()
        assert column(store, "select sorted_rows from compaction") == [20, 20]
    rebuild(log, path)
    with opened(path) as store:
        assert column(store, "select sorted_rows from compaction") == [20]


def test_a_rebuild_that_was_cut_short_is_begun_again(log: EmbeddedLog, path: Path) -> None:
    tell(log, *some_events(4))
    with opened(path) as store:
        Projector(log, store).catch_up()

    def die(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(log, path, on_batch=die)
    with opened(path) as store:
        assert column(store, "select count(*) from event_row") == [4]
    rebuild(log, path)
    with opened(path) as store:
        assert column(store, "select count(*) from event_row") == [4]


def test_a_damaged_database_is_rebuilt_from_the_log(log: EmbeddedLog, path: Path) -> None:
    tell(log, *some_events(4))
    with opened(path) as store:
        Projector(log, store).catch_up()
        before = contents(store)
    path.write_bytes(b"damaged" * 5000)
    with opened(path) as store:
        assert store.set_aside
        Projector(log, store).catch_up()
        assert contents(store) == before


def test_a_second_projector_on_the_same_database_is_stopped(log: EmbeddedLog, path: Path) -> None:
    """Another process cannot even open the file; inside one process the positions tell."""
    tell(log, *some_events(2))
    with opened(path) as store, opened(path) as other:
        rival = Projector(log, other)
        tell(log, *some_events(3))
        with pytest.raises(IntegrityError, match="second projector"):
            Projector(log, store, batch_records=1, on_batch=lambda progress: rival.catch_up()).catch_up()
        assert column(store, "select count(*) from event_row") == [5]
