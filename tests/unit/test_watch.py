"""Can others see how a consumer is, and do they see nothing of a person?"""

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from socket import create_server
from threading import Event as Signal
from threading import Thread

import pytest
from consuming import Consuming, asked, lines_of, numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from projecting import a_store
from records import NOW, a_subject, collected, record, report

from lineage.archive import Archiver
from lineage.errors import LogChanged, Refused
from lineage.logs import EmbeddedLog
from lineage.operate.watch import ArchiverWatch, ProjectorWatch, Watch, lines_on_stderr, served
from lineage.operate.watch.numbers import Numbers
from lineage.projector import Projector

POISON = b"ana.poisoned@example.com"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as opened:
        yield opened


# A projector that runs


def test_a_running_projector_tells_what_it_has_done_and_how_far_it_is(
    log: EmbeddedLog, tmp_path: Path
) -> None:
    events = [collected(sequence=number) for number in range(1, 6)]
    for event in (*events, events[0], report(last_sequence=5)):
        log.append(*record(event))
    log.append(POISON, POISON)
    log.flush()
    stop = Signal()
    with a_store(tmp_path) as store:
        watch = ProjectorWatch("project_lineage", log, {}, health_seconds=60)
        projector = Projector(log, store, wait_seconds=0.05, watcher=watch)
        following = Thread(target=projector.follow, args=(stop,))
        with served(watch, "127.0.0.1", 0) as address:
            following.start()
            page = eventually(
                lambda: asked(address, "/metrics")[1],
                lambda text: numbers(text)["lineage_records_total"] == 8,
            )
            health = asked(address, "/healthz")
            elsewhere = asked(address, "/secret")
            stop.set()
            following.join(timeout=60)
    found = numbers(page)
    assert health == (200, "ok\n")
    assert elsewhere[0] == 404
    assert found["lineage_events_total"] == 5
    assert found["lineage_repeats_total"] == 1
    assert found["lineage_reports_total"] == 1
    assert found['lineage_parked_total{reason="UNDECODABLE"}'] == 1
    assert found["lineage_batches_total"] >= 1
    assert found["lineage_write_seconds_total"] > 0
    assert found['lineage_position_offset{partition="0"}'] == 8
    assert found["lineage_last_commit_timestamp_seconds"] > NOW.timestamp()
    assert found['lineage_info{consumer="project_lineage"}'] == 1
    assert "poisoned" not in page
    assert not any(event.subject.hex in page or str(event.subject) in page for event in events)


def eventually(ask: Callable[[], str], good: Callable[[str], bool]) -> str:
    until = time.monotonic() + 60
    while not good(found := ask()):
        assert time.monotonic() < until, found
    return found


def test_what_was_projected_before_is_where_it_begins_and_the_lag_is_what_is_left(log: EmbeddedLog) -> None:
    for number in range(10):
        log.append(b"key", b"%d" % number)
    log.flush()
    watch = Watch("archive_log", log, {0: 4}, health_seconds=60)
    watch.stepped()
    found = numbers(watch.numbers.text())
    assert found['lineage_position_offset{partition="0"}'] == 4
    assert found['lineage_lag_records{partition="0"}'] == 6


def test_a_consumer_whose_loop_stands_still_is_not_healthy_and_says_for_how_long(log: EmbeddedLog) -> None:
    clock = [0.0]
    watch = Watch("archive_log", log, {}, health_seconds=60, clock=lambda: clock[-1])
    with served(watch, "127.0.0.1", 0) as address:
        clock.append(59.0)
        assert asked(address, "/healthz") == (200, "ok\n")
        clock.append(61.0)
        status, why = asked(address, "/healthz")
        assert (status, "no step for 61 seconds" in why) == (503, True)
        watch.stepped()
        assert asked(address, "/healthz")[0] == 200


def test_a_log_that_does_not_answer_is_for_the_loop_to_find_out(tmp_path: Path) -> None:
    class Gone(EmbeddedLog):
        def bounds(self) -> dict[int, tuple[int, int]]:
            raise LogChanged("gone")

    with Gone(tmp_path / "log.sqlite") as log:
        watch = Watch("archive_log", log, {}, health_seconds=60)
        watch.stepped()
    assert "lineage_lag_records{" not in watch.numbers.text()


def test_a_port_that_another_has_is_refused_by_name(log: EmbeddedLog) -> None:
    watch = Watch("archive_log", log, {}, health_seconds=60)
    with (
        create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(Refused, match="metrics_port"),
        served(watch, "127.0.0.1", taken.getsockname()[1]),
    ):
        pass


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.floats(0, 1e12), max_size=5))
@settings(max_examples=50)
def test_whatever_a_label_holds_the_page_can_be_read(values: dict[str, float]) -> None:
    told = Numbers()
    gauge = told.gauge("lineage_test_seconds", "A test.", "reason")
    for label, value in values.items():
        gauge.set(value, label)
    lines = [line for line in told.text().split("\n") if line and not line.startswith("#")]
    found = {}
    for line in lines:
        label, value = re.fullmatch(
            r'lineage_test_seconds\{reason="((?:[^"\\\n]|\\.)*)"\} (\S+)', line
        ).groups()  # type: ignore[union-attr]
        unescaped = re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), label)
        found[unescaped] = float(value)
    assert found == values


# Lines


def test_a_line_has_when_how_grave_who_what_and_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    with lines_on_stderr("json", "info"):
        logging.getLogger("lineage.test").info("read %d", 3, extra={"fields": {"records": 3}})
        logging.getLogger("lineage.test").debug("not told")
    [line] = lines_of(capsys.readouterr().err)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("at")))
    assert line == {"level": "INFO", "logger": "lineage.test", "message": "read 3", "records": 3}


def test_a_line_for_people_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with lines_on_stderr("text", "info"):
        logging.getLogger("lineage.test").warning("look")
    assert re.fullmatch(r"\S+Z WARNING lineage\.test look\n", capsys.readouterr().err)


def test_an_error_of_ours_is_told_in_its_words_and_one_of_others_by_its_kind_and_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logger = logging.getLogger("lineage.test")
    with lines_on_stderr("json", "info"):
        for error in (LogChanged("the topic was made anew"), ValueError(POISON.decode())):
            try:
                raise error
            except Exception:
                logger.exception("ends")
    written = capsys.readouterr().err
    ours, others = lines_of(written)
    assert ours["error"] == "the topic was made anew"
    assert str(others["error"]).startswith("ValueError")
    assert "test_watch.py" in str(others["trace"])
    assert "poisoned" not in written


def test_of_others_only_warnings_pass(capsys: pytest.CaptureFixture[str]) -> None:
    client = logging.getLogger("kafka.producer.kafka")
    client.setLevel(logging.DEBUG)
    try:
        with lines_on_stderr("json", "debug"):
            client.debug("Sending (key=%r value=%r)", POISON, POISON)
            client.info("Sending (key=%r value=%r)", POISON, POISON)
            client.warning("the broker is slow")
    finally:
        client.setLevel(logging.NOTSET)
    [line] = lines_of(capsys.readouterr().err)
    assert line["message"] == "the broker is slow"


def test_a_line_that_cannot_be_made_does_not_print_what_it_was_given(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own would not make it either
    with lines_on_stderr("json", "info"):
        logging.getLogger("lineage.test").warning("%d records", POISON.decode())
    written = capsys.readouterr().err
    assert "could not be written" in written
    assert "poisoned" not in written


# The consumer itself, as it is run


def test_a_consumer_tells_itself_in_json_and_nothing_personal_whatever_comes(tmp_path: Path) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        subject = a_subject()
        log.append(*record(collected(subject=subject)))
        log.append(POISON, POISON * 10)
        log.append(subject.bytes, POISON)
    consuming = Consuming(tmp_path)
    page = consuming.until(lambda found: found["lineage_records_total"] == 3)
    code, written = consuming.stops()
    lines = lines_of(written)
    assert code == 0
    assert lines[0]["message"] == "project_lineage begins"
    assert lines[-1]["message"] == "project_lineage ends as it was told"
    [parked] = [line for line in lines if line["message"] == "records were parked"]
    assert parked["parked"] == {"UNDECODABLE": 2}
    for said in (page, written):
        assert "poisoned" not in said
        assert str(subject) not in said
        assert subject.hex not in said


def test_a_consumer_that_has_to_stop_says_why_in_its_last_line_and_by_its_exit_code(tmp_path: Path) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.append(*record(collected()))
    first = Consuming(tmp_path)
    first.until(lambda found: found["lineage_records_total"] == 1)
    second = Consuming(tmp_path)
    _, written = second.process.communicate(timeout=60)
    assert second.process.returncode == 4
    last = lines_of(written)[-1]
    assert (last["level"], f"process {first.process.pid} owns" in str(last["error"])) == ("ERROR", True)
    assert first.stops()[0] == 0


def test_the_archiver_tells_its_segments_and_checkpoints_and_ends_with_all_of_it_on_disk(
    tmp_path: Path,
) -> None:
    subject = a_subject()
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.append(*record(collected(subject=subject)))
        log.append(POISON, POISON)
    consuming = Consuming(tmp_path, "archive_log", archive_seconds=0.01, checkpoint_minutes=0.001)
    page = consuming.until(lambda found: found["lineage_checkpoints_total"] == 1)
    health = asked(consuming.address, "/healthz")
    code, written = consuming.stops()
    found = numbers(page)
    assert (code, health) == (0, (200, "ok\n"))
    assert found['lineage_info{consumer="archive_log"}'] == 1
    assert found["lineage_records_total"] == 2
    assert found["lineage_batches_total"] == 1
    assert found['lineage_position_offset{partition="0"}'] == 2
    assert found["lineage_last_checkpoint_timestamp_seconds"] > NOW.timestamp()
    lines = lines_of(written)
    assert [line["message"] for line in lines if line["level"] == "INFO"][
        -1
    ] == "archive_log ends as it was told"
    for said in (page, written):
        assert "poisoned" not in said
        assert subject.hex not in said


def test_what_is_read_but_not_yet_in_a_segment_is_still_the_archivers_lag(
    log: EmbeddedLog, tmp_path: Path
) -> None:
    for number in range(3):
        log.append(b"key", b"%d" % number)
    log.flush()
    stop, clock = Signal(), [0.0]
    watch = ArchiverWatch("archive_log", log, {}, health_seconds=60, clock=lambda: clock[-1])
    lags = []

    class Looking:
        def stepped(self, reached: Mapping[int, int]) -> None:
            lags.append(numbers(watch.numbers.text())['lineage_lag_records{partition="0"}'])
            clock.append(clock[-1] + 11.0)  # it asks the log again
            stop.set()

        def wrote(self, records: int, seconds: float, reached: Mapping[int, int]) -> None:
            assert reached == {0: 3}

    Archiver(tmp_path / "archive", log, seconds=3600, watchers=(watch, Looking())).follow(stop)
    assert lags == [3, 0]


def test_an_archiver_in_a_second_process_says_who_archives_already(tmp_path: Path) -> None:
    first = Consuming(tmp_path, "archive_log", archive_seconds=0.01)
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.append(*record(collected()))
    first.until(lambda found: found["lineage_records_total"] == 1)
    second = Consuming(tmp_path, "archive_log")
    _, written = second.process.communicate(timeout=60)
    assert second.process.returncode == 4
    assert f"process {first.process.pid} writes the archive" in str(lines_of(written)[-1]["error"])
    assert first.stops()[0] == 0
