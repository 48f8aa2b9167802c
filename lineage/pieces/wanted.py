"""Which values does a copy of specific pieces need, and from where? (law.md A.8; R 7024(d))

Pure: an answer and its policy in, one question a system out. What the law withholds is named and never asked
for, whatever the answer says.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lineage.errors import Refused
from lineage.policy import Policy
from lineage.policy.models import Connector


@dataclass(frozen=True, slots=True)
class Question:
    """What one system is asked: the elements to read under each of its keys.

    Keys name a person's records, so no text of this object shows them.
    """

    system: str
    connector: Connector
    elements: Mapping[str, frozenset[str]]
    """key -> elements"""

    def columns(self) -> tuple[str, ...]:
        """The columns to read, each once, in a fixed order; the key's is not among them."""
        asked = {element for of_key in self.elements.values() for element in of_key}
        return tuple(
            sorted({column for element in asked for column in self.connector.columns.get(element, ())})
        )

    def __repr__(self) -> str:
        return f"Question({self.system!r}, {len(self.elements)} keys)"


@dataclass(frozen=True, slots=True)
class Named:
    """An element that is held and only named, in the law's words."""

    element: str
    statement: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that a copy needs. ``out_of_reach``: elements that no connector reads in one of their systems, with
    the system's id, or ``None`` where no record of them says in which one they lie.
    """

    questions: tuple[Question, ...]
    named: tuple[Named, ...]
    out_of_reach: tuple[tuple[str, str | None], ...]


def wanted(document: Mapping[str, Any], policy: Policy) -> Wanted:
    """The questions for the ``pieces`` of a ``ccpa.know/1`` document (the handler's copy).

    Raises:
        Refused: the document was made under another policy, or shows an element that the law withholds.
    """
    if document["versions"]["policy"] != policy.digest:
        raise Refused("The report was made under another policy than the one in force. Make it anew.")
    reach = {
        system.connector.pointers: (system.id, system.connector)
        for system in policy.business.systems.values()
        if system.connector is not None
    }
    asked: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    named: list[Named] = []
    lost: set[tuple[str, str | None]] = set()
    for item in document["pieces"]["items"]:
        element = policy.vocabulary.element(item["element"])
        id = element.id if element else item["element"]
        if not item["show"]:
            named.append(Named(id, item["statement"]))
            continue
        if element is not None and element.withhold is not None:
            raise Refused("The report shows a piece that the law lets us name only. Make it anew.")
        if not item["held_in"]:
            lost.add((id, None))
        for pointer in item["held_in"] or ():
            found = _found(pointer, reach)
            if found is None or id not in _readable(found[1], policy):
                lost.add((id, found[0] if found else _system(pointer, policy)))
            else:
                begins, as_stored = found[1].pointers, _STORED[found[1].key_type]
                asked[begins][as_stored(pointer[len(begins) :])].add(id)
    questions = [
        Question(*_by_ids(reach[pointers], policy), {key: frozenset(of) for key, of in keys.items()})
        for pointers, keys in sorted(asked.items())
    ]
    return Wanted(
        tuple(questions),
        tuple(sorted(named, key=lambda each: each.element)),
        tuple(sorted(lost, key=lambda each: (each[0], each[1] or ""))),
    )


def _as(type: Callable[[str], object]) -> Callable[[str], str]:
    def as_stored(key: str) -> str:
        try:
            return str(type(key))
        except ValueError:
            return key  # the system will be asked, and say that it has no such key

    return as_stored


_STORED: Mapping[str, Callable[[str], str]] = {"text": str, "integer": _as(int), "uuid": _as(UUID)}
"""A key as text, in the one form in which it is compared with what the system answers."""


def _found(pointer: str, reach: Mapping[str, tuple[str, Connector]]) -> tuple[str, Connector] | None:
    """The system into which a pointer leads: the one with the longest beginning that fits."""
    fitting = [begin for begin in reach if pointer.startswith(begin) and len(pointer) > len(begin)]
    return reach[max(fitting, key=len)] if fitting else None


def _system(pointer: str, policy: Policy) -> str | None:
    """The system that a pointer names, if the policy knows it; anything else is not repeated."""
    name = pointer.partition(":")[0]
    return name if name in policy.business.systems else None


def _readable(connector: Connector, policy: Policy) -> set[str]:
    return {policy.vocabulary.aliases.get(word, word) for word in connector.columns}


def _by_ids(found: tuple[str, Connector], policy: Policy) -> tuple[str, Connector]:
    """The connector with its columns by element, whatever alias the policy wrote."""
    system, connector = found
    columns = {policy.vocabulary.aliases.get(word, word): of for word, of in connector.columns.items()}
    return system, replace(connector, columns=columns)
