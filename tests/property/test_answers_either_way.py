"""Do two ways to the same answer lead there: links told in another order, people asked about at once?"""

import csv
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, product
from pathlib import Path
from typing import Any
from uuid import UUID

from evaluator import Question, Record
from evaluator.times import micros, written
from hypothesis import assume, given
from hypothesis import strategies as st
from looking import worlds_looked_at
from random_logs import DAY
from random_worlds import World, worlds
from telling import answered_at_once, as_request, project

from lineage.report import Audience, Reporter
from lineage.report.answering import answered, begin
from lineage.report.batch import COLUMNS, read_batch
from lineage.report.canonical import canonical
from lineage.store import Store

Json = dict[str, Any]

LINKS = ("SubjectsLinked", "SubjectsUnlinked")


@worlds_looked_at(usually=3)
@given(world=worlds(always=("links",)), data=st.data())
def test_the_order_in_which_links_are_told_does_not_matter(
    world_store: Store, world: World, data: st.DataObject, looked: Callable[[], None]
) -> None:
    """Links are ordered by when they happened (rulings.md 17), and these happened at different instants.

    Most are undone or made again at another one, so that the order in which they happened does matter.
    """
    links, others = taken_apart(world.records)
    assume(links)
    links += [opposite(each, data.draw(st.sampled_from([-DAY, DAY]))) for each in links]
    links = at_instants_of_their_own(links, others)

    found = []
    for _ in range(2):
        mixed = list(others)
        for link in data.draw(st.permutations(links)):
            mixed.insert(data.draw(st.integers(0, len(mixed))), link)
        project(replace(world, records=told_late(mixed)), world_store)
        found.append(answered_at_once(world, None, world_store))

    assert found[0] == found[1]
    looked()


@worlds_looked_at(usually=2)
@given(world=worlds(), data=st.data())
def test_a_batch_has_the_bytes_of_answers_one_by_one(
    world_store: Store, world: World, data: st.DataObject, looked: Callable[[], None]
) -> None:
    """Through the file of requests, for both audiences, in chunks of any size."""
    project(world, world_store)
    as_of = data.draw(st.sampled_from(world.as_of)) or max(each.recorded_at for each in world.records)
    asked = {
        f"{number}": (question, audience)
        for number, (question, audience) in enumerate(product(world.questions, Audience))
    }
    with tempfile.TemporaryDirectory() as made, world_store.cursor() as reader:
        folder = Path(made)
        batch = read_batch(written_down(folder / "requests.csv", asked), UUID)
        then = begin(folder / "answers", batch, now=as_of)
        chunk = data.draw(st.integers(4, len(asked)))
        for _ in answered(Reporter(reader), batch, folder / "answers", then, chunk):
            pass

        reporter = Reporter(reader)
        for name in data.draw(st.lists(st.sampled_from(sorted(asked)), min_size=2, max_size=3, unique=True)):
            question, audience = asked[name]
            [alone] = reporter.report([replace(as_request(question), audience=audience)], as_of=as_of)
            assert (folder / "answers" / f"{name}.json").read_bytes() == canonical(alone) + b"\n"
    looked()


def taken_apart(records: list[Record]) -> tuple[list[Record], list[Record]]:
    """The links that may be told in any order, and all other records in order.

    A link that is replaced, taken back or told twice stays: which came last is then what was meant.
    """
    known = [record.event for record in records if record.event]
    ids = [event.get("event_id") for event in known]
    corrected = {event.get(key) for event in known for key in ("supersedes", "retracts")}
    links: list[Record] = []
    others: list[Record] = []
    for record in records:
        event = record.event or {}
        is_free = (
            event.get("event") in LINKS
            and "supersedes" not in event
            and event["event_id"] not in corrected
            and ids.count(event["event_id"]) == 1
        )
        (links if is_free else others).append(record)
    return links, others


def opposite(link: Record, by: int) -> Record:
    """The same two tokens taken apart, or linked, so many microseconds later, for good."""
    event = {key: value for key, value in (link.event or {}).items() if key not in ("since", "until")}
    event["event"] = LINKS[1 - LINKS.index(event["event"])]
    event["event_id"] = str(UUID(int=UUID(event["event_id"]).int ^ 1 << 47))
    event["occurred_at"] = written(micros(event["occurred_at"]) + by)
    event |= {"relation": "SAME_PERSON", "evidence": "VERIFIED_LOGIN"}
    return replace(link, event=event)


def at_instants_of_their_own(links: list[Record], others: list[Record]) -> list[Record]:
    """The links, each a little later where another one happened at that instant."""
    happened = {micros(each.event["occurred_at"]) for each in others if each.event}
    moved = []
    for link in links:
        event = link.event or {}
        at = next(each for each in count(micros(event["occurred_at"])) if each not in happened)
        happened.add(at)
        moved.append(replace(link, event=event | {"occurred_at": written(at)}))
    return moved


def told_late(records: list[Record]) -> list[Record]:
    """The same log, recorded a minute after another once everything had happened."""
    events = [record.event for record in records if record.event]
    happened = max(event.get("occurred_until") or event["occurred_at"] for event in events)
    begun = max(datetime.fromisoformat(happened), *(record.recorded_at for record in records))
    return [
        replace(record, recorded_at=begun + timedelta(minutes=number))
        for number, record in enumerate(records)
    ]


def written_down(path: Path, asked: dict[str, tuple[Question, Audience]]) -> Path:
    """A file of requests."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for name, (question, audience) in asked.items():
            rows.writerow(
                [
                    name,
                    question.subject,
                    question.received,
                    question.since or "",
                    "true" if question.everything else "false",
                    " ".join(question.blocks),
                    question.verification,
                    audience.value,
                ]
            )
    return path
