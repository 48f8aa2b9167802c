"""What does a service wait for an event that is kept, and how fast does what is kept reach the broker?"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event as Signal
from typing import Any
from uuid import uuid4

from kafka import KafkaProducer

from bench.figures import Figure, Spent, median, percentile
from bench.publish import ACTIVITIES, PEOPLE, _ready
from bench.year import SECRET, prontotrak
from lineage.logs import Log
from lineage.logs.kafka import KafkaLog
from lineage.publish import Publisher
from lineage.publish.spooled import Spool
from lineage.spool import Drainer, SpoolFile
from lineage.tokens import Pseudonymiser

ROUNDS = 3
NOWHERE = "127.0.0.1:9"
SLOW_SECONDS = 0.5
PAUSE_EVERY, PAUSE_SECONDS = 20, 0.005
"""A service does something else between its events; with the broker up, some 3,000 a second are told."""


def measure(bootstrap: str, events: int) -> list[Figure]:
    """`record()` beside an insert of the same bytes, while the broker is up, slow, gone; then draining."""
    topic = f"bench-{uuid4().hex[:12]}"
    with KafkaLog(bootstrap, topic) as log:
        log.ensure_topic(partitions=6)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        ready = _ready(min(events, 1000))
        alone, bare = _recorded(place / "alone", events, ready)
        up, beside_up = _recorded(place / "up", events, ready, _to(bootstrap, topic))
        slow, _ = _recorded(place / "slow", events, ready, lambda: Slow(_to(bootstrap, topic)()))
        gone, _ = _recorded(place / "gone", events, ready, _to(NOWHERE, topic))
        power, _ = _recorded(place / "power", max(100, events // 20), ready, durability="power")
        sending = [ready[each % len(ready)] for each in range(events)]
        rounds = [
            (_sent(bootstrap, topic, sending), _drained(place / f"{each}", bootstrap, topic, events, ready))
            for each in range(ROUNDS)
        ]
    theirs, ours = (median([each[side].seconds for each in rounds]) for side in (0, 1))
    return [
        Figure(
            "spool: record(), p50 / bare SQLite WAL insert of the same bytes",
            percentile(alone, 0.5) / percentile(bare, 0.5),
            f"{_micros(alone)} beside {_micros(bare)}; synced for a loss of power: {_micros(power)}",
            below=6,
        ),
        Figure(
            "spool: record() while it is drained, p50 / bare insert",
            percentile(up, 0.5) / percentile(beside_up, 0.5),
            f"broker up {_micros(up)}; slow {_micros(slow)}; gone {_micros(gone)}",
            below=6,
        ),
        Figure(
            "spool: draining / bare send() + flush",
            median([bare_send.seconds / drained.seconds for bare_send, drained in rounds]),
            f"{events / ours:,.0f}/s beside {events / theirs:,.0f}/s",
            at_least=0.4,
        ),
    ]


@dataclass
class Slow:
    """A log that lets each wait for its confirmation last."""

    log: Log

    def __getattr__(self, name: str) -> Any:
        return getattr(self.log, name)

    def flush(self, timeout_seconds: float = 30.0) -> None:
        time.sleep(SLOW_SECONDS)
        self.log.flush(timeout_seconds)


def _micros(seconds: Sequence[float]) -> str:
    return f"p50 {percentile(seconds, 0.5) * 1e6:.0f} us, p99 {percentile(seconds, 0.99) * 1e6:,.0f} us"


def _to(bootstrap: str, topic: str) -> Callable[[], KafkaLog]:
    return lambda: KafkaLog(bootstrap, topic, until_closed=True)


def _recorded(
    path: Path, events: int, ready: list[tuple[bytes, bytes]], opens: Any = None, durability: Any = "process"
) -> tuple[list[float], list[float]]:
    """Seconds of each call, drained meanwhile where there is a log, and of a bare insert after each call: so
    that both meet the machine as it is.
    """
    drainer = None if opens is None else Drainer(SpoolFile(path), opens)
    spool = Spool(SpoolFile(path, durability=durability), drainer=drainer)
    publisher = Publisher(spool, prontotrak(), Pseudonymiser(SECRET), "web")
    bare = _bare(path.with_name(f"{path.name}-bare"))
    chance = Random(1)
    subjects = [f"account:{chance.randrange(PEOPLE)}" for _ in range(events)]
    ours, theirs = [], []
    for number, subject in enumerate(subjects):
        if drainer is not None and number % PAUSE_EVERY == 0:
            time.sleep(PAUSE_SECONDS)
        begun = time.perf_counter()
        publisher.record(ACTIVITIES[number % len(ACTIVITIES)], subject=subject)
        done = time.perf_counter()
        bare.execute("insert into kept (key, value) values (?, ?)", ready[number % len(ready)])
        theirs.append(time.perf_counter() - done)
        ours.append(done - begun)
    bare.close()
    if drainer is not None:
        publisher.close()
        drainer.finish(1.0)
    return ours, theirs


def _bare(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None)
    file.execute("pragma journal_mode = wal")
    file.execute("pragma synchronous = normal")
    file.execute("create table kept (id integer primary key, key blob, value blob)")
    return file


def _sent(bootstrap: str, topic: str, ready: list[tuple[bytes, bytes]]) -> Spent:
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    producer.partitions_for(topic)
    begun = Spent.now()
    for key, value in ready:
        producer.send(topic, key=key, value=value)
    producer.flush()
    spent = Spent.since(begun)
    producer.close()
    return spent


def _drained(path: Path, bootstrap: str, topic: str, events: int, ready: list[tuple[bytes, bytes]]) -> Spent:
    _recorded(path, events, ready)
    log = _to(bootstrap, topic)()
    log.append(b"warm", None)
    log.flush()
    drainer = Drainer(SpoolFile(path), lambda: log)
    begun = Spent.now()
    drainer.run(Signal(), until_empty=True)
    return Spent.since(begun)
