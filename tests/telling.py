"""What does the product answer in a world? Its records go through log, projection and report."""

import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

from evaluator import Question, Record
from evaluator.times import moment
from random_logs import adoption
from random_worlds import World

from lineage.codec import encode
from lineage.events import BY_NAME, EmitterHeader, PolicyAdopted
from lineage.logs import EmbeddedLog, Log
from lineage.policy.vocabulary import digest
from lineage.projector import Projector
from lineage.report import Reporter
from lineage.report.request import Request, Verification
from lineage.store import Store

Json = dict[str, Any]


def told_by_product(world: World, store: Store) -> list[list[Json]]:
    """The documents that answer a world's questions, for each instant that it is asked about.

    One reporter gives all. From its second question on it goes another way than at first: by a plan that is
    kept, over the person's slice.
    """
    requests = [as_request(question) for question in world.questions]
    with store.cursor() as reader:
        reporter = Reporter(reader)
        answers = []
        for as_of in world.as_of:
            answers.append(reporter.report(requests, as_of=as_of))
            assert reporter.report(requests[:1], as_of=as_of) == answers[-1][:1]
    return answers


def answered_at_once(world: World, as_of: datetime | None, store: Store) -> list[Json]:
    """The documents that answer a world's questions, by one statement."""
    with store.cursor() as reader:
        return Reporter(reader).report([as_request(question) for question in world.questions], as_of=as_of)


def as_request(question: Question) -> Request:
    return Request(
        subject=UUID(question.subject),
        received=as_received(question.received),
        since=date.fromisoformat(question.since) if question.since else None,
        everything=question.everything,
        blocks=question.blocks,
        verification=Verification(question.verification),
    )


def as_received(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def project(world: World, store: Store) -> None:
    """The world's records through a log into the store, which held another world before."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedLog(Path(folder) / "log.sqlite") as log:
        fill(log, told(world))
        project_log(log, store)


def project_log(log: Log, store: Store) -> None:
    """All of a log into the store, which held another world before."""
    with store.transaction() as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where table_name <> 'layout'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from {table}")
    Projector(log, store, wait_seconds=0).catch_up()


def told(world: World) -> list[Record]:
    """The world's records, its first policy before them."""
    first = world.records[0].recorded_at
    return [Record(first, adoption(world.policy, moment(first))), *world.records]


def fill(log: Log, records: Iterable[Record]) -> None:
    """Append these records to a log."""
    for record in records:
        key, value = (UUID(record.key).bytes if record.key else b"?"), b"\xc3\x01nobody reads this"
        if record.event is not None:
            event = as_event(record.event)
            key, value = key_of(event), encode(event)
        log.append(key, value, recorded_at=record.recorded_at)
    log.flush()


def key_of(event: EmitterHeader) -> bytes:
    subject = getattr(event, "subject", None)
    return subject.bytes if isinstance(subject, UUID) else str(event.producer).encode()


def as_event(made: Json) -> EmitterHeader:
    """The record of a world as the event that it writes out."""
    kind = BY_NAME[made["event"]]
    hints = get_type_hints(kind)
    given = {key: _typed(hints[key], value) for key, value in made.items() if key != "event"}
    if kind is PolicyAdopted:
        given["digest"] = digest(made["files"])
    return kind(**{"event_id": uuid4(), "sequence": 0, **given})


def _typed(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return tuple(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is UUID or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint(value)
    return value
