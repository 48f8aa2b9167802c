"""What does one person's answer cost, beside the least that any question costs?"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import duckdb

from bench.crowd import RECEIVED, made, somebody
from bench.figures import Figure, Spent, empty_query, median, percentile
from lineage.report import Reporter
from lineage.report.request import Request, requests_of
from lineage.store import Store

PEOPLE = 200
COLD_RUNS = 3

SLICE = "select * from event_row where subject = $subject"


def measure(events: int, path: Path) -> list[Figure]:
    """``path``: a database made by an earlier run is used again, else it is made there."""
    if not path.exists():
        made(path, events)
    with Store(path) as store:
        reader = store.cursor()
        events = reader.execute("select count(*) from event_row").fetchall()[0][0]
        people = somebody(reader, PEOPLE)
        warm = _warm(reader, people)
    cold = median([_cold(path, person) for person in people[:COLD_RUNS]])
    return [*warm, _cold_figure(cold), _size_figure(path.stat().st_size, events)]


def _warm(reader: duckdb.DuckDBPyConnection, people: list[UUID]) -> list[Figure]:
    reporter = Reporter(reader)
    reporter.report([Request(subject=people[0], received=RECEIVED)])
    empties: list[float] = []
    reports: list[Spent] = []
    slices = []
    for person in people:
        slices.append(_seconds(lambda: reader.execute(SLICE, {"subject": person}).fetchall()))  # noqa: B023
        begun = Spent.now()
        reporter.report([Request(subject=person, received=RECEIVED)])
        reports.append(Spent.since(begun))
        empties.append(empty_query(reader))  # in turn: the machine's other work comes and goes
    everybody = [(person, RECEIVED) for person in people]
    together = median([_seconds(lambda: reporter.report(requests_of(everybody))) for _ in range(3)])
    empty = median(empties)
    seconds = [each.seconds for each in reports]
    processor = median([each.processor for each in reports])
    beside = f"empty query {empty * 1e3:.2f} ms"
    return [
        Figure(
            "report: one person, warm, p50 / empty query",
            median(seconds) / empty,
            f"p50 {median(seconds) * 1e3:.1f} ms, p99 {percentile(seconds, 0.99) * 1e3:.1f} ms, "
            f"processor {processor * 1e3:.1f} ms; {beside}",
            below=200,
        ),
        Figure(
            "the person's slice alone, p50 / empty query",
            median(slices) / empty,
            f"p50 {median(slices) * 1e3:.1f} ms, p99 {percentile(slices, 0.99) * 1e3:.1f} ms",
        ),
        Figure(
            f"report: {len(people)} people in one call, a person / one alone",
            together / len(people) / median(seconds),
            f"{together:.2f} s, {together / len(people) * 1e3:.1f} ms a person",
        ),
    ]


def _seconds(act: object) -> float:
    assert callable(act)
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _cold(path: Path, person: UUID) -> float:
    command = [sys.executable, "-m", "bench.report", str(path), str(person)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=120, cwd=Path(__file__).parent.parent
    )
    seconds: float = json.loads(done.stdout)
    return seconds


def _cold_figure(seconds: float) -> Figure:
    return Figure(
        "report: the first one of a new process", seconds, "opening, policy, gaps of the log", unit="s"
    )


def _size_figure(size: int, events: int) -> Figure:
    each = size / events
    return Figure(
        "the file, bytes an event", each, f"{size / 2**20:,.0f} MiB, {events:,} events", below=90, unit="B"
    )


def main() -> None:
    """One answer by a process that has read nothing yet, its file not in the cache of pages."""
    path = Path(sys.argv[1])
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    begun = time.perf_counter()
    with Store(path) as store:
        Reporter(store.cursor()).report([Request(subject=UUID(sys.argv[2]), received=RECEIVED)])
    print(json.dumps(time.perf_counter() - begun))


if __name__ == "__main__":
    main()
