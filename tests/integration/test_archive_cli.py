"""Does the archive do from a terminal what it says, and end with the codes that it names?"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from installations import begin

from lineage.archive.owning import owned
from lineage.cli import main
from lineage.policy import load

POLICY = load(Path(__file__).parents[1] / "acceptance" / "policy").files
LATE = "2026-03-01T12:00:00Z"
TOLD = "\n".join(
    json.dumps(
        {
            "event": "Collected",
            "subject": f"account:{who}",
            "occurred_at": "2026-01-10T12:00:00Z",
            "elements": ["email_address"],
            "source": "the_person",
            "purposes": ["service"],
            "system": "shop",
        }
    )
    for who in ("ana", "ben", "ana")
)
ERASED = json.dumps(
    {
        "event": "SubjectErased",
        "subject": "account:ana",
        "occurred_at": LATE,
        "through": LATE,
        "mode": "TOMBSTONE",
        "system": "shop",
    }
)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("LINEAGE_LOG", "LINEAGE_SECRET", "LINEAGE_SECRET_FILE", "LINEAGE_ARCHIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    begin(tmp_path, POLICY, TOLD)
    return lambda *words, **how: CliRunner().invoke(main, words, **how)


def asked(run: Run, who: str) -> dict[str, object]:
    told = run("report", f"account:{who}", "--received", "2026-06-15", "--format", "json")
    assert told.exit_code == 0, told.output
    document: dict[str, object] = json.loads(told.stdout)
    return document


def test_a_log_is_archived_and_answers_are_the_same_from_then_on(run: Run, tmp_path: Path) -> None:
    before = asked(run, "ana")
    told = run("archive", "--once")
    assert (told.exit_code, "5 records archived, 1 segments written" in told.output) == (0, True)
    assert "0 records archived" in run("archive", "--once").output
    assert run("rebuild").exit_code == 0
    assert asked(run, "ana") == before


def test_an_erased_person_is_gone_from_archive_and_database(run: Run, tmp_path: Path) -> None:
    assert run("publish", "-", input=ERASED).exit_code == 0
    run("archive", "--once")
    ana, ben = asked(run, "ana"), asked(run, "ben")
    told = run("archive", "erase")
    assert told.exit_code == 0
    assert "2 records erased" in told.output
    assert "0 records erased" in run("archive", "erase").output
    assert run("rebuild").exit_code == 0
    assert asked(run, "ana") == ana
    assert asked(run, "ben") == ben
    assert "0 records erased" in run("archive", "erase").output


def test_a_command_that_cannot_go_on_says_why_and_ends_with_its_code(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("archive", "continue", "elsewhere").exit_code == 1
    assert run("archive", "--once").exit_code == 0
    with owned(home / "archive"):
        assert run("archive", "--once").exit_code == 4
    assert run("publish", "-", input=TOLD).exit_code == 0
    unfinished = run("archive", "continue", "elsewhere")
    assert (unfinished.exit_code, "not all is archived" in unfinished.output) == (1, True)
    assert run("archive", "--once").exit_code == 0
    assert run("archive", "continue", "elsewhere").exit_code == 0
    left = run("archive", "--once")
    assert (left.exit_code, "Set kafka_topic to elsewhere" in left.output) == (3, True)

    [segment, *_] = sorted((home / "archive" / "0").glob("*.parquet"))
    segment.unlink()
    shutil.rmtree(home / "archive" / "0")
    assert run("project", "--once").exit_code == 3


POISON = "account:poison-4711"


@pytest.fixture
def run_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """An installation whose log is of 2021, under a policy that lets facts go after 800 days."""
    for name in ("LINEAGE_LOG", "LINEAGE_SECRET", "LINEAGE_SECRET_FILE", "LINEAGE_ARCHIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_ACTOR", "keeper")
    (tmp_path / "policy").mkdir()
    for name, text in {**POLICY, "retention.yaml": "archive: {days: 800}"}.items():
        (tmp_path / "policy" / name).write_text(text)
    told = [
        {
            "event": "Used",
            "subject": POISON,
            "occurred_at": f"2021-0{month}-10T12:00:00Z",
            "recorded_at": f"2021-0{month}-10T12:00:00Z",
            "elements": ["email_address"],
            "purposes": ["service"],
            "system": "shop",
            "regimes": regimes,
        }
        for month, regimes in ((2, []), (3, []), (4, ["FERPA"]), (5, []))
    ]

    def run(*words: str, **how: object) -> Result:
        return CliRunner().invoke(main, words, **how)

    for words, lines in (
        (("policy", "adopt", str(tmp_path / "policy"), "--recorded-at", "2021-01-01T00:00Z"), None),
        (("publish", "-", "--keep-recorded-at"), "\n".join(map(json.dumps, told))),
        (("archive", "--once"), None),
    ):
        done = run(*words, input=lines)
        assert done.exit_code == 0, done.output
    return run


def test_old_facts_leave_the_archive_and_who_let_them_go_is_kept(run_old: Run, tmp_path: Path) -> None:
    archived = tmp_path / "home" / "archive"
    assert run_old("checkpoint").exit_code == 0
    dry = run_old("archive", "expire", "--dry-run", "--format", "json")
    assert (dry.exit_code, json.loads(dry.stdout)) == (
        0,
        [
            {"year": 2021, "regimes": "", "what": "GOES", "records": 2},
            {"year": 2021, "regimes": "", "what": "LAST", "records": 1},
            {"year": 2021, "regimes": "FERPA", "what": "REGIME", "records": 1},
        ],
    )
    assert not (archived / "expired").exists()

    told = run_old("archive", "expire")
    assert told.exit_code == 0
    assert "2 records taken out of the archive" in told.stderr
    [act] = (archived / "expired").iterdir()
    said = json.loads(act.read_text())
    assert (said["by"], said["days"]) == ("keeper", 800)
    assert run_old("rebuild").exit_code == 0
    again = run_old("archive", "expire", "--format", "csv")
    assert "GOES" not in again.stdout
    assert [act] == list((archived / "expired").iterdir())
    whole = run_old("verify", "--database")
    assert (whole.exit_code, "2 of them erased" in whole.stderr) == (0, True), whole.output
    gaps = run_old("coverage", "--part", "gaps", "--everything", "--format", "json")
    assert "ERASED" in gaps.stdout
    for result in (dry, told, again, whole, gaps):
        assert "poison" not in result.output
    assert "poison" not in act.read_text()


def test_without_an_age_in_the_policy_nothing_goes(run: Run) -> None:
    run("archive", "--once")
    told = run("archive", "expire")
    assert (told.exit_code, "names no age" in told.output) == (1, True)
    assert "GOES" not in told.output
