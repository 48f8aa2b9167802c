"""What a person at a terminal sees: lines named by number, a clear line an error, exit codes for scripts."""

import csv
import io
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from uuid import uuid4

import duckdb
import pytest
from click.testing import CliRunner, Result
from installations import begin

from lineage.cli import COMMANDS, main
from lineage.codec import decode
from lineage.events import Collected, Event, PolicyAdopted, ProducerReported
from lineage.logs import EmbeddedLog

Run = Callable[..., Result]

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
PERSON = "email:ana.poisoned@example.com"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in an installation of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LINEAGE_LOG", raising=False)

    def run(*arguments: object, given: str | None = None) -> Result:
        result = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "poisoned" not in result.output
        return result

    return run


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    folder = tmp_path / "policy"
    folder.mkdir()
    for name, text in POLICY.items():
        (folder / name).write_text(text)
    return folder


def test_what_stands_where_it_does_not_belong_is_not_repeated(run: Run) -> None:
    for words in (
        ("timeline", "account:1", PERSON),
        ("report", "--case", PERSON),
        ("report", "--as-of", PERSON),
        (PERSON,),
        (f"--{PERSON}",),
    ):
        done = run(*words)  # which looks for the identifier

        assert done.exit_code == 2


def line(**changed: object) -> str:
    given = {
        "event": "Collected",
        "subject": PERSON,
        "occurred_at": "2026-06-01T09:30:00Z",
        "elements": ["email_address"],
        "source": "customer",
        "purposes": ["sell_goods"],
        "system": "shop",
    }
    return json.dumps({key: value for key, value in (given | changed).items() if value is not None})


@pytest.fixture
def adopted(tmp_path: Path, run: Run) -> None:
    """The policy is adopted and projected."""
    begin(tmp_path, POLICY)


@pytest.fixture
def one_line(tmp_path: Path, run: Run) -> None:
    """One line was published under the policy, and both are projected."""
    begin(tmp_path, POLICY, line())


@pytest.fixture
def logged(tmp_path: Path) -> Callable[[], list[Event]]:
    def logged() -> list[Event]:
        with EmbeddedLog(tmp_path / "home" / "log.sqlite") as log:
            records = log.read({0: 0}, limit=10_000, wait_seconds=0)
        return [decode(value) for value in records.value if value is not None]

    return logged


def recorded(tmp_path: Path) -> list[datetime]:
    with sqlite3.connect(tmp_path / "home" / "log.sqlite") as database:
        found = database.execute("select recorded_at from record order by offset").fetchall()
    return [datetime.fromtimestamp(micros / 1_000_000, UTC) for (micros,) in found]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_help_with_example_and_exit_codes(run, name):
    text = run(name, "--help").output
    inner = [word.split()[0] for word in text.partition("Commands:")[2].splitlines() if word.strip()]
    for one in ([name, word] for word in inner) if inner else [[name]]:
        shown = run(*one, "--help").output
        assert "Example:" in shown, one
        assert "Ends with 0" in shown, one


def test_a_wrong_command_line_ends_with_two(run):
    assert run("publish", "no-such-file").exit_code == 2
    assert run("no-such-command").exit_code == 2
    assert run("policy", "adopt", ".", "--recorded-at", "2026-01-01T00:00").exit_code == 2


def test_the_version_is_told(run):
    assert run("--version").output.startswith("lineage, version ")


def test_lines_come_into_the_log_with_an_incarnation_that_is_closed(run, policy, logged):
    result = run("publish", "-", "--policy", policy, given=f"{line()}\n\n{line()}\n")

    assert result.exit_code == 0
    assert "published 2, refused 0" in result.stderr
    first, second, report = logged()
    assert isinstance(first, Collected)
    assert (first.producer, first.sequence) == ("cli", 1)
    assert (second.incarnation, second.sequence) == (first.incarnation, 2)
    assert isinstance(report, ProducerReported)
    assert report.closing
    assert (report.producer, report.incarnation, report.last_sequence) == ("cli", first.incarnation, 2)
    assert report.covers_from == report.covers_until


def test_a_bad_line_is_named_and_the_rest_is_published(run, policy, logged):
    bad = [
        "{",
        "[1]",
        '{"event": "Collected", "event": "Collected"}',
        line(elements=["shoe_size"]),
        line(colour="poisoned"),
        line(occurred_at="2026-06-01T09:30:00"),
        line(subject="ana.poisoned"),
        line(event="Sold"),
        line(count="poisoned"),
        line(recorded_at="2026-06-01T09:30:00Z"),
        line(sequence=3),
        line(occurred_at=None),
        line(occurred_until="2020-01-01T00:00:00Z"),
    ]
    result = run("publish", "-", "--policy", policy, given="\n".join([line(), *bad, line()]))

    assert result.exit_code == 1
    assert [event.sequence for event in logged() if isinstance(event, Collected)] == [1, 2]
    told = [each for each in result.stderr.splitlines() if each.startswith("line ")]
    assert [each.split(":")[0] for each in told] == [f"line {number}" for number in range(2, 15)]
    assert "published 2, refused 13" in result.stderr


def test_lines_with_numbers_of_their_own_are_passed_on_as_they_are(run, policy, logged):
    incarnation, event_id = str(uuid4()), str(uuid4())
    own = {"producer": "shop", "incarnation": incarnation, "event_id": event_id, "sequence": 7}
    report = {
        "event": "ProducerReported",
        "producer": "shop",
        "incarnation": incarnation,
        "occurred_at": "2026-06-01T10:00:00Z",
        "last_sequence": 7,
        "covers_from": "2026-06-01T00:00:00Z",
        "covers_until": "2026-06-01T10:00:00Z",
        "closing": True,
    }
    result = run("publish", "-", "--policy", policy, given=f"{line(**own)}\n{json.dumps(report)}\n")

    assert result.exit_code == 0
    event, told = logged()
    assert (event.producer, str(event.incarnation), event.sequence) == ("shop", incarnation, 7)
    assert str(event.event_id) == event_id
    assert isinstance(told, ProducerReported)
    assert str(told.incarnation) == incarnation
    assert told.covers_until == datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_a_producer_without_incarnation_gets_a_fresh_one_of_its_own(run, policy, logged):
    result = run("publish", "-", "--policy", policy, given=f"{line(producer='shop')}\n{line()}\n")

    assert result.exit_code == 0
    shop, cli, *reports = logged()
    assert (shop.producer, shop.sequence, cli.producer, cli.sequence) == ("shop", 1, "cli", 1)
    assert [(each.producer, each.incarnation) for each in reports] == [
        ("shop", shop.incarnation),
        ("cli", cli.incarnation),
    ]


def test_a_line_need_not_repeat_what_its_activity_says(run, policy, logged):
    (policy / "activities.yaml").write_text(
        "activities: {sign_up: {event: Collected, elements: [full_name], source: customer,"
        " purposes: [sell_goods], system: shop}}\n"
    )
    said = {"elements": None, "source": None, "purposes": None, "system": None, "activity": "sign_up"}
    given = "\n".join([line(**said), line(**said, occurred_at=None), line(**(said | {"elements": ["ssn"]}))])
    result = run("publish", "-", "--policy", policy, given=given)

    assert [each.split(":")[0] for each in result.stderr.splitlines()[:-1]] == ["line 2"]
    filled, other, _ = logged()
    assert isinstance(filled, Collected)
    assert (filled.elements, filled.source, filled.purposes, filled.system) == (
        ("full_name",),
        "customer",
        ("sell_goods",),
        "shop",
    )
    assert isinstance(other, Collected)
    assert other.elements == ("ssn",)


def test_a_history_keeps_the_times_at_which_it_was_recorded(run, policy, logged, tmp_path):
    times = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00.000001Z", "2026-01-02T00:00:00.000001Z"]
    lines = [line(occurred_at="2025-12-31T00:00:00Z", recorded_at=time) for time in times]
    lines.append(line(recorded_at=None))
    lines.append(line(recorded_at="2026-01-01T12:00:00Z"))
    lines.append(
        line(occurred_at="2025-12-31T00:00:00Z", recorded_at="2026-01-03T00:00:00Z", source="unknown")
    )
    result = run("publish", "-", "--keep-recorded-at", given="\n".join(lines))

    assert result.exit_code == 1
    assert [each.split(":")[0] for each in result.stderr.splitlines()[:2]] == ["line 4", "line 5"]
    assert [f"{each:%m-%d}" for each in recorded(tmp_path)] == ["01-01", "01-02", "01-02", "01-03", "01-03"]
    report = logged()[-1]
    assert isinstance(report, ProducerReported)
    assert report.last_sequence == 4
    assert report.occurred_at == datetime(2026, 1, 3, tzinfo=UTC)


def test_a_history_goes_on_in_a_second_file_and_a_policy_is_adopted_between(run, policy, logged, tmp_path):
    run("policy", "adopt", policy, "--recorded-at", "2026-01-01T00:00Z")
    for day in ("2026-01-02", "2026-01-03"):
        given = line(occurred_at=f"{day}T00:00:00Z", recorded_at=f"{day}T00:00:00Z")
        assert run("publish", "-", "--keep-recorded-at", given=given).exit_code == 0
    assert run("policy", "adopt", policy, "--recorded-at", "2026-01-04T00:00Z").exit_code == 0
    assert run("policy", "adopt", policy, "--recorded-at", "2026-01-01T00:00Z").exit_code == 1

    assert recorded(tmp_path) == sorted(recorded(tmp_path))
    adopted = [event for event in logged() if isinstance(event, PolicyAdopted)]
    assert [event.occurred_at for event in adopted] == [
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 4, tzinfo=UTC),
    ]


def test_kafka_stamps_records_itself(run, policy, monkeypatch):
    monkeypatch.setenv("LINEAGE_LOG", "kafka")

    assert run("publish", "-", "--keep-recorded-at", given=line()).exit_code == 2
    assert run("policy", "adopt", policy, "--recorded-at", "2026-01-01T00:00Z").exit_code == 2


def test_words_are_checked_against_the_policy_adopted_last(run, policy):
    unknown = line(source="stranger")

    before = run("publish", "-", given=unknown)
    assert before.exit_code == 0
    assert "words are not checked" in before.stderr
    run("policy", "adopt", policy)
    assert run("publish", "-", given=unknown).exit_code == 1
    assert run("publish", "-", "--unchecked", given=unknown).exit_code == 0
    assert run("publish", "-", "--unchecked", given=line(elements=[])).exit_code == 1
    assert run("publish", "-", "--unchecked", given=line(held_in="ana.poisoned@example.com")).exit_code == 1


def test_a_policy_that_is_not_in_order_is_named_by_file_and_line_and_not_adopted(run, policy, tmp_path):
    (policy / "purposes.yaml").write_text("purposes:\n  a: {statutory: [BP99]}\n")

    checked, adopted = run("policy", "check", policy), run("policy", "adopt", policy)
    assert (checked.exit_code, adopted.exit_code) == (1, 1)
    assert "purposes.yaml:2" in checked.stderr
    assert checked.stderr.startswith("lineage: ")
    assert not (tmp_path / "home" / "log.sqlite").exists()


def test_a_question_catches_up_with_the_log_first(run, policy):
    run("policy", "adopt", policy)
    run("publish", "-", given=line())

    result = run("sql", "select event, elements, subject is null as nobody from events", "--format", "json")
    assert json.loads(result.stdout) == [
        {"event": "Collected", "elements": ["email_address"], "nobody": False}
    ]
    run("publish", "-", given=line())
    assert json.loads(run("sql", "select count(*) n from events", "--format", "json").stdout) == [{"n": 2}]
    assert run("project", "--once").stdout == "2 events, 0 parked\n"


def test_an_answer_is_a_table_csv_or_json(run, one_line):
    statement = "select event, elements, occurred_at, source, recipient, count from events"

    rows = list(csv.reader(io.StringIO(run("sql", statement, "--format", "csv").stdout)))
    assert rows == [
        ["event", "elements", "occurred_at", "source", "recipient", "count"],
        ["Collected", '["email_address"]', "2026-06-01T09:30:00.000000Z", "customer", "", "1"],
    ]
    (row,) = json.loads(run("sql", statement, "--format", "json").stdout)
    assert row["occurred_at"] == "2026-06-01T09:30:00.000000Z"
    assert row["recipient"] is None
    table = run("sql", statement).stdout.splitlines()
    assert table[0].split() == ["event", "elements", "occurred_at", "source", "recipient", "count"]
    assert table[1].split()[0] == "Collected"


@pytest.mark.parametrize(
    "statement",
    [
        "delete from event_row",
        "with x as (select 1) insert into layout select * from x",
        "create table x (a int)",
        "drop view events",
        "copy event_row to 'out.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "pragma database_list",
        "call pragma_version()",
        "select 1; select 2",
        "select * from read_text('/etc/passwd')",
        "select * from 'policy/business.yaml'",
        "select * from glob('*')",
        "begin",
        "",
        "selec",
        "select nothing from events",
    ],
)
def test_sql_can_only_read_the_database(run, one_line, tmp_path, statement):
    result = run("sql", statement)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("lineage: ")
    assert not (tmp_path / "out.csv").exists()
    assert json.loads(run("sql", "select count(*) n from events", "--format", "json").stdout) == [{"n": 1}]


@pytest.mark.parametrize(
    "statement",
    ["from events", "values (1)", "describe events", "show tables", "with a as (select 1) select * from a"],
)
def test_sql_may_ask_in_many_ways(run, adopted, statement):
    assert run("sql", statement).exit_code == 0


def test_an_error_of_a_row_is_not_quoted(run, one_line):
    result = run("sql", "select cast(source as int) from events")
    assert result.exit_code == 1
    assert "customer" not in result.stderr


def test_parked_records_are_listed_without_their_person(run, adopted):
    twice = str(uuid4())
    run("publish", "-", given=f"{line(event_id=twice)}\n{line(event_id=twice, purposes=[])}\n")

    (row,) = json.loads(run("parked", "list", "--format", "json").stdout)
    assert row["producer"] == "cli"
    assert row["concerns"] == "one person"
    assert "subject" not in row
    assert row["reason"] in run("parked", "list").stdout


def test_the_database_can_be_made_anew(run, one_line):
    run("project")

    result = run("rebuild")
    assert result.exit_code == 0
    assert result.stdout == "3 records, 1 events, 0 repeats, 0 parked\n"
    assert run("project", "--once").stdout == "1 events, 0 parked\n"


def test_a_database_in_use_ends_with_four_and_says_who_has_it(run, adopted, tmp_path):

    run("project", "--once")
    path = tmp_path / "home" / "lineage.duckdb"
    holder = f"import duckdb; held = duckdb.connect({str(path)!r}); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        result = run("sql", "select 1")

        assert result.exit_code == 4
        assert f"process {process.pid} " in result.stderr
        process.communicate("\n")


def test_a_log_that_cannot_be_used_ends_with_four(run, policy, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "log.sqlite").write_text("this is no log, and long enough to be looked at" * 30)

    result = run("publish", "-", "--policy", policy, given=line())
    assert result.exit_code == 4
    assert "log.sqlite" in result.stderr


def test_an_unknown_consumer_is_refused_with_the_known_ones(run, monkeypatch, tmp_path):
    (tmp_path / "consumers").mkdir()
    (tmp_path / "consumers" / "one_that_is.py").write_text("print('ran')\n")
    monkeypatch.setattr("lineage.cli.consume.folder", lambda name: tmp_path / name)

    result = run("consume", "one_that_is_not")
    assert result.exit_code == 1
    assert "one_that_is" in result.stderr
    assert run("consume", "one_that_is").stdout == "ran\n"


def test_a_backfill_says_how_many_events_each_mapping_made(run, policy, tmp_path, logged):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "people.csv").write_text("id,since\n1,2025-01-01 10:00\n2,2025-01-02 10:00\n")
    mapping = tmp_path / "people.sql"
    mapping.write_text(
        "-- People registered.\n-- event: Collected\n"
        "select 'account:' || id as subject, id as row_key,\n"
        "since::timestamp at time zone 'UTC' as occurred_at,\n"
        "['email_address'] as elements, 'customer' as source, ['sell_goods'] as purposes, 'shop' as system\n"
        "from 'people.csv'\n"
    )
    given = ("backfill", mapping, "--data", tmp_path / "data", "--producer", "files", "--policy", policy)

    assert run(*given, "--dry-run").stdout == "people: 2\n"
    assert logged() == []
    assert run(*given).exit_code == 0
    assert run(*given).exit_code == 0
    assert json.loads(run("sql", "select count(*) n from events", "--format", "json").stdout) == [{"n": 2}]
    mapping.write_text(mapping.read_text().replace("'customer'", "'stranger'"))
    refused = run(*given)
    assert refused.exit_code == 1
    assert "people row 1: source" in refused.stderr
    assert "nothing was sent" in refused.stderr


def test_nothing_but_pseudonyms_stands_in_any_file_afterwards(run, policy, tmp_path):
    run("policy", "adopt", policy)
    run(
        "publish",
        "-",
        given="\n".join([line(), line(other=PERSON), line(elements=["ana.poisoned@example.com"])]),
    )
    run("project")

    with duckdb.connect(str(tmp_path / "home" / "lineage.duckdb")) as database:
        database.execute("checkpoint")
    for path in (tmp_path / "home").rglob("*"):
        assert b"ana.poisoned" not in path.read_bytes(), path.name


RECEIVED = "2026-06-15T10:00-07:00"


def test_a_report_is_canonical_json_for_a_program_and_a_page_for_a_person(run, one_line, tmp_path):
    told = run("report", PERSON, "--received", RECEIVED).output
    read = run("report", PERSON, "--received", RECEIVED, "--format", "text").output
    run("report", PERSON, "--received", RECEIVED, "-o", tmp_path / "answer.json")

    answer = json.loads(told)
    assert [entry["elements"] for entry in answer["collected"]] == [["email_address"]]
    assert answer["schema"] == "ccpa.know/1"
    assert json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" == told
    assert (tmp_path / "answer.json").read_text() == told
    assert "Not for release" in read
    assert "Identifiers" in read


def test_a_receipt_that_cannot_be_read_ends_with_one_and_says_what_to_write(run, adopted):
    for receipt in ("yesterday", "2026-06-15T10:00", "2026-02-30"):
        refused = run("report", PERSON, "--received", receipt)

        assert refused.exit_code == 1
        assert "2026-06-15T10:00-07:00" in refused.output


def test_without_a_policy_nothing_is_answered_and_a_person_has_to_decide(run):
    run("publish", "-", given=line())

    refused = run("report", PERSON, "--received", RECEIVED)

    assert refused.exit_code == 3
    assert "lineage policy adopt" in refused.output


def test_a_timeline_tells_what_happened_in_its_order(run, adopted):
    run("publish", "-", given=line(occurred_at="2026-06-02T09:30:00Z") + "\n" + line())

    told = list(csv.DictReader(io.StringIO(run("timeline", PERSON, "--format", "csv").output)))

    assert [row["occurred_at"] for row in told] == [
        "2026-06-01T09:30:00.000000Z",
        "2026-06-02T09:30:00.000000Z",
    ]
    assert {row["party"] for row in told} == {"customer"}


def test_a_stop_by_hand_while_the_database_works_is_no_fault_of_ours(run, adopted):
    stop = Timer(0.3, signal.raise_signal, [signal.SIGINT])
    stop.start()
    try:
        # DuckDB may hear of the stop only when a step has ended: this one takes seconds.
        stopped = run("sql", "select count(*) from range(400_000_000) where range % 7 = 3")
    finally:
        stop.cancel()

    assert (stopped.exit_code, stopped.stderr.strip()) == (1, "Aborted!")
