"""A service publishes: what stands in the log then, and what it hears when something is wrong."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from lineage.codec import decode
from lineage.errors import LogUnavailable, Refused
from lineage.events import (
    Collected,
    Consideration,
    Event,
    Header,
    LinkEvidence,
    PopulationShared,
    ProducerReported,
    Relation,
    Shared,
    SubjectsLinked,
)
from lineage.logs import EmbeddedLog
from lineage.policy import Policy, parse
from lineage.publish import Publisher, open_publisher
from lineage.publish.sending import DeliveryFailed
from lineage.settings import load_settings
from lineage.tokens import Pseudonymiser, Secret

BUSINESS = """
name: Corner Shop
systems:
  web_shop: {publishes: true}
  hospital_files: {publishes: true, customer_data: true}
producers:
  checkout: {systems: [web_shop], from: 2026-01-01}
"""
PARTIES = """
sources:
  customer: {name: The customer, category: SRC_CONSUMER_DIRECT}
recipients:
  card_company: {name: Card Company, category: RCP_PAYMENT}
"""
PURPOSES = "purposes: {take_payment: {statutory: [BP5_SERVICES], wording: to take your payment}}"
ACTIVITIES = """
activities:
  checkout_payment:
    event: Shared
    elements: [card_pan]
    recipient: card_company
    purposes: [take_payment]
    consideration: NONE
    system: web_shop
"""
START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
PERSON = "email:ana.poisoned@example.com"


class GivenClock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse(
        {
            "business.yaml": BUSINESS,
            "parties.yaml": PARTIES,
            "purposes.yaml": PURPOSES,
            "activities.yaml": ACTIVITIES,
        }
    )


@pytest.fixture
def clock() -> GivenClock:
    return GivenClock()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        yield log


@pytest.fixture
def pseudonymiser(tmp_path: Path) -> Pseudonymiser:
    return Pseudonymiser(Secret.create(tmp_path / "secret"))


@pytest.fixture
def publisher(log: EmbeddedLog, policy: Policy, pseudonymiser: Pseudonymiser, clock: GivenClock) -> Publisher:
    return Publisher(log, policy, pseudonymiser, "checkout", clock=clock)


def collected(**changed: object) -> Collected:
    given = {
        "subject": f"account:{uuid4()}",
        "elements": ("email_address",),
        "source": "customer",
        "purposes": ("take_payment",),
        "system": "web_shop",
    }
    return Collected(**(given | changed))  # type: ignore[arg-type]  # a test may give anything


def logged(log: EmbeddedLog) -> list[Event]:
    records = log.read({0: 0}, limit=10_000, wait_seconds=0)
    return [decode(value) for value in records.value if value is not None]


def test_an_activity_and_a_person_are_all_that_a_service_names(log, publisher, pseudonymiser):
    event_id = publisher.record("checkout_payment", subject="account:42")
    publisher.flush()

    (event,) = logged(log)
    assert isinstance(event, Shared)
    assert event.event_id == event_id
    assert event.event_id.version == 7
    assert event.subject == pseudonymiser.token("account:42")[0]
    assert event.namespace == "account"
    assert event.elements == ("card_pan",)
    assert event.recipient == "card_company"
    assert event.consideration is Consideration.NONE
    assert event.activity == "checkout_payment"
    assert event.occurred_at == START
    assert (event.producer, event.incarnation, event.sequence) == ("checkout", publisher.incarnation, 1)


def test_what_the_call_gives_goes_before_what_the_activity_says(log, publisher):
    earlier = START - timedelta(hours=3)
    publisher.record("checkout_payment", subject="account:42", occurred_at=earlier, consideration="MONEY")
    publisher.flush()

    (event,) = logged(log)
    assert isinstance(event, Shared)
    assert event.occurred_at == earlier
    assert event.consideration is Consideration.MONEY


def test_events_about_a_person_lie_under_the_persons_token(log, publisher, pseudonymiser):
    publisher.publish(collected(subject="account:42"))
    publisher.flush()

    records = log.read({0: 0}, limit=10, wait_seconds=0)
    assert records.key == [pseudonymiser.token("account:42")[0].bytes]


def test_numbers_rise_by_one_and_a_refused_event_uses_none(log, publisher):
    publisher.publish(collected())
    with pytest.raises(Refused):
        publisher.publish(collected(elements=()))
    publisher.publish(collected())
    publisher.flush()

    assert [event.sequence for event in logged(log)] == [1, 2]


def test_a_refusal_names_every_problem_and_nothing_was_sent(log, publisher):
    with pytest.raises(Refused) as refused:
        publisher.publish(
            collected(
                subject=PERSON,
                elements=("shoe_size",),
                source="neighbour",
                purposes=("curiosity",),
                held_in="ana.poisoned@example.com",
                count=0,
            )
        )
    publisher.flush()

    message = str(refused.value)
    for field in ("elements", "source", "purposes", "held_in", "count"):
        assert f"{field}:" in message
    assert "poisoned" not in message
    assert logged(log) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"occurred_at": datetime(2026, 6, 1)},  # noqa: DTZ001 (that is what is refused)
        {"occurred_at": START, "occurred_until": START - timedelta(seconds=1)},
        {"occurred_at": START, "occurred_until": START, "ongoing": True},
        {"occurred_until": START},
        {"activity": "no_such_activity"},
        {"system": "hospital_files"},
        {"producer": "checkout"},
        {"sequence": 4},
        {"subject": "ana.poisoned"},
        {"subject": "email:poisoned"},
    ],
)
def test_an_event_that_must_not_be_published_is_refused_without_its_person(log, publisher, wrong):
    with pytest.raises(Refused) as refused:
        publisher.publish(collected(**wrong))
    publisher.flush()

    assert logged(log) == []
    assert "poisoned" not in f"{refused.value}{refused.value!r}"


def test_a_link_has_two_pseudonyms_and_no_identifier(log, publisher, pseudonymiser):
    publisher.publish(
        SubjectsLinked(
            subject="account:42",
            other=PERSON,
            relation=Relation.SAME_PERSON,
            evidence=LinkEvidence.VERIFIED_LOGIN,
            system="web_shop",
        )
    )
    publisher.flush()

    (event,) = logged(log)
    assert isinstance(event, SubjectsLinked)
    assert event.other == pseudonymiser.token(PERSON)[0]
    assert event.other_namespace == "email"
    assert b"poisoned" not in b"".join(log.read({0: 0}, limit=10, wait_seconds=0).value)


def test_a_token_is_taken_as_it_is(log, publisher, pseudonymiser):
    token, _ = pseudonymiser.token("account:42")
    publisher.publish(collected(subject=token, namespace="account"))
    publisher.publish(collected(subject=str(token), namespace="account"))
    publisher.flush()

    assert [event.subject for event in logged(log) if isinstance(event, Header)] == [token, token]
    assert [event.namespace for event in logged(log) if isinstance(event, Header)] == ["account", "account"]


def test_a_sharing_of_everybodys_data_has_no_subject(log, publisher):
    publisher.publish(
        PopulationShared(
            system="web_shop",
            elements=("email_address",),
            recipient="card_company",
            purposes=("take_payment",),
        )
    )
    publisher.flush()

    (event,) = logged(log)
    assert isinstance(event, PopulationShared)
    assert log.read({0: 0}, limit=10, wait_seconds=0).key == [b"checkout"]


def test_closing_says_how_far_the_numbers_go_and_since_when_all_was_told(log, publisher, clock):
    publisher.publish(collected())
    clock.now = START + timedelta(minutes=2)
    publisher.close()
    publisher.close()

    *_, report = logged(log)
    assert isinstance(report, ProducerReported)
    assert report.closing
    assert report.last_sequence == 1
    assert report.systems == ("web_shop",)
    assert (report.covers_from, report.covers_until) == (START, START + timedelta(minutes=2))
    assert report.incarnation == publisher.incarnation
    assert len(logged(log)) == 2


def test_reports_follow_each_other_without_a_hole_while_events_flow(log, publisher, clock):
    for minute in range(0, 21):
        clock.now = START + timedelta(minutes=minute)
        publisher.publish(collected())
    publisher.close()

    reports = [event for event in logged(log) if isinstance(event, ProducerReported)]
    assert [report.closing for report in reports] == [False, False, False, False, True]
    assert reports[0].covers_from == START
    assert reports[-1].covers_until == clock.now
    for before, after in pairwise(reports):
        assert before.covers_until == after.covers_from
    assert [report.last_sequence for report in reports] == [6, 11, 16, 21, 21]


def test_a_quiet_service_reports_when_it_is_told_to(log, publisher, clock):
    clock.now = START + timedelta(hours=1)
    publisher.report()
    publisher.flush()

    (report,) = logged(log)
    assert isinstance(report, ProducerReported)
    assert report.covers_until == clock.now
    assert report.last_sequence == 0
    assert not report.closing


def test_a_service_that_knows_it_was_idle_covers_the_time_since_its_last_close(
    log, policy, pseudonymiser, clock
):
    before = START - timedelta(days=1)
    with Publisher(log, policy, pseudonymiser, "checkout", clock=clock, covers_from=before):
        pass

    (report,) = logged(log)
    assert isinstance(report, ProducerReported)
    assert report.covers_from == before


def test_a_closed_publisher_takes_nothing_more(publisher):
    publisher.close()

    with pytest.raises(Refused, match="closed"):
        publisher.publish(collected())


def test_an_event_with_numbers_of_its_own_is_passed_on_as_it_is(log, publisher):
    incarnation, event_id = uuid4(), uuid4()
    publisher.publish(
        collected(event_id=event_id, producer="other", incarnation=incarnation, sequence=9, occurred_at=START)
    )
    publisher.publish(collected())
    publisher.flush()

    passed, own = logged(log)
    assert (passed.producer, passed.incarnation, passed.sequence) == ("other", incarnation, 9)
    assert passed.event_id == event_id
    assert own.sequence == 1


@pytest.fixture
def locked(log: EmbeddedLog, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The log's file, held by somebody who does not let go."""
    holder = sqlite3.connect(tmp_path / "log.sqlite", isolation_level=None)
    holder.execute("begin immediate")
    yield holder
    holder.close()


def test_a_failed_delivery_is_told_and_raised_and_the_closing_report_shows_the_gap(
    log, policy, pseudonymiser, clock, locked
):
    failures: list[tuple[Event, LogUnavailable]] = []
    publisher = Publisher(
        log, policy, pseudonymiser, "checkout", clock=clock, on_failure=lambda *told: failures.append(told)
    )
    publisher.record("checkout_payment", subject=PERSON)
    with pytest.raises(DeliveryFailed) as raised:
        publisher.flush(timeout_seconds=0.01)

    assert raised.value.count == 1
    ((lost, error),) = failures
    assert lost.sequence == 1
    assert "poisoned" not in f"{lost!r}{error}{raised.value}"
    locked.execute("rollback")
    publisher.close()
    (report,) = logged(log)
    assert isinstance(report, ProducerReported)
    assert report.last_sequence == 1


def test_publishing_a_lost_event_again_fills_its_own_place(log, policy, pseudonymiser, clock, locked):
    lost: list[Event] = []
    publisher = Publisher(
        log, policy, pseudonymiser, "checkout", clock=clock, on_failure=lambda event, _: lost.append(event)
    )
    event_id = publisher.record("checkout_payment", subject="account:42")
    with pytest.raises(DeliveryFailed):
        publisher.flush(timeout_seconds=0.01)
    locked.execute("rollback")

    assert publisher.publish(lost[0]) == event_id
    publisher.close()

    event, report = logged(log)
    assert event == lost[0]
    assert isinstance(report, ProducerReported)
    assert report.last_sequence == 1


def test_a_failure_is_raised_once_not_for_ever(log, publisher, locked):
    publisher.publish(collected())
    with pytest.raises(DeliveryFailed):
        publisher.flush(timeout_seconds=0.01)
    locked.execute("rollback")

    publisher.flush()


def test_threads_share_a_publisher_and_the_log_holds_their_numbers_in_order(log, publisher):
    def work() -> None:
        for _ in range(100):
            publisher.publish(collected())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    publisher.flush()

    assert [event.sequence for event in logged(log)] == list(range(1, 401))


def test_a_service_opens_its_publisher_by_name_and_settings(tmp_path, policy):
    settings = load_settings(home=tmp_path / "home")
    with open_publisher("checkout", policy=policy, settings=settings) as publisher:
        publisher.record("checkout_payment", subject="account:42")

    with EmbeddedLog(tmp_path / "home" / "log.sqlite") as log:
        event, report = logged(log)
    assert isinstance(event, Shared)
    assert isinstance(event.subject, UUID)
    assert isinstance(report, ProducerReported)
    assert report.closing
