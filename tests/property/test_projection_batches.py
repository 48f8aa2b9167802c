"""Does it matter how the log is cut into batches, when the process dies, or which partition is read first?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projecting import a_store, contents, emptied, part_of, project_batch
from records import (
    NOW,
    Record,
    a_subject,
    collected,
    foreign,
    microseconds,
    population,
    record,
    report,
    shared,
)

from lineage.events import EmitterHeader
from lineage.logs import Records
from lineage.store import Store

SUBJECTS = [a_subject() for _ in range(3)]
IDS = [uuid4() for _ in range(3)]
LIVES = [uuid4() for _ in range(2)]
HOUR = timedelta(hours=1)

QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def told(draw: st.DrawFn) -> Record:
    """One record of few people and few ids, so that identities meet: kept, repeated, contradicted,
    unreadable.
    """
    subject: UUID = draw(st.sampled_from(SUBJECTS))
    ids = {
        "event_id": draw(st.sampled_from(IDS)),
        "incarnation": draw(st.sampled_from(LIVES)),
        "sequence": draw(st.integers(1, 6)),
        "occurred_at": NOW + draw(st.sampled_from([-1, 0, 2, 3])) * HOUR,
        "producer": draw(st.sampled_from(["web-shop", "backfill"])),
    }
    event: EmitterHeader = draw(
        st.sampled_from(
            [
                collected(subject=subject, **ids),
                collected(subject=subject, source=draw(st.sampled_from(["the-person", "a-broker"])), **ids),
                shared(
                    subject=subject, elements=draw(st.sampled_from([("a", "b"), ("b", "a"), ("a",)])), **ids
                ),
                population(**ids),
                report(**ids | {"sequence": 0}),
            ]
        )
    )
    key, value = record(event)
    return draw(
        st.sampled_from(
            [
                (key, value),
                (key, value),
                (key, value),
                (SUBJECTS[0].bytes, value),
                (key, b"no event"),
                (None, value),
                foreign(event, ongoing=True, occurred_until=NOW),
            ]
        )
    )


@st.composite
def logs(draw: st.DrawFn, partitions: int = 2) -> Records:
    """Records in several partitions; a key may have moved between them, and clocks may fall back."""
    pairs = draw(st.lists(told(), min_size=1, max_size=24))
    next_offset = dict.fromkeys(range(partitions), 0)
    rows = Records()
    for key, value in pairs:
        part = draw(st.integers(0, partitions - 1))
        rows.partition.append(part)
        rows.offset.append(next_offset[part])
        rows.recorded_at.append(microseconds(NOW + draw(st.integers(-1, 3)) * HOUR))
        rows.key.append(key)
        rows.value.append(value)
        next_offset[part] += draw(st.integers(1, 2))
    return rows


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with a_store(tmp_path_factory.mktemp("store")) as opened:
        yield opened


def projected_whole(store: Store, log: Records) -> dict[str, list[tuple[object, ...]]]:
    project_batch(emptied(store), log)
    return contents(store)


def batches(draw: st.DrawFn, rows: list[int]) -> list[list[int]]:
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(rows) - 1)))))
    return [rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True) if start < end]


@QUICK
@given(data=st.data(), log=logs(partitions=1))
def test_any_cut_into_batches_gives_the_same_tables(store: Store, data: st.DataObject, log: Records) -> None:
    whole = projected_whole(store, log)
    emptied(store)
    for rows in batches(data.draw, list(range(len(log)))):
        project_batch(store, part_of(log, rows))
        if data.draw(st.booleans()):
            store.compact()

    assert contents(store) == whole


def meaning(held: dict[str, list[tuple[object, ...]]]) -> dict[str, object]:
    """What an answer can see: accepted events, whose refusals are open, which numbers are there."""
    settled = {row[:2] for row in held["settlement_row"]}
    return {
        "events": held["event_row"],
        "open": sorted((row[0], row[1], row[3]) for row in held["parked_row"] if row[:2] not in settled),
        "coverage": held["coverage"],
        "reports": held["producer_report"],
    }


@QUICK
@given(data=st.data(), log=logs(partitions=3))
def test_any_interleaving_of_partitions_accepts_the_same_events(
    store: Store, data: st.DataObject, log: Records
) -> None:
    whole = meaning(projected_whole(store, log))
    emptied(store)
    queues = {
        part: [row for row in range(len(log)) if log.partition[row] == part] for part in set(log.partition)
    }
    while queues:
        part = data.draw(st.sampled_from(sorted(queues)))
        take = data.draw(st.integers(1, len(queues[part])))
        project_batch(store, part_of(log, queues[part][:take]))
        queues[part] = queues[part][take:]
        queues = {key: rows for key, rows in queues.items() if rows}

    assert meaning(contents(store)) == whole


@QUICK
@given(log=logs(partitions=2))
def test_every_record_is_somewhere_and_only_once(store: Store, log: Records) -> None:
    held = projected_whole(store, log)
    places = [row[:2] for table in ("event_row", "repeat_row", "parked_row") for row in held[table]]
    places += [row[-2:] for row in held["producer_report"]]

    assert sorted(places) == sorted(zip(log.partition, log.offset, strict=True))


@QUICK
@given(log=logs(partitions=1), again=st.integers(1, 3))
def test_redelivering_the_whole_log_accepts_nothing_new(store: Store, log: Records, again: int) -> None:
    accepted = projected_whole(store, log)["event_row"]
    end = log.offset[-1] + 1
    for time in range(1, again + 1):
        project_batch(store, replace(log, offset=[offset + time * end for offset in log.offset]))
    known = {(row[4], row[5]) for row in accepted}
    held = contents(store)["event_row"]

    # What was of the future the first time may be in its time now; nothing accepted is told twice or lost.
    assert held[: len(accepted)] == accepted
    assert all((row[4], row[5]) not in known for row in held[len(accepted) :])


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), log=logs(partitions=2))
def test_opening_anew_between_batches_changes_nothing(
    store: Store, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, log: Records
) -> None:
    whole = projected_whole(store, log)
    folder: Path = tmp_path_factory.mktemp("reopened")
    for rows in batches(data.draw, list(range(len(log)))):
        with a_store(folder) as opened:
            project_batch(opened, part_of(log, rows))
    with a_store(folder) as opened:
        assert meaning(contents(opened)) == meaning(whole)
