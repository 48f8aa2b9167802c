"""Does the doctor find what is wrong, leave it as it is, and never keep anybody waiting?"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from types import MappingProxyType
from uuid import uuid4

import pytest
from archiving import Forgetful
from click.testing import CliRunner
from installations import begin
from records import a_subject, collected, record

from lineage.archive import Archiver
from lineage.archive.form import ends
from lineage.cli import main
from lineage.events import SubjectErased
from lineage.logs import EmbeddedLog, Records
from lineage.logs.kafka_topic import Copies, Topic
from lineage.logs.kafka_writer import hashed
from lineage.operate import examine as room
from lineage.operate.examine import Finding, Level, examine, worst
from lineage.operate.examine.archived import kept, signed
from lineage.operate.examine.database import lag
from lineage.operate.examine.topic import judged, placed
from lineage.proof.keys import signer
from lineage.proof.making import checkpoint
from lineage.settings import Settings

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
DAY = 24 * 60 * 60 * 1000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

IN_ORDER = {
    "message.timestamp.type": "LogAppendTime",
    "cleanup.policy": "delete",
    "retention.ms": str(30 * DAY),
    "retention.bytes": "-1",
    "min.insync.replicas": "2",
    "max.message.bytes": "1048588",
    "unclean.leader.election.enable": "false",
}


def a_topic(copies: Copies = Copies(3, 3), partitions: int = 6, **settings: str) -> Topic:  # noqa: B008
    changed = {name.replace("_", "."): value for name, value in settings.items()}
    return Topic("t", dict.fromkeys(range(partitions), copies), MappingProxyType(IN_ORDER | changed))


def production(**given: object) -> Settings:
    return Settings.model_validate({"log": "kafka", "kafka_replication": 3} | given)


def levels(findings: object) -> dict[str, Level]:
    assert isinstance(findings, Iterator | list)
    return {each.what: each.level for each in findings}


# The topic


def test_a_topic_made_as_it_has_to_be_is_in_order() -> None:
    assert set(levels(judged(a_topic(), production())).values()) == {Level.OK}


@pytest.mark.parametrize(
    ("wrong", "named", "level"),
    [
        (a_topic(message_timestamp_type="CreateTime"), "topic: clock", Level.FAIL),
        (a_topic(cleanup_policy="compact"), "topic: cleanup", Level.FAIL),
        (a_topic(cleanup_policy="compact,delete"), "topic: cleanup", Level.FAIL),
        (a_topic(retention_ms=str(29 * DAY)), "topic: retention", Level.FAIL),
        (a_topic(retention_bytes="1000000"), "topic: retention", Level.FAIL),
        (a_topic(max_message_bytes="1000000"), "topic: record size", Level.FAIL),
        (a_topic(min_insync_replicas="1"), "topic: confirmed by", Level.FAIL),
        (a_topic(min_insync_replicas="4"), "topic: confirmed by", Level.FAIL),
        (a_topic(unclean_leader_election_enable="true"), "topic: confirmed by", Level.FAIL),
        (a_topic(Copies(2, 2), min_insync_replicas="1"), "topic: copies", Level.FAIL),
        (a_topic(Copies(3, 2)), "topic: copies", Level.WARN),
        (a_topic(partitions=5), "topic: partitions", Level.WARN),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_each_departure_from_the_contract_is_found_by_name_and_nothing_else(
    wrong: Topic, named: str, level: Level
) -> None:
    found = list(judged(wrong, production()))
    [bad] = [each for each in found if each.level != Level.OK]
    assert (bad.what, bad.level) == (named, level)
    assert bad.remedy


def test_keeping_for_longer_or_for_ever_is_no_departure() -> None:
    for longer in (str(31 * DAY), "-1"):
        assert levels(judged(a_topic(retention_ms=longer), production()))["topic: retention"] == Level.OK


def test_one_copy_is_told_though_the_settings_ask_for_no_more() -> None:
    found = levels(judged(a_topic(Copies(1, 1), min_insync_replicas="1"), production(kafka_replication=1)))
    assert found.pop("topic: copies") == Level.WARN
    assert set(found.values()) == {Level.OK}


def keyed(*places: tuple[bytes, int]) -> list[Records]:
    return [Records([part], [0], [0], [key], [b"?"]) for key, part in places]


def test_people_where_kafkas_own_hash_puts_them_are_in_order_whatever_other_keys_do() -> None:
    people = [a_subject().bytes for _ in range(50)]
    everywhere = [(b"policy", part) for part in range(6)]
    found = placed(keyed(*((key, hashed(key) % 6) for key in people), *everywhere), 6)
    assert (found.level, found.means[:2]) == (Level.OK, "50")


def test_people_elsewhere_are_told_and_people_in_two_places_are_a_failure() -> None:
    key = a_subject().bytes
    right = hashed(key) % 6
    assert placed(keyed((key, (right + 1) % 6)), 6).level == Level.WARN
    assert placed(keyed((key, right), (key, (right + 1) % 6)), 6).level == Level.FAIL


# How far the database is


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as opened:
        for _ in range(10):
            opened.append(*record(collected()))
        opened.flush()
        yield opened


@pytest.mark.parametrize(
    ("done", "later", "level"),
    [
        (10, timedelta(days=20), Level.OK),
        (4, timedelta(minutes=1), Level.OK),
        (4, timedelta(hours=1), Level.WARN),
        (4, timedelta(days=16), Level.FAIL),
        (11, timedelta(0), Level.FAIL),
    ],
)
def test_how_bad_a_lag_is_follows_from_how_long_the_next_record_waits(
    log: EmbeddedLog, done: int, later: timedelta, level: Level
) -> None:
    [found] = lag(log, {0: done}, NOW + later, kept=timedelta(days=30))
    assert found.level == level


def test_records_that_went_before_they_were_projected_are_a_failure(log: EmbeddedLog, tmp_path: Path) -> None:
    with Forgetful(tmp_path / "log.sqlite") as forgetful:
        forgetful.begins_at = 3
        [found] = lag(forgetful, {0: 2}, NOW)
    assert found.level == Level.FAIL
    assert "records 2 to 2" in found.means


# The whole


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LINEAGE_{name.upper()}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def begun(home: Path) -> Path:
    """An installation with a policy, projected."""
    begin(home.parent, POLICY)
    CliRunner().invoke(main, ["publish", "-"], input="", catch_exceptions=False)
    return home


def doctor(*words: str) -> tuple[int, dict[str, Finding]]:
    done = CliRunner().invoke(main, ["doctor", "--format", "json", *words], catch_exceptions=False)
    return done.exit_code, {each["what"]: Finding(**each) for each in json.loads(done.output)}


def test_an_installation_in_order_is_told_to_be(begun: Path) -> None:
    code, found = doctor()
    assert code == 0
    assert {each.level for each in found.values()} <= {"OK", "WARN"}
    assert {"settings", "desk", "log", "database", "policy", "parked", "coverage", "disk: home"} <= set(found)


def test_looking_makes_nothing(home: Path) -> None:
    home.mkdir()
    code, found = doctor()
    assert (code, found["log"].level, found["database"].level) == (0, "WARN", "WARN")
    assert list(home.iterdir()) == []


def test_a_secret_that_others_can_read_is_a_failure_with_the_command_that_ends_it(begun: Path) -> None:
    (begun / "secret").write_text("ab" * 32)
    (begun / "secret").chmod(0o644)
    code, found = doctor()
    assert (code, found["secret"].level) == (3, "FAIL")
    assert found["secret"].remedy == f"chmod 600 {begun / 'secret'}"
    (begun / "secret").chmod(0o600)
    assert doctor()[1]["secret"].level == "OK"


def test_a_secret_that_is_none_is_a_failure_that_does_not_show_it(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINEAGE_SECRET", "poisoned" * 8)
    code, found = doctor()
    assert (code, found["secret"].level) == (3, "FAIL")
    assert "poisoned" not in str(found)


def test_wrong_settings_are_a_failure_by_name(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEAGE_BATCH_RECORDS", "many")
    code, found = doctor()
    assert (code, list(found)) == (3, ["settings"])
    assert "batch_records" in found["settings"].means


def test_a_damaged_database_is_told_and_left_as_it_is(begun: Path) -> None:
    (begun / "lineage.duckdb").write_bytes(b"something else" * 1000)
    code, found = doctor()
    assert (code, found["database"].level) == (3, "FAIL")
    assert [path.name for path in begun.glob("*.duckdb*")] == ["lineage.duckdb"]


def test_a_damaged_desk_is_a_failure(begun: Path) -> None:
    (begun / "desk.sqlite").write_bytes(b"something else" * 1000)
    (begun / "desk.sqlite").chmod(0o600)
    code, found = doctor()
    assert (code, found["desk"].level) == (3, "FAIL")


OWNING = """
import sys
from pathlib import Path
from lineage.store import Store
with Store(Path(sys.argv[1])):
    print("open", flush=True)
    input()
"""


@contextmanager
def owned(path: Path) -> Iterator[int]:
    """The time in which another process, of this id, has the database open for writing."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNING, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"open\n"
    yield process.pid
    process.communicate(b"\n", timeout=60)


def test_a_database_in_use_is_no_fault(begun: Path) -> None:
    with owned(begun / "lineage.duckdb") as owner:
        code, found = doctor()
    assert code == 0
    assert f"process {owner} owns" in found["database"].means
    assert "metrics_port" in found["lag"].means


def test_parked_records_and_missing_numbers_are_told(begun: Path) -> None:
    with EmbeddedLog(begun / "log.sqlite") as log:
        log.append(b"?", b"?")
        log.append(*record(collected(sequence=7)))
    CliRunner().invoke(main, ["project"], catch_exceptions=False)
    code, found = doctor()
    assert code == 0
    assert found["parked"].means.startswith("1 UNDECODABLE")
    assert found["coverage: web-shop"].means.startswith("6 of its numbers")


def test_without_a_policy_nothing_can_be_answered(home: Path) -> None:
    with EmbeddedLog(home / "log.sqlite") as log:
        log.append(*record(collected()))
    CliRunner().invoke(main, ["project"], catch_exceptions=False)
    code, found = doctor()
    assert (code, found["policy"].level) == (3, "FAIL")


def test_a_broker_that_is_not_there_is_told_soon(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEAGE_LOG", "kafka")
    monkeypatch.setenv("LINEAGE_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setattr(room, "CONNECT_SECONDS", 0.3)
    code, found = doctor()
    assert (code, found["log"].level) == (4, "SILENT")
    assert "kafka_bootstrap" in found["log"].means
    assert found["policy"].level == "OK"


def test_what_never_answers_keeps_nobody_waiting(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never = Signal()

    def waits(settings: Settings, now: datetime) -> Iterator[Finding]:
        yield Finding("first", Level.OK, "was there")
        never.wait(60)

    monkeypatch.setattr(room, "PROBES", {"slow": waits, **room.PROBES})
    began = time.monotonic()
    found = examine(seconds=2.0)
    assert time.monotonic() - began < 15
    never.set()
    told = {each.what: each.level for each in found}
    assert (told["first"], told["slow"], told["policy"]) == (Level.OK, Level.SILENT, Level.OK)
    assert worst(found) == Level.SILENT


def test_the_worst_decides() -> None:
    def findings(*levels: Level) -> list[Finding]:
        return [Finding("it", level, "is so") for level in levels]

    assert worst(findings(Level.OK, Level.WARN)) == Level.WARN
    assert worst(findings(Level.SILENT, Level.WARN)) == Level.SILENT
    assert worst(findings(Level.SILENT, Level.FAIL, Level.OK)) == Level.FAIL


# What is archived


def archived_now(home: Path) -> None:
    """All of the embedded log in segments, and a checkpoint over them."""
    done = CliRunner().invoke(main, ["archive", "--once"], catch_exceptions=False)
    assert done.exit_code == 0, done.output


def test_an_archive_in_order_is_told_with_how_far_it_is_and_when_it_was_signed(begun: Path) -> None:
    archived_now(begun)
    code, found = doctor()
    assert code == 0
    assert {found[what].level for what in ("archive", "checkpoint", "not archived: partition 0")} == {"OK"}
    assert found["checkpoint"].means.startswith("number 1 of")
    assert found["erased from the archive"].level == "OK"


def test_a_hole_in_the_archive_is_a_failure_that_names_the_offsets(begun: Path) -> None:
    with EmbeddedLog(begun / "log.sqlite", name="personal-data-events") as log:
        for _ in range(10):
            log.append(*record(collected()))
        log.flush()
        Archiver(begun / "archive", log, records=4, wait_seconds=0.0).catch_up()
    [_, middle, _] = sorted((begun / "archive" / "0").glob("*.parquet"))
    middle.unlink()
    code, found = doctor()
    assert (code, found["archive"].level) == (3, "FAIL")
    assert "nothing covers the offsets 4 to 7" in found["archive"].means


def archive_of(log: EmbeddedLog, folder: Path, **given: object) -> Settings:
    return Settings.model_validate({"home": folder, "archive": folder / "archive"} | given)


@pytest.mark.parametrize(
    ("later", "level"),
    [
        (timedelta(minutes=10), Level.OK),
        (timedelta(hours=2), Level.WARN),
        (timedelta(days=16), Level.FAIL),
    ],
)
def test_what_kafka_would_forget_before_it_is_archived_is_judged_against_the_clock(
    log: EmbeddedLog, tmp_path: Path, later: timedelta, level: Level
) -> None:
    month = timedelta(days=30)
    told = {each.what: each for each in kept(archive_of(log, tmp_path), log, NOW + later, month)}
    assert told["archive"].level == Level.WARN  # there is none
    assert told["not archived: partition 0"].level == level

    Archiver(tmp_path / "archive", log, wait_seconds=0.0).catch_up()
    told = {each.what: each for each in kept(archive_of(log, tmp_path), log, NOW + later, month)}
    assert told["archive"].level == told["not archived: partition 0"].level == Level.OK


def test_records_that_went_before_they_were_archived_are_a_failure(log: EmbeddedLog, tmp_path: Path) -> None:
    with Forgetful(tmp_path / "log.sqlite") as forgetful:
        forgetful.begins_at = 3
        told = {
            each.what: each for each in kept(archive_of(log, tmp_path), forgetful, NOW, timedelta(days=30))
        }
    assert told["not archived: partition 0"].level == Level.FAIL
    assert "records 0 to 2 were deleted" in told["not archived: partition 0"].means


def test_a_checkpoint_grows_old_only_while_something_is_not_signed(log: EmbeddedLog, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    Archiver(archive, log, wait_seconds=0.0).catch_up()
    hour, later = timedelta(hours=1), NOW + timedelta(days=1)
    assert signed(archive, later, hour, ends(archive)).level == Level.WARN  # none yet
    checkpoint(archive, signer(tmp_path, log.name), NOW)
    assert signed(archive, later, hour, ends(archive)).level == Level.OK
    log.append(*record(collected()))
    log.flush()
    Archiver(archive, log, wait_seconds=0.0).catch_up()
    assert signed(archive, NOW + hour, hour, ends(archive)).level == Level.OK
    assert signed(archive, later, hour, ends(archive)).level == Level.WARN
    (archive / "checkpoints" / "00000001.note").write_text("no more")
    assert signed(archive, later, hour, ends(archive)).level == Level.FAIL


def test_records_of_erased_people_that_still_stand_in_the_archive_are_told(begun: Path) -> None:
    told = collected(system="shop")
    with EmbeddedLog(begun / "log.sqlite", name="personal-data-events") as log:
        log.append(*record(told))
        log.append(
            *record(
                SubjectErased(
                    event_id=uuid4(),
                    occurred_at=NOW,
                    subject=told.subject,
                    namespace="account",
                    producer="web-shop",
                    incarnation=uuid4(),
                    sequence=1,
                    system="shop",
                    through=datetime.now(UTC),
                )
            )
        )
    archived_now(begun)
    CliRunner().invoke(main, ["project"], catch_exceptions=False)
    assert doctor()[1]["erased from the archive"].level == "WARN"
    CliRunner().invoke(main, ["archive", "erase"], catch_exceptions=False)
    assert doctor()[1]["erased from the archive"].level == "OK"


def test_an_archive_that_goes_on_in_another_topic_is_no_lag(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived_now(begun)
    assert CliRunner().invoke(main, ["archive", "continue", "next"], catch_exceptions=False).exit_code == 0
    code, found = doctor()
    assert (code, found["archive"].level) == (3, "FAIL")  # the settings still name the old one
    monkeypatch.setenv("LINEAGE_KAFKA_TOPIC", "next")
    (begun / "log.sqlite").rename(begun / "old.sqlite")
    with EmbeddedLog(begun / "log.sqlite", name="next") as log:
        log.append(*record(collected()))
    code, found = doctor()
    assert (code, found["archive"].level) == (0, "OK")
    assert found["lag: partition 0"].means.startswith("1 records")


# Coverage, ids, backups


def test_a_producer_that_is_silent_and_one_outside_its_rights_are_told_by_name(home: Path) -> None:
    begin(
        home.parent,
        POLICY
        | {
            "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}, till: {}}, "
            "producers: {till: {systems: [till], from: 2020-01-01, heartbeat_minutes: 5}}}\n"
        },
    )
    with EmbeddedLog(home / "log.sqlite", name="personal-data-events") as log:
        log.append(*record(collected(system="shop", producer="till")))
        log.append(*record(collected(system="shop", producer="stranger")))
    CliRunner().invoke(main, ["project"], catch_exceptions=False)
    code, found = doctor()
    assert code == 0
    assert found["silent: till"].means.startswith("it has never reported")
    assert "shop (1 events)" in found["outside its rights: till"].means
    assert "outside its rights: stranger" in found
    assert found["unpublished systems"].means.startswith("till:")
    assert "coverage" not in found


def test_ids_of_a_registry_have_to_be_known_before_anything_is_written_with_them(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "schema ids" not in doctor()[1]
    monkeypatch.setenv("LINEAGE_SCHEMA_REGISTRY", "http://nobody:poisoned@127.0.0.1:1")
    assert doctor()[1]["schema ids"].level == "WARN"
    monkeypatch.setenv("LINEAGE_WIRE_FORMAT", "confluent")
    code, found = doctor()
    assert (code, found["schema ids"].level) == (3, "FAIL")
    assert "poisoned" not in str(found)
    (begun / "schema-ids.json").write_text('{"ids": {"1": "0123456789abcdef"}}')
    assert doctor()[1]["schema ids"].level == "OK"
    (begun / "schema-ids.json").write_text("?")
    assert doctor()[1]["schema ids"].level == "FAIL"


def test_a_backup_is_asked_for_when_there_is_none_and_when_it_grows_old(begun: Path, tmp_path: Path) -> None:
    assert doctor()[1]["backup"].level == "WARN"
    CliRunner().invoke(main, ["backup", str(tmp_path / "backup")], catch_exceptions=False)
    assert doctor()[1]["backup"].level == "OK"
    weeks_later = examine(datetime.now(UTC) + timedelta(days=15))
    assert {each.what: each.level for each in weeks_later}["backup"] == Level.WARN
