"""A request comes in: which id does it get, whose signal is it, and what is recorded of it?"""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looking import worlds_looked_at
from serving import POISON, START, Shop, a_policy, awaited

from lineage.errors import Refused
from lineage.events import Choice, ChoiceMade, Collected, Shared, SubjectsLinked, Via
from lineage.policy import Policy
from lineage.service import AsgiMiddleware, Visit, WsgiMiddleware, from_cookie, person_is, visit
from lineage.service.gpc import Signals
from lineage.tokens import Pseudonymiser, Secret

TOKEN = Pseudonymiser(Secret.from_hex("0" * 64)).token
GPC = {"Sec-GPC": "1"}

Handler = Callable[[], int]
Headers = dict[str, str]


class Web:
    """Asks an application through the middleware, by one of the two interfaces."""

    def __init__(self, shop: Shop, kind: str) -> None:
        self.shop, self.kind = shop, kind

    def asks(self, handler: Handler, headers: Headers, **options: Any) -> tuple[int, Headers]:
        """Status and headers of the answer. ``handler`` gives the status."""
        ask = through_asgi if self.kind == "asgi" else through_wsgi
        return ask(self.shop, handler, headers, options)


def through_asgi(shop: Shop, handler: Handler, headers: Headers, options: dict) -> tuple[int, Headers]:
    said: list[dict] = []

    async def app(scope, receive, send) -> None:
        status = handler()
        await send({"type": "http.response.start", "status": status, "headers": [(b"x-own", b"1")]})
        await send({"type": "http.response.body", "body": b"answer"})

    async def send(message) -> None:
        said.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": f"/{POISON}", "headers": raw}
    awaited(AsgiMiddleware(app, shop.service, **options)(scope, None, send))  # type: ignore[arg-type]
    return said[0]["status"], {name.decode().lower(): value.decode() for name, value in said[0]["headers"]}


def through_wsgi(shop: Shop, handler: Handler, headers: Headers, options: dict) -> tuple[int, Headers]:
    said: list[tuple[str, list]] = []

    def app(environ, start_response):
        start_response(f"{handler()} Said", [("X-Own", "1")])
        return [b"answer"]

    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ |= {"PATH_INFO": f"/{POISON}", "REQUEST_METHOD": "GET"}
    body = WsgiMiddleware(app, shop.service, **options)(environ, lambda *given: said.append(given))  # type: ignore[arg-type,func-returns-value]
    assert list(body) == [b"answer"]
    line, given = said[0]
    return int(line[:3]), {name.lower(): value for name, value in given}


def ok() -> int:
    return 200


@pytest.fixture(scope="module")
def policy() -> Policy:
    return a_policy()


@pytest.fixture
def shop(tmp_path: Path, policy: Policy) -> Iterator[Shop]:
    opened = Shop(tmp_path, policy)
    yield opened
    opened.service.close()


@pytest.fixture(params=["asgi", "wsgi"])
def web(request: pytest.FixtureRequest, shop: Shop) -> Web:
    return Web(shop, request.param)


def choices(web: Web) -> list[ChoiceMade]:
    return [event for event in web.shop.told() if isinstance(event, ChoiceMade)]


# The id of a request


def test_an_answer_has_the_id_that_its_request_came_with(web):
    given = str(uuid4())
    _, headers = web.asks(ok, {"X-Request-ID": given})

    assert headers["x-request-id"] == given
    assert headers["x-own"] == "1"


def test_the_id_of_a_trace_serves_as_well(web):
    trace = uuid4().hex
    _, headers = web.asks(ok, {"traceparent": f"00-{trace}-{uuid4().hex[:16]}-01"})

    assert headers["x-request-id"] == trace


@pytest.mark.parametrize(
    "given",
    [
        POISON,
        "poisoned",
        "account:42",
        "4111111111111111",
        "+1 415 555 0100",
        "x" * 500,
        "a\r\nSet-Cookie: b",
        "",
    ],
)
def test_what_may_be_a_name_or_a_number_of_somebody_is_no_id(web, given):
    _, headers = web.asks(ok, {"X-Request-ID": given, "traceparent": f"00-{'0' * 32}-{'0' * 16}-00"})

    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["x-request-id"])


def test_the_id_is_known_while_the_request_is_served_and_not_after(web):
    seen = []

    def handler() -> int:
        seen.append(visit())
        return 200

    _, headers = web.asks(handler, {})

    assert [each.id for each in seen] == [headers["x-request-id"]]
    assert visit() is None


# Sec-GPC


def test_a_signal_is_an_opt_out_of_the_device(web):
    web.asks(ok, {**GPC, "Cookie": "theme=dark; visitor=d-1"}, device=from_cookie("visitor"))

    (choice,) = choices(web)
    assert (choice.choice, choice.via, choice.purposes) == (Choice.OPT_OUT, Via.GPC, ())
    assert (choice.subject, choice.namespace) == TOKEN("cookie:d-1")
    assert (choice.occurred_at, choice.system) == (START, "web_shop")


def test_it_is_one_of_the_person_too_once_the_service_knows_who_that_is(web):
    def handler() -> int:
        person_is("account:42")
        return 200

    web.asks(handler, {**GPC, "Cookie": "visitor=d-1"}, device=from_cookie("visitor"))

    assert {each.subject for each in choices(web)} == {TOKEN("cookie:d-1")[0], TOKEN("account:42")[0]}
    # A signal verifies nobody: that the two belong together is for a login to say.
    assert not any(isinstance(event, SubjectsLinked) for event in web.shop.told())


def test_a_person_that_the_framework_knows_is_found_before_or_after(web):
    known: list[str] = []
    web.asks(lambda: known.append("account:43") or 200, GPC, person=lambda visit: known[0] if known else None)

    assert [each.subject for each in choices(web)] == [TOKEN("account:43")[0]]


def test_it_counts_also_when_the_request_fails(web):
    web.asks(lambda: 500, {**GPC, "Cookie": "visitor=d-1"}, device=from_cookie("visitor"))

    assert len(choices(web)) == 1


def test_who_serves_can_ask_for_it_also_when_nobody_is_known(web):
    seen = []
    web.asks(lambda: seen.append(visit().opted_out) or 200, GPC)
    web.asks(lambda: seen.append(visit().opted_out) or 200, {})

    assert seen == [True, False]
    assert choices(web) == []
    assert web.shop.failures == []


@pytest.mark.parametrize("value", ["0", "", "true", "yes", "1;q=1", "?1", "0, 1"])
def test_anything_else_than_1_is_no_signal(web, value):
    web.asks(ok, {"Sec-GPC": value, "Cookie": "visitor=d-1"}, device=from_cookie("visitor"))

    assert choices(web) == []


@worlds_looked_at(usually=30)
@given(
    visits=st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 2), st.booleans()), max_size=12
    )
)
def test_each_device_that_signals_is_told_of_once_a_day_and_nobody_else_is(visits):
    told: list[tuple[Any, int]] = []
    day = 0

    def publish(event: ChoiceMade):
        if not works:
            return None
        told.append((event.subject, event.occurred_at.toordinal()))
        return uuid4()

    signals = Signals(publish, "web_shop")  # type: ignore[arg-type]
    wanted = set()
    for device, signalled, days, works in visits:
        day += days
        came = Visit({"sec-gpc": "1"} if signalled else {}, {}, START.replace(day=1 + day))
        came.device = f"device:{device}"
        signals.notice(came)
        if signalled and works:
            wanted.add((came.device, came.began.toordinal()))

    assert sorted(told) == sorted(wanted)


# What is recorded of a visit


def test_a_visit_is_an_occurrence_of_the_activity_that_the_middleware_was_given(web):
    options = {"device": from_cookie("visitor"), "activity": "page_viewed"}
    for _ in range(3):
        web.asks(ok, {"Cookie": "visitor=d-1"}, **options)
    web.asks(lambda: 404, {"Cookie": "visitor=d-1"}, **options)
    web.asks(ok, {}, **options)  # of nobody

    views = [event for event in web.shop.told() if isinstance(event, Collected)]
    assert {event.subject for event in views} == {TOKEN("cookie:d-1")[0]}
    assert sum(event.count for event in views) == 3
    assert web.shop.failures == []


def test_which_one_may_depend_on_the_visit_and_it_is_the_person_s_when_that_is_known(web):
    def handler() -> int:
        person_is("account:42")
        return 200

    chosen = {"d-1": "page_viewed", "d-2": None}
    for device in chosen:
        web.asks(
            handler,
            {"Cookie": f"visitor={device}"},
            device=from_cookie("visitor"),
            activity=lambda visit: chosen[visit.cookies["visitor"]],
        )

    assert [event.subject for event in web.shop.told_of()] == [TOKEN("account:42")[0]]


def test_a_disclosure_is_recorded_before_the_request_is_served_and_whatever_comes_of_it(web):
    recorded = []

    def handler() -> int:
        recorded.append(web.shop.service._living.publisher().publisher._incarnation.last)
        return 500

    web.asks(handler, {"Cookie": "visitor=d-1"}, device=from_cookie("visitor"), activity="order_paid")

    assert recorded == [1]
    assert [type(event) for event in web.shop.told_of()] == [Shared]


# What nobody sees


def test_nothing_that_goes_wrong_here_reaches_the_request_or_names_anybody(web, caplog):
    caplog.set_level(logging.DEBUG)

    def breaks(visit: Visit) -> str:
        raise KeyError(POISON)

    for options in (
        {"device": breaks},
        {"person": breaks},
        {"activity": breaks},
        {"device": lambda visit: POISON},
        {"device": lambda visit: 42},
        {"device": lambda visit: "cookie:d-1", "activity": lambda visit: POISON},
        {"device": lambda visit: f"phone:{POISON}", "activity": "page_viewed"},
    ):
        before = web.shop.service.failures
        status, headers = web.asks(ok, {**GPC, "Cookie": f"visitor={POISON}"}, **options)
        assert status == 200
        assert "poisoned" not in str(headers)
        assert web.shop.service.failures > before, options

    assert "poisoned" not in caplog.text + repr(web.shop.failures)
    assert all(failure.request_id for failure in web.shop.failures if failure.what != "publisher")


def test_an_error_of_the_service_goes_its_way_as_it_is(web):
    def handler() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        web.asks(handler, {"Cookie": "visitor=d-1"}, device=from_cookie("visitor"), activity="page_viewed")

    assert raised.value.__context__ is None
    assert visit() is None
    assert web.shop.told_of() == []


@pytest.mark.parametrize("activity", ["no_such_activity", "nightly_upload"])
@pytest.mark.parametrize("middleware", [AsgiMiddleware, WsgiMiddleware])
def test_a_middleware_whose_activity_could_never_be_right_is_refused_at_the_start(shop, middleware, activity):
    with pytest.raises(Refused):
        middleware(None, shop.service, activity=activity)


def test_with_the_server_s_lifespan_the_publisher_opens_and_is_closed_before_the_server_hears_of_the_end(
    shop,
):
    heard = []

    async def app(scope, receive, send) -> None:
        heard.append(shop.service._living._life is not None)
        await send({"type": "lifespan.startup.complete"})
        shop.service.record("order_placed", subject="account:42")
        await send({"type": "lifespan.shutdown.complete"})

    async def send(message) -> None:
        heard.append((message["type"], shop.service._living._life is None))

    awaited(AsgiMiddleware(app, shop.service)({"type": "lifespan"}, None, send))  # type: ignore[arg-type]

    assert heard == [True, ("lifespan.startup.complete", False), ("lifespan.shutdown.complete", True)]
    assert len(shop.told_of()) == 1
