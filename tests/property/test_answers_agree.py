"""Does the product answer as the rulings say? Random worlds through log, projection and report, against an
evaluation that shares no code with them.

``LINEAGE_EXAMPLES=5000`` looks longer.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import pytest
from evaluator import Record, evaluate
from evaluator.gaps import joined
from evaluator.times import Span, micros, moment, written
from hypothesis import HealthCheck, given, settings
from random_worlds import SUBJECTS, World, adoption, worlds

from lineage.codec import encode
from lineage.events import BY_NAME, EmitterHeader, PolicyAdopted
from lineage.logs import EmbeddedLog
from lineage.policy.vocabulary import digest
from lineage.projector import Projector
from lineage.report import Reporter
from lineage.store import Store

EXAMPLES = int(os.environ.get("LINEAGE_EXAMPLES", "30"))
Json = dict[str, Any]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """One database for all worlds: making a file for each would take most of the time."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "lineage.duckdb") as opened:
        yield opened


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_every_block_of_an_answer_is_what_the_rulings_say(store: Store, world: World) -> None:
    agreed(world, store)


BUSINESS = {
    "name": "A shop",
    "systems": {"shop": {"publishes": True}},
    "producers": {"web": {"systems": ["shop"], "from": "2020-01-01"}},
}
LOYALTY = {
    "aliases": ["membership"],
    "categories": [
        {"until": "2026-01-01", "value": ["PI_A_IDENTIFIERS"]},
        {"from": "2026-01-01", "value": ["PI_G_GEOLOCATION"]},
    ],
}
PAY = {
    "category": "RCP_PAYMENT",
    "contracts": [{"id": "c", "kind": "R7051", "as": "SERVICE_PROVIDER", "purposes": ["BP5_SERVICES"]}],
}
ACKNOWLEDGED = {"about": "DELETION", "outcome": "ACKNOWLEDGED", "recipient": "pay"}
COLLECTED = {"event": "Collected", "source": "person", "purposes": ["BP5_SERVICES"]}


@pytest.mark.parametrize(
    ("told", "held"),
    [
        (
            [
                COLLECTED | {"elements": ["loyalty_no"]},
                {"event": "Shared", "recipient": "pay", "purposes": ["BP5_SERVICES"], "consideration": "NONE"}
                | {"elements": ["membership"]},
                {"event": "Deleted", "elements": ["membership"], "reason": "REQUEST"},
                {"event": "RecipientNotified", "elements": ["membership"]} | ACKNOWLEDGED,
            ],
            {"PI_A_IDENTIFIERS": "DELETED"},
        ),
        (
            [
                COLLECTED | {"elements": ["gps_point"]},
                {"event": "Deleted", "elements": ["gps_point"], "reason": "REQUEST"},
                COLLECTED | {"elements": ["loyalty_no"], "ongoing": True},
            ],
            {"PI_A_IDENTIFIERS": "HELD", "PI_G_GEOLOCATION": "DELETED"},
        ),
    ],
    ids=["confirmed under another name", "another category after the window"],
)
def test_what_chance_seldom_meets_is_held_as_the_rulings_say(
    store: Store, told: list[Json], held: Json
) -> None:
    life = {"producer": "web", "incarnation": "00000000-0000-4000-8000-000000000001"}
    person = {"subject": SUBJECTS[0], "namespace": "account", "system": "shop"}
    events = [
        {"event_id": str(UUID(int=n)), "sequence": n, "occurred_at": f"2025-06-{n:02}T00:00:00Z"}
        | (person | life | event)
        for n, event in enumerate(told, start=1)
    ]
    policy = {
        "business.yaml": json.dumps(BUSINESS),
        "vocabulary.yaml": json.dumps({"elements": {"loyalty_no": LOYALTY}}),
        "parties.yaml": json.dumps(
            {"sources": {"person": {"category": "SRC_CONSUMER_DIRECT"}}, "recipients": {"pay": PAY}}
        ),
    }
    records = [Record(datetime(2026, 2, 1, tzinfo=UTC), event) for event in events]
    answer, *_ = agreed(World(policy, records, ("2025-12-01",), tidy=False), store)
    assert {category: line["held"] for category, line in answer["collected"].items()} == held


def agreed(world: World, store: Store) -> list[Json]:
    """The answers to every question of a world, once they are found to be as expected."""
    project(world, store)
    questions = [(subject, received) for subject in world.subjects for received in world.received]
    reader = store.cursor()
    asked = [(UUID(subject), as_received(received)) for subject, received in questions]
    try:
        reporter = Reporter(reader)
        answers = reporter.report(asked)
        # A second small question goes another way: by a plan that is kept, over the person's slice.
        assert reporter.report(asked[:1]) == answers[:1]
    finally:
        reader.close()
    for (subject, received), answer in zip(questions, answers, strict=True):
        expected = evaluate(world.policy, world.records, subject, received)
        assert (subject, received, comparable(answer)) == (subject, received, foreseen(expected))
    return [comparable(answer) for answer in answers]


def as_received(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def project(world: World, store: Store) -> None:
    """The world's records through a log into the store, which held another world before."""
    with store.transaction() as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where table_name <> 'layout'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from {table}")
    with tempfile.TemporaryDirectory() as folder, EmbeddedLog(Path(folder) / "log.sqlite") as log:
        first = world.records[0].recorded_at
        for record in [Record(first, adoption(world.policy, moment(first))), *world.records]:
            key, value = (UUID(record.key).bytes if record.key else b"?"), b"\xc3\x01nobody reads this"
            if record.event is not None:
                event = as_event(record.event)
                key, value = key_of(event), encode(event)
            log.append(key, value, recorded_at=record.recorded_at)
        log.flush()
        Projector(log, store, wait_seconds=0).catch_up()


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


def ids(line: Json) -> list[str]:
    """The event ids that stand behind a line; worlds are so small that the evidence names them all."""
    evidence = line["evidence"]
    named = sorted({*evidence["first"], *evidence["last"]})
    assert evidence["count"] == len(named) or len(named) >= 10
    return named


def counted(line: Json) -> Json:
    return {
        **{key: line[key] for key in ("first", "last", "events", "occurrences")},
        "sensitive": sorted(each["id"] for each in line["sensitive"]),
        "evidence": ids(line),
    }


def pairs(block: Json) -> Json:
    return {
        f"{line['category']} {line['recipient_category']}": {
            **counted(line),
            "kinds": sorted(line["kinds"]),
            "unreviewed": line["unreviewed"],
        }
        for line in block["pairs"]
    }


BLOCKS = ("collected", "sources", "purposes", "third_parties", "pieces", "sold_or_shared", "disclosed")


def comparable(answer: Json) -> Json:
    """The product's answer with each list keyed by what makes its lines distinct."""
    lines = {name: len(answer[name]) for name in ("collected", "sources", "purposes", "third_parties")}
    said = answer["block_statements"] | {
        name: answer[name]["statement"] for name in ("sold_or_shared", "disclosed")
    }
    made = {
        "window": {key: answer["window"][key] for key in ("from", "to")},
        "collected": {
            line["category"]: {**counted(line), "elements": line["elements"], "held": line["held"]}
            for line in answer["collected"]
        },
        "sources": {line["category"]: ids(line) for line in answer["sources"]},
        "purposes": {
            line["purpose"]: {
                "statutory": sorted(line["statutory"]),
                "for": sorted(line["for"]),
                "evidence": ids(line),
            }
            for line in answer["purposes"]
        },
        "third_parties": {
            line["category"]: {"kinds": sorted(line["kinds"]), "evidence": ids(line)}
            for line in answer["third_parties"]
        },
        "sold_or_shared": pairs(answer["sold_or_shared"]),
        "disclosed": pairs(answer["disclosed"]),
        "pieces": sorted(
            (item["element"], item["show"], item["withheld"]) for item in answer["pieces"]["items"]
        ),
        "statements": {name: said.get(name) for name in BLOCKS},
        "held_collected_earlier": answer["held_collected_earlier"],
        "gaps": gaps(
            (gap["reason"], gap["producer"], gap["system"], gap["from"], gap["to"])
            for gap in answer["coverage"]["gaps"]
        ),
        "complete": answer["coverage"]["complete"],
        "coverage_from": answer["coverage"]["from"],
    }
    assert lines == {name: len(made[name]) for name in lines}, "two lines stand for one thing"
    return made


def foreseen(expected: Json) -> Json:
    return expected | {"gaps": gaps(expected["gaps"])}


def gaps(found: Any) -> list[tuple[str | None, ...]]:
    """Gaps in order; silent stretches joined, for they may be told in one piece or in several.

    Of a producer that may be silent for an unknown time nothing more need be told.
    """
    found = list(found)
    unknown = {gap[1] for gap in found if gap[0] == "SILENT" and gap[3] is None}
    silent: dict[str, list[Span]] = {}
    rest = set()
    for gap in found:
        if gap[0] != "SILENT" or gap[3] is None:
            rest.add(gap)
        elif gap[1] not in unknown:
            silent.setdefault(gap[1], []).append(Span(micros(gap[3]), micros(gap[4])))
    holes = {
        ("SILENT", producer, None, written(start), written(end))
        for producer, spans in silent.items()
        for start, end in joined(spans)
    }
    return sorted(rest | holes, key=str)
