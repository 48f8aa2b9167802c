"""How does an event get into the service's own transaction? Checked, without the person, not yet numbered."""

import json
from pathlib import Path
from typing import Any, Final, Protocol, cast
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import StatementError

from lineage.codec import encode
from lineage.errors import Refused
from lineage.events import Event, filled
from lineage.logs.record import check_record
from lineage.outbox.tables import metadata, outbox
from lineage.policy import Policy, load
from lineage.publish.completing import completed, declared_systems
from lineage.publish.secrets import pseudonymiser_of
from lineage.publish.sending import NUMBERLESS, Clock, addressed, faults, now_utc
from lineage.publish.spooled import micros
from lineage.settings import load_settings
from lineage.tokens import Pseudonymiser

UNNUMBERED: Final = (UUID(int=0), 0)
"""Incarnation and number of an event that the relay has not numbered."""

NUMBER_BYTES: Final = 32
"""What a number may add to the bytes of an event, and more."""


class Executes(Protocol):
    """A SQLAlchemy connection or session, in the transaction of the service."""

    def execute(self, statement: Any, /) -> Any: ...


class SqlOutbox:
    """The events of one producer, told inside its own transactions. Safe to share between threads.

    ``policy``: a folder, or a policy read already. ``pseudonymiser``: by default that of the settings.
    Raises PolicyError, Refused.
    """

    metadata = metadata

    def __init__(
        self,
        producer: str,
        policy: Path | Policy,
        *,
        pseudonymiser: Pseudonymiser | None = None,
        clock: Clock = now_utc,
    ) -> None:
        if not producer:
            raise Refused("producer: is empty; name the service that publishes")
        self.producer = producer
        self.policy = policy if isinstance(policy, Policy) else load(policy)
        self._pseudonymiser = pseudonymiser or pseudonymiser_of(load_settings())
        self._systems = json.dumps(declared_systems(self.policy, producer))
        self._clock = clock

    def record(
        self, connection: Executes, activity: str, *, subject: str | UUID | None = None, **given: Any
    ) -> UUID:
        """Write what an activity of the policy says happens to this person now; as ``Publisher.record``.

        It stands if and only if the transaction of the connection (or session) is committed. Returns the
        event's id. Raises Refused with nothing written, and what the database raises.
        """
        return self.publish(connection, self.policy.fill(activity, subject, **given))

    def publish(self, connection: Executes, event: Event) -> UUID:
        """Write a whole event. Raises as ``record`` does."""
        own: tuple[object, ...] = (event.producer, event.incarnation, event.sequence)
        if own.count(None) < len(own) or isinstance(event, NUMBERLESS):
            raise Refused(
                "producer, incarnation, sequence: are given by the outbox and its relay; leave them out"
            )
        problems = faults(event) + self.policy.problems(event)
        if problems:
            raise Refused("; ".join(problems))
        now = self._clock()
        changes = completed(event, self._pseudonymiser, now)
        incarnation, sequence = UNNUMBERED
        changes |= {"producer": self.producer, "incarnation": incarnation, "sequence": sequence}
        told = filled(event, changes)
        value = encode(told)
        key, _ = addressed(told)
        check_record(key, value + bytes(NUMBER_BYTES))
        row = {"producer": self.producer, "systems": self._systems, "key": key, "value": value}
        try:
            connection.execute(insert(outbox).values(**row, accepted_at=micros(now)))
        except StatementError as error:
            error.hide_parameters, error.params = True, None  # they are the person's
            raise
        return cast(UUID, told.event_id)
