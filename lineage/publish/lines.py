"""How do events written as JSON lines come into the log? Line by line; a bad one is named, the rest goes on.

A line with producer, incarnation and sequence is passed on as it is. A line without producer is emitted by
``cli``; each producer that brings no incarnation gets a fresh one, which is closed at the end by a report
that covers no time: what a person sends by hand says nothing about when everything was told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from lineage.errors import Refused
from lineage.events import Event, ProducerReported, filled
from lineage.jsonform import fields_from_json, from_json, read_line, recorded_at_of
from lineage.logs import Log
from lineage.policy import Policy
from lineage.publish.checking import Check
from lineage.publish.completing import completed
from lineage.publish.sending import (
    FLUSH_SECONDS,
    NUMBERLESS,
    Clock,
    Incarnation,
    Sender,
    faults,
    now_utc,
)
from lineage.tokens import Pseudonymiser

PRODUCER: Final = "cli"

OnBad = Callable[[int, str], None]


@dataclass(slots=True)
class Published:
    """How many lines were sent, and how many were refused."""

    sent: int = 0
    refused: int = 0


@dataclass(slots=True)
class LinePublisher:
    """Publishes JSON lines. ``check`` names what a policy finds wrong with an event; ``policy`` fills what
    a line leaves to its activity; ``on_bad`` hears of each
    refused line by number and reason (fields, never values).

    With ``keep_recorded_at`` (embedded log only: history as it was) each line brings the ``recorded_at`` it
    gets, ascending, and everything that would be "now" is that instant.
    """

    log: Log
    pseudonymiser: Pseudonymiser
    check: Check
    on_bad: OnBad
    policy: Policy | None = None
    keep_recorded_at: bool = False
    clock: Clock = now_utc
    flush_seconds: float = FLUSH_SECONDS
    _fresh: dict[str, Incarnation] = field(default_factory=dict)
    _last_recorded_at: datetime | None = None

    def publish(self, lines: Iterable[str | bytes]) -> Published:
        """Send what can be sent, close the fresh incarnations, and wait for the log.

        Raises DeliveryFailed or LogUnavailable: then publish the file again, repeats add nothing where the
        lines bring their event_id.
        """
        done = Published()
        sender = Sender(self.log)
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                self._publish(line, sender)
            except Refused as error:
                done.refused += 1
                self.on_bad(number, str(error))
            else:
                done.sent += 1
        for incarnation in self._fresh.values():
            if incarnation.last:
                self._close(incarnation, sender)
        sender.flush(self.flush_seconds)
        return done

    def _publish(self, line: str | bytes, sender: Sender) -> None:
        given = read_line(_text(line))
        recorded_at = self._recorded_at(given)
        event = self._event(given)
        problems = faults(event) + self.check(event)
        if problems:
            raise Refused("; ".join(problems))
        changes = completed(event, self.pseudonymiser, recorded_at or self.clock())
        numbered = self._number(event, changes)
        sender.send(filled(event, changes), recorded_at)
        if numbered is not None:
            numbered.last += 1
        if recorded_at is not None:
            self._last_recorded_at = recorded_at

    def _event(self, given: dict[str, Any]) -> Event:
        """The event of a line; what its activity says it need not say, unless it is passed on."""
        kind, fields = fields_from_json(given, recorded_at=self.keep_recorded_at)
        activity = self.policy.activities.get(fields.get("activity", "")) if self.policy else None
        if (
            self.policy is None
            or activity is None
            or fields.get("incarnation")
            or activity.event != kind.__name__
        ):
            return from_json(given, recorded_at=self.keep_recorded_at)
        event = self.policy.fill(activity.id, fields.pop("subject", None), **fields)
        if event.occurred_at is None:  # a line tells of the past; "now" would be when the file was published
            raise Refused("occurred_at: is missing")
        return event

    def _recorded_at(self, given: dict[str, Any]) -> datetime | None:
        if not self.keep_recorded_at:
            return None
        recorded_at = recorded_at_of(given)
        if recorded_at is None:
            raise Refused("recorded_at: is missing")
        if self._last_recorded_at is not None and recorded_at < self._last_recorded_at:
            raise Refused("recorded_at: lies before that of an earlier line; sort the lines by it")
        return recorded_at

    def _number(self, event: Event, changes: dict[str, Any]) -> Incarnation | None:
        """Fill producer, incarnation and number; hand back the fresh incarnation whose next number was
        used.
        """
        if event.incarnation is not None:
            if event.producer is None:
                raise Refused("producer: is missing beside incarnation")
            if event.sequence is None and not isinstance(event, NUMBERLESS):
                raise Refused("sequence: is missing beside incarnation")
            return None
        if event.sequence is not None:
            raise Refused("incarnation: is missing beside sequence")
        if event.producer is None and isinstance(event, ProducerReported):
            raise Refused("producer: is missing; a report speaks for a producer")
        producer = event.producer or PRODUCER
        incarnation = self._fresh.setdefault(producer, Incarnation(producer))
        changes["producer"] = producer
        changes["incarnation"] = incarnation.id
        if isinstance(event, NUMBERLESS):
            return None
        changes["sequence"] = incarnation.last + 1
        return incarnation

    def _close(self, incarnation: Incarnation, sender: Sender) -> None:
        # Not the clock in a history: the log would then refuse every later line of that history.
        now = self._last_recorded_at or self.clock()
        sender.send(incarnation.report(now, now, closing=True), self._last_recorded_at)


def _text(line: str | bytes) -> str:
    try:
        text = line.decode() if isinstance(line, bytes) else line
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None
    return text.removeprefix("\ufeff")  # some programs begin a file with a byte order mark
