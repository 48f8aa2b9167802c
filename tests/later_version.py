"""What does a version of the package make of a log that older versions wrote? Run in a process of its own.

    python later_version.py HOME SUBJECT LINE

The schemas of the package that is imported are checked and released. Its version tells LINE, an event in the
JSON form; what was told of SUBJECT is sent once more, byte for byte, as the first version wrote it. The
answer about SUBJECT is then given from the database that went on from version to version, and from one that
is made anew.
"""

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from business import AFTER_ALL, RQ

from lineage.codec import encode
from lineage.codec.evolution import faults
from lineage.codec.release import release
from lineage.jsonform import from_json
from lineage.logs import EmbeddedLog
from lineage.projector import Projector
from lineage.report import Reporter, Request
from lineage.resources import folder
from lineage.store import Store
from lineage.window import received


def answered(log: EmbeddedLog, database: Path, subject: UUID) -> dict[str, Any]:
    with Store(database, say=lambda message: None) as store:
        Projector(log, store).catch_up()
        with store.cursor() as reader:
            [document] = Reporter(reader).report([Request(subject=subject, received=received(RQ))])
            parked = reader.execute("select count(*) from parked").fetchall()
            events = reader.execute("select count(*) from events").fetchall()
    return {
        "answer": document["answer_digest"],
        "disclosed": len(document["disclosed"]["pairs"]) + len(document["sold_or_shared"]["pairs"]),
        "parked": parked[0][0],
        "events": events[0][0],
    }


def main(home: Path, subject: UUID, line: str) -> dict[str, Any]:
    problems = [str(fault) for fault in faults(folder("schemas"))]
    release(folder("schemas"))
    with EmbeddedLog(home / "log.sqlite") as log:
        records = log.read({0: 0}, limit=1000, wait_seconds=0)
        first = dict.fromkeys(
            value for key, value in zip(records.key, records.value, strict=True) if key == subject.bytes
        )
        event: Any = from_json(json.loads(line))
        told = encode(event)
        for key, value in [*((subject.bytes, value) for value in first), (event.subject.bytes, told)]:
            log.append(key, value, recorded_at=AFTER_ALL)
        log.flush()
        anew = home / f"{told[2:10].hex()}.duckdb"
        return {
            "package": str(folder("schemas").parent),
            "schema": told[2:10].hex(),
            "problems": problems,
            "going on": answered(log, home / "lineage.duckdb", subject),
            "anew": answered(log, anew, subject),
        }


if __name__ == "__main__":
    home, subject, line = sys.argv[1:]
    sys.stdout.write(json.dumps(main(Path(home), UUID(subject), line)))
