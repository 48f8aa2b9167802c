"""One line in a service: when is what recorded, whose is it, and what does nobody see of an error of ours?"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from serving import FILES, POISON, START, Shop, a_policy, awaited

from lineage.errors import LogUnavailable, PolicyError, Refused
from lineage.events import ProducerReported
from lineage.logs import EmbeddedLog
from lineage.policy import Policy
from lineage.projector import Projector
from lineage.publish.adopting import adopt
from lineage.report import Reporter, Request
from lineage.service import Service, Visit, person_is, visit
from lineage.service.visit import SERVED
from lineage.settings import load_settings
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret
from lineage.window import received

PERSON = f"email:{POISON}"
TOKEN = Pseudonymiser(Secret.from_hex("0" * 64)).token


@dataclass
class Order:
    account: int
    status_code: int = 200


@pytest.fixture(scope="module")
def policy() -> Policy:
    return a_policy()


@pytest.fixture
def shop(tmp_path: Path, policy: Policy) -> Iterator[Shop]:
    opened = Shop(tmp_path, policy)
    yield opened
    opened.service.close()


@pytest.fixture
def closed(tmp_path: Path, policy: Policy) -> Iterator[Shop]:
    """A shop whose log cannot be opened."""
    (tmp_path / "home").write_text("a file where a folder belongs")
    opened = Shop(tmp_path / "home", policy)
    yield opened
    opened.service.close()


# When, and whose


def test_a_call_that_succeeds_is_an_occurrence_of_the_activity(shop):
    @shop.records("order_placed", subject="account:{order.account}")
    def place(order: Order) -> str:
        return "placed"

    assert place(Order(42)) == "placed"
    (event,) = shop.told_of("order_placed")
    assert event.subject == TOKEN("account:42")[0]
    assert (event.occurred_at, event.producer, event.sequence) == (START, "checkout", 1)


def test_an_awaited_call_is_one_too(shop):
    @shop.records("order_placed", subject=lambda order: f"account:{order.account}")
    async def place(order: Order) -> str:
        return "placed"

    assert awaited(place(Order(42))) == "placed"
    assert [event.subject for event in shop.told_of()] == [TOKEN("account:42")[0]]


def test_a_person_that_only_the_result_knows_is_named_by_the_result(shop):
    @shop.records("order_placed", subject="account:{result.account}")
    def register() -> Order:
        return Order(43)

    register()
    assert [event.subject for event in shop.told_of()] == [TOKEN("account:43")[0]]


def test_a_collection_that_failed_did_not_happen(shop):
    @shop.records("order_placed", subject="account:42")
    def place(order: Order) -> Order:
        if order.account == 0:
            raise ZeroDivisionError
        return order

    with pytest.raises(ZeroDivisionError):
        place(Order(0))
    place(Order(1, status_code=404))

    assert shop.told_of() == []
    assert shop.service.failures == 0


def test_a_disclosure_is_recorded_before_it_is_made_and_stays_when_it_fails(shop):
    numbers = []

    @shop.records("order_paid", subject="account:{account}")
    def pay(account: int) -> None:
        numbers.append(shop.service._living.publisher().publisher._incarnation.last)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        pay(account=42)

    assert numbers == [1]
    assert len(shop.told_of("order_paid")) == 1


def test_what_the_policy_leaves_open_is_said_by_the_decorator_or_found_at_each_call(shop):
    @shop.records("order_routed", subject="account:42", recipient=lambda to: to, legal_document="doc:1")
    def route(to: str) -> None: ...

    route("card_company")
    (event,) = shop.told_of()
    assert (event.recipient, event.legal_document) == ("card_company", "doc:1")


def test_without_a_subject_it_is_of_whoever_the_request_is_known_to_be_of(shop):
    @shop.records("order_placed")
    def place() -> None: ...

    served = SERVED.set(Visit({}, {}, START))
    person_is("account:42")
    place()
    SERVED.reset(served)
    place()  # outside of a request nobody is known

    assert [event.subject for event in shop.told_of()] == [TOKEN("account:42")[0]]
    assert [failure.what for failure in shop.failures] == ["order_placed"]
    assert "person_is()" in shop.failures[0].reason


def test_a_nightly_upload_is_one_call_or_one_decorator(shop):
    @shop.records("nightly_upload")
    def upload() -> None: ...

    upload()
    shop.service.record(
        "nightly_upload", occurred_at=START - timedelta(hours=1), occurred_until=START, count=2
    )

    alone, spanning = shop.told_of("nightly_upload")
    assert (type(alone).__name__, alone.system, alone.recipient) == (
        "PopulationShared",
        "web_shop",
        "card_company",
    )
    assert spanning.occurred_until - spanning.occurred_at == timedelta(hours=1)


def test_what_the_policy_rolls_up_is_rolled_up(shop):
    for _ in range(5):
        shop.service.record("page_viewed", subject="account:42")

    assert [event.count for event in shop.told_of("page_viewed")] == [1, 4]
    assert shop.told()[-1].last_sequence == 2


def test_a_function_keeps_its_name_its_words_and_its_arguments(shop):
    @shop.records("order_placed", subject="account:{account}")
    def place(account: int, *, gift: bool = False) -> None:
        """Place it."""

    assert (place.__name__, place.__doc__) == ("place", "Place it.")


def test_threads_share_a_service_and_its_numbers_have_no_hole(shop):
    def work(number: int) -> None:
        for _ in range(50):
            shop.service.record("order_placed", subject=f"account:{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(event.sequence for event in shop.told_of()) == list(range(1, 201))


# What is found at the start


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda shop: shop.records("no_such_activity"), "activities.yaml"),
        (lambda shop: shop.records("nightly_upload", subject="account:1"), "everybody"),
        (lambda shop: shop.records("order_routed", subject="account:1"), "recipient"),
        (lambda shop: shop.records("order_placed", colour="red"), "no field"),
        (lambda shop: shop.records("order_placed", source="neighbour"), "source"),
        (lambda shop: shop.records("order_placed", subject="account:{who}")(lambda order: None), "argument"),
        (lambda shop: shop.records("order_paid", subject="account:{result}")(lambda order: None), "argument"),
        (lambda shop: shop.records("order_placed")(generator), "generator"),
    ],
)
def test_a_decorator_that_could_never_be_right_is_refused_at_once(shop, wrong, why):
    with pytest.raises(Refused, match=why):
        wrong(shop)


def generator():
    yield


def test_a_service_that_is_declared_wrongly_does_not_start(tmp_path, policy):
    with pytest.raises(PolicyError):
        Service("checkout", policy=tmp_path / "nowhere")
    with pytest.raises(Refused, match="producer"):
        Service("", policy=policy)
    with pytest.raises(Refused, match="secret"):
        Service("checkout", policy=policy, settings=load_settings(secret="poisoned" * 8))


# What nobody sees


def causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def wrong_calls(shop: Shop, *, strict: bool) -> Iterator[tuple]:
    """Every way in which a call can go wrong by what it is given, and never by the function itself."""

    def no_key(order: object) -> str:
        raise KeyError(PERSON)

    for given in (
        {"subject": "{order}"},
        {"subject": "phone:{order}"},
        {"subject": "email:{order}@no domain"},
        {"subject": "email:a@{order}\u2603.\u200d"},
        {"subject": "account:{order.missing}"},
        {"subject": no_key},
        {"subject": lambda order: None},
        {"subject": lambda order: 7},
        {"subject": "account:1", "held_in": lambda order: order},
        {"subject": "account:1", "held_in": no_key},
        {"subject": "account:1", "held_in": lambda order: object()},
    ):
        decorated = shop.records("order_placed", strict=strict, **given)
        yield decorated(lambda order: "served"), given


def test_no_error_of_ours_reaches_the_caller_and_none_is_silent(shop, caplog):
    caplog.set_level(logging.DEBUG)
    calls = list(wrong_calls(shop, strict=False))
    for call, _ in calls:
        assert call(POISON) == "served"

    assert shop.service.failures == len(calls) == len(shop.failures)
    assert shop.told_of() == []
    lines = [record for record in caplog.records if record.name == "lineage.service"]
    assert len(lines) == len(calls)
    assert all(record.exc_info is None for record in caplog.records)
    assert "poisoned" not in caplog.text + repr(shop.failures) + repr(shop.service) + str(shop.failures)
    assert all(failure.what == "order_placed" for failure in shop.failures)


def test_a_strict_decorator_raises_what_is_documented_with_nobody_behind_it(shop, caplog):
    caplog.set_level(logging.DEBUG)
    for call, given in wrong_calls(shop, strict=True):
        with pytest.raises(Refused) as refused:
            call(POISON)
        assert "poisoned" not in "".join(f"{each!r}{each}" for each in causes(refused.value)), given

    assert "poisoned" not in caplog.text
    assert shop.service.failures == 0


def test_a_strict_disclosure_that_is_not_recorded_is_not_made(closed):
    made = []

    @closed.records("order_paid", subject="account:42", strict=True)
    def pay() -> None:
        made.append("paid")

    with pytest.raises(LogUnavailable):
        pay()
    assert made == []


def test_a_service_whose_log_cannot_be_opened_serves_and_counts_what_it_could_not_record(closed, caplog):
    @closed.records("order_placed", subject=PERSON)
    def place() -> str:
        return "served"

    assert [place(), place()] == ["served", "served"]
    assert [failure.what for failure in closed.failures] == ["publisher", "order_placed", "order_placed"]
    assert closed.service.failures == 3
    assert "poisoned" not in caplog.text


def test_whoever_is_told_of_failures_may_fail(tmp_path, policy, caplog):
    def on_failure(failure: object) -> None:
        raise KeyError(PERSON)

    shop = Service(
        "checkout",
        policy=policy,
        settings=load_settings(home=tmp_path, secret="0" * 64),
        on_failure=on_failure,
    )
    assert shop.record(PERSON, subject=PERSON) is None
    assert shop.record("order_placed", subject=PERSON, held_in=POISON) is None
    shop.close()

    assert shop.failures == 2
    assert "poisoned" not in caplog.text
    assert "an unknown activity" in caplog.text


def test_a_line_at_level_debug_joins_the_request_with_its_event(shop, caplog):
    caplog.set_level(logging.DEBUG, "lineage.service")
    served = SERVED.set(Visit({}, {}, START))
    event_id = shop.service.record("order_placed", subject=PERSON)
    request = visit()
    SERVED.reset(served)

    assert f"order_placed is event {event_id} (request {request.id})" in caplog.text
    assert "poisoned" not in caplog.text + repr(request)


# What is known then


def covered(shop: Shop) -> list[tuple]:
    reports = [event for event in shop.told() if isinstance(event, ProducerReported)]
    return [(each.covers_from, each.covers_until) for each in reports if each.covers_from < each.covers_until]


def test_no_report_covers_the_time_of_what_could_not_be_recorded(shop):
    shop.service.record("order_placed", subject="account:42")
    shop.clock.passes(minutes=1)
    failed_at = shop.clock.now
    shop.service.record("order_placed", subject="email:no address")
    shop.clock.passes(minutes=1)
    shop.service.record("order_placed", subject="account:42")

    (start, before), (after, end) = covered(shop)
    assert (start, before) == (START, failed_at)
    assert (after, end) == (failed_at + timedelta(microseconds=1), shop.clock.now)


def test_an_answer_says_that_there_something_may_be_missing(shop, policy):
    with EmbeddedLog(shop.folder / "log.sqlite") as log:
        adopt(policy, log)
    shop.service.record("order_placed", subject="account:42")
    shop.clock.passes(minutes=1)
    failed_at = shop.clock.now
    shop.service.record("order_placed", subject="email:no address")
    shop.clock.passes(minutes=1)
    shop.service.close()

    with (
        EmbeddedLog(shop.folder / "log.sqlite") as log,
        Store(shop.folder / "lineage.duckdb", say=lambda message: None) as store,
    ):
        Projector(log, store).catch_up()
        asked = Request(subject=TOKEN("account:42")[0], received=received("2026-06-01T16:01:30Z"))
        [answer] = Reporter(store.cursor()).report([asked])

    gaps = [gap["from"] for gap in answer["coverage"]["gaps"] if gap["reason"] == "SILENT"]
    assert failed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") in gaps


def test_a_request_whose_record_failed_is_uncovered_from_its_arrival_on(shop):
    shop.service.open()
    shop.clock.passes(minutes=1)
    served = SERVED.set(Visit({}, {}, shop.clock.now))
    shop.clock.passes(seconds=30)
    shop.service.record("order_placed", subject="email:no address")
    SERVED.reset(served)
    shop.clock.passes(minutes=1)

    (_, before), (after, _) = covered(shop)
    assert before == START + timedelta(minutes=1)
    assert after > START + timedelta(seconds=90)


def test_what_a_strict_decorator_did_not_let_happen_leaves_no_hole_and_what_did_happen_does(shop):
    @shop.records("order_paid", subject="email:no address", strict=True)
    def pay() -> None: ...

    @shop.records("order_placed", subject="email:no address", strict=True)
    def place() -> None: ...

    shop.service.open()
    shop.clock.passes(minutes=1)
    with pytest.raises(Refused):
        pay()
    shop.clock.passes(minutes=1)
    with pytest.raises(Refused):
        place()
    shop.clock.passes(minutes=1)

    (_, before), _ = covered(shop)
    assert before == START + timedelta(minutes=2)


def test_while_facts_are_counted_a_failure_after_them_is_left_out_once_they_are_told(shop):
    for _ in range(2):
        shop.service.record("page_viewed", subject="account:42")
        shop.clock.passes(minutes=1)
    counted, failed = START + timedelta(minutes=1), shop.clock.now
    shop.service.record("order_placed", subject="email:no address")
    shop.clock.passes(minutes=1)
    shop.service._living.publisher().publisher.report()

    reports = covered(shop)
    assert reports[0] == (START, counted)
    assert reports[1] == (counted, failed)
    assert reports[2] == (failed + timedelta(microseconds=1), shop.clock.now)


# The life of a process

FORKED = """
import multiprocessing, sys
from pathlib import Path
from lineage.policy import parse
from lineage.service import Service
from serving import FILES

shop = Service("checkout", policy=parse(FILES))

def work(number):
    for _ in range(number):
        shop.record("page_viewed", subject=f"account:{number}")
        shop.record("order_placed", subject=f"account:{number}")

work(2)
child = multiprocessing.get_context("fork").Process(target=work, args=(3,))
child.start()
child.join()
work(2)
sys.exit(shop.failures + child.exitcode)
"""


def test_a_forked_process_has_a_publisher_of_its_own_and_each_says_how_it_ended(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKED],
        env={"LINEAGE_HOME": str(tmp_path), "PYTHONPATH": ":".join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")

    reader = Shop(tmp_path, a_policy())
    told = reader.told()
    closing = [event for event in told if isinstance(event, ProducerReported)]
    assert sorted(event.last_sequence for event in closing) == [5, 6]  # 3 + 1 + 1 and 4 + 1 + 1
    assert all(event.closing for event in closing)
    for report in closing:
        numbers = [event.sequence for event in told if event.incarnation == report.incarnation]
        assert sorted(numbers)[1:] == list(range(1, report.last_sequence + 1))
    views = [event for event in told if getattr(event, "activity", "") == "page_viewed"]
    assert sum(event.count for event in views) == 7


def test_a_service_that_was_closed_opens_anew_in_a_life_of_its_own(shop):
    shop.service.record("order_placed", subject="account:42")
    shop.service.close()
    shop.service.record("order_placed", subject="account:42")

    first, second = shop.told_of()
    assert first.incarnation != second.incarnation
    assert first.sequence == second.sequence == 1


def test_an_event_stands_in_the_log_while_the_service_goes_on(shop):
    event_id = shop.service.record("order_placed", subject="account:42")
    with EmbeddedLog(shop.folder / "log.sqlite") as log:
        found = log.read({0: 0}, limit=1, wait_seconds=30)

    assert len(found) == 1
    assert str(event_id).encode() != found.value[0]


def test_the_policy_of_these_tests_is_one_that_services_could_adopt():
    assert json.dumps(FILES)
