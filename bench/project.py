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
    """Product, bare loop and plain loop in turn, each in a process of its own, on one topic."""
    records = told(events)
    size = sum(len(value or b"") for _, value in records) / len(records)
    topic = filled(bootstrap, records)
    few = filled(bootstrap, records[: events // 5])
    runs: dict[str, list[dict[str, Any]]] = {"bare": [], "product": [], "plain": []}
    for _ in range(ROUNDS):
        for way, found in runs.items():
            found.append(consumed(way, bootstrap, topic, events))
    small = consumed("product", bootstrap, few, events // 5)
    rate = {way: median([run["records"] / run["seconds"] for run in found]) for way, found in runs.items()}
    large_peak = median([run["peak_bytes"] for run in runs["product"]])
    # Ratios within a round: the machine's other work falls on both of its sides.
    bare = median([b["seconds"] / p["seconds"] for b, p in zip(runs["bare"], runs["product"], strict=True)])
    plain = median([b["seconds"] / p["seconds"] for b, p in zip(runs["plain"], runs["product"], strict=True)])
    ours = f"{rate['product']:,.0f} events/s of {size:.0f} bytes, {events:,} events"
    return [
        Figure(
            "project / bare kafka-python poll loop", bare, f"{ours}; bare {rate['bare']:,.0f}/s", at_least=0.6
        ),
        Figure(
            "project / poll + fastavro + Arrow into DuckDB",
            plain,
            f"plain {rate['plain']:,.0f}/s, without repeats, order, refusals, positions",
            at_least=1.3,
        ),
        Figure(
            "project: peak memory / the same at a fifth of the events",
            large_peak / small["peak_bytes"],
            f"{large_peak / 2**20:,.0f} MiB at {events:,}, {small['peak_bytes'] / 2**20:,.0f} MiB at {events // 5:,}",
            below=1.5,
        ),
    ]


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
