"""Does an answer of then stay as it was, and does what is told later only add to it?"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from evaluator import Record
from evaluator.times import micros
from hypothesis import assume, given
from hypothesis import strategies as st
from looking import worlds_looked_at
from random_worlds import World, worlds
from telling import answered_at_once, project

from lineage.store import Store

Json = dict[str, Any]

ADDING = ("Collected", "Used", "Shared", "Corrected", "PopulationShared", "ProducerReported")
"""What only tells of more, as long as it replaces nothing. All else may take away from an answer: a deletion,
a description, a choice, an order of silence, a link that makes two people of one, another policy.
"""
PAIRS = ("sold_or_shared", "disclosed")
BLOCKS = ("collected", "sources", "purposes", "third_parties")
NAMED_BY = ("category", "purpose", "recipient_category")


@worlds_looked_at(usually=3)
@given(world=worlds(), data=st.data())
def test_an_answer_as_of_then_is_the_one_that_was_given_then(
    world_store: Store, world: World, data: st.DataObject, looked: Callable[[], None]
) -> None:
    """Of what is recorded later only an erasure reaches back (rulings.md 8, 22)."""
    then = data.draw(st.sampled_from([each.recorded_at for each in world.records]))
    told_then = [each for each in world.records if each.recorded_at <= then]
    later = [each for each in world.records if each.recorded_at > then and kind(each) != "SubjectErased"]
    assume(later)

    project(replace(world, records=told_then), world_store)
    given_then = answered_at_once(world, None, world_store)
    project(replace(world, records=[*told_then, *later]), world_store)
    given_later = answered_at_once(world, then, world_store)

    assert [but_positions(each) for each in given_later] == [but_positions(each) for each in given_then]
    looked()


@worlds_looked_at(usually=3)
@given(world=worlds(always=("chains",)), data=st.data())
def test_an_answer_grows_with_what_is_told_until_something_is_taken_back(
    world_store: Store, world: World, data: st.DataObject, looked: Callable[[], None]
) -> None:
    """Every line of then stands in the answer of now, with at least as much behind it."""
    then = data.draw(st.sampled_from([each.recorded_at for each in world.records]))
    told_then = [each for each in world.records if each.recorded_at <= then]
    awaited = {event.get(key) for event in events(told_then) for key in ("supersedes", "retracts")}
    later = [each for each in world.records if each.recorded_at > then and adds(each, awaited)]
    assume(later)

    project(replace(world, records=[*told_then, *later]), world_store)

    for before, after in zip(
        answered_at_once(world, then, world_store), answered_at_once(world, None, world_store), strict=True
    ):
        assert before.get("stopped") == after.get("stopped")
        known, grown = lines(before), lines(after)
        for name, line in known.items():
            assert name in grown, name
            shrunk = [what for what, amount in line.items() if not amount <= grown[name][what]]
            assert not shrunk, (name, shrunk)
    looked()


def but_positions(answer: Json) -> Json:
    """All that an answer says, without how far the log was read: that is in its digest, too."""
    return {key: value for key, value in answer.items() if key not in ("positions", "digest")}


def kind(record: Record) -> str:
    return str(record.event["event"]) if record.event else ""


def events(records: Iterable[Record]) -> list[Json]:
    return [record.event for record in records if record.event]


def adds(record: Record, awaited: set[str | None]) -> bool:
    """Whether a record only tells of more: nothing is replaced by it, and nothing waits to replace it.

    What was collected before 2022 is left out as well: it puts older disclosures below the floor
    (rulings.md 7).
    """
    event = record.event
    return (
        event is not None
        and event["event"] in ADDING
        and "supersedes" not in event
        and event.get("event_id") not in awaited
        and event["occurred_at"] > "2022-01-02"
    )


def lines(answer: Json) -> dict[tuple[str, ...], Json]:
    """What each line amounts to, under a name of its own; so do the pieces, and what was left out."""
    if "stopped" in answer:
        return {}
    found = [(block, line) for block in BLOCKS for line in answer[block]]
    found += [(block, line) for block in PAIRS for line in answer[block]["pairs"]]
    found += [("under_order", line) for line in answer["under_order"]]
    amounts = {
        (block, *(str(line[key]) for key in NAMED_BY if key in line)): {
            "evidence": line["evidence"]["count"],
            "ids": {*line["evidence"]["first"], *line["evidence"]["last"]},
            "events": line.get("events", 0),
            "occurrences": line.get("occurrences", 0),
            "last": line.get("last", ""),
            "before": -micros(line["first"]) if "first" in line else 0,
            "kinds": {*line.get("kinds", ()), *line.get("for", ()), *line.get("elements", ())},
            "sensitive": {each["id"] for each in line.get("sensitive", ())},
        }
        for block, line in found
    }
    pieces = {("pieces", item["element"]): {"pieces": 1} for item in answer["pieces"]["items"]}
    excluded = {("exclusions", each["code"]): {"count": each["count"]} for each in answer["exclusions"]}
    return amounts | pieces | excluded
