"""Does coverage tell what is missing, of whom, and who vouches for what?"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from installations import begin
from projecting import a_store, project_batch
from records import collected, record, records, report

from lineage.cli import main
from lineage.coverage.document import coverage
from lineage.coverage.parts import COLUMNS
from lineage.events import EmitterHeader, PolicyAdopted
from lineage.policy import parse
from lineage.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
"""How far the log is read."""
DAY = timedelta(days=1)
OFFICE = "data protection office"
DEAD, ALIVE = uuid4(), uuid4()
BUSINESS = f"""
name: Corner Shop
time_zone: UTC
systems:
  shop: {{publishes: true, holdings_known: {{who: {OFFICE}, when: 2026-01-01}}}}
  attic: {{}}
  scanner: {{attested_free: {{who: {OFFICE}, when: 2026-02-01}}}}
producers:
  web: {{systems: [shop], from: 2026-01-01, heartbeat_minutes: 60}}
  till:
    systems: [shop]
    from: 2026-01-01
    attested: [{{from: 2026-01-01, until: 2026-02-01, who: {OFFICE}}}]
    closed: [{{incarnation: {DEAD}, last_sequence: 9, who: {OFFICE}}}]
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(tmp_path) as opened:
        yield opened


class Log:
    """Puts records into the store, a day after the other, the last one at NOW."""

    def __init__(self, store: Store) -> None:
        self.store, self.told = store, 0

    def adopts(self, business: str = BUSINESS, at: datetime = NOW - 100 * DAY) -> None:
        policy = parse({"business.yaml": business})
        adopted = PolicyAdopted(
            event_id=uuid4(),
            occurred_at=at,
            producer="policy",
            incarnation=uuid4(),
            sequence=0,
            digest=policy.digest,
            files=dict(policy.files),
        )
        self.tells(adopted, at=at)

    def tells(self, *events: EmitterHeader | tuple[bytes, bytes], at: datetime = NOW) -> None:
        batch = records(
            [each if isinstance(each, tuple) else record(each) for each in events], at=at, first=self.told
        )
        self.told += len(batch)
        project_batch(self.store, batch)

    def coverage(self, **asked: Any) -> dict[str, Any]:
        with self.store.cursor() as reader:
            return coverage(reader, **asked)


@pytest.fixture
def log(store: Store) -> Log:
    made = Log(store)
    made.adopts()
    return made


def web(number: int, **given: Any) -> EmitterHeader:
    return collected(producer="web", incarnation=ALIVE, sequence=number, occurred_at=NOW - 10 * DAY, **given)


def web_reports(covers_from: datetime, covers_until: datetime, last: int, **given: Any) -> EmitterHeader:
    return report(
        producer="web",
        incarnation=ALIVE,
        last_sequence=last,
        occurred_at=covers_until,
        covers_from=covers_from,
        covers_until=covers_until,
        **given,
    )


def of(rows: list[dict[str, Any]], **named: Any) -> dict[str, Any]:
    [found] = [row for row in rows if all(row[name] == value for name, value in named.items())]
    return found


def test_missing_numbers_are_told_as_ranges_up_to_the_last_that_was_reported(log: Log) -> None:
    log.tells(*(web(number) for number in (2, 3, 7)))
    log.tells(web_reports(NOW - 120 * DAY, NOW, last=9))
    life = of(log.coverage()["incarnations"], producer="web")

    assert life["missing"] == [[1, 1], [4, 6], [8, 9]]
    assert (life["count_missing"], life["last_number"], life["is_gap"]) == (6, 9, True)


def test_a_life_that_was_closed_before_the_window_lacks_numbers_and_is_no_gap(log: Log) -> None:
    log.tells(web_reports(NOW - 40 * DAY, NOW - 30 * DAY, last=2, closing=True))
    late = log.coverage(since=(NOW - 20 * DAY).date())
    early = log.coverage()

    assert (of(late["incarnations"], producer="web")["is_gap"], reasons(late, "web")) == (False, {"SILENT"})
    assert of(early["incarnations"], producer="web")["is_gap"]
    assert of(early["producers"], producer="web")["is_closed"]
    assert reasons(early, "web") == {"SEQUENCE", "SILENT"}


def reasons(found: dict[str, Any], producer: str) -> set[str]:
    return {gap["reason"] for gap in found["gaps"] if gap["producer"] == producer}


def test_holes_between_reports_and_the_last_report_of_a_producer_are_told(log: Log) -> None:
    log.tells(web_reports(NOW - 120 * DAY, NOW - 40 * DAY, last=0), at=NOW - 40 * DAY)
    log.tells(web_reports(NOW - 30 * DAY, NOW - 1 * DAY, last=0), at=NOW - DAY)
    log.tells(collected(producer="other", sequence=1))
    since = (NOW - 100 * DAY).date()
    told = of(log.coverage(since=since)["producers"], producer="web")

    assert told["holes"] == [[NOW - 40 * DAY, NOW - 30 * DAY], [NOW - DAY, NOW]]
    assert (told["told_from"], told["told_until"]) == (NOW - 120 * DAY, NOW - DAY)
    assert told["is_late"]
    # As of the hour after its report nobody was waiting.
    then = log.coverage(since=since, as_of=NOW - DAY)
    assert not of(then["producers"], producer="web")["is_late"]


def test_a_dead_incarnation_is_closed_by_whom_the_policy_names(log: Log) -> None:
    log.tells(*(collected(producer="till", incarnation=DEAD, sequence=number) for number in (1, 2)))
    life = of(log.coverage()["incarnations"], producer="till")

    assert (life["closed"], life["closed_by"], life["missing"]) == ("ATTESTED", OFFICE, [[3, 9]])


def test_systems_tell_who_publishes_who_attests_and_who_told(log: Log) -> None:
    log.tells(web(1), web(2, system="unheard-of"))
    found = log.coverage(reconciled={"shop": {"at": NOW, "days_differing": 0}})
    shop, attic, scanner = (of(found["systems"], system=each) for each in ("shop", "attic", "scanner"))

    assert (shop["published_by"], shop["told_by"], shop["events"]) == (["till", "web"], ["web"], 1)
    assert (shop["holdings_known"], shop["is_gap"]) == (OFFICE, False)
    assert shop["last_reconciled"] == {"at": NOW, "days_differing": 0}
    assert (attic["publishes"], attic["is_gap"], attic["last_reconciled"]) == (False, True, None)
    assert (scanner["attested_free"], scanner["is_gap"]) == (OFFICE, False)


def test_who_tells_events_for_a_system_that_is_not_its_own_is_named_and_is_no_gap_of_answers(
    log: Log,
) -> None:
    log.tells(web(1), web(2, system="attic"), collected(producer="stranger", sequence=1))
    found = log.coverage()

    assert [(row["producer"], row["system"], row["why"], row["events"]) for row in found["outside"]] == [
        ("stranger", "shop", "UNKNOWN_PRODUCER", 1),
        ("web", "attic", "NOT_ITS_SYSTEM", 1),
    ]
    assert all(gap["system"] != "shop" for gap in found["gaps"])


def test_an_attestation_is_printed_ever_after(log: Log) -> None:
    log.adopts("{name: Corner Shop, time_zone: UTC, systems: {shop: {publishes: true}}}", at=NOW)
    found = log.coverage()["attestations"]

    assert {(row["about"], row["of"]) for row in found} == {
        ("TIME", "till"),
        ("CLOSED", "till"),
        ("FREE", "scanner"),
        ("HOLDINGS", "shop"),
    }
    assert all((row["who"], row["in_force"]) == (OFFICE, False) for row in found)
    assert all(row["adopted_at"] == NOW - 100 * DAY for row in found)
    before = log.coverage(as_of=NOW - DAY)["attestations"]
    assert all(row["in_force"] for row in before)


def test_parked_records_are_counted_by_reason_as_long_as_they_are_open(log: Log) -> None:
    event = collected(producer="web", incarnation=ALIVE, sequence=1, occurred_at=NOW + DAY)
    log.tells(event, (b"?", b"?"))
    [future, undecodable] = log.coverage()["parked"]
    assert (future["reason"], future["records"], future["concerning_everybody"]) == ("FUTURE", 1, 0)
    assert (undecodable["reason"], undecodable["concerning_everybody"]) == ("UNDECODABLE", 1)

    log.tells(replace(event, sequence=2), at=NOW + DAY)
    assert [row["reason"] for row in log.coverage()["parked"]] == ["UNDECODABLE"]
    assert len(log.coverage(as_of=NOW)["parked"]) == 2


def test_every_part_has_the_columns_that_are_promised(log: Log) -> None:
    log.tells(web(2), web(3, system="attic"), (b"?", b"?"))
    found = log.coverage()

    for part, columns in COLUMNS.items():
        assert [set(row) for row in found[part]] == [set(columns)] * len(found[part])
        assert found[part]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LOG", "DESK_URL", "SECRET", "SECRET_FILE"):
        monkeypatch.delenv(f"LINEAGE_{name}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    begin(tmp_path, {"business.yaml": BUSINESS})


def run(*words: str, ends_with: int = 0) -> Result:
    done = CliRunner().invoke(main, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == ends_with, done.output
    return done


@pytest.mark.usefixtures("installed")
def test_the_terminal_shows_all_parts_or_one_in_each_form() -> None:
    told = run("coverage").stdout
    assert "published_by" in told
    assert "outside: none" in told
    assert run("coverage", "--part", "outside", "--format", "csv").stdout == (
        "producer,system,why,events,first_recorded_at,last_recorded_at\n"
    )
    document = json.loads(run("coverage", "--everything", "--format", "json").stdout)
    assert document["window"]["from"] == "2022-01-01T00:00:00.000000Z"
    assert json.loads(run("coverage", "--part", "systems", "--format", "json").stdout) == document["systems"]

    run("coverage", "--format", "csv", ends_with=2)
    run("coverage", "--everything", "--from", "2024-01-01", ends_with=2)
    run("coverage", "--received", "soon", ends_with=1)
