"""Which request is being served: under which id, by which device, for which person, with which signal?

The id of an HTTP request is not the event's field ``request``: that names the person's own request, such as a
demand to delete, which an event serves. The id goes into the response's header and into our lines in the
service's log; an event has its own id there, at level DEBUG, so that the two can be joined where need be.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from lineage.policy.personal import looks_personal

ID_HEADER: Final = "x-request-id"
GPC_HEADER: Final = "sec-gpc"

# Only what was drawn at random passes for an id: a UUID, hex digits, a ULID. Anything else may be a name.
_RANDOM: Final = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64}|[0-9A-HJKMNP-TV-Z]{26}"
)
_TRACE: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*")


class Visit:
    """One request while it is served. ``headers`` by their names in lower case; ``raw``: the ASGI scope or
    the WSGI environ, for what is not here.

    ``opted_out``: it came with Sec-GPC, and the answer must be that of somebody who opted out, whether or not
    anybody is known to be behind it. ``person``: set it, or call :func:`person_is`, once that is known.
    """

    __slots__ = (
        "_cookies",
        "activity",
        "began",
        "device",
        "headers",
        "id",
        "method",
        "opted_out",
        "path",
        "person",
        "raw",
    )

    def __init__(self, headers: Mapping[str, str], raw: Mapping[str, Any], began: datetime) -> None:
        self.headers = headers
        self.method = str(raw.get("method") or raw.get("REQUEST_METHOD") or "")
        self.path = str(raw.get("path") or raw.get("PATH_INFO") or "")
        self.raw = raw
        self.began = began
        self.id = _id(headers)
        # "1" and nothing else is the signal (law.md A.14); a proxy may have doubled it.
        self.opted_out = {each.strip() for each in headers.get(GPC_HEADER, "").split(",")} == {"1"}
        self.device: str | None = None
        self.person: str | None = None
        self.activity: str | None = None
        self._cookies: dict[str, str] | None = None

    def __repr__(self) -> str:
        return f"Visit({self.id})"

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies of the request. Browsers write what no standard has: what is odd in one spoils no
        other.
        """
        if self._cookies is None:
            pairs = (each.partition("=") for each in self.headers.get("cookie", "").split(";"))
            self._cookies = {name.strip(): value.strip().strip('"') for name, _, value in pairs}
        return self._cookies

    @property
    def subject(self) -> str | None:
        """Whom to record: the person when known, else the device."""
        return self.person or self.device


Known = Callable[[Visit], str | None]
"""Who is behind a visit, as ``namespace:identifier``; None while nobody knows."""

SERVED: Final[ContextVar[Visit | None]] = ContextVar("visit", default=None)


def visit() -> Visit | None:
    """The request that is being served here; None outside of one."""
    return SERVED.get()


def person_is(subject: str) -> None:
    """Say who the person is, once the service has made sure: ``person_is("account:42")``.

    Outside of a request it does nothing.
    """
    served = SERVED.get()
    if served is not None:
        served.person = subject


def from_cookie(name: str, namespace: str = "cookie") -> Known:
    """A device is known by a cookie of the service's own, under which it was given a random id."""

    def known(visit: Visit) -> str | None:
        value = visit.cookies.get(name)
        return f"{namespace}:{value}" if value else None

    return known


def _id(headers: Mapping[str, str]) -> str:
    given = headers.get(ID_HEADER, "").strip()
    if _RANDOM.fullmatch(given) and not looks_personal(given):
        return given
    trace = _TRACE.fullmatch(headers.get("traceparent", "").strip())
    if trace and trace[1].strip("0") and not looks_personal(trace[1]):
        return trace[1]
    return str(uuid4())
