"""What becomes of a record that should not, or need not, be accepted?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from projecting import a_store, column, contents, emptied, project_batch
from records import NOW, a_subject, collected, foreign, population, record, records, report, shared

from lineage.codec import encode
from lineage.events import Accounting, CjisParticulars, Origin, SubjectDescribed, Used
from lineage.store import Store

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with a_store(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.fixture
def store(one_store: Store) -> Store:
    """A store without a row."""
    return emptied(one_store)


def reasons(store: Store) -> list[object]:
    return column(store, "select reason from parked order by log_partition, log_offset")


def open_reasons(store: Store) -> list[object]:
    return column(
        store, "select reason from parked where settled_at is null order by log_partition, log_offset"
    )


def test_a_resent_event_adds_nothing_but_its_number(store: Store) -> None:
    event = collected(sequence=1)
    project_batch(store, records([event, replace(event, sequence=2)]))
    project_batch(
        store, records([replace(event, sequence=3, incarnation=uuid4(), producer="other")], first=2)
    )

    assert column(store, "select sequence from event_row") == [1]
    assert column(store, "select sequence from repeat_row order by 1") == [2, 3]
    assert reasons(store) == []


@pytest.mark.parametrize(
    "change",
    [
        {"origin": Origin.RECONSTRUCTED},
        {"claim_evidence": "vault://proof"},
        {"elements": ("name", "email_address", "name")},
        {"regimes": ("HIPAA", "GDPR")},
        {"producer": "backfill", "incarnation": uuid4(), "sequence": 99},
    ],
)
def test_the_same_fact_told_otherwise_is_a_repeat(store: Store, change: dict[str, object]) -> None:
    event = shared(elements=("email_address", "name"), regimes=("GDPR", "HIPAA"))
    project_batch(store, records([event]))
    project_batch(store, records([replace(event, **change)], first=1))

    assert column(store, "select count(*) from repeat_row") == [1]
    assert reasons(store) == []


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "broker"},
        {"count": 2},
        {"namespace": "email"},
        {"occurred_at": NOW - HOUR},
        {"elements": ("email_address",)},
        {"purposes": ("ads",)},
        {"activity": "sync"},
        {"supersedes": uuid4()},
        {"accounting": Accounting(cjis=CjisParticulars(cji_class="III"))},
    ],
)
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_other_content_under_a_known_identity_is_parked(
    store: Store, change: dict[str, object], in_one_batch: bool
) -> None:
    event = shared(elements=("email_address", "name"))
    other = replace(event, **change)
    if in_one_batch:
        project_batch(store, records([event, other]))
    else:
        project_batch(store, records([event]))
        project_batch(store, records([other], first=1))

    assert column(store, "select log_offset from event_row") == [0]
    assert reasons(store) == ["OTHER_CONTENT"]
    assert column(store, "select subjects from parked") == [[event.subject]]


def test_lists_inside_the_details_are_read_as_sets(store: Store) -> None:
    described = SubjectDescribed(
        **{name: getattr(collected(), name) for name in ("subject", "event_id", "occurred_at", "producer")},
        incarnation=uuid4(),
        sequence=1,
        kinds=("CUSTOMER", "EMPLOYEE"),
    )
    project_batch(store, records([described, replace(described, kinds=("EMPLOYEE", "CUSTOMER", "EMPLOYEE"))]))
    project_batch(store, records([replace(described, kinds=("EMPLOYEE",))], first=2))

    assert column(store, "select count(*) from repeat_row") == [1]
    assert reasons(store) == ["OTHER_CONTENT"]


def test_one_id_under_two_subjects_is_two_events(store: Store) -> None:
    event = collected()
    project_batch(store, records([event, replace(event, subject=a_subject())]))

    assert column(store, "select count(*) from event_row") == [2]


def test_the_same_population_told_by_another_producer_is_a_repeat(store: Store) -> None:
    event = population()
    project_batch(store, records([event]))
    project_batch(store, records([replace(event, producer="backfill", sequence=7)], first=0, partition=3))

    assert column(store, "select producer from event_row") == ["web-shop"]
    assert column(store, "select producer from repeat_row") == ["backfill"]


def test_a_record_recorded_earlier_in_another_partition_is_the_accepted_one(store: Store) -> None:
    event = collected()
    project_batch(store, records([event, event], at=NOW))
    project_batch(store, records([replace(event, source="a-broker")], at=NOW - HOUR, partition=1))

    assert column(store, "select source from event_row") == ["a-broker"]
    assert reasons(store) == ["OTHER_CONTENT", "OTHER_CONTENT"]
    assert column(store, "select count(*) from repeat_row") == [0]


def test_a_key_that_is_not_the_subjects_is_parked_for_both(store: Store) -> None:
    event, stranger = collected(), a_subject()
    project_batch(store, records([(stranger.bytes, encode(event))]))

    assert reasons(store) == ["KEY_MISMATCH"]
    assert column(store, "select unnest(subjects) as s from parked order by s") == sorted(
        [event.subject, stranger]
    )


@pytest.mark.parametrize("key", [None, b"", b"web-shop", b"sixteen-letters!"])
def test_a_record_without_a_readable_key_may_concern_anybody(store: Store, key: bytes | None) -> None:
    project_batch(store, records([(key, encode(collected())), (key, b"no event")]))

    assert reasons(store) == ["KEY_MISMATCH", "UNDECODABLE"]
    assert column(store, "select subjects from parked") == [None, None]


def test_bytes_that_are_no_event_are_parked_whole_for_their_keys_person(store: Store) -> None:
    subject = a_subject()
    _, value = record(collected())
    assert value is not None
    foreign = b"\xc3\x01" + bytes(8) + b"body"
    project_batch(
        store, records([(subject.bytes, value[:-1]), (subject.bytes, foreign), (subject.bytes, None)])
    )

    assert reasons(store) == ["UNDECODABLE", "UNKNOWN_SCHEMA", "UNDECODABLE"]
    assert column(store, "select subjects from parked") == [[subject]] * 3
    assert column(store, "select value from parked_row order by log_offset") == [value[:-1], foreign, None]


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ({"occurred_at": NOW + timedelta(minutes=5)}, None),
        ({"occurred_at": NOW + timedelta(minutes=5, microseconds=1)}, "FUTURE"),
        ({"occurred_at": NOW, "occurred_until": NOW + timedelta(minutes=6)}, "FUTURE"),
        ({"occurred_at": NOW, "occurred_until": NOW}, None),
        ({"occurred_at": NOW, "occurred_until": NOW - timedelta(microseconds=1)}, "INVALID_TIME"),
        ({"occurred_at": NOW - HOUR, "occurred_until": NOW, "ongoing": True}, "INVALID_TIME"),
        ({"occurred_at": NOW - HOUR, "ongoing": True}, None),
    ],
)
def test_times_that_cannot_be_are_parked(store: Store, times: dict[str, object], reason: str | None) -> None:
    project_batch(store, records([foreign(collected(), **times)]))

    assert reasons(store) == ([] if reason is None else [reason])
    assert column(store, "select count(*) from event_row") == [1 if reason is None else 0]


def test_a_clock_that_falls_back_does_not_make_records_future(store: Store) -> None:
    project_batch(store, records([collected()], at=NOW))
    project_batch(store, records([collected(occurred_at=NOW)], at=NOW - HOUR, first=1))

    assert reasons(store) == []
    assert set(column(store, "select recorded_at from event_row")) == {NOW}


@pytest.mark.parametrize("accepted_first", [True, False])
def test_a_refusal_is_settled_once_its_content_is_accepted(store: Store, accepted_first: bool) -> None:
    event = collected()
    mistaken = (a_subject().bytes, encode(event))
    told = [event, mistaken] if accepted_first else [mistaken, event]
    project_batch(store, records(told[:1], at=NOW))
    project_batch(store, records(told[1:], at=NOW + HOUR, first=1))

    assert reasons(store) == ["KEY_MISMATCH"]
    assert column(store, "select settled_at from parked") == [NOW + HOUR]


def test_a_settled_refusal_is_open_again_when_a_record_recorded_earlier_says_otherwise(store: Store) -> None:
    event = collected(occurred_at=NOW + HOUR)
    project_batch(store, records([event], at=NOW))
    project_batch(store, records([event], at=NOW + HOUR, partition=1))
    assert open_reasons(store) == []

    project_batch(store, records([replace(event, occurred_at=NOW)], at=NOW, partition=2))

    assert column(store, "select occurred_at from events") == [NOW]
    assert open_reasons(store) == ["FUTURE", "OTHER_CONTENT"]


def test_what_stepped_back_is_settled_when_the_earliest_record_says_the_same(store: Store) -> None:
    event = collected()
    project_batch(store, records([event, event], at=NOW))
    project_batch(store, records([replace(event, source="a-broker")], at=NOW - HOUR, partition=1))
    project_batch(store, records([event], at=NOW - 2 * HOUR, partition=2))

    assert column(store, "select source from event_row") == [event.source]
    assert column(store, "select log_partition from parked where settled_at is null") == [1]


def test_an_event_of_the_future_is_accepted_when_it_is_sent_again_in_its_time(store: Store) -> None:
    event = collected(occurred_at=NOW + HOUR)
    project_batch(store, records([event, replace(event, source="other")], at=NOW))
    assert reasons(store) == ["FUTURE", "FUTURE"]

    project_batch(store, records([event], at=NOW + HOUR, first=2))
    assert column(store, "select log_offset from event_row") == [2]
    assert column(store, "select settled_at from parked order by log_offset") == [NOW + HOUR, None]


def test_a_parked_record_makes_no_id_known_and_fills_its_number(store: Store) -> None:
    event = collected(occurred_at=NOW + HOUR, sequence=1)
    project_batch(store, records([event, replace(event, occurred_at=NOW, sequence=2)]))

    assert column(store, "select sequence from event_row") == [2]
    assert column(store, "select count_missing from coverage") == [0]


def test_a_hole_in_the_numbers_is_seen_until_it_is_filled(store: Store) -> None:
    project_batch(store, records([collected(sequence=1), collected(sequence=4), report(last_sequence=6)]))
    assert column(store, "select count_missing from coverage") == [4]

    project_batch(store, records([collected(sequence=n) for n in (5, 2, 6)], first=3))
    assert column(store, "select count_missing from coverage") == [1]
    store.compact()
    assert column(store, "select count_missing from coverage") == [1]
    assert column(store, "select first from sequence_run order by first") == [1, 4]


def test_an_event_is_stored_whole(store: Store) -> None:
    event = shared(
        accounting=Accounting(cjis=CjisParticulars(cji_class="III", requestor="badge-7")),
        undisclosed_until=NOW,
    )
    project_batch(
        store,
        records(
            [
                event,
                Used(
                    **{
                        name: getattr(collected(), name)
                        for name in (
                            "subject",
                            "event_id",
                            "occurred_at",
                            "producer",
                            "incarnation",
                            "sequence",
                            "elements",
                        )
                    }
                ),
            ]
        ),
    )

    assert column(store, "select details from event_row order by log_offset") == [
        '{"accounting":{"cjis":{"cji_class":"III","requestor":"badge-7"}}}',
        None,
    ]


def test_a_record_seen_twice_by_the_store_is_refused_whole(store: Store) -> None:
    batch = records([collected(), collected()])
    project_batch(store, batch)
    before = contents(store)
    with pytest.raises(Exception, match="second projector"):
        project_batch(store, batch)

    assert contents(store) == before
