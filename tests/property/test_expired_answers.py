"""When the archive has let go of what is old: is every answer about a later time the same to the byte, does
every other one admit what is missing, and is the log whole?
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from archiving import archive, rows
from evaluator import Record
from hypothesis import given
from hypothesis import strategies as st
from looking import worlds_looked_at
from random_worlds import World, worlds
from telling import fill, project_log, told, told_by_product

from lineage.archive import WholeLog
from lineage.archive.expiring import Expiry, expire
from lineage.archive.form import ends
from lineage.logs import EmbeddedLog
from lineage.proof.keys import signer
from lineage.proof.making import checkpoint
from lineage.proof.verifying import verify
from lineage.report.state import policy_in_force
from lineage.store import Store
from lineage.store.expired import Age, Expired

Json = dict[str, Any]
OFTEN = ("Collected", "Used", "Shared", "Corrected", "Deleted")
EARLIER = timedelta(days=400)
STEPS = ("microseconds", "hours", "weeks")
LATE = ("ProducerReported", "PolicyAdopted")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@worlds_looked_at(usually=3)
@given(world=worlds(), data=st.data())
def test_no_answer_about_a_later_time_changes_and_every_other_one_admits_the_gap(
    world_store: Store, world: World, data: st.DataObject, looked: Callable[[], None]
) -> None:
    records = as_it_happened(again_and_again(told(world), data))
    world = replace(world, as_of=(None, data.draw(st.sampled_from(records[1:])).recorded_at))
    with tempfile.TemporaryDirectory() as place, EmbeddedLog(Path(place) / "log.sqlite") as log:
        folder = Path(place) / "archive"
        fill(log, records)
        archive(folder, log, records=data.draw(st.integers(1, 30)))
        project_log(log, world_store)
        before = told_by_product(world, world_store)
        key = signer(Path(place) / "home", log.name)
        signed = checkpoint(folder, key, LATER)

        cut = data.draw(st.sampled_from(cuts(before)))
        act, went = let_go(folder, world_store, cut)
        project_log(WholeLog(folder, log), world_store)
        after = told_by_product(world, world_store)

        assert signed is not None
        verdict = verify(folder, [signed])
        assert (verdict.findings, verdict.erased) == ((), went)
        assert {row["erased_by"] for _, row in rows(folder)} <= {None, act.id.bytes}
        for as_of, was_told, is_told in zip(world.as_of, before, after, strict=True):
            for one, other in zip(was_told, is_told, strict=True):
                if went and "window" in one and instant(one["window"]["from"]) < cut:
                    assert gap_of(other) == (one["window"]["from"], min(written(cut), one["window"]["to"]))
                    assert not other["coverage"]["complete"]
                elif as_of is None or (as_of >= cut and policy_of(one) == act.policy):
                    assert other == one
    looked()


def again_and_again(records: Sequence[Record], data: st.DataObject) -> list[Record]:
    """The same records, and most of the facts told of the years before, too, some more than once."""
    more: list[Record] = []
    last: Counter[tuple[str, str]] = Counter()
    for each in records:
        if each.event and "sequence" in each.event:
            life = each.event["producer"], each.event["incarnation"]
            last[life] = max(last[life], each.event["sequence"])
    told_more: Counter[tuple[str, str]] = Counter()
    for each in records:
        if each.event is None or each.event["event"] not in OFTEN or each.event.get("supersedes"):
            continue
        for number in range(data.draw(st.sampled_from((0, 1, 3, 4)))):
            event = dict(each.event)
            life = event["producer"], event["incarnation"]
            told_more[life] += 1
            by = EARLIER + timedelta(**{data.draw(st.sampled_from(STEPS)): number})
            event |= {
                name: written(instant(event[name]) - by)
                for name in ("occurred_at", "occurred_until")
                if name in event
            }
            event |= {"event_id": str(uuid4()), "sequence": last[life] + told_more[life]}
            more.append(replace(each, event=event))
    first, *others = (_with_more(each, told_more) for each in records)
    return [first, *more, *others]


def _with_more(record: Record, more: Counter[tuple[str, str]]) -> Record:
    """A report counts what was told more."""
    event = record.event
    if event is None or event["event"] != "ProducerReported":
        return record
    by = more[event["producer"], event["incarnation"]]
    return replace(record, event=event | {"last_sequence": event["last_sequence"] + by})


def as_it_happened(records: Sequence[Record]) -> list[Record]:
    """The same records, each recorded as soon as it could be; first the policy, last the reports."""
    adopted, *others = records
    told = [each for each in others if each.event is None or each.event["event"] not in LATE]
    found: list[Record] = []
    for each in sorted(told, key=_over):
        found.append(replace(each, recorded_at=max([_over(each), *(one.recorded_at for one in found[-1:])])))
    begun = min(each.recorded_at for each in found)
    event = (adopted.event or {}) | {"occurred_at": written(begun)}
    return [
        Record(begun, event),
        *found,
        *(
            replace(each, recorded_at=max(found[-1].recorded_at, each.recorded_at))
            for each in others
            if each.event is not None and each.event["event"] in LATE
        ),
    ]


def _over(record: Record) -> datetime:
    event = record.event or {}
    text = event.get("occurred_until") or event.get("occurred_at")
    return instant(text) if text else record.recorded_at


def cuts(answers: Sequence[Sequence[Json]]) -> list[datetime]:
    """Where the later windows begin."""
    starts = {instant(each["window"]["from"]) for told in answers for each in told if "window" in each}
    return sorted(starts or {LATER})[-2:]


def let_go(folder: Path, store: Store, before: datetime) -> tuple[Expiry, int]:
    with store.cursor() as reader:
        policy = policy_in_force(reader)
        act = Expiry(LATER, "tester", policy.digest, before, 731, {})
        old = Expired(reader, policy, Age(LATER, before, {"CCPA": before}), ends(folder))
        went = expire(folder, act, partial(old.marks, act.id.bytes))
        assert went == old.records()
    return act, went


def policy_of(answer: Json) -> str | None:
    return answer["versions"]["policy"] if "versions" in answer else None


def gap_of(answer: Json) -> tuple[str, str] | None:
    for gap in answer["coverage"]["gaps"]:
        if gap["reason"] == "ERASED" and gap["to"] is not None:
            return gap["from"], gap["to"]
    return None


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
