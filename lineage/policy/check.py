"""May this event be published?

Runs in the request path of the services that publish, so everything is prepared: one plan per type of event,
and the verdict on its words (elements, parties, codes) is remembered, for a service repeats few combinations.
Only pointers, numbers of requests and times, which are new each time, are looked at each time.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter

from lineage.events import EVENTS, EmitterHeader
from lineage.policy.activities import kinds_of_fields
from lineage.policy.personal import looks_personal

_REMEMBERED = 20_000  # combinations of words, then it starts afresh; far more than a policy has activities

_NEEDS_ELEMENTS = {"Collected", "Used", "Shared", "Corrected", "Deleted", "PopulationShared"}
_NEW_EACH_TIME = {
    "request",
    "held_in",
    "claim_evidence",
    "operator",
    "consent",
    "legal_document",
    "document",
    "facts",
}
_READ_ELSEWHERE = {"files"}  # texts of a policy by their names: whoever reads the policy judges them
_PEOPLE = {"subject", "other"}  # tokens, or identifiers that the publisher turns into tokens


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which fields of one type of event are words, which are ids, which are times, which hold records."""

    words: tuple[str, ...]
    read_words: Callable[[object], tuple[object, ...]]
    ids: tuple[str, ...]
    times: tuple[str, ...]
    records: tuple[str, ...]


def _plan(kind: type[EmitterHeader]) -> _Plan:
    kinds = {name: of for name, of in kinds_of_fields(kind).items() if name not in _PEOPLE | _READ_ELSEWHERE}
    texts = [name for name, of in kinds.items() if of in (str, tuple[str, ...])]
    words = tuple(name for name in texts if name not in _NEW_EACH_TIME)
    return _Plan(
        words=words,
        read_words=attrgetter(*words),
        ids=tuple(name for name in texts if name in _NEW_EACH_TIME),
        times=tuple(name for name, of in kinds.items() if of is datetime),
        records=tuple(name for name in ("decision", "accounting", "kept") if name in kinds),
    )


_PLANS = {kind: _plan(kind) for kind in EVENTS}


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
        """What stands against publishing the event; each text begins with the field."""
        kind = type(event)
        plan = _PLANS[kind]
        words = plan.read_words(event)
        try:
            verdict = self._remembered.get((kind, *words))
        except TypeError:  # A list where a tuple belongs cannot be remembered.
            words = tuple(tuple(each) if isinstance(each, list) else each for each in words)
            verdict = self._remembered.get((kind, *words))
        if verdict is None:
            verdict = tuple(self._judge(kind, dict(zip(plan.words, words, strict=True))))
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[(kind, *words)] = verdict
        found = list(verdict)
        for name in plan.ids:
            value = getattr(event, name)
            if value is not None and looks_personal(value):
                found.append(_personal(name))
        for name in plan.times:
            value = getattr(event, name)
            if value is not None and value.tzinfo is None:
                found.append(f"{name}: is a time without zone; give an aware datetime")
        for name in plan.records:
            found.extend(_inside(name, getattr(event, name)))
        return found

    def _judge(self, kind: type[EmitterHeader], words: Mapping[str, object]) -> list[str]:
        found = []
        if kind.__name__ in _NEEDS_ELEMENTS and not words["elements"]:
            found.append("elements: is empty; name the kinds of data, or publish nothing")
        parties = self.recipients | self.sources | self.customers
        known = {
            "elements": (self.elements, "elements in vocabulary.yaml"),
            "purposes": (self.purposes, "purposes.yaml"),
            "source": (self.sources, "sources in parties.yaml"),
            "recipient": (self.recipients, "recipients in parties.yaml"),
            "actor": (parties, "parties.yaml"),
            "by": (parties, "parties.yaml"),
            "on_behalf_of": (self.customers, "customers in parties.yaml"),
            "customer": (self.customers, "customers in parties.yaml"),
            "activity": (self.activities, "activities.yaml"),
        }
        for name, value in words.items():
            texts = value if isinstance(value, tuple) else () if value is None else (value,)
            if name in known:
                among, where = known[name]
                found += [_unknown(name, str(each), where) for each in texts if each not in among]
            elif any(looks_personal(str(each)) for each in texts):
                found.append(_personal(name))
        if words.get("system") in self.customer_systems and words.get("on_behalf_of") is None:
            found.append("on_behalf_of: is missing, and the system holds customers' data; name the customer")
        return found


def _unknown(name: str, word: str, where: str) -> str:
    is_id = re.fullmatch(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}", word) and not looks_personal(word)
    told = f"the policy does not know '{word}'" if is_id else "holds a word that the policy does not know"
    return f"{name}: {told}; add it to {where}, or correct the event"


def _personal(name: str) -> str:
    return f"{name}: looks like a value of personal data or free text; give an id, a code or a pointer"


def _inside(path: str, value: object) -> list[str]:
    """The same look into the records that an event carries."""
    if isinstance(value, str):
        return [_personal(path)] if not isinstance(value, Enum) and looks_personal(value) else []
    if isinstance(value, datetime):
        return [] if value.tzinfo else [f"{path}: is a time without zone; give an aware datetime"]
    if isinstance(value, tuple | list):
        return list(dict.fromkeys(problem for each in value for problem in _inside(path, each)))
    if is_dataclass(value):
        return [
            problem
            for each in fields(value)
            for problem in _inside(f"{path}.{each.name}", getattr(value, each.name))
        ]
    return []
