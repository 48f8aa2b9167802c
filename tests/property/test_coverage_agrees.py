"""Is what coverage shows as missing what the answers show?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hypothesis import given
from looking import worlds_looked_at
from random_worlds import World, worlds
from telling import answered_at_once, as_request, project

from lineage.cli.output import plain
from lineage.coverage.document import coverage
from lineage.store import Store

OF_THE_LOG = ("LAG", "SEQUENCE", "SILENT", "UNPUBLISHED_SYSTEM")
"""The reasons that do not depend on who asks."""

Json = dict[str, Any]


@worlds_looked_at(usually=8)
@given(world=worlds())
def test_the_gaps_of_coverage_are_those_of_every_answer_about_the_window(
    world_store: Store, world: World, looked: Callable[[], None]
) -> None:
    project(world, world_store)
    for as_of in world.as_of:
        answers = answered_at_once(world, as_of, world_store)
        for question, answer in zip(world.questions, answers, strict=True):
            if "stopped" not in answer:
                asked = as_request(question)
                found = covered(world_store, as_of, asked.received, asked.since, asked.everything)
                assert found["gaps"] == sorted(of_the_log(answer), key=str)
                explained(found)
    looked()


def covered(store: Store, as_of: datetime | None, received: Any, since: Any, everything: bool) -> Json:
    with store.cursor() as reader:
        found = coverage(reader, received=received, since=since, everything=everything, as_of=as_of)
    told: Json = plain(found)
    told["gaps"].sort(key=str)
    return told


def of_the_log(answer: Json) -> list[Json]:
    return [gap for gap in answer["coverage"]["gaps"] if gap["reason"] in OF_THE_LOG]


def explained(found: Json) -> None:
    """Each gap can be found again in the rows."""
    gaps = found["gaps"]
    assert {gap["producer"] for gap in gaps if gap["reason"] == "SEQUENCE"} == {
        row["producer"] for row in found["incarnations"] if row["is_gap"]
    }
    assert {gap["system"] for gap in gaps if gap["reason"] == "UNPUBLISHED_SYSTEM"} == {
        row["system"] for row in found["systems"] if row["is_gap"]
    }
    assert {gap["producer"] for gap in gaps if gap["reason"] == "SILENT"} == {
        row["producer"] for row in found["producers"] if row["holes"]
    }
    for row in found["incarnations"]:
        assert row["count_missing"] == sum(last - first + 1 for first, last in row["missing"]) or (
            row["count_ranges"] > len(row["missing"])
        )
