"""What does a person see of a refused record, and what does their decision about it change?"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from installations import begin
from records import collected, foreign

from lineage.cli import main
from lineage.logs import EmbeddedLog
from lineage.publish import pseudonymiser_of
from lineage.resources import PACKAGE, folder
from lineage.settings import load_settings

Run = Callable[..., Result]

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "recipients: {mailer: {name: The mailer, category: RCP_AD_NETWORK}}\n",
}
PERSON, ANOTHER = "account:42", "account:77"
SHARED = {
    "event": "Shared",
    "subject": PERSON,
    "occurred_at": "2026-06-01T09:30:00Z",
    "elements": ["email_address"],
    "recipient": "mailer",
    "system": "shop",
    "consideration": "MONEY",
}
UNREADABLE = b"\xc3\x01" + bytes.fromhex("0102030405060708") + b"told of somebody"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line of `clerk-7`, in an installation of its own with a policy."""
    monkeypatch.chdir(tmp_path)
    for name in ("LOG", "DESK_URL", "SECRET", "SECRET_FILE"):
        monkeypatch.delenv(f"LINEAGE_{name}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_ACTOR", "clerk-7")
    begin(tmp_path, POLICY)

    def run(*arguments: object, given: str | None = None, ends_with: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == ends_with, result.output
        return result

    return run


def token(subject: str) -> UUID:
    return pseudonymiser_of(load_settings()).token(subject)[0]


def tell(key: bytes | None, value: bytes | None) -> str:
    """Put a record into the log; its place."""
    settings = load_settings()
    with EmbeddedLog(settings.home / "log.sqlite", name=settings.kafka_topic) as log:
        [part] = log.bounds()
        log.append(key, value)
        log.flush()
        return f"{part}/{log.bounds()[part][1] - 1}"


def rows(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def gaps(run: Run, subject: str = PERSON, *options: str) -> set[str]:
    """Reasons of the gaps in the handler's answer about a person."""
    answer = json.loads(run("report", subject, "--received", "2026-06-15", *options).stdout)
    return {gap["reason"] for gap in answer["coverage"]["gaps"]}


def test_a_refused_record_is_described_without_its_contents(run: Run) -> None:
    place = tell(token(PERSON).bytes, UNREADABLE)
    [told] = rows(run("parked", "show", place, "--format", "json"))

    assert told["reason"] == "UNKNOWN_SCHEMA"
    assert told["fingerprint"] == "0807060504030201"
    assert (told["key_bytes"], told["value_bytes"], told["schema"]) == (16, len(UNREADABLE), None)
    assert told["concerns"] == "one person"
    assert "release it" in told["helps"]
    shown = run("parked", "show", place).stdout
    assert UNREADABLE.hex() not in shown + json.dumps(told)
    assert str(token(PERSON)) not in shown + json.dumps(told)
    assert "PARKED" not in run("access-log").stdout


def test_contents_are_shown_on_demand_and_the_reading_is_noted_under_whom_it_concerns(run: Run) -> None:
    mine, nobodys = tell(token(PERSON).bytes, UNREADABLE), tell(b"", b"?")
    [told] = rows(run("parked", "show", mine, "--contents", "--reason", "LOOKED_AT", "--format", "json"))
    assert (told["value"], told["event"]) == (UNREADABLE.hex(), None)

    [read] = rows(run("access-log", "--subject", PERSON, "--format", "json"))
    assert (read["actor"], read["kind"], read["reason"]) == ("clerk-7", "PARKED", "LOOKED_AT")
    run("parked", "show", nobodys, "--contents")
    assert rows(run("access-log", "--format", "json"))[0]["subject"] == str(UUID(int=0))


def test_the_fields_of_an_event_that_can_be_read_are_shown(run: Run) -> None:
    event = collected(subject=token(PERSON), occurred_at=datetime(2026, 6, 1, tzinfo=UTC))
    place = tell(*foreign(event, ongoing=True, occurred_until=datetime(2026, 6, 2, tzinfo=UTC)))
    [told] = rows(run("parked", "show", place, "--contents", "--format", "json"))

    assert (told["reason"], told["schema"], told["producer"]) == ("INVALID_TIME", "Collected", "web-shop")
    assert told["event"]["elements"] == ["email_address"]


def test_a_record_that_stood_accepted_is_shown_from_the_log(run: Run) -> None:
    earlier = datetime(2026, 5, 1, tzinfo=UTC)
    event = collected(subject=token(PERSON), occurred_at=earlier)
    place = tell(token(PERSON).bytes, foreign(event)[1])
    tell(token(PERSON).bytes, foreign(event, system="till")[1])
    [told] = [each for each in rows(run("parked", "list", "--format", "json")) if each["place"] != place]
    [shown] = rows(run("parked", "show", told["place"], "--contents", "--format", "json"))

    assert (shown["reason"], shown["event"]["system"]) == ("OTHER_CONTENT", "till")


def test_what_is_discarded_leaves_no_gap_from_then_on_and_the_answers_of_before_keep_it(run: Run) -> None:
    place = tell(token(PERSON).bytes, UNREADABLE)
    assert "PARKED" in gaps(run)
    assert "PARKED" not in gaps(run, ANOTHER)
    [listed] = rows(run("parked", "list", "--format", "json"))
    before = listed["recorded_at"]
    tell(token(ANOTHER).bytes, foreign(collected(subject=token(ANOTHER)))[1])

    run("parked", "discard", place, "--reason", "TEST_RECORD")
    assert "PARKED" not in gaps(run)
    assert "PARKED" in gaps(run, PERSON, "--as-of", before)
    assert rows(run("parked", "list", "--format", "json")) == []
    [told] = rows(run("parked", "show", place, "--format", "json"))
    assert told["settled_at"] is not None
    [decided] = rows(run("reviews", "list", "--decided", "--format", "json"))
    assert (decided["about"], decided["decided"], decided["by"]) == ("PARKED", "DISCARDED", "clerk-7")

    # Released, it is judged again: it stays what it was, and its gap is back.
    run("parked", "release", place, "--reason", "DISCARDED_TOO_SOON", ends_with=3)
    assert "PARKED" in gaps(run)


def test_reports_of_before_and_after_a_discard_can_be_made_again_byte_for_byte(run: Run) -> None:
    place = tell(token(PERSON).bytes, UNREADABLE)
    opened = run("case", "open", PERSON, "--received", datetime.now(UTC).isoformat(), "--via", "FORM")
    case = opened.output.split()[1].rstrip(":")
    first = json.loads(run("report", "--case", case).stdout)
    run("parked", "discard", place, "--reason", "TEST_RECORD")
    second = json.loads(run("report", "--case", case).stdout)

    assert {gap["reason"] for gap in first["coverage"]["gaps"]} - {
        gap["reason"] for gap in second["coverage"]["gaps"]
    } == {"PARKED"}
    assert second["positions"]["desk"] == 1
    for report in rows(run("reports", "list", "--format", "json")):
        run("reports", "verify", report["report"])
    [stale] = rows(run("reports", "stale", "--format", "json"))
    assert stale["case"] == case


def test_nothing_is_decided_about_what_is_not_parked(run: Run) -> None:
    place = tell(token(PERSON).bytes, UNREADABLE)
    partition = place.partition("/")[0]
    refused = run("parked", "discard", place, f"{partition}/99999", "--reason", "TEST_RECORD", ends_with=1)
    assert f"{partition}/99999" in refused.stderr
    run("parked", "discard", place, "--reason", "words that may name somebody", ends_with=1)
    run("parked", "discard", "--reason", "TEST_RECORD", ends_with=2)
    run("parked", "show", "elsewhere", ends_with=2)
    run("parked", "show", f"{partition}/99999", ends_with=1)

    assert len(rows(run("parked", "list", "--format", "json"))) == 1
    assert rows(run("reviews", "list", "--decided", "--format", "json")) == []


def test_an_upgrade_and_a_release_bring_back_what_the_older_version_could_not_read(
    run: Run, tmp_path: Path
) -> None:
    older = tmp_path / "older"
    shutil.copytree(PACKAGE, older / "lineage", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(folder("schemas"), older / "schemas")
    for schema in (older / "schemas" / "released").glob("Shared-*.avsc"):
        schema.unlink()
    run("publish", "-", given=json.dumps(SHARED))
    projected = subprocess.run(
        [sys.executable, "-c", "from lineage.cli import main; main()", "project"],
        env={**os.environ, "PYTHONPATH": str(older)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "1 parked" in projected.stdout, projected.stderr
    assert "PARKED" in gaps(run)

    [outcome] = rows(
        run(
            *("parked", "release", "--refused-for", "UNKNOWN_SCHEMA"),
            *("--reason", "SCHEMA_SHIPPED", "--format", "json"),
        )
    )
    assert outcome["became"] == "ACCEPTED"
    released = json.loads(run("report", PERSON, "--received", "2026-06-15").stdout)
    assert len(released["sold_or_shared"]["pairs"]) == 1

    run("rebuild")
    assert json.loads(run("report", PERSON, "--received", "2026-06-15").stdout) == released
