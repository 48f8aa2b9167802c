"""Which policy do the manifests suggest, and what has a person to choose? Pure.

Nothing is guessed. What our table does not know stands in the draft with CHOOSE, which ``policy check``
refuses: a draft cannot be adopted unread.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lineage.fides.counterparts import Counterparts
from lineage.fides.tagged import Keys, Leftover, Tagged
from lineage.policy.scalars import TO_CHOOSE
from lineage.policy.tree import ID

OURS, THEIRS = "Controller", {"Processor", "Sub-Processor"}

CHOICE: Final = {
    "category": "no counterpart is known; say what the statute calls it",
    "use": "no counterpart is known; say which statutory purposes it is, and in which words",
    "source": "say in which group of sources it is",
    "recipient": "say in which group it is, and add its contracts; without one what it gets is no service",
    "sharing": "name each company that gets the data, one recipient each",
    "roles": "it is told of as ours and as a customer's; say true when any of it is a customer's",
    "name": "the business's own name (business.yaml)",
}
NOT_IN_IDS: Final = re.compile(r"[^A-Za-z0-9_.:/-]")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row of a file: its id, what it says, and what a reader should know about it."""

    id: str
    says: Mapping[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """``rows``: of each file and key, as in ``("purposes.yaml", "purposes")``.

    ``to_choose``: what a person has to choose before it is in order; ``leftovers``: what it has no row for.
    """

    name: str
    rows: Mapping[tuple[str, str], tuple[DraftRow, ...]]
    to_choose: tuple[Leftover, ...]
    leftovers: tuple[Leftover, ...]


def draft(told: Tagged, known: Counterparts) -> Draft:
    """The policy that the manifests suggest by our table; a key that is used twice makes one row."""
    making = _Making(known)
    rows = {
        ("business.yaml", "systems"): making.systems(told),
        ("vocabulary.yaml", "elements"): making.elements(told.categories),
        ("parties.yaml", "sources"): making.sources(told.senders),
        ("parties.yaml", "recipients"): making.recipients(told),
        ("purposes.yaml", "purposes"): making.purposes(told.uses),
    }
    name = next(iter(told.names)) if len(told.names) == 1 else TO_CHOOSE
    if name == TO_CHOOSE:
        making.to_choose.append(Leftover("NAME", "name", (), CHOICE["name"]))
    return Draft(
        name=name,
        rows={place: _merged(found) for place, found in rows.items() if found},
        to_choose=tuple(making.to_choose),
        leftovers=tuple(sorted(_once(told.leftovers), key=_order)),
    )


def as_id(key: str) -> str:
    """A key as an id of a policy: the same, but for what cannot stand there.

    >>> as_id("custom.score<int>")
    'custom.score_int_'
    """
    id = NOT_IN_IDS.sub("_", key)[:80]
    return id if ID.fullmatch(id) else f"_{id[:79]}"


def _merged(rows: Iterable[DraftRow]) -> tuple[DraftRow, ...]:
    """Sorted, and one row an id: a team's own key may be the id of an element that ships."""
    found: dict[str, DraftRow] = {}
    for row in rows:
        known = found.get(row.id, DraftRow(row.id, {}))
        found[row.id] = DraftRow(row.id, {**known.says, **row.says}, (*known.notes, *row.notes))
    return tuple(found[id] for id in sorted(found))


def _once(leftovers: Iterable[Leftover]) -> Iterator[Leftover]:
    """The same hint about the same thing once, with every file that it stands in."""
    files: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for each in leftovers:
        files[each.kind, each.key, each.hint].update(each.files)
    return (Leftover(kind, key, tuple(sorted(of)), hint) for (kind, key, hint), of in files.items())


def _order(each: Leftover) -> tuple[str, str, str]:
    return each.kind, each.key, each.hint


class _Making:
    """Makes rows, and keeps what could not be decided."""

    def __init__(self, known: Counterparts) -> None:
        self.known = known
        self.to_choose: list[Leftover] = []

    def elements(self, categories: Keys) -> list[DraftRow]:
        aliases: dict[str, list[str]] = defaultdict(list)
        rows = []
        for key in sorted(categories):
            if key in self.known.elements:
                aliases[self.known.elements[key]].append(key)
            elif key in self.known.own:
                rows.append(DraftRow(key, self.known.own[key]))
            else:
                hint = self.known.undecided.get(key, CHOICE["category"])
                says = {"categories": TO_CHOOSE}
                rows.append(self._open("DATA_CATEGORY", key, categories, hint, says, self._near(key)))
        return [*rows, *(DraftRow(element, {"aliases": keys}) for element, keys in aliases.items())]

    def purposes(self, uses: Keys) -> list[DraftRow]:
        rows = []
        for key in sorted(uses):
            if key in self.known.uses:
                rows.append(DraftRow(key, self.known.uses[key]))
            else:
                hint = self.known.undecided_uses.get(key, CHOICE["use"])
                says = {"statutory": TO_CHOOSE, "wording": TO_CHOOSE}
                rows.append(self._open("DATA_USE", key, uses, hint, says, self._near(key)))
        return rows

    def _near(self, key: str) -> tuple[str, ...]:
        """The nearest key above it that our table knows: a hint to the reader, not a decision."""
        while "." in key:
            key = key.rpartition(".")[0]
            if key in self.known.elements:
                return (f"{key}, above it, is the element {self.known.elements[key]}",)
            said = self.known.own.get(key) or self.known.uses.get(key)
            if said is not None:
                words = ", ".join(said.get("categories") or said["statutory"])
                return (f"{key}, above it, is drafted as {words}",)
        return ()

    def systems(self, told: Tagged) -> list[DraftRow]:
        rows = []
        for key in sorted(told.systems):
            says: dict[str, Any] = {}
            roles = told.roles[key]
            if key in told.vendors:  # its roles are the vendor's
                says["operated_by"] = told.vendors[key][0] or key
            elif roles & THEIRS:
                says["customer_data"] = TO_CHOOSE if OURS in roles else True
                if OURS in roles:
                    self.to_choose.append(Leftover("SYSTEM", key, (), CHOICE["roles"]))
            name = told.systems[key]
            rows.append(DraftRow(as_id(key), says, (name,) if name != key else ()))
        return rows

    def sources(self, senders: Keys) -> list[DraftRow]:
        says = {"category": TO_CHOOSE}
        return [self._open("INGRESS", key, senders, CHOICE["source"], says) for key in sorted(senders)]

    def recipients(self, told: Tagged) -> list[DraftRow]:
        rows = []
        for key in sorted(told.vendors.keys() | told.receivers.keys()):
            name, address = told.vendors.get(key, (None, None))
            says = {"name": name, "address": address, "category": TO_CHOOSE}
            kept = {word: value for word, value in says.items() if value is not None}
            roles = ", ".join(sorted(told.roles.get(key, ())))
            notes = (f"it is told of as {roles}; only a contract makes it one",) if roles else ()
            rows.append(self._open("RECIPIENT", key, told.receivers, CHOICE["recipient"], kept, notes))
        for system, words in sorted(told.sharing.items()):
            key, says = f"{system}.third_parties", {"name": TO_CHOOSE, "category": TO_CHOOSE}
            rows.append(self._open("THIRD_PARTIES", key, {}, CHOICE["sharing"], says, tuple(sorted(words))))
        return rows

    def _open(
        self,
        kind: str,
        key: str,
        found: Mapping[str, Iterable[str]],
        hint: str,
        says: Mapping[str, Any],
        notes: tuple[str, ...] = (),
    ) -> DraftRow:
        """A row that a person has to finish; ``found``: the files of each key."""
        self.to_choose.append(Leftover(kind, key, tuple(sorted(found.get(key, ()))), hint))
        id = as_id(key)
        renamed = () if id == key else (f"its key is {key}",)
        return DraftRow(id, says, (hint, *renamed, *notes))
