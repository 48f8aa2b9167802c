"""A service tells events in its own transactions: what it committed is in the log, and nothing else."""

import json
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from threading import Event as Signal
from threading import Thread

import postgres
import pytest
from click.testing import CliRunner
from spooling import POLICY, GivenClock, child, ended
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from lineage.cli import main
from lineage.codec import decode
from lineage.errors import LineageError, OutboxUnavailable, Refused
from lineage.events import Collected, Event, ProducerReported
from lineage.logs import EmbeddedLog, Log
from lineage.outbox import Relay, SqlOutbox, metadata
from lineage.outbox.depth import depth
from lineage.tokens import Pseudonymiser, Secret

POISON = "email:ana.poisoned@example.com"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        with postgres.server() as address:
            yield address
    except postgres.NoPostgres as error:
        if os.environ.get("LINEAGE_REQUIRE_KAFKA") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_KAFKA=1 wants all servers, but there is no PostgreSQL: {error}")
        pytest.skip(f"no PostgreSQL: {error}")


class Shop:
    """A service with a database of its own, in which its events wait."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.log_path = url, folder / "log.sqlite"
        self.engine = create_engine(url, poolclass=NullPool)
        metadata.create_all(self.engine)
        self.clock = GivenClock()
        self.outbox = SqlOutbox(
            "shop",
            POLICY,
            pseudonymiser=Pseudonymiser(Secret.from_hex(token_hex(32))),
            clock=self.clock,
        )

    def tells(self, *people: str) -> None:
        with self.engine.begin() as connection:
            for person in people:
                self.outbox.record(connection, "sign_up", subject=person)

    def relay(self, opens: Callable[[], Log] | None = None) -> Relay:
        return Relay(
            create_engine(self.url, poolclass=NullPool),
            opens or (lambda: EmbeddedLog(self.log_path)),
            heartbeat_seconds=3600,
            clock=self.clock,
        )

    def relayed(self) -> LineageError | None:
        return self.relay().run(Signal(), until_empty=True)

    def logged(self) -> list[Event]:
        with EmbeddedLog(self.log_path) as log:
            records = log.read({0: 0}, limit=100_000, wait_seconds=0)
        return [decode(value) for value in records.value if value is not None]

    def events(self) -> list[Collected]:
        return [event for event in self.logged() if isinstance(event, Collected)]

    def reports(self) -> list[ProducerReported]:
        return [event for event in self.logged() if isinstance(event, ProducerReported)]


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    if request.param == "sqlite":
        return Shop(f"sqlite:///{tmp_path}/shop.sqlite", tmp_path)
    address = postgres.new_database(request.getfixturevalue("server"))
    return Shop(address.replace("postgresql://", "postgresql+psycopg://"), tmp_path)


@pytest.fixture
def on_postgres(server: str, tmp_path: Path) -> Shop:
    address = postgres.new_database(server)
    return Shop(address.replace("postgresql://", "postgresql+psycopg://"), tmp_path)


def person() -> str:
    return f"account:{token_hex(8)}"


def test_what_was_committed_is_told_and_what_was_rolled_back_was_never_there(shop: Shop) -> None:
    shop.tells(person(), person())
    with Session(shop.engine) as session:
        shop.outbox.record(session, "sign_up", subject=person())
        session.rollback()
    with Session(shop.engine) as session, session.begin():
        kept = shop.outbox.record(session, "sign_up", subject=person())
    assert shop.relayed() is None

    assert [event.sequence for event in shop.events()] == [1, 2, 3]
    assert shop.events()[2].event_id == kept
    assert all(event.producer == "shop" for event in shop.events())
    assert depth(shop.engine) == (0, None)


def test_the_numbers_go_on_whoever_relays_and_the_reports_leave_no_hole(shop: Shop) -> None:
    for _ in range(3):
        shop.tells(person())
        shop.clock.after(hours=1)
        shop.relayed()

    assert [event.sequence for event in shop.events()] == [1, 2, 3]
    assert len({event.incarnation for event in shop.logged()}) == 1
    reports = shop.reports()
    assert [report.last_sequence for report in reports] == [1, 2, 3]
    assert reports[-1].covers_until == shop.clock.now
    for before, after in pairwise(reports):
        assert after.covers_from == before.covers_until


def test_a_relay_killed_before_it_removes_what_it_sent_sends_the_same_again(shop: Shop) -> None:
    shop.tells(person(), person(), person())

    class Dying:
        """A log whose process dies when it has all of it."""

        def __init__(self, log: Log) -> None:
            self._log = log

        def __getattr__(self, name: str) -> object:
            return getattr(self._log, name)

        def flush(self, timeout_seconds: float = 1.0) -> None:
            self._log.flush(timeout_seconds)
            os.kill(os.getpid(), signal.SIGKILL)

    dying: Callable[[], Log] = lambda: Dying(EmbeddedLog(shop.log_path))  # type: ignore[assignment,return-value]  # noqa: E731
    status = ended(child(lambda: shop.relay(dying).run(Signal())))
    assert os.WIFSIGNALED(status)
    assert depth(shop.engine)[0] == 3
    shop.relayed()

    told = [(event.sequence, event.event_id) for event in shop.events()]
    assert [number for number, _ in told] == [1, 2, 3, 1, 2, 3]
    assert told[:3] == told[3:]


def test_of_two_relays_one_works_and_the_other_when_it_has_died(shop: Shop) -> None:
    shop.tells(person())
    reader, writer = os.pipe()

    def opens() -> EmbeddedLog:
        os.write(writer, b".")
        time.sleep(60)
        raise AssertionError

    first = child(lambda: shop.relay(opens).run(Signal()))
    assert os.read(reader, 1) == b"."
    found: list[LineageError | None] = []
    second = Thread(target=lambda: found.append(shop.relayed()))
    second.start()
    second.join(0.3)
    assert second.is_alive()
    assert not shop.log_path.exists()
    os.kill(first, signal.SIGKILL)
    ended(first)
    second.join(30)

    assert found == [None]
    assert [event.sequence for event in shop.events()] == [1]


def test_a_log_that_is_away_leaves_all_in_the_database(shop: Shop) -> None:
    shop.tells(POISON)
    shop.log_path.mkdir()
    trouble = shop.relayed()

    assert trouble is not None
    assert "poisoned" not in "".join(traceback.format_exception(trouble))
    assert depth(shop.engine)[0] == 1
    shop.log_path.rmdir()
    assert shop.relayed() is None
    assert [event.sequence for event in shop.events()] == [1]


def test_an_event_committed_late_is_told_and_until_then_no_report_covers_its_time(on_postgres: Shop) -> None:
    shop = on_postgres
    shop.tells(person())
    began = shop.clock.now
    with shop.engine.connect() as slow:
        shop.outbox.record(slow, "sign_up", subject=person())
        shop.clock.after(minutes=10)
        shop.tells(person())
        stop = Signal()
        relay = Thread(target=lambda: shop.relay().run(stop))
        relay.start()
        until = time.monotonic() + 20
        while depth(shop.engine)[0] and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.5)  # two looks: it could have reported, if it did so too early
        told = [report for report in shop.reports() if report.covers_until > began]
        assert told == []
        assert [event.sequence for event in shop.events()] == [1, 2]
        slow.commit()
    while not shop.reports() and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    relay.join()

    assert [event.sequence for event in shop.events()] == [1, 2, 3]
    [report] = shop.reports()
    assert (report.last_sequence, report.covers_until) == (3, shop.clock.now)


def test_a_refused_event_writes_nothing_and_names_nobody(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        with pytest.raises(Refused) as refused:
            shop.outbox.record(connection, "sign_up", subject=POISON, elements=("shoe_size",))
        with pytest.raises(Refused, match="by the outbox"):
            shop.outbox.record(connection, "sign_up", subject=POISON, producer="other")
    assert "poisoned" not in str(refused.value)
    assert depth(shop.engine)[0] == 0


def test_an_error_of_the_database_shows_nothing_of_the_event(shop: Shop) -> None:
    metadata.drop_all(shop.engine)
    subject = shop.outbox._pseudonymiser.token(POISON)[0]
    with shop.engine.begin() as connection, pytest.raises(SQLAlchemyError) as failed:
        shop.outbox.record(connection, "sign_up", subject=POISON)
    said = "".join(traceback.format_exception(failed.value)) + repr(failed.value)

    assert "poisoned" not in said
    assert repr(subject.bytes) not in said
    assert str(subject) not in said
    assert isinstance(shop.relayed(), OutboxUnavailable)


def test_an_operator_sees_what_waits_and_relays_it(shop: Shop, tmp_path: Path) -> None:
    shop.tells(POISON, person())
    env = {
        "LINEAGE_HOME": str(tmp_path / "home"),
        "LINEAGE_OUTBOX_URL": shop.engine.url.render_as_string(False),
    }
    said = CliRunner().invoke(main, ["outbox", "status", "--format", "json"], env=env)
    [row] = json.loads(said.stdout)
    assert (row["producer"], row["waiting"]) == ("shop", 2)
    assert "poisoned" not in said.output
    done = CliRunner().invoke(main, ["outbox", "relay", "--once"], env=env)
    assert (done.exit_code, done.output) == (0, "2 events sent\n")
    assert (
        json.loads(CliRunner().invoke(main, ["outbox", "status", "--format", "json"], env=env).stdout) == []
    )


def test_a_database_that_cannot_be_used_ends_with_4_and_keeps_the_address_to_itself(tmp_path: Path) -> None:
    env = {"LINEAGE_HOME": str(tmp_path), "LINEAGE_OUTBOX_URL": "postgresql://poisoned:secret@127.0.0.1:9/x"}
    for words in (["outbox", "status"], ["outbox", "relay", "--once"]):
        said = CliRunner().invoke(main, words, env=env)
        assert said.exit_code == 4, said.output
        assert "poisoned" not in said.output
    said = CliRunner().invoke(main, ["outbox", "status"], env=env | {"LINEAGE_OUTBOX_URL": "poisoned"})
    assert said.exit_code == 1
    assert "poisoned" not in said.output


def test_the_tables_are_the_services_to_make(shop: Shop) -> None:
    engine: Engine = shop.engine
    with engine.connect() as connection:
        found = connection.execute(text("select count(*) from lineage_outbox")).scalar()
    assert found == 0
    assert {"lineage_outbox", "lineage_outbox_life"} == set(SqlOutbox.metadata.tables)
