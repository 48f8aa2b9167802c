"""What does the answer cost about somebody with very many events, among many others?

A process of its own opens the database and answers, so that its peak memory is that of the answer.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import duckdb

from bench.crowd import BEGINS, DESCRIBED, LIVES, RECEIVED, made, somebody
from bench.eventful import TOLD, project
from bench.figures import Figure
from bench.machine import peak_bytes
from bench.year import SECRET, Shelf, prontotrak
from lineage.publish import Publisher
from lineage.report import Reporter
from lineage.report.request import Request
from lineage.report.timeline import timeline
from lineage.store import Store
from lineage.tokens import Pseudonymiser

EVENTS = 100_000
"""What is told of the one person."""

MOST_SECONDS = 5

Reader = duckdb.DuckDBPyConnection


def answer(reader: Reader, person: UUID) -> int:
    """All blocks, as a new process is asked for them; how many events stand behind the lines collected."""
    [document] = Reporter(reader).report([Request(subject=person, received=RECEIVED)])
    assert document["coverage"]["complete"], "something was not told"
    return sum(line["events"] for line in document["collected"])


def told(reader: Reader, person: UUID) -> int:
    """The timeline; how many rows it has."""
    return len(timeline(reader, person)[1])


WAYS: dict[str, Callable[[Reader, UUID], int]] = {each.__name__: each for each in (answer, told)}


def measure(others: int) -> list[Figure]:
    """One person with EVENTS events in a database of ``others`` events of other people."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "heavy.duckdb"
        made(path, others)
        with Store(path) as store:
            [one] = somebody(store.cursor(), 1)
            heavy = _tell(store)
        found = {way: _run(way, path, heavy) for way in WAYS}
        light = _run(answer.__name__, path, one)
    whole, lines = found[answer.__name__], found[told.__name__]
    assert lines["count"] >= EVENTS, "an event is missing in the timeline"
    return [
        Figure(
            f"one person with {EVENTS:,} events: the complete answer",
            whole["seconds"],
            f"{whole['count']:,} events collected; among {others:,} events of others; somebody with forty "
            f"events in {light['seconds']:.2f} s",
            below=MOST_SECONDS,
            unit="s",
        ),
        Figure("the same person's timeline", lines["seconds"], f"{lines['count']:,} rows", unit="s"),
        Figure(
            "the same: peak memory of the answer / of one about forty events",
            whole["peak_bytes"] / light["peak_bytes"],
            f"{whole['peak_bytes'] / 2**20:,.0f} MiB beside {light['peak_bytes'] / 2**20:,.0f} MiB; "
            f"of the timeline {lines['peak_bytes'] / 2**20:,.0f} MiB",
        ),
    ]


def _tell(store: Store) -> UUID:
    """Every producer tells of the person what it tells of everybody, very often."""
    shelf, policy, pseudonymiser = Shelf(), prontotrak(), Pseudonymiser(SECRET)
    person, _ = pseudonymiser.token("account:heavy")
    publishers = {
        name: Publisher(shelf, policy, pseudonymiser, name, clock=lambda: TOLD, covers_from=BEGINS)
        for name in policy.business.producers
    }
    for activity, producer, day, second in _acts():
        at = BEGINS + timedelta(days=day, seconds=second)
        publishers[producer].record(activity, subject=person, occurred_at=at, namespace="account")
    for each in publishers.values():
        each.close()
    project(store, shelf, len(shelf.records))
    return person


def _acts() -> Iterator[tuple[str, str, int, int]]:
    """Activity, producer, day and second of each event, as often in proportion as in everybody's year."""
    acts = [each for each in LIVES["participant"] if each[0] != DESCRIBED for _ in range(each[2])]
    chance = Random(1)
    for number in range(EVENTS):
        activity, producer, _, first, last = acts[number % len(acts)]
        yield activity, producer, chance.randrange(first, last), chance.randrange(86_400)


def _run(way: str, path: Path, person: UUID) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.heavy", way, str(path), str(person)]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=300, cwd=Path(__file__).parent.parent
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    way, path, person = sys.argv[1:]
    with Store(Path(path)) as store:
        begun = time.perf_counter()
        count = WAYS[way](store.cursor(), UUID(person))
        seconds = time.perf_counter() - begun
    peak = peak_bytes()
    print(json.dumps({"count": count, "seconds": seconds, "peak_bytes": peak}))


if __name__ == "__main__":
    main()
