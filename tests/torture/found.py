"""What is there after the torture, and what should be?

Database and archive are read as files, the topic by a reader of its own; answers, proof and rebuild are asked
for as a person does, at the command line.
"""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final

import duckdb
from archiving import everything, rows
from projecting import TABLES

from lineage.logs import Log
from torture import telling

LINEAGE: Final = (sys.executable, "-c", "from lineage.cli import main; main()")
ASKED: Final = 20
"""People who are asked about."""

LIVES_ON: Final = "ledger"
"""Whose life is its outbox's, and never ends."""

COMMAND_SECONDS: Final = 300
Row = tuple[object, ...]
Backed = dict[str, tuple[int, str]]
"""Of each element: how many events, and the digest of their ids."""


class Failed(Exception):
    """A command that had to work did not; the message is what it said."""


class Installation:
    """What an operator has afterwards: a home folder, a command line, and the publisher's ``book``."""

    def __init__(self, environment: Mapping[str, str], home: Path, book: Path) -> None:
        self._environment = os.environ | environment
        self.book = book
        self.archive = home / "archive"
        self._database = home / "lineage.duckdb"

    def says(self, *command: str) -> tuple[int, str]:
        """The exit code of a `lineage` command, and what it said last."""
        done = subprocess.run(
            [*LINEAGE, *command],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
        )
        return done.returncode, (done.stdout + done.stderr)[-1500:]

    def empties(self, *command: str) -> int:
        """0 when this takes all that waits to the log, else 1."""
        return int(self.says(*command)[0] != 0)

    def holes(self, producer: str) -> int:
        """Between the first time that it covers and the last: how many holes, open lives and lost numbers."""
        [told] = [each for each in self._coverage("producers") if each["producer"] == producer]
        lives = [each for each in self._coverage("incarnations") if each["producer"] == producer]
        holes = [
            (since, until)
            for since, until in told["holes"]
            if until != told["told_from"] and since != told["told_until"]
        ]
        left_open = 0 if producer == LIVES_ON else sum(each["closed"] is None for each in lives)
        return len(holes) + left_open + sum(bool(each["missing"]) for each in lives) + (not lives)

    def _coverage(self, part: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            [*LINEAGE, "coverage", "--part", part, "--format", "json"],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
        )
        if done.returncode:
            raise Failed(f"lineage coverage ended with {done.returncode}: {done.stderr[-1500:]}")
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def _does(self, *command: str) -> None:
        code, said = self.says(*command)
        if code:
            raise Failed(f"lineage {command[0]} ended with {code}: {said}")

    def _asked(self, question: str) -> list[Row]:
        with duckdb.connect(str(self._database), read_only=True) as reader:
            return reader.execute(question).fetchall()

    def in_database(self) -> Counter[str]:
        """How often each event stands there."""
        return Counter(str(event_id) for (event_id,) in self._asked("select event_id from event_row"))

    def repeats(self) -> int:
        """Records that brought an event again."""
        return len(self._asked("select log_offset from repeat_row"))

    def parked(self) -> int:
        """Records that were refused."""
        return len(self._asked("select log_offset from parked_row"))

    def wrongly_answered(self, chance: Random) -> tuple[int, int]:
        """In how many answers not each event that was told stands exactly once; and of how many."""
        by_person: dict[str, list[telling.Told]] = {}
        for each in telling.told(self.book):
            by_person.setdefault(each["person"], []).append(each)
        people = chance.sample(sorted(by_person), min(ASKED, len(by_person)))
        requests, answers = self.book / "requests.csv", self.book / "answers"
        with requests.open("w", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("id", "subject", "received"))
            now = datetime.now(UTC).isoformat()
            lines.writerows((_file(person), person, now) for person in people)
        self._does("report", "--batch", str(requests), "-o", str(answers))
        wrong = 0
        for person in people:
            answer = json.loads((answers / f"{_file(person)}.json").read_text())
            wrong += collected_in(answer) != _backed(by_person[person])
        return wrong, len(people)

    def differs_when_rebuilt(self) -> int:
        """Rows that only one of two databases has: the tortured one, and one made from archive and log."""
        before = self._contents()
        self._does("rebuild")
        after = self._contents()
        return (before - after).total() + (after - before).total()

    def _contents(self) -> Counter[tuple[str, bytes]]:
        """Every row that batches fill, by its digest: a million of them fit into memory so."""
        found: Counter[tuple[str, bytes]] = Counter()
        with duckdb.connect(str(self._database), read_only=True) as reader:
            for table in (*TABLES, "coverage"):
                cursor = reader.execute(f"select * from {table}")
                while some := cursor.fetchmany(10_000):
                    found.update((table, sha256(repr(row).encode()).digest()) for row in some)
        return found


def collected_in(answer: Mapping[str, Any]) -> Backed:
    """How many events back what an answer says of each element, and the digest of their ids."""
    return {line["elements"][0]: (line["events"], line["evidence"]["digest"]) for line in answer["collected"]}


def _backed(told: Iterable[telling.Told]) -> Backed:
    """What an answer has to say of these events."""
    ids: dict[str, list[str]] = {}
    for each in told:
        ids.setdefault(each["element"], []).append(each["id"])
    return {
        element: (len(found), sha256("\n".join(sorted(found)).encode()).hexdigest())
        for element, found in ids.items()
    }


def archived_otherwise(archive: Path, log: Log) -> int:
    """Records that only one of topic and archive has, or that one has twice."""
    topic = everything(log)
    in_topic: Counter[Row] = Counter(
        zip(topic.partition, topic.offset, topic.recorded_at, topic.key, topic.value, strict=True)
    )
    in_archive: Counter[Row] = Counter(
        (part, row["offset"], row["recorded_at"], row["key"], row["value"]) for part, row in rows(archive)
    )
    return (in_topic - in_archive).total() + (in_archive - in_topic).total()


def _file(person: str) -> str:
    return person.replace(":", "-")
