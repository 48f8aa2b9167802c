"""Who read whom, and what did somebody decide? Single facts that never change, in their order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from eventsourcing.domain import DomainEvent
from eventsourcing.utils import register_topic

from lineage.desk.parked import ParkedDecision
from lineage.desk.proof import code, one_of, pointer
from lineage.identity import Verdict

READINGS: Final = frozenset({"REPORT", "TIMELINE", "QUERY", "PARKED"})
KINDS: Final = frozenset(
    {
        *("INTERNAL", "CONSUMER_DIRECTED", "SWITCHING", "OPT_OUT_SIGNAL", "MERGER", "LEGAL_OR_GOV"),
        *("SALE", "SHARE", "BP_SERVICE_PROVIDER", "BP_CONTRACTOR", "BP_THIRD_PARTY"),
        *("EXEMPT", "NOT_EXEMPT"),
    }
)
"""What a disclosure can be decided to be (law.md A.3), and whether a claimed exemption holds."""

LINKS: Final = frozenset(each.value for each in Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One reading of one person's data.

    ``actor``: who read, a pseudonym. ``kind``: of READINGS. ``reason``: a case or a code.

    Raises:
        Refused: a kind that does not exist; an actor or a reason of more than one word.
    """

    actor: str
    kind: str
    subject: UUID
    reason: str
    at: datetime

    def __post_init__(self) -> None:
        pointer(self.actor, "actor")
        one_of(self.kind, READINGS, "kind of reading")
        pointer(self.reason, "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person's verdict on one event that the rules alone could not judge.

    ``decided``: of KINDS. ``reason``: a code.

    Raises:
        Refused: a kind that does not exist, a reason that is no code.
    """

    subject: UUID
    event_id: UUID
    decided: str
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        one_of(self.decided, KINDS, "decided")
        code(self.reason, "reason")
        pointer(self.by, "by")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecision:
    """A person's verdict on two tokens that the links alone leave open: two accounts, or an unsure link.

    ``decided``: of LINKS. ``reason``: a code.

    Raises:
        Refused: a verdict that does not exist, a reason that is no code.
    """

    subject: UUID
    other: UUID
    decided: str
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        one_of(self.decided, LINKS, "decided")
        code(self.reason, "reason")
        pointer(self.by, "by")


Decision = Review | LinkDecision | ParkedDecision


class Noted(DomainEvent):
    """A reading was noted, in the log of its subject."""

    TOPIC = "Access.Noted"
    actor: str
    kind: str
    subject: UUID
    reason: str
    at: datetime

    def access(self) -> Access:
        return Access(actor=self.actor, kind=self.kind, subject=self.subject, reason=self.reason, at=self.at)


class Decided(DomainEvent):
    """A decision was taken, in the one log of all decisions: its version is the desk's position."""

    TOPIC = "Decision.Decided"
    about: Literal["EVENT", "LINK"]
    subject: UUID
    other: UUID
    decided: str
    reason: str
    by: str
    at: datetime

    def decision(self) -> Review | LinkDecision:
        if self.about == "EVENT":
            return Review(
                subject=self.subject,
                event_id=self.other,
                decided=self.decided,
                reason=self.reason,
                by=self.by,
                at=self.at,
            )
        return LinkDecision(
            subject=self.subject,
            other=self.other,
            decided=self.decided,
            reason=self.reason,
            by=self.by,
            at=self.at,
        )


for _event in (Noted, Decided):
    register_topic(_event.TOPIC, _event)
