"""Which records of the log are accepted, which only repeat, which are parked? (rulings.md 3, 8, 11, 13)"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evaluator.times import FOREVER, Span, micros, moment, span_of

Json = dict[str, Any]
FIVE_MINUTES = 5 * 60 * 1_000_000
WITHOUT_PERSON = ("ProducerReported", "PolicyAdopted")
NOT_CONTENT = {"event_id", "subject", "producer", "incarnation", "sequence", "origin", "claim_evidence"}
DEFAULTS = {
    "operation": "USED",
    "consideration": "UNKNOWN",
    "occasion": "ORDINARY",
    "outcome": "GRANTED",
    "reason": "ROUTINE",
    "method": "ERASED",
    "made_by": "SELF",
    "via": "FORM",
    "evidence": "DECLARED",
    "relation": "HOUSEHOLD",
    "mode": "TOMBSTONE",
    "age_basis": "SIGNAL",
    "kind": "LEGAL",
    "count": 1,
    "steps": 1,
}
NOTIFICATION_OUTCOME = "SENT"


@dataclass(frozen=True)
class Record:
    """One record of the log. ``event`` is the JSON form; None is bytes that nobody can read.

    ``key``: the token that an unreadable record is about; None for no readable key.
    """

    recorded_at: datetime
    event: Json | None
    key: str | None = None


@dataclass(frozen=True)
class Fact:
    """An accepted event. ``parts``: when it is the person's who is asked about; at first, all its time."""

    event: Json
    span: Span
    recorded_at: int
    parts: tuple[Span, ...] = ()

    def __getitem__(self, key: str) -> Any:
        return self.event.get(key, default(self.event["event"], key))

    @property
    def id(self) -> str:
        return str(self.event["event_id"])

    @property
    def order(self) -> tuple[int, int, str]:
        """No meaning depends on the order of the log: facts sort by occurred, recorded, id."""
        return self.span.start, self.recorded_at, self.id


@dataclass
class Told:
    """What the log says as of an instant: facts by subject (None: populations), reports, parked records,
    numbers seen by incarnation.

    ``policy``: the files adopted last (rulings.md 9). ``until``: how far the log is known. ``erasures`` are
    known whatever the as-of (rulings.md 22).
    """

    accepted: dict[str | None, list[Fact]] = field(default_factory=dict)
    erasures: list[Fact] = field(default_factory=list)
    reports: list[Json] = field(default_factory=list)
    policy: dict[str, str] | None = None
    parked: list[tuple[str | None, tuple[str | None, str] | None, object]] = field(default_factory=list)
    numbers: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    known: dict[tuple[str | None, str], object] = field(default_factory=dict)
    until: int = -FOREVER

    def parked_for(self, tokens: Iterable[str]) -> bool:
        """Whether an undecided parked record may be about somebody with these tokens."""
        return any(
            key in (None, *tokens) and (identity is None or self.known.get(identity) != content)
            for key, identity, content in self.parked
        )


def default(kind: str, key: str) -> Any:
    """The value of a field that is left out (rulings.md 15)."""
    if key == "outcome" and kind == "RecipientNotified":
        return NOTIFICATION_OUTCOME
    if key in ("elements", "purposes", "regimes"):
        return []
    return DEFAULTS.get(key)


def content(event: Json) -> object:
    """What two events must share to be the same: all but who sent them, lists as sets, defaults as absent."""
    kept = {}
    for key, value in event.items():
        if key in NOT_CONTENT or value in (None, [], False, "") or value == default(event["event"], key):
            continue
        kept[key] = tuple(sorted(set(value))) if isinstance(value, list) else value
    return tuple(sorted(kept.items(), key=lambda item: item[0]))


def read(records: list[Record], as_of: int = FOREVER) -> Told:
    """Everything recorded by ``as_of``; of later records only the erasures."""
    told = Told()
    for record in records:
        recorded = moment(record.recorded_at)
        if recorded > as_of:
            continue
        told.until = max(told.until, recorded)
        _take(told, record, recorded)
    everything = told if as_of >= FOREVER else read(records)
    facts = (fact for facts in everything.accepted.values() for fact in facts)
    told.erasures = [fact for fact in facts if fact["event"] == "SubjectErased"]
    return told


def _take(told: Told, record: Record, recorded: int) -> None:
    event = record.event
    if event is None:
        told.parked.append((record.key, None, None))
        return
    incarnation = (event["producer"], event["incarnation"])
    seen = told.numbers.setdefault(incarnation, set()) if event["event"] != "PolicyAdopted" else set()
    if event["event"] in WITHOUT_PERSON:
        if event["event"] == "ProducerReported":
            told.reports.append(event)
        else:
            told.policy = event["files"]
        return
    seen.add(event["sequence"])
    subject = event.get("subject")
    identity = (subject, event["event_id"])
    meaning = content(event)
    if identity in told.known:
        if told.known[identity] != meaning:
            told.parked.append((subject, identity, meaning))
        return
    if _future(event, recorded):
        told.parked.append((subject, identity, meaning))
        return
    told.known[identity] = meaning
    span = span_of(event)
    told.accepted.setdefault(subject, []).append(Fact(event, span, recorded, (span,)))


def _future(event: Json, recorded: int) -> bool:
    bounds = [event["occurred_at"], event.get("occurred_until") or event["occurred_at"]]
    return any(micros(bound) > recorded + FIVE_MINUTES for bound in bounds)
