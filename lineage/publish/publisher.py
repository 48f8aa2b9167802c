"""How does a service tell what it does with personal data? One object, two verbs: publish and record.

    with open_publisher("shop", policy=Path("policy")) as publisher:
        publisher.record("checkout_payment", subject="account:42")

The event is checked against the policy, the person becomes a pseudonym, and the rest happens in the
background: a service waits for no broker. What the log does not confirm is told to ``on_failure`` and
raised by ``flush`` and ``close``; nothing is lost in silence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self, cast
from uuid import UUID

from lineage.errors import LogUnavailable, Refused
from lineage.events import Event, Header, SubjectsLinked, SubjectsUnlinked, filled
from lineage.logs import Log, open_log
from lineage.policy import Policy, load
from lineage.publish.sending import (
    FLUSH_SECONDS,
    NUMBERLESS,
    Clock,
    Incarnation,
    OnFailure,
    Sender,
    faults,
    new_event_id,
    now_utc,
)
from lineage.settings import Settings, load_settings
from lineage.tokens import Pseudonymiser, Secret, load_secret

HEARTBEAT_SECONDS: Final = 300.0


class Publisher:
    """Publishes the events of one producer under a policy, numbered 1, 2, 3 … in an incarnation of its own.

    ``on_failure(event, error)`` hears of each event that the log gave up on, perhaps on another thread; the
    event is complete, and publishing it again fills its place. ``covers_from`` is where the first report
    begins: the start of this publisher, unless the service knows that nothing happened since some earlier
    instant (such as the close of its last publisher). Thread-safe. It does not close the log it was given.
    """

    def __init__(
        self,
        log: Log,
        policy: Policy,
        pseudonymiser: Pseudonymiser,
        producer: str,
        *,
        systems: tuple[str, ...] | None = None,
        clock: Clock = now_utc,
        on_failure: OnFailure | None = None,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        covers_from: datetime | None = None,
    ) -> None:
        if not producer:
            raise Refused("producer: is empty; name the service that publishes")
        self.policy = policy
        self.producer = producer
        self._sender = Sender(log, on_failure)
        self._pseudonymiser = pseudonymiser
        self._systems = declared_systems(policy, producer) if systems is None else systems
        self._clock = clock
        self._incarnation = Incarnation(producer)
        self._covered_until = covers_from or clock()
        self._heartbeat = timedelta(seconds=heartbeat_seconds)
        self._due = clock() + self._heartbeat
        self._lock = Lock()
        self._closed = False

    @property
    def incarnation(self) -> UUID:
        """This publisher's own life: its numbers start at 1 in it."""
        return self._incarnation.id

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
        the log does not even take it into its buffer, with nothing sent either and the number not used.
        """
        problems = faults(event) + self.policy.problems(event)
        if problems:
            raise Refused("; ".join(problems))
        now = self._clock()
        changes = completed(event, self._pseudonymiser, now)
        event_id = cast(UUID, changes.get("event_id", event.event_id))
        if has_own_number(event):
            self._sender.send(filled(event, changes))
            return event_id
        changes["producer"] = self.producer
        changes["incarnation"] = self._incarnation.id
        # Number, encoding and hand-over under one lock: the log then holds the numbers in their order, and a
        # number is used only when the log has taken its event.
        with self._lock:
            if self._closed:
                raise Refused("this publisher is closed; open a new one")
            changes["sequence"] = self._incarnation.last + 1
            self._sender.send(filled(event, changes))
            self._incarnation.last += 1
            if now >= self._due:
                self._report_on_beat(now)
        return event_id

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
        until = max(now, self._covered_until)
        self._sender.send(
            self._incarnation.report(self._covered_until, until, systems=self._systems, closing=closing)
        )
        self._covered_until = until
        self._due = now + self._heartbeat

    def flush(self, timeout_seconds: float = FLUSH_SECONDS) -> None:
        """Wait until all is confirmed. Raises DeliveryFailed or LogUnavailable; never silent."""
        self._sender.flush(timeout_seconds)

    def close(self, timeout_seconds: float = FLUSH_SECONDS) -> None:
        """Send the closing report and flush. The report names the last number even where deliveries failed,
        so that the gap can be seen. Raises as ``flush`` does; closing twice is fine.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self._report(self._clock(), closing=True)
            finally:
                self._sender.flush(timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def has_own_number(event: Event) -> bool:
    """Does the event bring its own producer, incarnation and number? Raises Refused when only some of
    them.
    """
    own: tuple[object, ...] = (event.producer, event.incarnation)
    if not isinstance(event, NUMBERLESS):
        own = (*own, event.sequence)
    left_out = own.count(None)
    if 0 < left_out < len(own):
        raise Refused("producer, incarnation, sequence: give all of them or none")
    return left_out == 0


def completed(event: Event, pseudonymiser: Pseudonymiser, now: datetime) -> dict[str, Any]:
    """The fields that every way in fills: the tokens, and the id and the time where they are left out."""
    changes: dict[str, Any] = {}
    if isinstance(event, Header):
        token, namespace = pseudonymiser.token(event.subject)
        changes["subject"] = token
        if namespace:
            changes["namespace"] = namespace
        if isinstance(event, (SubjectsLinked, SubjectsUnlinked)):
            changes["other"], other_namespace = pseudonymiser.token(event.other)
            if other_namespace:
                changes["other_namespace"] = other_namespace
    if event.event_id is None:
        changes["event_id"] = new_event_id()
    if event.occurred_at is None:
        changes["occurred_at"] = now
    return changes


def declared_systems(policy: Policy, producer: str) -> tuple[str, ...]:
    """The systems that the policy says this producer speaks for; none when it does not know the producer."""
    declared = policy.business.producers.get(producer)
    return () if declared is None else declared.systems


def pseudonymiser_of(settings: Settings) -> Pseudonymiser:
    """The pseudonyms of this installation, by the secret that the settings name. Raises Refused."""
    return Pseudonymiser(secret_of(settings))


def secret_of(settings: Settings) -> Secret:
    """The secret that the settings name. Raises Refused."""
    if settings.secret_file is not None:
        return Secret.from_file(settings.secret_file)
    given = None if settings.secret is None else settings.secret.get_secret_value()
    return load_secret(given, settings.home)


def retired_secret_of(settings: Settings) -> Secret | None:
    """The secret in use before, while it is kept. Raises Refused."""
    kept = settings.secret_retired
    return None if kept is None else Secret.from_hex(kept.get_secret_value())


@contextmanager
def open_publisher(
    producer: str, *, policy: Path | Policy, settings: Settings | None = None, **options: Any
) -> Iterator[Publisher]:
    """A publisher on the log and with the secret that the settings name; closes both at the end.

    ``options`` are those of Publisher. Raises PolicyError, Refused, LogUnavailable.
    """
    settings = settings or load_settings()
    declared = policy if isinstance(policy, Policy) else load(policy)
    options.setdefault("heartbeat_seconds", settings.heartbeat_seconds)
    pseudonymiser = pseudonymiser_of(settings)
    with (
        open_log(settings) as log,
        Publisher(log, declared, pseudonymiser, producer, **options) as publisher,
    ):
        yield publisher
