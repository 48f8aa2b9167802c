"""How fast is a topic consumed: by the product, by a bare loop, by a plain decoding one?

Run as a process of its own, so that its peak memory is its own. Prints one JSON object:
``python -m bench.consuming WAY BOOTSTRAP TOPIC RECORDS FOLDER``.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import fastavro
import pyarrow as pa
from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from bench.machine import peak_bytes
from lineage.codec.schemas import shipped
from lineage.logs.kafka import KafkaLog
from lineage.projector import BATCH_RECORDS, Projector
from lineage.store import Store


def polled(bootstrap: str, topic: str, records: int) -> Iterator[list[Any]]:
    """Batches by a bare consumer with the settings that the product uses."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
        max_poll_records=50_000,
        fetch_max_bytes=50 * 1024 * 1024,
        max_partition_fetch_bytes=1024 * 1024,
        metrics_enabled=False,
    )
    consumer.assign([TopicPartition(topic, part) for part in sorted(consumer.partitions_for_topic(topic))])
    seen = 0
    while seen < records:
        batch: list[Any] = []
        while len(batch) < BATCH_RECORDS and seen + len(batch) < records:
            for found in consumer.poll(timeout_ms=500, max_records=BATCH_RECORDS - len(batch)).values():
                batch += found
        seen += len(batch)
        yield batch
    consumer.close()


def bare(bootstrap: str, topic: str, records: int, home: Path) -> int:
    """Poll, and count."""
    return sum(len(batch) for batch in polled(bootstrap, topic, records))


def plain(bootstrap: str, topic: str, records: int, home: Path) -> int:
    """Poll, decode message by message, insert by Arrow: no repeats, no order, no positions, no refusals."""
    schemas: dict[bytes, Any] = {}
    connection = duckdb.connect(str(home / "plain.duckdb"))
    made: set[str] = set()
    seen = 0
    for batch in polled(bootstrap, topic, records):
        seen += len(batch)
        rows: dict[str, list[Any]] = defaultdict(list)
        for record in batch:
            raw = record.value[2:10]
            if raw not in schemas:
                writer = shipped().by_fingerprint(raw)
                assert writer is not None
                schemas[raw] = (writer.event, fastavro.parse_schema(dict(writer.schema)))
            event, schema = schemas[raw]
            rows[event].append(fastavro.schemaless_reader(BytesIO(record.value[10:]), schema, None))
        connection.begin()
        for event, each in rows.items():
            arrow = pa.Table.from_pylist(each)
            connection.register("arrow", arrow)
            if event in made:
                connection.execute(f'insert into "{event}" select * from arrow')
            else:
                connection.execute(f'create table "{event}" as select * from arrow')
                made.add(event)
            connection.unregister("arrow")
        connection.commit()
    connection.close()
    return seen


def product(bootstrap: str, topic: str, records: int, home: Path) -> int:
    """The projector: committed, sorted, queryable, repeats looked for."""
    with KafkaLog(bootstrap, topic) as log, Store(home / "lineage.duckdb") as store:
        return Projector(log, store).catch_up().records


WAYS: dict[str, Callable[[str, str, int, Path], int]] = {"bare": bare, "plain": plain, "product": product}


def main() -> None:
    way, bootstrap, topic, records, home = sys.argv[1:]
    begun, cpu = time.perf_counter(), time.process_time()
    seen = WAYS[way](bootstrap, topic, int(records), Path(home))
    found = {
        "records": seen,
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "peak_bytes": peak_bytes(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
