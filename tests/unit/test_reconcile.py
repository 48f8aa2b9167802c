"""Do a system's own counts and the log's agree, day by day, and is it told where they do not?"""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from installations import begin
from projecting import a_store, project_batch
from records import a_subject, collected, record, records, shared

from lineage.cli import main
from lineage.errors import Refused
from lineage.events import EmitterHeader, EventRetracted
from lineage.reconcile.compared import compared
from lineage.reconcile.source import SourceUnavailable, by_day, counted_at_source
from lineage.reconcile.told import counted_in_log
from lineage.store import Store

FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
AFTER = datetime(2026, 4, 1, tzinfo=UTC)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(tmp_path) as opened:
        yield opened


def told(store: Store, *events: EmitterHeader, **asked: Any) -> dict[date, int]:
    project_batch(store, records([record(each) for each in events], at=AFTER))
    with store.cursor() as reader:
        return dict(counted_in_log(reader, **{"system": "shop", "time_zone": "UTC", "as_of": AFTER, **asked}))


def test_events_count_on_the_day_on_which_they_happened_in_the_zone_of_the_business(store: Store) -> None:
    late = datetime(2026, 3, 2, 3, tzinfo=UTC)  # the evening before in Los Angeles
    events = [collected(occurred_at=late), collected(occurred_at=noon(SECOND))]

    assert told(store, *events, time_zone="America/Los_Angeles") == {FIRST: 1, SECOND: 1}


def test_an_event_counts_for_its_occurrences_and_only_of_the_system_and_kind_asked_for(store: Store) -> None:
    events = [
        collected(occurred_at=noon(FIRST), count=20),
        shared(occurred_at=noon(FIRST)),
        collected(occurred_at=noon(FIRST), system="attic"),
    ]
    assert told(store, *events, events=["Collected"]) == {FIRST: 20}


def test_what_was_replaced_or_retracted_does_not_count(store: Store) -> None:
    wrong, double = collected(occurred_at=noon(FIRST)), collected(occurred_at=noon(FIRST))
    right = replace(collected(occurred_at=noon(SECOND), subject=wrong.subject), supersedes=wrong.event_id)
    taken_back = EventRetracted(
        event_id=a_subject(),
        subject=double.subject,
        namespace="account",
        occurred_at=noon(THIRD),
        producer="web-shop",
        incarnation=double.incarnation,
        sequence=4,
        system="shop",
        retracts=double.event_id,
        reason="SENT_TWICE",
    )
    somebody = collected(occurred_at=noon(FIRST), event_id=double.event_id)  # another person's, same id

    assert told(store, wrong, double, right, taken_back, somebody) == {FIRST: 1, SECOND: 1}
    with store.cursor() as reader:
        before = counted_in_log(reader, "shop", "UTC", AFTER - timedelta(days=1))
    assert before == {}


def test_days_on_which_nobody_counts_anything_are_no_rows_and_all_others_are() -> None:
    days = compared({FIRST: 3, SECOND: 0}, {FIRST: 2, THIRD: 5}, None, THIRD + timedelta(days=1))

    assert [(each.day, each.difference) for each in days] == [(FIRST, -1), (THIRD, 5)]
    assert [each.day for each in compared({FIRST: 1, SECOND: 1, THIRD: 1}, {}, SECOND, THIRD)] == [SECOND]


@pytest.mark.parametrize(
    "rows",
    [
        [(FIRST,)],
        [(FIRST, 1, 2)],
        [("yesterday", 1)],
        [(FIRST, -1)],
        [(FIRST, "1")],
        [(FIRST, None)],
        [(FIRST, True)],
        [(FIRST, 1), ("2026-03-01", 1)],
        [(datetime(2026, 3, 1, 9, tzinfo=UTC), 1)],
    ],
)
def test_what_is_no_day_and_count_is_refused_without_its_value(rows: list[tuple[Any, ...]]) -> None:
    with pytest.raises(Refused, match="one row a day") as refused:
        by_day(rows)
    assert "yesterday" not in str(refused.value)


def test_days_may_come_as_databases_have_them() -> None:
    assert by_day([("2026-03-01", 1), (SECOND, 2), (noon(THIRD).replace(hour=0), 3)]) == {
        FIRST: 1,
        SECOND: 2,
        THIRD: 3,
    }


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """The database of a shop: two orders on the first day, one on the second."""
    path = tmp_path / "orders.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table orders (ordered_at text, email text)")
        connection.executemany(
            "insert into orders values (?, ?)",
            [(f"{day}T12:00:00", "ana@example.com") for day in (FIRST, FIRST, SECOND)],
        )
    connection.close()
    return path


BY_DAY = "select date(ordered_at), count(*) from orders where ordered_at like '%T12:00:00' group by 1"


def test_sqlite_counts_and_cannot_be_changed_by_the_query(orders: Path) -> None:
    url = f"sqlite:///{orders}"
    assert counted_at_source(url, BY_DAY) == {FIRST: 2, SECOND: 1}
    with pytest.raises((Refused, SourceUnavailable)) as refused:
        counted_at_source(url, "delete from orders where email = 'ana@example.com'")
    assert "ana" not in str(refused.value)
    assert counted_at_source(url, BY_DAY) == {FIRST: 2, SECOND: 1}


def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable):
        counted_at_source(f"sqlite:///{tmp_path}/absent.db", "select 1, 2")
    with pytest.raises(Refused, match="no URL"):
        counted_at_source("no address", "select 1, 2")

    assert not (tmp_path / "absent.db").exists()


psycopg = pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
postgres = pytest.importorskip("postgres", reason="nothing here starts a PostgreSQL")


@pytest.fixture(scope="module")
def orders_in_postgres() -> Iterator[str]:
    """The URL of the same shop's database on a real server."""
    try:
        with postgres.server() as address:
            database = postgres.new_database(address)
            with psycopg.connect(database) as connection:
                connection.execute("create table orders (ordered_at timestamptz)")
                for at in ("2026-03-01 12:00+00", "2026-03-02 03:00+00", "2026-03-02 12:00+00"):
                    connection.execute("insert into orders values (%s)", [at])
            yield database.replace("postgresql://", "postgresql+psycopg://")
    except postgres.NoPostgres as error:
        if os.environ.get("LINEAGE_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_POSTGRES=1, but there is no PostgreSQL: {error}")
        pytest.skip(f"no PostgreSQL: {error}")


def test_postgresql_counts_and_cannot_be_changed_by_the_query(orders_in_postgres: str) -> None:
    query = """
    select date_trunc('day', ordered_at at time zone 'America/Los_Angeles')::date, count(*)
    from orders
    where ordered_at::time < '23:00:00' and ordered_at::text like '2026%'
    group by 1
    """
    assert counted_at_source(orders_in_postgres, query) == {FIRST: 2, SECOND: 1}
    summed = "select ordered_at::date::timestamp, sum(1) from orders group by 1"
    assert sum(counted_at_source(orders_in_postgres, summed).values()) == 3
    for change in (
        "delete from orders",
        "commit; delete from orders",
        "select 1, 2 from absent",
        "select 1; commit",
    ):
        with pytest.raises((Refused, SourceUnavailable)):
            counted_at_source(orders_in_postgres, change)
    assert counted_at_source(orders_in_postgres, query) == {FIRST: 2, SECOND: 1}


POLICY = {
    "business.yaml": """
name: Corner Shop
time_zone: UTC
systems:
  shop:
    publishes: true
    connector:
      {kind: sql, address: SHOP_DATABASE, table: orders, key: id, columns: {email_address: email}}
  attic: {publishes: true}
""",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}


def told_on(day: date, count: int = 1) -> str:
    return json.dumps(
        {
            "event": "Collected",
            "subject": "account:42",
            "occurred_at": f"{day}T12:00:00Z",
            "elements": ["email_address"],
            "source": "customer",
            "purposes": ["sell_goods"],
            "system": "shop",
            "count": count,
        }
    )


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LOG", "DESK_URL", "SECRET", "SECRET_FILE"):
        monkeypatch.delenv(f"LINEAGE_{name}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_ACTOR", "clerk-7")
    begin(tmp_path, POLICY, told_on(FIRST, count=2))
    (tmp_path / "by_day.sql").write_text(BY_DAY)


def run(*words: str, given: str | None = None, ends_with: int = 0) -> Result:
    done = CliRunner().invoke(main, words, input=given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == ends_with, done.output
    return done


def last_reconciled() -> dict[str, Any]:
    systems = json.loads(run("coverage", "--part", "systems", "--format", "json").stdout)
    [found] = [each["last_reconciled"] for each in systems if each["system"] == "shop"]
    return found or {}


@pytest.mark.usefixtures("installed")
def test_days_that_differ_end_with_three_and_coverage_tells_of_the_last_reconciliation(
    orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert last_reconciled() == {}
    asked = ("reconcile", "shop", "--query", "by_day.sql", "--format", "json")
    differing = run(*asked, "--url", f"sqlite:///{orders}", ends_with=3)
    assert json.loads(differing.stdout) == [
        {"day": "2026-03-01", "at_source": 2, "in_log": 2, "difference": 0},
        {"day": "2026-03-02", "at_source": 1, "in_log": 0, "difference": -1},
    ]
    assert "1 of 2 days differ" in differing.stderr
    last = last_reconciled()
    assert (last["days"], last["days_differing"], last["by"]) == (2, 1, "clerk-7")

    run("publish", "-", given=told_on(SECOND))
    monkeypatch.setenv("SHOP_DATABASE", f"sqlite:///{orders}")
    run(*asked, "--event", "Collected", "--from", "2026-03-02")
    last = last_reconciled()
    assert (last["days"], last["days_differing"], last["at_source"], last["in_log"]) == (1, 0, 1, 1)
    assert (last["since"], last["events"]) == ("2026-03-02", ["Collected"])


@pytest.mark.usefixtures("installed")
def test_what_cannot_be_compared_is_refused_and_not_noted(tmp_path: Path, orders: Path) -> None:
    asked = ("reconcile", "shop", "--query", "by_day.sql")
    assert "SHOP_DATABASE" in run(*asked, ends_with=1).stderr
    assert "--url" in run("reconcile", "attic", *asked[2:], ends_with=1).stderr
    run("reconcile", "unheard-of", *asked[2:], ends_with=1)
    run(*asked, "--url", f"sqlite:///{orders}", "--event", "Forgotten", ends_with=1)
    run(*asked, "--url", f"sqlite:///{tmp_path}/absent.db", ends_with=4)
    run(*asked, "--from", "yesterday", ends_with=2)

    assert last_reconciled() == {}
