"""What is to be told of one request, before it is served and after? The same for ASGI and WSGI."""

from collections.abc import Callable
from contextvars import Token
from functools import partial
from typing import TypeVar

from lineage.errors import Refused
from lineage.events import BY_NAME, Header
from lineage.service.gpc import Signals
from lineage.service.recording import is_told_before
from lineage.service.service import Service
from lineage.service.visit import SERVED, Known, Visit

R = TypeVar("R")

Chosen = Callable[[Visit], str | None]
"""Which activity a visit is an occurrence of; None: of none."""


class Attending:
    """Accompanies requests. Never raises while one is served.

    ``device``, ``person``: who is behind a visit, asked before it is served and, while unknown, again after.
    ``activity``: what each visit that does not fail is an occurrence of: its id, or a function of the visit.
    Raises Refused at the start for an activity that the policy does not have, or that has no person.
    """

    def __init__(
        self, service: Service, device: Known | None, person: Known | None, activity: str | Chosen | None
    ) -> None:
        self._service = service
        self._device = device
        self._person = person
        self._activity = activity
        self._signals = Signals(service.publish, service.system)
        if isinstance(activity, str):
            declared = service.policy.activities.get(activity)
            if declared is None or not issubclass(BY_NAME[declared.event], Header):
                raise Refused("the middleware's activity is not in activities.yaml, or is not about a person")

    def begin(self, visit: Visit) -> Token[Visit | None]:
        """Before it is served: notice a signal, and record what must be recorded before it happens."""
        token = SERVED.set(visit)
        self._look(visit)
        if self._activity is not None:
            self._safely("a visit's activity", lambda: self._choose(visit))
        if self._is_disclosure(visit):
            self._record(visit)
        return token

    def end(self, visit: Visit, token: Token[Visit | None], status: int) -> None:
        """After it was served, with this status of HTTP."""
        self._look(visit)
        if status < 400 or self._is_disclosure(visit):
            self._record(visit)
        SERVED.reset(token)

    def _look(self, visit: Visit) -> None:
        """Who is it, and do they opt out?"""
        if visit.device is None and self._device is not None:
            visit.device = self._safely("a visit's device", partial(self._device, visit))
        if visit.person is None and self._person is not None:
            visit.person = self._safely("a visit's person", partial(self._person, visit))
        self._safely("a visit's Sec-GPC", partial(self._signals.notice, visit))

    def _choose(self, visit: Visit) -> None:
        visit.activity = self._activity(visit) if callable(self._activity) else self._activity

    def _is_disclosure(self, visit: Visit) -> bool:
        declared = self._service.policy.activities.get(visit.activity or "")
        return declared is not None and is_told_before(declared)

    def _record(self, visit: Visit) -> None:
        if visit.activity is not None and visit.subject is not None:
            self._service.record(visit.activity, subject=visit.subject)
            visit.activity = None

    def _safely(self, what: str, act: Callable[[], R]) -> R | None:
        try:
            return act()
        except Exception as error:
            self._service.failed(what, error)
            return None
