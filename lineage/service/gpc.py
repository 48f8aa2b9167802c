"""What does a browser's Sec-GPC say of whom? That the device, and the person once known, opted out.

The signal is an opt-out for the browser and every profile tied to it, and for the person when the service
knows who that is (law.md A.14). Each of the two is told in an event of its own; that they belong together is
not: a signal verifies nobody. A visit without the signal says nothing: whoever opted out stays opted out.
"""

from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from secrets import token_bytes
from typing import Final
from uuid import UUID

from lineage.events import Choice, ChoiceMade, Event, Via
from lineage.service.visit import Visit

REMEMBERED: Final = 100_000
"""Whom this process has told of today, some 10 MB; beyond it some are told once more, which harms nobody."""


class Signals:
    """Tells each device and each person that opts out by the signal, once a day (UTC) and process.

    ``publish`` returns None when nothing was taken; the next visit then tells it.
    """

    def __init__(self, publish: Callable[[Event], UUID | None], system: str = "") -> None:
        self._publish = publish
        self._system = system
        self._key = token_bytes(16)
        self._told: set[bytes] = set()
        self._day: date | None = None

    def notice(self, visit: Visit) -> None:
        """Tell whom the visit is known to be of, if it came with the signal and was not told of today."""
        if not visit.opted_out:
            return
        for subject in (visit.device, visit.person):
            if subject is not None:
                self._opted_out(visit, subject)

    def _opted_out(self, visit: Visit, subject: str) -> None:
        day = visit.began.date()
        if day != self._day or len(self._told) >= REMEMBERED:
            self._day = day
            self._told = set()
        # Not the subject itself: a memory dump should not list who opted out.
        known = blake2b(subject.encode(errors="surrogatepass"), key=self._key, digest_size=16).digest()
        if known in self._told:
            return
        chosen = ChoiceMade(
            subject=subject,
            choice=Choice.OPT_OUT,
            via=Via.GPC,
            system=self._system,
            occurred_at=visit.began,
        )
        if self._publish(chosen) is not None:
            self._told.add(known)
