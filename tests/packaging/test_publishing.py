"""docs/publishing.md promises a service's first event in ten minutes. Here a reader does what it says."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "publishing.md"
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the reader works."""
    (tmp_path / "policy").mkdir()
    return tmp_path


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LINEAGE_")}
    return kept | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"}


def shell(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(folder: Path, line: str, port: int) -> Iterator[None]:
    """The server that the line starts; at the end the reader types Ctrl-C."""
    command = ["bash", "-c", f"exec {line}"]
    server = subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield
    server.send_signal(signal.SIGINT)
    server.wait(60)


def test_a_reader_who_does_what_the_page_says_has_published(folder):
    printed = ""
    code = ""
    port = free_port()
    server = ExitStack()
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
                typed = line.removeprefix("$ ").replace("8000", str(port))
                if typed.startswith("uvicorn"):
                    server.enter_context(serving(folder, typed, port))
                    continue
                if not typed.startswith("curl"):
                    server.close()
                printed += shell(folder, "bash", "-c", typed)

    assert "in order: 4 files" in printed
    assert "2 events, 0 parked" in printed
    assert printed.count("Welcome.") == 3
    assert printed.count("Thank you.") == 1
    timeline, _, report = printed.partition("Thank you.")[2].partition("What we know about you")
    assert timeline.count("ChoiceMade") == 1
    assert timeline.count('["page_view"]') == 2
    assert "Payment processors" in report
    assert "your email address" in report
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
        {"producer": "checkout", "event": "ChoiceMade", "times": 2},  # of the device and of the person
        {"producer": "checkout", "event": "Collected", "times": 4},  # three views are two events
        {"producer": "checkout", "event": "Shared", "times": 4},
        {"producer": "cli", "event": "Collected", "times": 1},
    ]
    assert b"ana@example.com" not in b"".join(path.read_bytes() for path in (folder / ".lineage").iterdir())


def test_every_other_block_of_the_page_is_one_that_this_test_runs():
    languages = {language for language, _, _ in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))}

    assert languages == {"yaml", "python", "console", "json"}
    assert all(
        name for language, name, _ in BLOCK.findall(DOCUMENT.read_text()) if language in ("yaml", "json")
    )
