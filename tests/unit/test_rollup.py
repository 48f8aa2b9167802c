"""A fact that repeats all day: what of it stands in the log, what is lost by a kill, and who would see it?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looking import worlds_looked_at
from serving import FILES, START, GivenClock, a_policy

from lineage.codec import decode
from lineage.errors import LogUnavailable, Refused
from lineage.events import Collected, Event, ProducerReported, Used
from lineage.logs import EmbeddedLog
from lineage.policy import parse
from lineage.publish import Publisher
from lineage.service.rollup import Rollup
from lineage.tokens import Pseudonymiser, Secret

POLICY = a_policy()
PSEUDONYMS = Pseudonymiser(Secret(b"0" * 32))


class Shelf:
    """A log of one partition that keeps what it is given, or says that it is full."""

    name = "shelf"

    def __init__(self) -> None:
        self.values: list[bytes] = []
        self.is_full = False

    def partitions(self) -> list[int]:
        return [0]

    def append(self, key, value, *, partition=None, recorded_at=None, on_delivery=None) -> None:
        if self.is_full:
            raise LogUnavailable("full")
        self.values.append(value)
        on_delivery(None)

    def flush(self, timeout_seconds: float = 0) -> None:
        pass

    def events(self) -> list[Event]:
        return [decode(value) for value in self.values]


class World:
    def __init__(self, kept: int = 100) -> None:
        self.clock = GivenClock()
        self.log = Shelf()
        self.publisher = Publisher(self.log, POLICY, PSEUDONYMS, "checkout", clock=self.clock)  # type: ignore[arg-type]
        self.lost: list[Event] = []
        self.rollup = Rollup(
            self.publisher, clock=self.clock, lost=lambda event, error: self.lost.append(event), kept=kept
        )

    def views(self, subject: str = "account:42", **fields: object):
        return self.rollup.record("page_viewed", subject=subject, **fields)

    def closes(self) -> None:
        self.rollup.close()
        self.publisher.close()

    def told(self) -> list[Collected]:
        return [event for event in self.log.events() if isinstance(event, Collected | Used)]

    def reports(self) -> list[ProducerReported]:
        return [event for event in self.log.events() if isinstance(event, ProducerReported)]


@pytest.fixture
def world() -> World:
    return World()


def test_a_day_of_views_is_two_events_that_stand_for_all_of_them(world):
    for _ in range(10):
        world.views()
        world.clock.passes(hours=1)
    world.closes()

    first, rest = world.told()
    assert (first.count, first.occurred_at, first.occurred_until) == (1, START, None)
    assert (rest.count, rest.occurred_at, rest.occurred_until) == (
        9,
        START + timedelta(hours=1),
        START + timedelta(hours=9),
    )
    assert (rest.subject, rest.elements, rest.activity) == (first.subject, first.elements, "page_viewed")


def test_the_id_of_a_repeat_is_that_of_the_event_that_told_the_first(world):
    assert world.views() == world.views()


def test_the_first_of_a_day_is_told_at_once(world):
    world.views()

    assert len(world.told()) == 1


def test_a_day_is_the_business_s_own_and_its_count_is_told_when_it_is_over(world):
    world.clock.now = START.replace(hour=6, minute=50) + timedelta(days=1)  # 23:50 in Los Angeles
    world.rollup.turn()
    world.views()
    world.clock.passes(minutes=5)
    world.views()
    world.clock.passes(minutes=10)
    world.rollup.turn()

    assert [event.count for event in world.told()] == [1, 1]
    world.views()
    assert [event.count for event in world.told()] == [1, 1, 1]
    assert {event.occurred_at.hour for event in world.told()} == {6, 7}


def test_what_differs_in_anything_is_counted_apart(world):
    for fields in ({}, {"held_in": "views:1"}, {"held_in": "views:2"}, {"notice": "2026-1"}):
        world.views(**fields)
        world.views(**fields)
    world.views("account:43")
    world.rollup.record("page_used", subject="account:42")

    assert len(world.told()) == 6


def test_reports_cover_nothing_from_the_first_counted_instant_on_until_it_is_told(world):
    world.views()
    world.clock.passes(minutes=1)
    world.views()
    world.clock.passes(hours=1)
    world.publisher.report()
    assert world.reports()[-1].covers_until == START + timedelta(minutes=1)

    world.clock.passes(days=1)
    world.rollup.turn()
    world.publisher.report()
    assert world.reports()[-1].covers_until == world.clock.now


def test_a_fact_from_a_time_that_is_reported_already_is_told_by_itself(world):
    world.views()
    world.clock.passes(minutes=10)
    world.publisher.report()
    world.views(occurred_at=START + timedelta(minutes=1))
    world.views(occurred_at=START - timedelta(days=1))

    assert len(world.told()) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"regimes": ("HIPAA",)},
        {"occurred_at": START, "occurred_until": START + timedelta(minutes=1)},
        {"ongoing": True},
    ],
)
def test_what_a_call_makes_accountable_or_long_is_told_by_itself(world, fields):
    world.views(**fields)
    world.views(**fields)

    assert [event.count for event in world.told()] == [1, 1]


def test_a_fact_that_may_not_be_published_is_refused_the_first_time_and_every_other(world):
    for _ in range(2):
        with pytest.raises(Refused):
            world.views(notice="ana.poisoned@example.com")
        with pytest.raises(Refused):
            world.views(count=0)
    world.closes()

    assert world.told() == []


def test_more_facts_than_are_kept_are_told_before_the_day_is_over():
    world = World(kept=3)
    for number in range(5):
        world.views(f"account:{number}")
        world.views(f"account:{number}")
    world.rollup.turn()

    assert sum(event.count for event in world.told()) == 5 + 3
    world.closes()
    assert sum(event.count for event in world.told()) == 10


def test_what_the_log_does_not_take_stays_counted_and_uncovered(world):
    world.views()
    world.views(count=4)
    world.log.is_full = True
    world.clock.passes(days=1)
    with pytest.raises(LogUnavailable):
        world.rollup.turn()
    world.log.is_full = False
    world.publisher.report()
    assert world.reports()[-1].covers_until == START

    world.closes()
    assert sorted(event.count for event in world.told()) == [1, 4]
    assert world.lost == []


def test_what_the_log_does_not_take_at_the_end_is_told_to_somebody(world):
    world.views()
    world.views()
    world.log.is_full = True
    with pytest.raises(LogUnavailable):
        world.rollup.close()

    assert [event.count for event in world.lost] == [1]


VIEWS = st.tuples(st.just("view"), st.integers(0, 2), st.integers(1, 2))
LATER = st.tuples(st.just("passes"), st.sampled_from([1, 30, 400, 1440]), st.none())
STEPS = st.tuples(VIEWS, VIEWS, LATER, st.sampled_from([("report", 0, 0), ("turn", 0, 0)]))


@worlds_looked_at(usually=30)
@given(
    steps=st.lists(STEPS, max_size=8).map(lambda rounds: [step for each in rounds for step in each]),
    is_killed=st.booleans(),
)
def test_nothing_is_lost_and_a_killed_process_has_claimed_nothing_that_it_loses(steps, is_killed):
    world, happened = World(kept=2), []
    for step, number, count in steps:
        if step == "view":
            world.views(f"account:{number}", count=count)
            happened += [(PSEUDONYMS.token(f"account:{number}")[0], world.clock.now)] * count
        elif step == "passes":
            world.clock.passes(minutes=number)
        elif step == "report":
            world.publisher.report()
        else:
            world.rollup.turn()
    if not is_killed:
        world.closes()
        assert sum(event.count for event in world.told()) == len(happened)
    covered = max((each.covers_until for each in world.reports()), default=START)

    for person in {each for each, _ in happened}:
        times = [at for each, at in happened if each == person]
        told = [event for event in world.told() if event.subject == person]
        spans = [(event.occurred_at, event.occurred_until or event.occurred_at) for event in told]
        # Each view stands in the log, or in a time that nobody has said to be complete.
        assert all(any(a <= at <= b for a, b in spans) or at >= covered for at in times)
        assert sum(event.count for event in told) >= sum(at < covered for at in times)
        assert sum(event.count for event in told) <= len(times)


@pytest.mark.parametrize(
    ("activity", "why"),
    [
        ("{event: Shared, elements: [card_pan], recipient: card_company, rollup: day}", "only for Collected"),
        ("{event: PopulationShared, system: web_shop, elements: [card_pan], rollup: day}", "only for"),
        ("{event: Deleted, elements: [card_pan], rollup: day}", "only for Collected and Used"),
        ("{event: Used, elements: [card_pan], regimes: [HIPAA], rollup: day}", "accounted for by itself"),
        ("{event: Used, elements: [card_pan], operation: DECIDED, rollup: day}", "not for decisions"),
    ],
)
def test_a_policy_that_would_count_what_must_stand_by_itself_is_warned_of(activity: str, why: str):
    policy = parse({**FILES, "activities.yaml": f"activities:\n  a: {activity}\n"})

    [warned] = [each for each in policy.warnings if each.startswith("activities.yaml")]
    assert warned.startswith("activities.yaml: activities.a.rollup: ")
    assert why in warned


def test_the_same_on_a_log_that_is_read_back(tmp_path):
    clock = GivenClock()
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        with Publisher(log, POLICY, PSEUDONYMS, "checkout", clock=clock) as publisher:
            rollup = Rollup(publisher, clock=clock, lost=lambda event, error: None)
            for _ in range(3):
                rollup.record("page_viewed", subject="account:42")
            rollup.close()
        values = log.read({0: 0}, limit=10, wait_seconds=0).value

    *told, closing = [decode(value) for value in values]
    assert [event.count for event in told] == [1, 2]
    assert closing.last_sequence == 2


def test_where_another_process_answers_for_the_time_of_a_killed_one_nothing_is_counted(world):
    each = Rollup(world.publisher, clock=world.clock, lost=lambda event, error: None, counts=False)
    for _ in range(3):
        each.record("page_viewed", subject="account:42")

    assert [event.count for event in world.told()] == [1, 1, 1]
