"""Does memory grow with the log? One log and one ten times as long, each archived and rebuilt by a process.

The log is the embedded one: what is asked is what archiver, archive and rebuild take, not how fast Kafka is.
"""

import tempfile
from pathlib import Path

from bench.archive import run
from bench.figures import Figure, median
from bench.year import telling
from lineage.logs import EmbeddedLog

SHORTER = 10
ROUNDS = 3


def measure(events: int) -> list[Figure]:
    """Peak memory at this many events beside a tenth of them."""
    short, long = (_peaks(number) for number in (events // SHORTER, events))
    return [
        Figure(
            f"{way}: peak memory / the same at a tenth of the events",
            long[way] / short[way],
            f"{long[way] / 2**20:,.0f} MiB at {events:,}, {short[way] / 2**20:,.0f} MiB at a tenth",
            below=1.1,
        )
        for way in short
    ]


def _peaks(events: int) -> dict[str, float]:
    """How parts of three batches meet is chance: the middle one of some runs."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with EmbeddedLog(place / "log.sqlite") as log:
            for key, value in telling(events):
                log.append(key, value)
        rounds = [_round(place / "log.sqlite", place / f"archive-{number}") for number in range(ROUNDS)]
    return {way: median([each[way] for each in rounds]) for way in rounds[0]}


def _round(log: Path, archive: Path) -> dict[str, float]:
    ways = ("archive", "rebuild_from_archive")
    return {way: run(way, "embedded", str(log), archive)["peak_bytes"] for way in ways}
