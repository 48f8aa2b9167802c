"""What did people decide about the projection as a whole? Facts that change no answer, in their order."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from eventsourcing.domain import DomainEvent
from eventsourcing.utils import register_topic

from lineage.desk.proof import code, pointer
from lineage.desk.store import DeskStore, in_our_words
from lineage.projection.limits import Acceptance

_ACCEPTED: Final = uuid5(NAMESPACE_OID, "lineage.desk.parked.accepted")
_RECONCILED: Final = uuid5(NAMESPACE_OID, "lineage.desk.reconciled")


class ParkedAccepted(DomainEvent):
    """Somebody decided to go on though many records are refused.

    ``offsets``: partition, first and last offset, both inclusive.
    """

    TOPIC = "Parked.Accepted"
    most: int
    offsets: list[list[int]]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """A system's own counts by day were compared with the log's.

    ``since`` (None: from the first) and ``until`` (exclusive): the days that were looked at. ``days``: on
    which one of them counted something, ``days_differing`` of these they disagree. ``events``: the kinds of
    event that counted, empty for all; ``query``: SHA-256 of the query's text; ``as_of``: how far the log was
    read.
    """

    system: str
    events: tuple[str, ...]
    query: str
    since: date | None
    until: date
    days: int
    days_differing: int
    at_source: int
    in_log: int
    as_of: datetime
    by: str
    at: datetime


class Reconciled(DomainEvent):
    """A reconciliation was made; its fields."""

    TOPIC = "System.Reconciled"
    system: str
    events: list[str]
    query: str
    since: date | None
    until: date
    days: int
    days_differing: int
    at_source: int
    in_log: int
    as_of: datetime
    by: str
    at: datetime

    def reconciliation(self) -> Reconciliation:
        told = {each.name: getattr(self, each.name) for each in fields(Reconciliation)}
        return Reconciliation(**told | {"events": tuple(self.events)})


for _event in (ParkedAccepted, Reconciled):
    register_topic(_event.TOPIC, _event)


class OperatingDesk(DeskStore):
    """Which refused records were accepted, and which systems were reconciled."""

    def accept_parked(self, accepted: Acceptance, *, reason: str, by: str, at: datetime) -> None:
        """Keep that up to so many refused records among these offsets stop nothing.

        Raises:
            Refused: the reason is no code.
            ChangedMeanwhile: somebody else accepted some at the same moment.
        """
        event = self.stream(_ACCEPTED, ParkedAccepted).trigger_event(
            self.version(_ACCEPTED, ParkedAccepted) + 1,
            most=accepted.most,
            offsets=[[part, *ends] for part, ends in sorted(accepted.offsets.items())],
            reason=code(reason, "reason"),
            by=pointer(by, "by"),
            at=at,
        )
        self.keep(event)

    def accepted_parked(self) -> list[Acceptance]:
        """All that was accepted so far."""
        with in_our_words():
            found = list(self.stream(_ACCEPTED, ParkedAccepted).get())
        return [
            Acceptance(each.most, {part: (first, last) for part, first, last in each.offsets})
            for each in found
        ]

    def reconcile(self, made: Reconciliation) -> None:
        """Keep what came of a reconciliation.

        Raises:
            ChangedMeanwhile: somebody else reconciled at the same moment.
        """
        place = self.version(_RECONCILED, Reconciled) + 1
        self.keep(self.stream(_RECONCILED, Reconciled).trigger_event(place, **asdict(made)))

    def reconciled(self) -> dict[str, Reconciliation]:
        """By system, the latest reconciliation."""
        with in_our_words():
            found = [each.reconciliation() for each in self.stream(_RECONCILED, Reconciled).get()]
        return {each.system: each for each in found}
