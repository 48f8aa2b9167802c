"""How does a WSGI application (Flask, Django, Bottle) tell of its requests? One middleware.

A request is over for it when the application returns. What a body that is streamed does after that is the
service's to record, by ``service.record``. WSGI knows no end of a server: the publisher closes with the
process.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from lineage.service.attending import Attending, Chosen
from lineage.service.service import Service
from lineage.service.visit import Known, Visit

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

_NAME: Final = "X-Request-ID"


class WsgiMiddleware:
    """Carries the request id, turns Sec-GPC into ChoiceMade, and records an activity for each visit.

    ``device``, ``person`` and ``activity`` as AsgiMiddleware has them. Raises Refused as ``Attending`` does.

    ::

        app.wsgi_app = WsgiMiddleware(app.wsgi_app, service, device=from_cookie("visitor"))
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

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request, as PEP 3333 has it."""
        visit = Visit(_headers(environ), environ, self._service.clock())
        token = self._attending.begin(visit)
        status = 200  # of an application that says it only once its body is read

        def started(line: str, headers: list[tuple[str, str]], *failed: Any) -> Callable[[bytes], object]:
            nonlocal status
            status = int(line[:3]) if line[:3].isdecimal() else status
            if all(name.lower() != _NAME.lower() for name, _ in headers):
                headers = [*headers, (_NAME, visit.id)]
            return start_response(line, headers, *failed)

        try:
            return self.app(environ, started)
        except BaseException:
            status = 500
            raise
        finally:
            self._attending.end(visit, token, status)


def _headers(environ: Environ) -> dict[str, str]:
    return {
        name[5:].replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
