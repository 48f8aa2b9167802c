"""Which keys do the manifests use, which systems do they name, and who else gets or gives data? Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lineage.fides.manifests import Resource
from lineage.printable import printable

NO_YAML: Final = re.compile("[\ufffe\uffff]")

Keys = dict[str, set[str]]
"""A key, and the files that use it."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a policy has no place for, or what this one cannot know: ``hint`` says what to do."""

    kind: str
    key: str
    files: tuple[str, ...]
    hint: str


@dataclass(slots=True)
class Tagged:
    """What manifests say, sorted by what a policy can do with it.

    ``systems``: key to name; ``roles``: system to what its operator is said to be (Controller, Processor);
    ``vendors``: those that another company runs, key to its name and address.
    ``senders`` and ``receivers``: who gives and gets data, but for our own systems.
    ``sharing``: systems that say that third parties get data, with the words they use.
    """

    categories: Keys = field(default_factory=lambda: defaultdict(set))
    uses: Keys = field(default_factory=lambda: defaultdict(set))
    names: set[str] = field(default_factory=set)
    systems: dict[str, str] = field(default_factory=dict)
    vendors: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=dict)
    senders: Keys = field(default_factory=lambda: defaultdict(set))
    receivers: Keys = field(default_factory=lambda: defaultdict(set))
    sharing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    leftovers: list[Leftover] = field(default_factory=list)


def words(text: str | None) -> str | None:
    """A text on one line, with a mark for what YAML cannot hold; None when no word is in it."""
    return " ".join(NO_YAML.sub("\ufffd", printable(text or "")).split()) or None


def tagged(resources: Sequence[Resource]) -> Tagged:
    """Everything that the resources say, each key once."""
    found = Tagged()
    for each in resources:
        model, file = each.model, each.file
        match each.kind:
            case "data_category":
                found.categories[model.fides_key].add(file)
            case "data_use":
                found.uses[model.fides_key].add(file)
            case "organization":
                name = words(model.name)
                if name and name != "Default Organization":
                    found.names.add(name)
            case "dataset":
                _dataset(found, model, file)
            case "system":
                _system(found, model, file)
            case _:
                found.leftovers.append(
                    Leftover(each.kind.upper(), model.fides_key, (file,), HINTS[each.kind])
                )
    inside = found.systems.keys() - found.vendors.keys()  # between these nothing is disclosed
    for ends in (found.senders, found.receivers):
        for key in inside & ends.keys():
            del ends[key]
    return found


HINTS: Final = {
    "data_subject": "tell who people are by SubjectDescribed, in its kinds",
    "policy": "write its rules as promises (promises.yaml)",
    "evaluation": "a result of fides; nothing to do",
    "dataset": "where values lie: connect its system (connector in business.yaml), point there in held_in",
    "declaration": "write an activity for each thing that the system does (activities.yaml): fideslang does "
    "not say whether it collects, uses or shares",
    "retention": "write how long data is kept in days (retention.yaml)",
    "basis": "a basis under another law; Collected can name it in legal_basis",
    "free": "attest that the system holds no personal data (attested_free in business.yaml): who and when",
    "exempt": "an exemption is claimed event by event, with its evidence",
    "user": "giving people their own data is no disclosure; nothing to do",
}


def _dataset(found: Tagged, model: Any, file: str) -> None:
    subjects: set[str] = set()
    for part in _parts(model):
        for key in part.data_categories or ():
            found.categories[key].add(file)
        for key in part.data_uses or ():
            found.uses[key].add(file)
        subjects.update(part.data_subjects or ())
    _subjects(found, subjects, file)
    found.leftovers.append(Leftover("DATASET", model.fides_key, (file,), HINTS["dataset"]))


def _parts(model: Any) -> Iterator[Any]:
    """A dataset, its collections, their fields and the fields within."""
    waiting = [model]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += [*getattr(part, "collections", ()), *(getattr(part, "fields", None) or ())]


def _subjects(found: Tagged, keys: Iterable[str], file: str) -> None:
    for key in sorted(keys):
        found.leftovers.append(Leftover("DATA_SUBJECT", key, (file,), HINTS["data_subject"]))


def _system(found: Tagged, model: Any, file: str) -> None:
    key = model.fides_key
    found.systems[key] = words(model.name) or key
    found.roles[key] = set(model.responsibility)
    if model.vendor_id or model.legal_name or model.system_type.casefold().startswith("third"):
        found.vendors[key] = (words(model.legal_name) or words(model.name), words(model.legal_address))
    for said, hint in (
        (not model.processes_personal_data, "free"),
        (model.exempt_from_privacy_regulations, "exempt"),
        (bool(model.legal_basis_for_profiling or model.legal_basis_for_transfers), "basis"),
    ):
        if said:
            found.leftovers.append(Leftover("SYSTEM", key, (file,), HINTS[hint]))
    for flows, ends in ((model.egress, found.receivers), (model.ingress, found.senders)):
        for flow in flows or ():
            for category in flow.data_categories or ():
                found.categories[category].add(file)
            if flow.type == "user" and ends is found.receivers:
                found.leftovers.append(Leftover("EGRESS", key, (file,), HINTS["user"]))
            elif flow.type != "dataset":
                ends[flow.fides_key].add(file)
    for number, each in enumerate(model.privacy_declarations):
        _declaration(found, each, f"{key}[{number}]", key, file)


def _declaration(found: Tagged, model: Any, place: str, system: str, file: str) -> None:
    for category in (*model.data_categories, *model.shared_categories):
        found.categories[category].add(file)
    found.uses[model.data_use].add(file)
    _subjects(found, model.data_subjects, file)
    third = words(model.third_parties)
    if model.data_shared_with_third_parties or third:
        found.sharing[system].update([third] if third else ())
    found.leftovers.append(Leftover("DECLARATION", place, (file,), HINTS["declaration"]))
    for said, hint in (
        (model.retention_period, "retention"),
        (model.legal_basis_for_processing or model.special_category_legal_basis, "basis"),
    ):
        if said:
            found.leftovers.append(Leftover("DECLARATION", place, (file,), HINTS[hint]))
