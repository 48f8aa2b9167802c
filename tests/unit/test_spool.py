"""Between a service and the log stands a file: what was accepted is in the log at the end, whatever dies."""

import logging
import os
import signal
import sqlite3
import subprocess
import time
import traceback
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from threading import Event as Signal
from uuid import UUID, uuid4

import pytest
from spooling import POLICY, START, Service, child, ended, killed

from lineage.errors import LogUnavailable, Refused, SpoolFull, SpoolUnavailable
from lineage.events import Collected
from lineage.logs import EmbeddedLog
from lineage.policy import parse
from lineage.publish import Publisher, open_publisher
from lineage.settings import load_settings
from lineage.spool import SpoolFile
from lineage.spool import file as spool_file
from lineage.spool.delivering import deliver

POISON = "email:ana.poisoned@example.com"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def people(number: int) -> list[str]:
    return [f"account:{token_hex(8)}" for _ in range(number)]


def records_without_end(publisher: Publisher) -> Iterator[UUID]:
    while True:
        yield publisher.record("sign_up", subject=POISON)


def test_what_was_accepted_is_in_the_log_though_the_service_was_killed_at_once(service: Service) -> None:
    service.killed(*people(30))

    assert service.queue().depth()[0] == 30
    assert service.drained() is None
    assert [event.sequence for event in service.events()] == list(range(1, 31))
    assert service.queue().depth() == (0, None)


def test_a_killed_life_is_closed_with_its_last_number_and_the_next_covers_on(service: Service) -> None:
    service.killed(*people(3))
    service.clock.after(hours=2)
    with service.publisher() as publisher:
        publisher.record("sign_up", subject=people(1)[0])
    service.clock.after(days=1)
    service.drained()

    first = service.events()[0].incarnation
    [dead] = [report for report in service.reports() if report.incarnation == first]
    [next_one] = [report for report in service.reports() if report.incarnation != first]
    assert (dead.closing, dead.last_sequence) == (True, 3)
    assert (dead.covers_from, dead.covers_until) == (START, service.clock.now)
    assert (next_one.closing, next_one.last_sequence, next_one.covers_from) == (True, 1, START)


def test_the_last_number_of_a_killed_life_is_known_also_when_all_of_it_has_left_the_spool(
    service: Service,
) -> None:
    reader, writer = os.pipe()

    def lives() -> None:
        publisher = service.publisher()
        for person in people(7):
            publisher.record("sign_up", subject=person)
        os.write(writer, b".")
        time.sleep(60)

    living = child(lives)
    assert os.read(reader, 1) == b"."
    service.drained()
    assert service.reports() == []  # it is alive, and may go on
    os.kill(living, signal.SIGKILL)
    ended(living)
    service.drained()

    [report] = service.reports()
    assert (report.closing, report.last_sequence) == (True, 7)


def test_a_killed_life_that_promised_nothing_stays_open_and_its_last_number_is_told(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.killed(*people(4), POISON, resumes=False)
    with caplog.at_level(logging.INFO):
        service.drained()

    assert service.reports() == []
    [dead] = service.queue().dead()
    assert (dead.incarnation, dead.last) == (service.events()[0].incarnation, 5)
    assert f"incarnation {dead.incarnation}, last number 5" in caplog.text
    assert "poisoned" not in caplog.text


def test_a_life_that_ended_by_itself_is_never_closed_twice(service: Service) -> None:
    with service.publisher() as publisher:
        publisher.record("sign_up", subject=people(1)[0])
    service.drained()
    service.drained()

    [report] = service.reports()
    assert report.closing
    assert report.covers_until == START


def test_reports_leave_no_hole_over_many_lives_and_a_clock_that_jumps(service: Service) -> None:
    for hours in (1.0, -5.0, 26.0, -0.5):
        with service.publisher(heartbeat_seconds=0.0) as publisher:
            publisher.record("sign_up", subject=people(1)[0])
            service.clock.after(hours=hours)
            publisher.record("sign_up", subject=people(1)[0])
            publisher.report()
        service.killed(*people(1))
        service.clock.after(minutes=1)
    service.drained()

    told = sorted((report.covers_from, report.covers_until) for report in service.reports())
    assert all(begin <= end for begin, end in told)
    reached = told[0][1]
    for begin, end in told[1:]:
        assert begin <= reached
        reached = max(reached, end)
    assert told[0][0] == min(event.occurred_at for event in service.events() if event.occurred_at)


def test_a_forked_process_gets_a_life_of_its_own_and_neither_loses_anything(service: Service) -> None:
    with service.publisher() as publisher:
        publisher.record("sign_up", subject=people(1)[0])

        def records_too() -> None:
            for person in people(2):
                publisher.record("sign_up", subject=person)
            publisher.close()

        assert [ended(child(records_too)), ended(child(records_too))] == [0, 0]
        killed(lambda: publisher.record("sign_up", subject=people(1)[0]))
        publisher.record("sign_up", subject=people(1)[0])
    service.drained()

    lives = {report.incarnation: report.last_sequence for report in service.reports()}
    assert sorted(lives.values()) == [1, 2, 2, 2]
    assert all(report.closing for report in service.reports())
    for incarnation, last in lives.items():
        numbers = [event.sequence for event in service.events() if event.incarnation == incarnation]
        assert numbers == list(range(1, last + 1))


def test_processes_of_one_service_record_at_the_same_time(service: Service) -> None:
    def records() -> None:
        with service.publisher() as publisher:
            for person in people(150):
                publisher.record("sign_up", subject=person)

    children = [child(records) for _ in range(3)]
    service.drained()
    assert [ended(each) for each in children] == [0, 0, 0]
    service.drained()

    assert len({event.event_id for event in service.events()}) == 450
    assert sorted(report.last_sequence for report in service.reports()) == [150, 150, 150]


def test_what_was_sent_but_not_taken_out_is_sent_again_under_the_same_id_and_number(
    service: Service,
) -> None:
    service.killed(*people(5))
    with EmbeddedLog(service.log_path) as log:
        sent = deliver(log, service.queue().oldest(3), Signal())
    assert (sent.confirmed, sent.trouble) == (3, None)
    service.drained()  # whoever sent them died before it could take them out

    told = [(event.sequence, event.event_id) for event in service.events()]
    assert [number for number, _ in told] == [1, 2, 3, 1, 2, 3, 4, 5]
    assert told[:3] == told[3:6]


def test_only_one_drains_and_another_goes_on_when_it_has_died(service: Service) -> None:
    service.killed(*people(2))
    reader, writer = os.pipe()

    def opens() -> EmbeddedLog:
        os.write(writer, b".")
        time.sleep(60)
        raise AssertionError

    draining = child(lambda: service.drainer(opens).run(Signal()))
    assert os.read(reader, 1) == b"."
    other, stop = service.drainer(), Signal()
    other.start()
    other.finish(0.2)
    assert service.queue().depth()[0] == 3  # with the report on the killed life
    os.kill(draining, signal.SIGKILL)
    ended(draining)
    assert other.run(stop, until_empty=True) is None
    assert service.queue().depth()[0] == 0


def test_hours_without_a_log_change_nothing_and_are_told_without_a_person(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.killed(POISON)
    service.log_path = service.log_path / "in_the_way" / "log.sqlite"
    service.log_path.parent.parent.write_text("no folder")
    with caplog.at_level(logging.WARNING):
        trouble = service.drained()

    assert isinstance(trouble, LogUnavailable)
    assert service.queue().depth()[0] == 2  # the event, and that its life was killed
    assert "the spool waits" in caplog.text
    assert "poisoned" not in caplog.text
    service.log_path.parent.parent.unlink()
    assert service.drained() is None
    assert len(service.events()) == 1


def test_a_full_spool_refuses_and_uses_no_number_until_it_is_drained(service: Service) -> None:
    publisher = service.publisher(max_bytes=100_000)
    told: list[UUID] = []
    with pytest.raises(SpoolFull) as full:
        told += records_without_end(publisher)
    accepted = len(told)
    publisher.report()  # for that there is room: how far its numbers go can still be said

    assert accepted > 100
    assert service.queue().size() <= 100_000 + 4096 * 64
    assert "poisoned" not in "".join(traceback.format_exception(full.value))
    with pytest.raises(SpoolFull):
        publisher.record("sign_up", subject=POISON)
    service.drained()
    publisher.record("sign_up", subject=POISON)
    publisher.close()
    service.drained()
    assert [event.sequence for event in service.events()] == list(range(1, accepted + 2))
    assert [report.last_sequence for report in service.reports()] == [accepted, accepted + 1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own, of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True
    ).returncode:
        pytest.skip("no right to mount a disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_refuses_with_nothing_half_written_and_room_lets_it_go_on(
    service: Service, small_disk: Path
) -> None:
    service.path = small_disk / "spool.sqlite"
    publisher = service.publisher()
    accepted: list[UUID] = []
    with pytest.raises(SpoolUnavailable, match="disk") as full:
        accepted += records_without_end(publisher)
    assert not isinstance(full.value, SpoolFull)
    assert "poisoned" not in "".join(traceback.format_exception(full.value))
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    accepted.append(publisher.record("sign_up", subject=POISON))
    publisher.close()
    service.drained()

    assert [event.event_id for event in service.events()] == accepted
    assert [event.sequence for event in service.events()] == list(range(1, len(accepted) + 1))


def test_a_file_that_another_holds_refuses_after_a_while(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_file, "BUSY_SECONDS", 0.05)
    publisher = service.publisher()
    publisher.record("sign_up", subject=POISON)
    holder = sqlite3.connect(service.path, isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(SpoolUnavailable, match="locked") as refused:
        publisher.record("sign_up", subject=POISON)
    holder.execute("rollback")
    holder.close()
    publisher.record("sign_up", subject=POISON)
    publisher.close()
    service.drained()

    assert "poisoned" not in "".join(traceback.format_exception(refused.value))
    assert [event.sequence for event in service.events()] == [1, 2]


def test_a_broken_file_refuses_and_stays_as_it_is(service: Service) -> None:
    service.path.parent.mkdir()
    service.path.write_bytes(b"\x00garbage" * 1000)
    publisher = service.publisher(resumes=False)
    with pytest.raises(SpoolUnavailable, match="not a database") as broken:
        publisher.record("sign_up", subject=POISON)

    assert "poisoned" not in "".join(traceback.format_exception(broken.value))
    assert service.path.read_bytes() == b"\x00garbage" * 1000


def test_no_other_database_is_taken_for_a_spool(service: Service) -> None:
    EmbeddedLog(service.log_path).close()
    service.path = service.log_path
    with pytest.raises(SpoolUnavailable, match="no spool"):
        service.publisher(resumes=False).report()

    assert service.logged() == []


def test_an_event_that_is_refused_takes_no_room_and_no_number(service: Service) -> None:
    publisher = service.publisher()
    with pytest.raises(Refused) as refused:
        publisher.record("sign_up", subject="email:poisoned")
    assert "poisoned" not in str(refused.value)
    publisher.record("sign_up", subject=people(1)[0])
    publisher.close()
    service.drained()

    assert [event.sequence for event in service.events()] == [1]


def test_an_event_with_numbers_of_its_own_is_passed_on_and_counts_in_no_life(service: Service) -> None:
    other = uuid4()
    publisher = service.publisher()
    publisher.publish(
        Collected(
            subject=people(1)[0],
            elements=("email_address",),
            source="the_person",
            purposes=("service",),
            system="shop",
            occurred_at=START,
            producer="elsewhere",
            incarnation=other,
            sequence=9,
        )
    )
    publisher.close()
    service.drained()

    [event] = service.events()
    assert (event.incarnation, event.sequence) == (other, 9)
    assert [report.last_sequence for report in service.reports()] == [0]


def test_many_lives_leave_only_what_the_next_one_needs(service: Service) -> None:
    for _ in range(6):
        service.clock.after(minutes=1)
        with service.publisher() as publisher:
            publisher.record("sign_up", subject=people(1)[0])
    service.drained()
    service.drained()  # it looks before it drains

    with sqlite3.connect(service.path) as file:
        assert file.execute("select count(*) from life").fetchone() == (1,)
    assert list(service.path.with_name("spool.sqlite-lives").iterdir()) == []


def test_a_service_opens_it_by_name_and_what_it_told_is_in_the_log_when_it_has_ended(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    with open_publisher("shop", policy=POLICY, settings=settings, spool=True, resumes=True) as publisher:
        told = [publisher.record("sign_up", subject=person) for person in people(20)]
        publisher.flush()
    here = Service(tmp_path)
    here.log_path = tmp_path / "home" / "log.sqlite"

    assert [event.event_id for event in here.events()] == told
    assert here.reports()[-1].closing


def test_a_forked_process_drains_when_its_parent_does_not(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", spool=tmp_path / "elsewhere.sqlite")
    with open_publisher("shop", policy=POLICY, settings=settings, resumes=True, drains=True) as publisher:
        publisher.record("sign_up", subject=people(1)[0])
        publisher.flush()

        def records() -> None:
            publisher.record("sign_up", subject=people(1)[0])
            publisher.flush()

        assert ended(child(records)) == 0
    here = Service(tmp_path)
    here.log_path = tmp_path / "home" / "log.sqlite"
    assert len(here.events()) == 2


def test_a_service_that_ends_while_the_log_is_away_leaves_all_for_the_next(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home")
    settings.home.mkdir()
    (settings.home / "log.sqlite").mkdir()
    begun = time.monotonic()
    with open_publisher("shop", policy=POLICY, settings=settings, spool=True) as publisher:
        publisher.record("sign_up", subject=POISON)
        with pytest.raises(LogUnavailable, match="Nothing is lost") as late:
            publisher.flush(0.05)
    assert time.monotonic() - begun < 4
    assert "poisoned" not in "".join(traceback.format_exception(late.value))
    (settings.home / "log.sqlite").rmdir()
    with open_publisher("shop", policy=POLICY, settings=settings, spool=True):
        pass
    here = Service(tmp_path)
    here.log_path = settings.home / "log.sqlite"
    assert len(here.events()) == 1
    assert [report.closing for report in here.reports()] == [True, True]


def test_power_is_a_matter_of_the_file(tmp_path: Path) -> None:
    def asked(file: SpoolFile) -> int:
        with file.lock:
            [found] = file.connection.execute("pragma synchronous").fetchone()
        file.close()
        return int(found)

    assert asked(SpoolFile(tmp_path / "a.sqlite")) == 1
    assert asked(SpoolFile(tmp_path / "a.sqlite", durability="power")) == 2


def test_order_is_kept_for_each_person(service: Service) -> None:
    ana, ben = people(2)
    service.killed(*([ana, ben] * 20))
    service.drained()

    for one in {event.subject for event in service.events()}:
        numbers = [event.sequence for event in service.events() if event.subject == one]
        assert all(before < after for before, after in pairwise(map(int, filter(None, numbers))))


def test_a_life_that_could_not_tell_everything_is_not_closed_until_a_report_left_that_time_out(
    service: Service,
) -> None:
    def misses(publisher: Publisher) -> None:
        publisher.miss(service.clock.now)

    def misses_and_reports(publisher: Publisher) -> None:
        publisher.miss(service.clock.now)
        publisher.report()

    service.killed(*people(2), does=misses)
    service.drained()
    assert service.reports() == []
    assert len(service.queue().dead()) == 1
    service.killed(*people(2), does=misses_and_reports)
    service.drained()

    assert [report.closing for report in service.reports()][-1]
    assert len(service.queue().dead()) == 1


def test_a_life_that_counts_in_memory_is_not_closed_when_it_was_killed(service: Service) -> None:
    files = dict(POLICY.files)
    files["activities.yaml"] = files["activities.yaml"].replace("system: shop}", "system: shop, rollup: day}")
    counting = parse(files)
    service.killed(*people(2), policy=counting, does=lambda publisher: publisher.hold(lambda: None))
    service.drained()
    assert len(service.queue().dead()) == 1
    service.killed(*people(2), does=lambda publisher: publisher.hold(lambda: None))
    service.drained()

    assert len(service.queue().dead()) == 1
    assert [report.closing for report in service.reports()] == [True]
