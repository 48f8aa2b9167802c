"""docs/publishing.md promises a service's first event in ten minutes. Here a reader does what it says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "publishing.md"
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the reader works."""
    (tmp_path / "policy").mkdir()
    return tmp_path


def shell(folder: Path, *command: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LINEAGE_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_reader_who_does_what_the_page_says_has_published(folder):
    printed = ""
    code = ""
    for language, name, text in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")):
        if name:
            (folder / name).write_text(text)
        elif language == "python":
            code += text  # a later block goes on where an earlier one ended
            printed += shell(folder, sys.executable, "-c", code)
            code = re.sub(r"^with .*?(?=^\S|\Z)", "", code, flags=re.MULTILINE | re.DOTALL)
        elif language == "console":
            for line in text.splitlines():
                assert line.startswith("$ ")
                printed += shell(folder, "bash", "-c", line.removeprefix("$ "))

    assert "in order: 4 files" in printed
    assert "2 events, 0 parked" in printed
    assert re.search(r"Shared\s+checkout_payment\s+\[\"card_pan\"\]\s+card_company", printed)
    found = shell(
        folder,
        "lineage",
        "sql",
        "select producer, event, count(*) as times from events group by all order by all",
        "--format",
        "json",
    )
    assert json.loads(found) == [
        {"producer": "checkout", "event": "Collected", "times": 1},
        {"producer": "checkout", "event": "Shared", "times": 3},
        {"producer": "cli", "event": "Collected", "times": 1},
    ]
    assert b"ana@example.com" not in b"".join(path.read_bytes() for path in (folder / ".lineage").iterdir())


def test_every_other_block_of_the_page_is_one_that_this_test_runs():
    languages = {language for language, _, _ in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))}

    assert languages == {"yaml", "python", "console", "json"}
    assert all(
        name for language, name, _ in BLOCK.findall(DOCUMENT.read_text()) if language in ("yaml", "json")
    )
