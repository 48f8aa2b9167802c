"""Does the person's copy keep what is the handler's alone, and is it for release only when it may be?

Random worlds through log, projection, report and gate; whether a copy may go out is told by the evaluation
that shares no code with them. ``LINEAGE_EXAMPLES=500`` looks longer.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluator import Known, Question, answer
from evaluator.released import BLOCKS
from hypothesis import given
from looking import worlds_looked_at
from random_events import TOKENS
from random_parties import CUSTOMERS, PRODUCERS, SYSTEMS
from random_worlds import World, worlds
from telling import project, told_by_product

from lineage.report import Audience, Verification
from lineage.report.canonical import canonical
from lineage.report.check import problems
from lineage.report.gate import released
from lineage.store import Store

Json = dict[str, Any]

POINTER = "crm:poisoned"
ELSEWHERE = ("attic", "stranger")
"""A system and a producer that no policy names."""

HOUSE = re.compile(rf"\b({'|'.join((*SYSTEMS, *PRODUCERS, *CUSTOMERS, *ELSEWHERE))}|doc:\d|poisoned)\b")
"""Systems, producers, customers and pointers."""

COUNTED = re.compile(r'"count":(?!null)')
WITHOUT_NAME = {"UNMAPPED", "SRC_UNKNOWN", "RCP_UNKNOWN"}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """One database for all worlds: making a file for each would take most of the time."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "lineage.duckdb") as opened:
        yield opened


@given(world=worlds())
@worlds_looked_at(usually=3)
def test_no_copy_for_a_person_holds_what_is_the_handlers_alone(store: Store, world: World) -> None:
    world = replace(
        world,
        records=[replace(each, event=_with_pointer(each.event)) for each in world.records],
        questions=[replace(each, verification="V2_HIGH", blocks=BLOCKS) for each in world.questions[:2]],
        as_of=(None,),
    )
    project(world, store)
    known = Known(world.policy, world.records, None)
    ids = {each.event["event_id"] for each in world.records if each.event and "event_id" in each.event}

    [documents] = told_by_product(world, store)
    for question, document in zip(world.questions, documents, strict=True):
        if "stopped" in document:
            continue
        for level in Verification:
            copy = released(document, level, BLOCKS, Audience.PERSON, "CASE-7")
            text = canonical(copy).decode()
            assert not {each for each in (*TOKENS, *ids, *document["positions"]) if each in text}
            assert not HOUSE.search(text)
            assert not COUNTED.search(text)
            assert problems(copy, Audience.PERSON) == []
            if level is Verification.V2_HIGH:
                assert copy["for_release"] == may_go_out(known, question)


def _with_pointer(event: Json | None) -> Json | None:
    """The same event; of what was collected it says where it is held."""
    collects = event is not None and event["event"] in ("Collected", "Corrected")
    return event | {"held_in": POINTER} if event is not None and collects else event


def may_go_out(known: Known, question: Question) -> bool:
    """Whether nothing in the answer is unreviewed, unknown to the policy, or without a name in the law."""
    expected = answer(known, question)
    if any(reason == "UNKNOWN_WORD" for reason, *_ in expected["gaps"]):
        return False
    if not expected["consumer"]:
        return True
    pairs = (expected["sold_or_shared"], expected["disclosed"])
    lists = (*pairs, expected["collected"], expected["sources"], expected["third_parties"])
    names = {word for found in lists for key in found for word in key.split()}
    is_unreviewed = any(pair["unreviewed"] for found in pairs for pair in found.values())
    return WITHOUT_NAME.isdisjoint(names) and not is_unreviewed
