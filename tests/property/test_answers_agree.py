"""Does the product answer as the rulings say? Random worlds through log, projection and report, against an
evaluation that shares no code with them.

``LINEAGE_EXAMPLES=5000`` looks longer.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from comparable import comparable, foreseen
from evaluator import Known, Question, Record, answer
from hypothesis import given
from looking import worlds_looked_at
from random_events import ANA
from random_worlds import World, worlds
from telling import project, told_by_product

from lineage.store import Store

Json = dict[str, Any]


@worlds_looked_at(usually=10)
@given(world=worlds())
def test_every_block_of_an_answer_is_what_the_rulings_say(
    world_store: Store, world: World, looked: Callable[[], None]
) -> None:
    agreed(world, world_store)
    looked()


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
    world_store: Store, told: list[Json], held: Json
) -> None:
    life = {"producer": "web", "incarnation": "00000000-0000-4000-8000-000000000001"}
    person = {"subject": ANA, "namespace": "account", "system": "shop"}
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
    found, *_ = agreed(World(policy, records, [Question(ANA, "2025-12-01")]), world_store)
    assert {category: line["held"] for category, line in found["collected"].items()} == held


def agreed(world: World, store: Store) -> list[Json]:
    """The answers to every question of a world, once they are found to be as expected."""
    project(world, store)
    found = []
    for as_of, documents in zip(world.as_of, told_by_product(world, store), strict=True):
        known = Known(world.policy, world.records, as_of)
        for question, told in zip(world.questions, documents, strict=True):
            expected = foreseen(answer(known, question))
            said = comparable(told, expected)
            assert (as_of, question, said) == (as_of, question, expected)
            found.append(said)
    return found
