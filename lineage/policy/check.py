"""May this event be published?

Runs in the request path of the services that publish, so everything is prepared: one plan per event type, and
the verdict on words (elements, parties, purposes) is remembered, for a service repeats a few combinations.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import get_origin

from lineage.events import EmitterHeader
from lineage.policy.activities import kinds_of_fields

LONGEST_ID = 200  # characters; a code, id or pointer is shorter, a sentence about somebody often is not
_REMEMBERED = 20_000  # combinations of words; far more than a policy has activities

_NEEDS_ELEMENTS = {"Collected", "Used", "Shared", "Corrected", "Deleted", "PopulationShared"}
_WORDS = (
    "elements",
    "purposes",
    "source",
    "recipient",
    "actor",
    "by",
    "on_behalf_of",
    "customer",
    "activity",
    "system",
)

# Random hex (UUIDs, digests) is no phone number, however many digits stand in a row.
_RANDOM = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32,128}\b", re.I
)
_PERSONAL = re.compile(
    r"@|\s|[0-9]{9}"
    r"|(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"  # a Social Security number
    r"|(?<!\d)\(?\d{3}\)?[-.]\d{3}[-.]\d{4}(?!\d)"  # a telephone number
    r"|(?<!\d)\d{4}-\d{4}-\d{4}-\d{4}(?!\d)"  # a card number
)


def looks_personal(value: str) -> bool:
    """Whether a value that should be an id, code or pointer looks like a person's datum or like free text."""
    if len(value) > LONGEST_ID:
        return True
    return _PERSONAL.search(value) is not None and _PERSONAL.search(_RANDOM.sub("", value)) is not None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to look at in one type of event."""

    words: Callable[[EmitterHeader], tuple[object, ...]]
    ids: tuple[str, ...]
    lists: tuple[str, ...]
    times: tuple[str, ...]
    nested: tuple[str, ...]


def _make_plan(kind: type[EmitterHeader]) -> _Plan:
    kinds = kinds_of_fields(kind)
    read = tuple(attrgetter(name) if name in kinds else _absent for name in _WORDS)
    skipped = {"subject", "other", *_WORDS[:-1]}
    return _Plan(
        words=lambda event: tuple(each(event) for each in read),
        ids=tuple(name for name, of in kinds.items() if of is str and name not in skipped - {"activity"}),
        lists=tuple(
            name
            for name, of in kinds.items()
            if of == tuple[str, ...] and name not in ("elements", "purposes")
        ),
        times=tuple(name for name, of in kinds.items() if of is datetime),
        nested=tuple(
            name
            for name, of in kinds.items()
            if is_dataclass(of) or (get_origin(of) is tuple and of != tuple[str, ...])
        ),
    )


_PLANS: dict[type[EmitterHeader], _Plan] = {}  # filled on first use of each type


def _plan(kind: type[EmitterHeader]) -> _Plan:
    plan = _PLANS.get(kind)
    if plan is None:
        plan = _PLANS[kind] = _make_plan(kind)
    return plan


def _absent(_: object) -> None:
    return None


@dataclass(frozen=True)
class Checker:
    """The known words of one policy, ready to judge events."""

    elements: frozenset[str]
    sources: frozenset[str]
    recipients: frozenset[str]
    customers: frozenset[str]
    purposes: frozenset[str]
    activities: frozenset[str]
    customer_systems: frozenset[str]
    _remembered: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def problems(self, event: EmitterHeader) -> list[str]:
        kind = type(event)
        plan = _plan(kind)
        words = (kind, *plan.words(event))
        try:
            found = self._remembered.get(words)
        except TypeError:  # A list where a tuple belongs cannot be remembered.
            words = (kind, *(tuple(each) if isinstance(each, list) else each for each in words[1:]))
            found = self._remembered.get(words)
        if found is None:
            found = tuple(self._words(*words))  # type: ignore[arg-type]  # the words in the order of _WORDS
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[words] = found
        problems = list(found)
        for name in plan.ids:
            value = getattr(event, name)
            if value and looks_personal(value):
                problems.append(_personal(name))
        for name in plan.lists:
            if any(looks_personal(value) for value in getattr(event, name) or ()):
                problems.append(_personal(name))
        for name in plan.times:
            time = getattr(event, name)
            if time is not None and time.tzinfo is None:
                problems.append(f"{name}: is a time without zone; give an aware datetime")
        for name in plan.nested:
            value = getattr(event, name)
            if value is not None and value != ():
                problems.extend(_nested(name, value))
        return problems

    def _words(
        self,
        kind: type[EmitterHeader],
        elements: tuple[str, ...] | None,
        purposes: tuple[str, ...] | None,
        source: str | None,
        recipient: str | None,
        actor: str | None,
        by: str | None,
        on_behalf_of: str | None,
        customer: str | None,
        activity: str | None,
        system: str | None,
    ) -> list[str]:
        found = []
        if not elements and kind.__name__ in _NEEDS_ELEMENTS:
            found.append("elements: is empty; name the kinds of data, or publish nothing")
        parties = self.recipients | self.sources | self.customers
        for name, value, known, where in (
            ("source", source, self.sources, "sources in parties.yaml"),
            ("recipient", recipient, self.recipients, "recipients in parties.yaml"),
            ("actor", actor, parties, "parties.yaml"),
            ("by", by, parties, "parties.yaml"),
            ("on_behalf_of", on_behalf_of, self.customers, "customers in parties.yaml"),
            ("customer", customer, self.customers, "customers in parties.yaml"),
            ("activity", activity, self.activities, "activities.yaml"),
        ):
            if value is not None and value not in known:
                found.append(_unknown(name, value, where))
        found += [
            _unknown("elements", each, "elements in vocabulary.yaml")
            for each in elements or ()
            if each not in self.elements
        ]
        found += [
            _unknown("purposes", each, "purposes.yaml")
            for each in purposes or ()
            if each not in self.purposes
        ]
        if on_behalf_of is None and system in self.customer_systems:
            found.append("on_behalf_of: is missing, and the system holds customers' data; name the customer")
        return found


def _unknown(name: str, word: object, where: str) -> str:
    shown = (
        f"'{word}'" if isinstance(word, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}", word) else ""
    )
    if not shown or looks_personal(str(word)):
        return f"{name}: holds a word that the policy does not know; add it to {where}, or correct the event"
    return f"{name}: the policy does not know {shown}; add it to {where}, or correct the event"


def _personal(name: str) -> str:
    return f"{name}: looks like a value of personal data or free text; give an id, a code or a pointer"


def _nested(path: str, value: object) -> list[str]:
    """The same look into the records inside an event."""
    if isinstance(value, str):
        return [_personal(path)] if not isinstance(value, Enum) and looks_personal(value) else []
    if isinstance(value, datetime):
        return [] if value.tzinfo else [f"{path}: is a time without zone; give an aware datetime"]
    if isinstance(value, tuple | list):
        return list(dict.fromkeys(problem for each in value for problem in _nested(path, each)))
    if is_dataclass(value):
        return [
            problem
            for each in fields(value)
            for problem in _nested(f"{path}.{each.name}", getattr(value, each.name))
        ]
    return []
