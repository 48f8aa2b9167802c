"""How fast is the archive written and read? One way a process, so that its peak memory is its own.

Prints one JSON object: ``python -m bench.archiving WAY BOOTSTRAP TOPIC ARCHIVE FOLDER``.
BOOTSTRAP may be `embedded`, TOPIC then is its file.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.machine import peak_bytes
from lineage.archive import Archiver, WholeLog
from lineage.logs import EmbeddedLog, Log
from lineage.logs.kafka import KafkaLog
from lineage.projector import Projector
from lineage.rebuild import rebuild
from lineage.store import Store


def archive(log: Log, archive: Path, folder: Path) -> int:
    """From the topic into segments."""
    return Archiver(archive, log).catch_up().records


def project(log: Log, archive: Path, folder: Path) -> int:
    """From the topic into the database: what archiving is compared with."""
    with Store(folder / "lineage.duckdb") as store:
        return Projector(log, store).catch_up().records


def rebuild_from_kafka(log: Log, archive: Path, folder: Path) -> int:
    """A new database from the topic alone."""
    return rebuild(log, folder / "lineage.duckdb").records


def rebuild_from_archive(log: Log, archive: Path, folder: Path) -> int:
    """A new database from the archive; the topic has nothing more."""
    return rebuild(WholeLog(archive, log), folder / "lineage.duckdb").records


WAYS: dict[str, Callable[[Log, Path, Path], int]] = {
    each.__name__: each for each in (archive, project, rebuild_from_kafka, rebuild_from_archive)
}


def main() -> None:
    way, bootstrap, topic, archive, folder = sys.argv[1:]
    opened = EmbeddedLog(Path(topic)) if bootstrap == "embedded" else KafkaLog(bootstrap, topic)
    with opened as log:
        begun, cpu = time.perf_counter(), time.process_time()
        records = WAYS[way](log, Path(archive), Path(folder))
        found = {
            "records": records,
            "seconds": time.perf_counter() - begun,
            "cpu_seconds": time.process_time() - cpu,
            "peak_bytes": peak_bytes(),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
