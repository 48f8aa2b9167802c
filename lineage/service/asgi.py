"""How does an ASGI application (FastAPI, Starlette, Django, Litestar) tell of its requests? One middleware.

It belongs outside of everything that answers, and inside of nothing: then it sees each request and its end.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from lineage.service.attending import Attending, Chosen
from lineage.service.service import Service
from lineage.service.visit import ID_HEADER, Known, Visit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_NAME: Final = ID_HEADER.encode()
_STARTED: Final = {"http.response.start", "websocket.accept"}
_OVER: Final = {"lifespan.shutdown.complete", "lifespan.shutdown.failed"}


class AsgiMiddleware:
    """Carries the request id, turns Sec-GPC into ChoiceMade, and records an activity for each visit.

    ``device``, ``person``: who is behind a visit (:func:`from_cookie`, or a function of the visit).
    ``activity``: what each visit that does not fail is an occurrence of. With the server's lifespan it opens
    the service's publisher before the first request and closes it after the last. Raises Refused as
    ``Attending`` does.

    ::

        app.add_middleware(AsgiMiddleware, service=service, device=from_cookie("visitor"))
    """

    def __init__(
        self,
        app: App,
        service: Service,
        *,
        device: Known | None = None,
        person: Known | None = None,
        activity: str | Chosen | None = None,
    ) -> None:
        self.app = app
        self._service = service
        self._attending = Attending(service, device, person, activity)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif scope["type"] in ("http", "websocket"):
            await self._serve(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        visit = Visit(_headers(scope), scope, self._service.clock())
        token = self._attending.begin(visit)
        status = 500

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] in _STARTED:
                status = message.get("status", 101)
                headers = list(message.get("headers", ()))
                if all(name.lower() != _NAME for name, _ in headers):
                    message["headers"] = [*headers, (_NAME, visit.id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, heard)
        except BaseException:
            status = 500
            raise
        finally:
            self._attending.end(visit, token, status)

    async def _lifespan(self, scope: Message, receive: Receive, send: Send) -> None:
        async def heard(message: Message) -> None:
            if message["type"] in _OVER:  # before the server hears of it: it may be gone right after
                self._service.close()
            await send(message)

        self._service.open()
        await self.app(scope, receive, heard)


def _headers(scope: Message) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        between = "; " if key == "cookie" else ", "  # HTTP/2 sends cookies one by one
        headers[key] = f"{headers[key]}{between}{text}" if key in headers else text
    return headers
