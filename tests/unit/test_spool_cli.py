"""An operator asks what waits in the spool, empties it, and sees that nothing is missing."""

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from click.testing import CliRunner, Result
from consuming import Consuming, asked, numbers
from spooling import POLICY, killed

from lineage.cli import main
from lineage.logs import open_log
from lineage.operate.examine import Level, examine
from lineage.publish import open_publisher
from lineage.publish.adopting import adopt
from lineage.settings import Settings, load_settings

POISON = "email:ana.poisoned@example.com"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(home=tmp_path / "home")
    with open_log(settings) as log:
        adopt(POLICY, log)
    return settings


def run(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(main, words, env={"LINEAGE_HOME": str(settings.home)})


def lives_and_is_killed(settings: Settings, *people: str, resumes: bool = True) -> None:
    def lives() -> None:
        opened = open_publisher(
            "shop", policy=POLICY, settings=settings, spool=True, resumes=resumes, drains=False
        )
        publisher = opened.__enter__()
        for person in people:
            publisher.record("sign_up", subject=person)
        os.kill(os.getpid(), signal.SIGKILL)  # before anything is let go of

    killed(lives)


def gaps(settings: Settings) -> set[str]:
    said = run(settings, "coverage", "--part", "gaps", "--format", "json", "--from", "2026-01-01")
    assert said.exit_code == 0, said.output
    return {each["reason"] for each in json.loads(said.stdout)}


def test_status_tells_how_much_waits_and_names_nobody(settings: Settings) -> None:
    lives_and_is_killed(settings, POISON, POISON)
    said = run(settings, "spool", "status", "--format", "json")

    [row] = json.loads(said.stdout)
    assert (row["producer"], row["waiting"], row["lives"], row["killed"]) == ("shop", 2, 1, 0)
    assert row["bytes"] > 200
    assert row["oldest_seconds"] >= 0
    assert "poisoned" not in said.output


def test_where_nothing_was_ever_spooled_nothing_waits_and_no_file_is_made(settings: Settings) -> None:
    assert run(settings, "spool", "status").exit_code == 0
    assert "no spool" in run(settings, "spool", "drain").output
    assert not settings.spool_file.exists()


def test_after_a_kill_and_a_restart_coverage_has_no_gap_for_a_service_that_promised(
    settings: Settings,
) -> None:
    with open_publisher("shop", policy=POLICY, settings=settings, spool=True, resumes=True):
        pass
    lives_and_is_killed(settings, *(f"account:{token_hex(4)}" for _ in range(5)))
    said = run(settings, "spool", "drain")
    assert (said.exit_code, said.output) == (0, "6 records sent, 0 wait\n")
    with open_publisher("shop", policy=POLICY, settings=settings, spool=True, resumes=True) as publisher:
        publisher.record("sign_up", subject=f"account:{token_hex(4)}")

    found = json.loads(run(settings, "coverage", "--part", "producers", "--format", "json").stdout)
    [shop] = [each for each in found if each["producer"] == "shop"]
    assert shop["is_closed"]
    # What lies before its first life was never told, and its last one has ended; between them is no hole.
    assert all(shop["told_from"] == until or shop["told_until"] == since for since, until in shop["holes"])
    lives = json.loads(run(settings, "coverage", "--part", "incarnations", "--format", "json").stdout)
    assert all(each["closed"] and not each["is_gap"] for each in lives if each["producer"] == "shop")


def test_a_killed_life_of_a_service_that_promised_nothing_is_listed_for_somebody_to_attest(
    settings: Settings,
) -> None:
    lives_and_is_killed(settings, POISON, resumes=False)
    assert run(settings, "spool", "drain").exit_code == 0
    said = run(settings, "spool", "status", "--killed", "--format", "json")

    [row] = json.loads(said.stdout)
    assert (row["producer"], row["last_sequence"]) == ("shop", 1)
    assert gaps(settings) >= {"SILENT"}


def test_a_log_that_cannot_be_reached_is_told_and_all_waits_on(settings: Settings, tmp_path: Path) -> None:
    lives_and_is_killed(settings, POISON)
    (settings.home / "log.sqlite").unlink()
    (settings.home / "log.sqlite").mkdir()
    said = run(settings, "spool", "drain")

    assert said.exit_code == 4
    assert "0 records sent, 2 wait" in said.output
    assert "poisoned" not in said.output


def test_a_drainer_of_its_own_tells_depth_and_age_as_numbers(settings: Settings) -> None:
    lives_and_is_killed(settings, POISON)
    draining = Consuming(settings.home, command=("spool", "drain", "--follow"))
    page = draining.until(lambda found: found.get("lineage_records_total", 0) >= 2)
    assert numbers(page)["lineage_waiting_records"] <= 2
    assert "lineage_waiting_oldest_seconds" in numbers(page)
    assert asked(draining.address, "/healthz")[0] == 200
    code, said = draining.stops()

    assert code == 0, said
    assert "poisoned" not in said


def test_the_doctor_tells_of_what_waits_too_long_and_of_lives_that_a_person_has_to_close(
    settings: Settings,
) -> None:
    assert not any(each.what.startswith("spool") for each in examine(home=settings.home))
    lives_and_is_killed(settings, POISON, resumes=False)
    [young] = [each for each in examine(home=settings.home) if each.what == "spool"]
    assert young.level is Level.OK
    later = datetime.now(UTC) + timedelta(hours=1)
    [old] = [each for each in examine(later, home=settings.home) if each.what == "spool"]
    assert old.level is Level.WARN
    assert "60 minutes" in old.means
    run(settings, "spool", "drain")
    [dead] = [each for each in examine(home=settings.home) if each.what == "spool: lives"]
    assert dead.level is Level.WARN
