"""How does a service tell what it does with personal data? One object, two verbs: publish and record.

    with open_publisher("shop", policy=Path("policy")) as publisher:
        publisher.record("checkout_payment", subject="account:42")

The event is checked against the policy, the person becomes a pseudonym, and the rest happens in the
background: a service waits for no broker. What the log does not confirm is told to ``on_failure`` and
raised by ``flush`` and ``close``; nothing is lost in silence.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, cast
from uuid import UUID

from lineage.choices.permission import Permission
from lineage.choices.place import ChoicesFile
from lineage.choices.remembered import Remembered
from lineage.choices.said import purposes_of
from lineage.errors import LogUnavailable, Refused
from lineage.events import Event, filled
from lineage.logs import Log
from lineage.policy import Policy
from lineage.publish.completing import completed, declared_systems, has_own_number
from lineage.publish.sending import (
    FLUSH_SECONDS,
    Clock,
    Incarnation,
    OnFailure,
    Sender,
    faults,
    now_utc,
    report_of,
)
from lineage.publish.spooled import Spool, Spooled
from lineage.spool import Life
from lineage.tokens import Pseudonymiser

if TYPE_CHECKING:
    from lineage.choices.permissions import Permissions

HEARTBEAT_SECONDS: Final = 300.0
MOMENT: Final = timedelta(microseconds=1)

HeldSince = Callable[[], datetime | None]


class Publisher:
    """Publishes the events of one producer under a policy, numbered 1, 2, 3 … in an incarnation of its own.

    It writes into ``log``, or into the spool in front of one: then what ``publish`` has taken is kept however
    the process ends, and nothing fails later.

    ``on_failure(event, error)`` hears of each event that the log gave up on, perhaps on another thread; the
    event is complete, and publishing it again fills its place. ``covers_from`` is where the first report
    begins: the start of this publisher, unless the service knows that nothing happened since some earlier
    instant (such as the close of its last publisher). ``choices``: the snapshot that ``may_share`` relies on.
    Thread-safe. It does not close the log it was given.
    """

    def __init__(
        self,
        log: Log | Spool,
        policy: Policy,
        pseudonymiser: Pseudonymiser,
        producer: str,
        *,
        systems: tuple[str, ...] | None = None,
        clock: Clock = now_utc,
        on_failure: OnFailure | None = None,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        covers_from: datetime | None = None,
        choices: ChoicesFile | None = None,
    ) -> None:
        if not producer:
            raise Refused("producer: is empty; name the service that publishes")
        self.policy = policy
        self.producer = producer
        self._pseudonymiser = pseudonymiser
        self._systems = declared_systems(policy, producer) if systems is None else systems
        self._clock = clock
        now = clock()
        self._covered_until = covers_from or now
        self._incarnation: Incarnation | Life
        self._sender: Sender | Spooled
        if isinstance(log, Spool):
            self._covered_until = covers_from or log.covers_from(producer, now)
            self._incarnation = life = log.life(producer, self._systems, self._covered_until)
            self._sender, self._lock = Spooled(life), life.lock
        else:
            self._incarnation = Incarnation(producer)
            self._sender, self._lock = Sender(log, on_failure), RLock()
        self._heartbeat = timedelta(seconds=heartbeat_seconds)
        self._due = now + self._heartbeat
        self._closed = False
        self._choices = choices
        self._remembered = Remembered(purposes_of(policy))
        self._held_since: HeldSince = lambda: None
        self._missed: tuple[datetime, datetime] | None = None
        self._counts = False

    @property
    def incarnation(self) -> UUID:
        """This publisher's own life: its numbers start at 1 in it."""
        return self._incarnation.id

    @property
    def covered_until(self) -> datetime:
        """Up to which instant everything was told, by the last report."""
        return self._covered_until

    def hold(self, since: HeldSince) -> None:
        """From now on reports cover nothing from ``since()`` on: somebody counts facts that are told later.

        ``since`` is asked at every report, under this publisher's lock, and must wait for nothing.
        """
        self._held_since = since
        # What is counted in memory dies with the process: whoever counts cannot promise that all was told.
        self._counts = any(each.rollup != "none" for each in self.policy.activities.values())
        self._is_sure(True)

    def miss(self, since: datetime) -> None:
        """Something that happened between ``since`` and now could not be told: no report will cover it.

        An event that was never taken has no number, so that only a hole in the time can show it.
        """
        with self._lock:
            first, last = self._missed or (since, since)
            self._missed = min(first, since), max(last, self._clock() + MOMENT)
            self._is_sure(False)

    def record(self, activity: str, *, subject: str | UUID | None = None, **given: Any) -> UUID:
        """Publish what an activity of the policy says happens, to this person, now; ``given`` adds or
        replaces.

        ``subject`` is left out where the activity is about everybody (PopulationShared). Returns the
        event's id. Raises Refused as ``publish`` does, and when the policy has no such activity.
        """
        return self.publish(self.policy.fill(activity, subject, **given))

    def publish(self, event: Event) -> UUID:
        """Check, pseudonymise, complete and send one event; the log confirms it in the background.

        Left out: ``event_id`` is made (UUIDv7), ``occurred_at`` is now, ``producer``, ``incarnation`` and
        ``sequence`` are this publisher's. An event that has all three of its own is passed on with them.
        Returns the event's id. Raises Refused naming every problem, with nothing sent; LogUnavailable when
        the log does not even take it into its buffer, with nothing sent either and the number not used;
        SpoolFull and SpoolUnavailable are of that kind, when the spool does not take it.
        """
        problems = faults(event) + self.policy.problems(event)
        if problems:
            raise Refused("; ".join(problems))
        now = self._clock()
        changes = completed(event, self._pseudonymiser, now)
        event_id = cast(UUID, changes.get("event_id", event.event_id))
        if has_own_number(event):
            self._send(filled(event, changes))
            return event_id
        changes["producer"] = self.producer
        # Number, encoding and hand-over under one lock: the log then holds the numbers in their order, and a
        # number is used only when the log has taken its event.
        with self._lock:
            if self._closed:
                raise Refused("this publisher is closed; open a new one")
            changes["incarnation"] = self._incarnation.id
            changes["sequence"] = self._incarnation.last + 1
            self._send(filled(event, changes))
            self._incarnation.last += 1
            if now >= self._due:
                self._report_on_beat(now)
        return event_id

    def may_share(
        self,
        sharing: str | Event,
        *,
        subject: str | UUID | None = None,
        signal: bool = False,
        **given: Any,
    ) -> Permission:
        """May this be sold or shared now? Ask before it is done; the answer is true when it is yes.

        ``sharing`` is an activity, with its ``subject`` and what the call gives as in ``record``, or a whole
        event. ``signal``: this request carries an opt-out signal (Sec-GPC: 1). Tells nothing to the log and
        never raises: where it cannot be known the answer is no, with the reason (docs/choices.md).
        """
        return self._permissions.may_share(sharing, subject, given, signal=signal)

    @cached_property
    def _permissions(self) -> "Permissions":
        # Imported at need: it brings the database engine, and a service that never asks does without.
        from lineage.choices.permissions import Permissions

        return Permissions(self.policy, self._pseudonymiser, self._remembered, self._choices, self._clock)

    def _send(self, event: Event) -> None:
        self._sender.send(event)
        self._remembered.hear(event)

    def report(self) -> None:
        """Say now how far the numbers go and that everything up to now was told. A quiet service calls this
        on a timer: without reports the time it was quiet is not known to be complete.
        """
        with self._lock:
            if not self._closed:
                self._report(self._clock(), closing=False)

    def _report_on_beat(self, now: datetime) -> None:
        # The event itself is on its way: a report that is not taken must not look like a refused event. The
        # next one covers its time too; a tenth of a beat keeps a full buffer from being asked at every event.
        try:
            self._report(now, closing=False)
        except LogUnavailable:
            self._due = now + self._heartbeat / 10

    def _report(self, now: datetime, *, closing: bool) -> None:
        until = min(now, self._held_since() or now)
        if self._missed is not None and self._missed[0] <= until:
            first, last = self._missed
            self._cover(first, closing=False)
            self._covered_until = max(last, self._covered_until + MOMENT)  # the next begins behind it
            self._missed = None
            self._is_sure(True)
        self._cover(until, closing=closing)
        self._due = now + self._heartbeat

    def _cover(self, until: datetime, *, closing: bool) -> None:
        until = max(until, self._covered_until)
        self._sender.send(
            report_of(
                self.producer,
                self._incarnation.id,
                self._incarnation.last,
                self._covered_until,
                until,
                systems=self._systems,
                closing=closing,
            )
        )
        self._covered_until = until

    def _is_sure(self, sure: bool) -> None:
        """Tell the spool, which speaks for this life when it is killed."""
        if isinstance(self._incarnation, Life):
            with suppress(LogUnavailable):  # what cannot be written down is told with the next report
                self._incarnation.keeps_promise(sure and not self._counts)

    def flush(self, timeout_seconds: float = FLUSH_SECONDS) -> None:
        """Wait until all is in the log. Raises DeliveryFailed or LogUnavailable; never silent."""
        self._sender.flush(timeout_seconds)

    def close(self, timeout_seconds: float = FLUSH_SECONDS) -> None:
        """Send the closing report and flush. The report names the last number even where deliveries failed,
        so that the gap can be seen. With a spool the report waits there like the rest, and nobody for it.
        Raises as ``flush`` does, with a spool as ``publish``; closing twice is fine.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self._report(self._clock(), closing=True)
            finally:
                self._sender.finish(timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
