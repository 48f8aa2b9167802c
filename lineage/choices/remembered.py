"""What has this process itself told of people's choices that no snapshot knows yet?

A choice counts at once, whatever the log and the next export take their time for. An event is forgotten when
a snapshot says that it heard it, or when it is taken back here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from lineage.choices.said import ALL, ALLOWING, EPOCH, Said, Word, micros, of_another, of_choice, together
from lineage.events import (
    AgeBand,
    ChoiceMade,
    ErasureMode,
    Event,
    EventRetracted,
    Header,
    Relation,
    SubjectDescribed,
    SubjectErased,
    SubjectsLinked,
)

if TYPE_CHECKING:
    from lineage.choices.snapshot import Snapshot

MOST: Final = 100_000
"""Events remembered at a time: some 50 MB. Beyond it the oldest falls, and only a snapshot made after it
will do.
"""
FOR_NOW: Final = 2**62
"""Up to when somebody is young is for the snapshot to say; until it does, the person is that young."""

DEVICE: Final = "device"
KINDS: Final = (ChoiceMade, SubjectDescribed, SubjectErased, SubjectsLinked, EventRetracted)


@dataclass(frozen=True, slots=True, repr=False)
class _Told:
    subject: UUID
    namespace: str
    other: UUID | None
    other_namespace: str
    said: dict[Said, int]
    effective: datetime | None
    occurred: datetime


@dataclass(slots=True, repr=False)
class Remembered:
    """The events of one process, by id. Thread-safe. ``fallen``: the time of the last one that fell."""

    purposes: Collection[str]
    fallen: datetime = EPOCH
    _told: dict[UUID, _Told] = field(default_factory=dict)
    _of: dict[UUID, set[UUID]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def hear(self, event: Event) -> None:
        """Remember a finished event, if it says anything of choices."""
        if not isinstance(event, KINDS):
            return
        taken_back = event.retracts if isinstance(event, EventRetracted) else event.supersedes
        told = _told(event, self.purposes)
        with self._lock:
            if taken_back in self._told and self._told[taken_back].subject == event.subject:
                self._forget(taken_back)
            if told is not None:
                self._keep(cast(UUID, event.event_id), told)

    def said(self, token: UUID, snapshot: "Snapshot", now: datetime) -> dict[Said, int]:
        """What was said of the person with this token: here, and by the snapshot.

        A token that this process linked with it forbids, too, and allows nothing.
        """
        with self._lock:
            near = self._near(token) if self._told else [token]
            here = [
                (each == token, self._told[id])
                for each in near
                for id in self._of.get(each, ())
                if self._told[id].subject == each
            ]
        parts = [snapshot.said(token)]
        parts += [_forbidding(snapshot.said(each)) for each in near if each != token]
        for is_own, told in here:
            is_in_force = told.effective is None or told.effective <= now
            said = told.said if is_own else _forbidding(told.said)
            parts.append({each: at for each, at in said.items() if is_in_force or each[0] not in ALLOWING})
        return together(parts)

    def words(self) -> set[Said]:
        """All that was said here by anybody."""
        with self._lock:
            return {said for told in self._told.values() for said in told.said}

    def forget_heard(self, snapshot: "Snapshot") -> None:
        """Let go of what the snapshot knows."""
        with self._lock:
            for each in [each for each in self._told if snapshot.has_heard(each)]:
                self._forget(each)

    def _keep(self, event_id: UUID, told: _Told) -> None:
        self._told[event_id] = told
        for each, _ in _tokens(told):
            self._of.setdefault(each, set()).add(event_id)
        if len(self._told) > MOST:
            oldest = next(iter(self._told))
            self.fallen = max(self.fallen, self._told[oldest].occurred)
            self._forget(oldest)

    def _forget(self, event_id: UUID) -> None:
        for each, _ in _tokens(self._told.pop(event_id)):
            left = self._of[each]
            left.discard(event_id)
            if not left:
                del self._of[each]

    def _near(self, token: UUID) -> list[UUID]:
        """What is linked with it here; nothing lies behind a device, which passes from hand to hand."""
        found = {token: None}
        to_pass = [token]
        while to_pass:
            for id in self._of.get(to_pass.pop(), ()):
                for each, namespace in _tokens(self._told[id]):
                    if each not in found:
                        found[each] = None
                        if namespace != DEVICE:
                            to_pass.append(each)
        return list(found)


def _tokens(told: _Told) -> Iterator[tuple[UUID, str]]:
    yield told.subject, told.namespace
    if told.other is not None and told.other != told.subject:
        yield told.other, told.other_namespace


def _forbidding(said: dict[Said, int]) -> dict[Said, int]:
    return {of_another(each): at for each, at in said.items() if each[0] not in ALLOWING}


def _told(event: Header, purposes: Collection[str]) -> _Told | None:
    occurred = cast(datetime, event.occurred_at)
    at = micros(occurred)
    said: dict[Said, int] = {}
    other = effective = None
    other_namespace = ""
    match event:
        case ChoiceMade():
            said = dict.fromkeys(of_choice(event, purposes), at)
            effective = event.effective_at
        case SubjectDescribed(age_band=AgeBand.UNDER_13):
            said = {(Word.UNDER_13, ALL): FOR_NOW, (Word.UNDER_16, ALL): FOR_NOW}
        case SubjectDescribed(age_band=AgeBand.FROM_13_TO_15):
            said = {(Word.UNDER_16, ALL): FOR_NOW}
        case SubjectErased() if event.mode is not ErasureMode.VAULT:
            said = {(Word.ERASED, ALL): micros(event.through)}
        case SubjectsLinked() if event.relation is Relation.SAME_PERSON:
            other, other_namespace = cast(UUID, event.other), event.other_namespace
    if not said and other is None:
        return None
    subject = cast(UUID, event.subject)
    return _Told(subject, event.namespace, other, other_namespace, said, effective, occurred)
