"""How much of a consumer's speed is left when its records become committed, sorted, queryable facts?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from kafka import KafkaProducer

from bench.figures import Figure, median
from bench.year import told
from lineage.logs.kafka import KafkaLog

PARTITIONS = 6
ROUNDS = 3


def measure(bootstrap: str, events: int) -> list[Figure]:
    """Product and peer in turn, each in a process of its own, on one topic.

    The plain loop is slow: it and its counterpart read a fifth of the events.
    """
    records = told(events)
    size = sum(len(value or b"") for _, value in records) / len(records)
    large = Pair(bootstrap, "bare", filled(bootstrap, records), events)
    small = Pair(bootstrap, "plain", filled(bootstrap, records[: events // 5]), events // 5)
    half = filled(bootstrap, records[: events // 2])
    large_peak = large.peak_bytes() / 2**20
    half_peak = consumed("product", bootstrap, half, events // 2)["peak_bytes"] / 2**20
    return [
        Figure(
            "project / bare kafka-python poll loop",
            large.ratio("seconds"),
            f"{large.rates()}; processor time {large.ratio('cpu_seconds'):.2f} x; {size:.0f} bytes a value",
            at_least=0.6,
        ),
        Figure(
            "project / poll + fastavro + Arrow into DuckDB",
            small.ratio("seconds"),
            f"{small.rates()}; processor time {small.ratio('cpu_seconds'):.2f} x",
            at_least=1.3,
        ),
        Figure(
            "project: peak memory / the same at half of the events",
            large_peak / half_peak,
            f"{large_peak:,.0f} MiB beside {half_peak:,.0f} MiB",
            below=1.5,
        ),
    ]


class Pair:
    """Some rounds of a peer and the product, one after the other."""

    def __init__(self, bootstrap: str, peer: str, topic: str, events: int) -> None:
        self._events = events
        self._rounds = [
            tuple(consumed(way, bootstrap, topic, events) for way in (peer, "product")) for _ in range(ROUNDS)
        ]

    def ratio(self, what: str) -> float:
        """Peer's over ours, of one round: the machine's other work falls on both its sides."""
        return median([peer[what] / ours[what] for peer, ours in self._rounds])

    def rates(self) -> str:
        peer, ours = (
            median([self._events / each[side]["seconds"] for each in self._rounds]) for side in (0, 1)
        )
        return f"{ours:,.0f}/s beside {peer:,.0f}/s, {self._events:,} events"

    def peak_bytes(self) -> float:
        """The product's."""
        return median([ours["peak_bytes"] for _, ours in self._rounds])


def filled(bootstrap: str, records: list[tuple[bytes | None, bytes | None]]) -> str:
    """A new topic that holds these records."""
    topic = f"bench-{uuid4().hex[:12]}"
    with KafkaLog(bootstrap, topic) as log:
        log.ensure_topic(partitions=PARTITIONS)
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=20, batch_size=256 * 1024)
    for number, (key, value) in enumerate(records, start=1):
        producer.send(topic, key=key, value=value)
        if number % 50_000 == 0:
            producer.flush()
    producer.flush()
    producer.close()
    return topic


def consumed(way: str, bootstrap: str, topic: str, records: int) -> dict[str, Any]:
    """One run in a child process: seconds, records, peak bytes."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "bench.consuming", way, bootstrap, topic, str(records), home]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=240, cwd=Path(__file__).parent.parent
        )
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["records"] == records, found
    return found
