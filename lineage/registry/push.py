"""What stands in the registry, and what do its ids mean? All releases in their order, ids by fingerprint.

A subject is the record's full name, such as ``personal_data.v1.Shared`` (RecordNameStrategy). One topic has
all kinds of events, so a subject for the topic would compare records that have nothing to do with each other;
and an event means the same in every topic, also in the one that this one is moved to some day.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lineage.codec.kept import RELEASED, kept
from lineage.codec.schemas import Registry
from lineage.errors import Refused
from lineage.events import NAMESPACE
from lineage.registry.client import RegistryClient
from lineage.registry.foreign import released_as

LEVEL: Final = "BACKWARD_TRANSITIVE"


@dataclass(frozen=True, slots=True)
class Registered:
    """One released schema as the registry has it."""

    subject: str
    fingerprint: str
    id: int
    is_new: bool


def push(client: RegistryClient, root: Path) -> Iterator[Registered]:
    """Register each released schema of a folder that is not there yet, and see to the subjects' level.

    Doing it again changes nothing. Raises Refused when the registry finds a schema incompatible with what
    others have registered there, or does not keep the level; RegistryUnavailable.
    """
    whole, faults = kept(root)
    if faults:
        raise Refused(f"the schemas are not in order: {faults[0]}. 'lineage schemas check' tells all.")
    for event, releases in whole.items():
        subject = f"{NAMESPACE}.{event}"
        levelled = False
        if client.versions(subject):
            levelled = _level(client, subject)
        for fingerprint, _ in releases:
            text = (root / RELEASED / f"{event}-{fingerprint}.avsc").read_text(encoding="utf-8")
            text = json.dumps(json.loads(text), ensure_ascii=False)
            known = client.id_of(subject, text)
            number = client.register(subject, text) if known is None else known
            # Some registries give a level to no subject that has no version yet.
            levelled = levelled or _level(client, subject)
            yield Registered(subject, fingerprint, number, is_new=known is None)


def _level(client: RegistryClient, subject: str) -> bool:
    if client.compatibility(subject) != LEVEL:
        client.set_compatibility(subject, LEVEL)
        if client.compatibility(subject) != LEVEL:
            raise Refused(f"{subject}: the schema registry at {client.name} does not keep {LEVEL}")
    return True


def learn(client: RegistryClient, registry: Registry, topic: str) -> Mapping[int, str]:
    """Id to fingerprint of every released schema that the registry has, whoever registered it.

    Looked at are the subjects that producers of this topic may use: the record's name, the topic's with the
    record's, and the topic's. An id whose schema is none of the released ones, or whose values would be read
    as something else, is left out: such values are parked.
    """
    found = {}
    events = registry.fingerprints()
    names = {f"{NAMESPACE}.{event}" for event in events}
    wanted = {f"{topic}-value", *names, *(f"{topic}-{name}" for name in names)}
    for subject in sorted(wanted & set(client.subjects())):
        for version in client.versions(subject):
            number, text = client.version(subject, version)
            fingerprint = released_as(text, registry)
            if fingerprint is not None:
                found[number] = fingerprint
    return found
