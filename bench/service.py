"""What does a request pay for the middleware, beside the bare framework? By ASGI calls in this process."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from bench.figures import Figure, Spent, median
from bench.year import prontotrak
from lineage.service import AsgiMiddleware, Service, from_cookie
from lineage.settings import load_settings

ROUNDS = 5
VISITORS = 200
VIEW = "observe_site_visit"
"""Of the example's policy; rolled up by the day."""
REGISTRATION = "register_visitor"


def measure(requests: int) -> list[Figure]:
    """Each way of serving in turn, the same requests; one thread, on an embedded log."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(
            "web", policy=prontotrak(), settings=load_settings(home=Path(folder), secret="0" * 64)
        )
        ways = {
            "bare": _app(lambda function: function),
            "id and Sec-GPC": _with(service, _app(lambda function: function)),
            "a page view, by day": _with(service, _app(lambda function: function), activity=VIEW),
            "an event": _with(service, _app(service.records(REGISTRATION))),
        }
        service.open()
        asyncio.run(_serve(ways["bare"], requests // 10))
        rounds = [
            {name: asyncio.run(_serve(app, requests)).processor for name, app in ways.items()}
            for _ in range(ROUNDS)
        ]
        service.close()
        assert service.failures == 0
    bare = median([each["bare"] for each in rounds])
    return [
        Figure(
            f"service: a request with {name} / bare FastAPI",
            median([each[name] / each["bare"] for each in rounds]),
            f"{(median([each[name] for each in rounds]) - bare) / requests * 1e6:.0f} us more than "
            f"{bare / requests * 1e6:.0f} us, of the processor",
        )
        for name in ways
        if name != "bare"
    ]


def _app(recorded: Callable[[Any], Any]) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    @recorded
    async def page() -> dict[str, str]:
        return {"said": "welcome"}

    return app


def _with(service: Service, app: FastAPI, activity: str | None = None) -> FastAPI:
    app.add_middleware(AsgiMiddleware, service=service, device=from_cookie("visitor"), activity=activity)
    return app


async def _serve(app: FastAPI, requests: int) -> Spent:
    async def send(message: object) -> None:
        pass

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    begun = Spent.now()
    for number in range(requests):
        cookie = f"visitor={number % VISITORS}".encode()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/",
            "raw_path": b"/",
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "server": ("localhost", 80),
            "headers": [(b"host", b"localhost"), (b"cookie", cookie), (b"sec-gpc", b"1")],
        }
        await app(scope, receive, send)
    return Spent.since(begun)
