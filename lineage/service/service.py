"""What does one process of a service hold to tell what it does? Its policy, its name, and its publisher."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn, ParamSpec, TypeVar
from uuid import UUID

from lineage.choices.permission import EXPLAINED, Permission, Reason
from lineage.errors import LineageError, LogUnavailable, Refused
from lineage.events import Event
from lineage.policy import Policy, load
from lineage.publish import open_publisher, pseudonymiser_of
from lineage.publish.completing import declared_systems
from lineage.publish.sending import Clock, now_utc
from lineage.service.failures import Failures, OnFailure, said
from lineage.service.living import Living
from lineage.service.recording import Subject, is_told_before, recorded
from lineage.service.rollup import Rollup
from lineage.service.visit import visit
from lineage.settings import Settings, load_settings

LOG: Final = logging.getLogger("lineage.service")

P = ParamSpec("P")
R = TypeVar("R")


class Service:
    """Tells what a service does, from any thread and any forked process, and stops none of its requests.

    ``options`` are those of ``open_publisher``. What could not be recorded is counted in ``failures``, logged
    and told to ``on_failure(failure)``, perhaps on another thread. Raises PolicyError or Refused when policy,
    settings or secret are wrong: that is found at the start of a service, not at its first request.

    ::

        service = Service("shop", policy=Path("policy"))
        service.record("order_placed", subject="account:42")
    """

    def __init__(
        self,
        producer: str,
        *,
        policy: Path | Policy,
        settings: Settings | None = None,
        on_failure: OnFailure | None = None,
        clock: Clock = now_utc,
        **options: Any,
    ) -> None:
        if not producer:
            raise Refused("producer: is empty; name the service that publishes")
        settings = settings or load_settings()
        pseudonymiser_of(settings)  # a wrong secret is told now
        declared = policy if isinstance(policy, Policy) else load(policy)
        known = declared.business.producers
        if known and producer not in known:
            LOG.warning(
                "the policy knows no producer %s, and its answers will have a gap; it knows %s",
                producer,
                ", ".join(sorted(known)),
            )
        self.producer = producer
        self.policy = declared
        self.clock = clock
        self._failures = Failures(on_failure)
        self._living = Living(
            lambda: open_publisher(
                producer,
                policy=declared,
                settings=settings,
                clock=clock,
                on_failure=self._failures.undelivered,
                **options,
            ),
            lambda publisher: Rollup(
                publisher, clock=clock, lost=self._failures.undelivered, counts=not options.get("resumes")
            ),
            self._failures,
            options.get("heartbeat_seconds", settings.heartbeat_seconds),
        )

    def __repr__(self) -> str:
        return f"Service({self.producer!r})"

    @property
    def failures(self) -> int:
        """How many things this process could not record. An alarm belongs on it."""
        return self._failures.count

    @property
    def system(self) -> str:
        """The one system that the policy says this producer speaks for; empty when there are several."""
        systems = declared_systems(self.policy, self.producer)
        return systems[0] if len(systems) == 1 else ""

    def open(self) -> None:
        """Open the publisher now, before the first request. Never raises."""
        self._attempt("publisher", self._living.publisher)

    def close(self) -> None:
        """Tell what was counted, say that this process is done, wait for the log. Never raises."""
        self._attempt("publisher", self._living.close)

    def record(self, activity: str, *, subject: str | UUID | None = None, **given: Any) -> UUID | None:
        """As ``Publisher.record``, rolled up where the policy says so. Never raises: None is a failure."""
        return self._attempt(self._known(activity), lambda: self._recorded(activity, subject, given))

    def publish(self, event: Event) -> UUID | None:
        """As ``Publisher.publish``. Never raises: None is a failure."""
        return self._attempt(
            type(event).__name__, lambda: self._living.publisher().publisher.publish(event), event
        )

    def may_share(
        self,
        sharing: str | Event,
        *,
        subject: str | UUID | None = None,
        signal: bool = False,
        **given: Any,
    ) -> Permission:
        """As ``Publisher.may_share``, asked where the service tells: what this process was told a moment ago
        counts. The signal of the request that is served (Sec-GPC) counts, too. Never raises.
        """
        request = visit()
        carried = signal or (request is not None and request.opted_out)
        try:
            publisher = self._living.publisher().publisher
        except Exception as error:
            LOG.warning("without a publisher nothing may be shared: %s", said(error))
            return Permission(Reason.NO_PUBLISHER, EXPLAINED[Reason.NO_PUBLISHER])
        return publisher.may_share(sharing, subject=subject, signal=carried, **given)

    def records(
        self, activity: str, *, subject: Subject | None = None, strict: bool = False, **given: Any
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A decorator: each call of the function is one occurrence of the activity.

        ``subject``: a template over the function's arguments (``"account:{order.account}"``), or a function
        of them; left out, it is who the request that is served is known to be of. ``given``: what else the
        event is to say, values or functions of the arguments.

        A disclosure (Shared, PopulationShared) is recorded before the function runs: what fails after that is
        a disclosure too many in the record, never one too few. Everything else is recorded after it, when it
        raised nothing and its result has no ``status_code`` from 400 on; a template may use ``{result}``
        there.

        ``strict``: Refused and LogUnavailable are raised to the caller; a disclosure that is not recorded is
        not made.
        Raises Refused at once for an activity that the policy does not have, a field that is missing, a
        template with unknown arguments, a generator.
        """

        def tell(told_of: str | UUID | None, fields: dict[str, Any]) -> None:
            if strict:
                self._insist(activity, told_of, fields)
            else:
                self.record(activity, subject=told_of, **fields)

        def fail(error: Exception) -> None:
            if strict:
                self._refuse(activity, error)
            self.failed(activity, error)

        return recorded(self.policy, activity, subject, given, tell, fail)

    def failed(self, what: str, error: Exception, event: Event | None = None) -> None:
        """Something could not be recorded: count it, and leave its time uncovered. Never raises."""
        self._failures.tell(what, error, event)
        self._miss()

    def _miss(self) -> None:
        request = visit()
        try:
            self._living.miss(request.began if request else self.clock())
        except Exception as error:
            LOG.error("nor could its time be left uncovered: %s", said(error))

    def _recorded(self, activity: str, subject: str | UUID | None, given: dict[str, Any]) -> UUID:
        event_id = self._living.publisher().record(activity, subject=subject, **given)
        if LOG.isEnabledFor(logging.DEBUG):
            request = visit()
            LOG.debug("%s is event %s (request %s)", activity, event_id, request.id if request else "none")
        return event_id

    def _insist(self, activity: str, subject: str | UUID | None, given: dict[str, Any]) -> None:
        try:
            self._recorded(activity, subject, given)
        except LogUnavailable as error:
            failed: LineageError = LogUnavailable(said(error))
        except Exception as error:
            failed = Refused(said(error))
        else:
            return
        # Raised anew: behind ours may stand another exception, with a text or a frame that names somebody.
        self._refuse(activity, failed)

    def _refuse(self, activity: str, error: Exception) -> NoReturn:
        if not is_told_before(
            self.policy.activities[activity]
        ):  # else it is not made, and nothing is missing
            self._miss()
        raise error

    def _attempt(self, what: str, act: Callable[[], R], event: Event | None = None) -> R | None:
        try:
            return act()
        except Exception as error:
            self.failed(what, error, event)
            return None

    def _known(self, activity: str) -> str:
        return activity if activity in self.policy.activities else "an unknown activity"
