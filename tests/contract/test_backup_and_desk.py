"""Does an installation whose desk is a PostgreSQL come back from a backup and a dump with its cases?"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from installations import begin
from postgres import new_database
from test_desk import postgres  # noqa: F401 (the fixture)

from lineage.cli import main

POLICY = {"business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n"}
PERSON = "email:ana.poisoned@example.com"


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")
def test_cases_in_postgresql_come_back_with_the_dump_that_the_backup_asks_for(
    postgres: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin(tmp_path, POLICY)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_ACTOR", "clerk-7")
    here, there = new_database(postgres), new_database(postgres)
    monkeypatch.setenv("LINEAGE_DESK_URL", here)
    run("case", "open", PERSON, "--received", "2026-06-15T10:00-07:00", "--via", "FORM")
    before = json.loads(run("case", "list", "--format", "json"))

    told = run("backup", str(tmp_path / "copy"), "--with-secret")
    asked = re.search(r"the desk lies in PostgreSQL, (\d+) entries: copy it with pg_dump", told)
    assert asked is not None
    assert int(asked[1]) > 0
    dump = tmp_path / "desk.dump"
    postgresql("pg_dump", "--format=custom", "--file", dump, "--dbname", here)
    postgresql("pg_restore", "--exit-on-error", "--dbname", there, dump)

    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "restored"))
    monkeypatch.setenv("LINEAGE_DESK_URL", there)
    assert "bring it back with pg_restore" in run("restore", str(tmp_path / "copy"))
    assert json.loads(run("case", "list", "--format", "json")) == before


def run(*words: str) -> str:
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "poisoned" not in done.output
    return done.output


def postgresql(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True, timeout=60)
