"""What does an activity's event say? Reads ``activities.yaml`` and fills events from it.

An activity names once, in the policy, what a service would otherwise repeat in each call: elements, purposes,
parties, system. What is logged is complete; nothing is looked up later (rulings.md 16).
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from lineage.errors import Refused
from lineage.events import (
    BY_NAME,
    EVENTS,
    Collected,
    EmitterHeader,
    Header,
    Operation,
    PolicyAdopted,
    PopulationShared,
    ProducerReported,
    Used,
    filled,
)
from lineage.policy.models import Activity
from lineage.policy.rows import Row
from lineage.policy.scalars import one_of, read_flag, read_text, read_texts, read_whole
from lineage.policy.tree import shown
from lineage.tokens import ROTATION

ROLLUPS = ("none", "day")
ACCOUNTED = frozenset({"HIPAA", "FERPA", "CJIS"})
"""Laws by which each access and each release is accounted for by itself (law.md part B)."""

EVENT_NAMES = tuple(name for name, kind in BY_NAME.items() if kind not in (ProducerReported, PolicyAdopted))
# What belongs to one occurrence, or to the emitter, is never written in a policy.
_NOT_DECLARED = {field.name for field in fields(EmitterHeader)} | {"subject", "namespace", "count"}
_NOT_DECLARED |= {"activity", "supersedes", "request", "other", "other_namespace", "retracts"}


def counted_apart(event: EmitterHeader) -> str | None:
    """Why this event must stand by itself and never in a daily count; None when it may be counted.

    A disclosure, a deletion or a choice has a time, a recipient, an effect of its own. So has each access
    that another law wants accounted for, and each decision by automated technology (law.md A.18).
    """
    if not isinstance(event, Collected | Used):
        return "is only for Collected and Used: every other event is told by itself"
    if ACCOUNTED.intersection(each.upper() for each in event.regimes):
        return f"is not for data under {', '.join(sorted(ACCOUNTED))}: each event is accounted for by itself"
    if isinstance(event, Used) and (event.decision or event.operation is Operation.DECIDED):
        return "is not for decisions: each is told by itself"
    return None


def _bare(hint: object) -> object:
    """The type without ``None``; of ``UUID | str`` the whole."""
    members = [member for member in get_args(hint) if member is not type(None)]
    is_union = get_origin(hint) is not tuple and get_args(hint)
    if not is_union:
        return hint
    return members[0] if len(members) == 1 else Union[tuple(members)]  # noqa: UP007 (built from values)


_KINDS = {event: {name: _bare(hint) for name, hint in get_type_hints(event).items()} for event in EVENTS}


def kinds_of_fields(event: type[EmitterHeader]) -> dict[str, object]:
    """Each field of an event with its type, ``None`` taken off: ``str``, ``tuple[str, ...]``, an enum, …"""
    return _KINDS[event]


def activities(row: Row) -> dict[str, Activity]:
    """The activities of a policy. The words they name are checked once all files are read."""
    built = {
        id: activity for id, each in row.named("activities").items() if (activity := _activity(id, each))
    }
    row.finish()
    return built


def _activity(id: str, row: Row) -> Activity | None:
    if id == ROTATION:  # an event of it makes two tokens one: no service may say so
        row.wrong("is kept for lineage secret rotate; give the activity another name")
    event = row.need("event", one_of(EVENT_NAMES), "")
    if not event:
        return None
    said: dict[str, object] = {}
    for name, kind in kinds_of_fields(BY_NAME[event]).items():
        if name in _NOT_DECLARED:
            continue
        value: object = None
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            word = row.get(name, one_of([each.value for each in kind]))
            value = None if word is None else kind(word)
        elif kind is str:
            value = row.get(name, read_text)
        elif kind is bool:
            value = row.get(name, read_flag)
        elif kind is int:
            value = row.get(name, read_whole)
        elif kind == tuple[str, ...]:
            value = row.get(name, read_texts)
        if value is not None:
            said[name] = value
    rollup = row.get("rollup", one_of(ROLLUPS)) or "none"
    kind = BY_NAME[event]
    lacking = _required(kind) - said.keys() - {"subject"}
    unsaid = dict.fromkeys(_required(kind) - said.keys())
    told: dict[str, Any] = {**unsaid, **said, "activity": id}
    activity = Activity(id, event, kind(**told), lacking, rollup, row.get("wording", read_text) or "")
    row.finish()
    return activity


def fill(
    known: Mapping[str, Activity], activity_id: str, subject: str | UUID | None, given: Mapping[str, object]
) -> EmitterHeader:
    """The event of an activity; what is ``given`` wins over what the policy says.

    Raises ``Refused`` for an unknown activity, a key that its event does not have, a word that the enum
    does not have, a missing field, a subject where none belongs, and none where one does.
    """
    activity = known.get(activity_id)
    if activity is None:
        raise Refused(f"activity {shown(activity_id)} is not in activities.yaml; add it, or correct the call")
    kind = BY_NAME[activity.event]
    changes: dict[str, object] = {}
    for name, value in given.items():
        known_as = kinds_of_fields(kind).get(name)
        if known_as is None or name == "subject":
            raise Refused(f"activity {activity_id}: {activity.event} has no field {shown(name)} to give")
        changes[name] = _fitting(activity_id, name, known_as, value)
    if issubclass(kind, Header):
        if subject is None:
            raise Refused(f"activity {activity_id}: {activity.event} is about a person; give its subject")
        changes["subject"] = subject
    elif subject is not None and kind is PopulationShared:
        raise Refused(f"activity {activity_id}: PopulationShared is about everybody; give no subject")
    if missing := ", ".join(sorted(activity.lacking - given.keys())):
        raise Refused(
            f"activity {activity_id}: {activity.event} needs {missing}; say it in the policy or the call"
        )
    return filled(activity.says, changes)


def _fitting(activity_id: str, name: str, kind: object, value: object) -> object:
    """Words become the enum's, lists become tuples, one text becomes a list of one."""
    if isinstance(kind, type) and issubclass(kind, StrEnum) and isinstance(value, str):
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(each.value for each in kind)
            raise Refused(f"activity {activity_id}: {name} takes {allowed}") from None
    if get_origin(kind) is tuple:
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list | tuple | set | frozenset):
            return tuple(value)
    if kind is datetime and isinstance(value, datetime) and value.tzinfo is None:
        raise Refused(f"activity {activity_id}: {name} is a time without zone; give an aware datetime")
    return value


def _required(kind: type[EmitterHeader]) -> frozenset[str]:
    return frozenset(
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    )
