"""What does every way in fill in where a service leaves it out? Tokens, id, time; and is there a number?"""

from datetime import datetime
from typing import Any

from lineage.errors import Refused
from lineage.events import Event, Header, SubjectsLinked, SubjectsUnlinked
from lineage.policy import Policy
from lineage.publish.sending import NUMBERLESS, new_event_id
from lineage.tokens import Pseudonymiser


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
