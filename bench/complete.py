"""What does the answer cost with everything on: one person's, and that of thousands at once?"""

import shutil
import tempfile
from pathlib import Path
from uuid import UUID

import duckdb

from bench.crowd import RECEIVED, made, somebody
from bench.eventful import ASKED, tell
from bench.figures import Figure, Spent, empty_query, median, percentile
from lineage.report import Reporter
from lineage.report.answering import answered
from lineage.report.batch import Batch
from lineage.report.request import Request
from lineage.store import Store

PEOPLE = 100
"""To so many of the crowd everything happens."""
BATCH = 2_000
ALONE = 50
"""So many of the batch are also asked about one by one."""


def measure(events: int, crowd: Path) -> list[Figure]:
    """On a copy of the crowd's database, which is made where there is none."""
    if not crowd.exists():
        made(crowd, events)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "complete.duckdb"
        shutil.copyfile(crowd, path)
        with Store(path) as store:
            reader = store.cursor()
            everybody = somebody(reader, BATCH)
            people = everybody[:PEOPLE]
            each = tell(store, people) / len(people)
            return [_alone(reader, people, each), _batch(reader, everybody, Path(folder) / "answers")]


def _alone(reader: duckdb.DuckDBPyConnection, people: list[UUID], each: float) -> Figure:
    reporter = Reporter(reader)
    for person in people[:2]:  # the second question makes the plan that is kept
        reporter.report([_request(person)], as_of=ASKED)
    spent, empties = [], []
    for person in people:
        begun = Spent.now()
        reporter.report([_request(person)], as_of=ASKED)
        spent.append(Spent.since(begun))
        empties.append(empty_query(reader))
    seconds, empty = [one.seconds for one in spent], median(empties)
    return Figure(
        "complete answer: one person, everything on, p50 / empty query",
        median(seconds) / empty,
        f"p50 {median(seconds) * 1e3:.1f} ms, p99 {percentile(seconds, 0.99) * 1e3:.1f} ms, "
        f"processor {median([one.processor for one in spent]) * 1e3:.1f} ms; "
        f"empty query {empty * 1e3:.2f} ms; "
        f"{each:.0f} events more than the crowd's, as of an earlier instant",
        below=400,
    )


def _batch(reader: duckdb.DuckDBPyConnection, people: list[UUID], folder: Path) -> Figure:
    """The folder of a batch, written; beside answers that nobody writes."""
    folder.mkdir()
    reporter = Reporter(reader)
    reporter.report([_request(people[0])], as_of=ASKED)
    batch = Batch({str(number): _request(person) for number, person in enumerate(people)}, digest="")
    begun = Spent.now()
    done = sum(each.written for each in answered(reporter, batch, folder, ASKED))
    together = Spent.since(begun).seconds / done
    alone = []
    for person in people[:: max(1, len(people) // ALONE)]:
        begun = Spent.now()
        reporter.report([_request(person)], as_of=ASKED)
        alone.append(Spent.since(begun).seconds)
    each = sum(alone) / len(alone)
    return Figure(
        f"complete answer: {done:,} people in a batch / one by one, people a second",
        each / together,
        f"{1 / together:,.0f}/s beside {1 / each:,.1f}/s",
        at_least=15,
    )


def _request(person: UUID) -> Request:
    return Request(subject=person, received=RECEIVED)
