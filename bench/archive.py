"""What does it cost to keep the log for good, and how much faster is it read again than from Kafka?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.figures import Figure, median
from bench.project import filled
from bench.year import told

ROUNDS = 3
ROOT = Path(__file__).parent.parent


def measure(bootstrap: str, events: int) -> list[Figure]:
    """The same topic archived and projected in turn; then rebuilt from either, in turn, too."""
    topic = filled(bootstrap, told(events))
    with tempfile.TemporaryDirectory() as place:
        written = [
            _pair(("project", "archive"), bootstrap, topic, Path(place) / str(n)) for n in range(ROUNDS)
        ]
        archive = Path(place) / "0"
        size = sum(each.stat().st_size for each in archive.rglob("*.parquet"))
        read = [
            _pair(("rebuild_from_kafka", "rebuild_from_archive"), bootstrap, topic, archive)
            for _ in range(ROUNDS)
        ]
    for each in [*written, *read]:
        assert all(side["records"] == events for side in each), each
    return [
        Figure(
            "rebuild from the archive / from Kafka, records a second",
            median([kafka["seconds"] / ours["seconds"] for kafka, ours in read]),
            f"{_rate(read, 1):,.0f}/s beside {_rate(read, 0):,.0f}/s, {events:,} records",
            at_least=2,
        ),
        Figure(
            "archive / project, processor time",
            median([ours["cpu_seconds"] / project["cpu_seconds"] for project, ours in written]),
            f"{_microseconds(written, 1):.1f} us a record beside {_microseconds(written, 0):.1f} us; "
            f"{_rate(written, 1):,.0f}/s; peak {_peak(written, 1):,.0f} MiB",
            below=0.25,
        ),
        Figure("the archive, bytes a record", size / events, f"{size / 2**20:,.0f} MiB", unit="B"),
    ]


Run = dict[str, Any]


def _pair(ways: tuple[str, str], bootstrap: str, topic: str, archive: Path) -> tuple[Run, Run]:
    first, second = (run(way, bootstrap, topic, archive) for way in ways)
    return first, second


def run(way: str, bootstrap: str, topic: str, archive: Path) -> Run:
    """One run in a child process: records, seconds, processor seconds, peak bytes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.archiving", way, bootstrap, topic, str(archive), folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=3000, cwd=ROOT)
    found: Run = json.loads(done.stdout)
    return found


def _rate(runs: list[tuple[Run, Run]], side: int) -> float:
    return median([each[side]["records"] / each[side]["seconds"] for each in runs])


def _microseconds(runs: list[tuple[Run, Run]], side: int) -> float:
    return median([each[side]["cpu_seconds"] / each[side]["records"] * 1e6 for each in runs])


def _peak(runs: list[tuple[Run, Run]], side: int) -> float:
    return median([each[side]["peak_bytes"] for each in runs]) / 2**20
