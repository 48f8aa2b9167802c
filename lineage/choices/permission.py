"""May it be sold or shared? Yes or no, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why yes, or why no."""

    NO_SALE = "NO_SALE"
    NO_OPT_OUT = "NO_OPT_OUT"
    OPTED_IN = "OPTED_IN"
    FOR_CUSTOMER = "FOR_CUSTOMER"
    EXEMPT = "EXEMPT"

    OPTED_OUT = "OPTED_OUT"
    SIGNAL = "SIGNAL"
    MINOR = "MINOR"
    LIMITED = "LIMITED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    MARKETING_OPTED_OUT = "MARKETING_OPTED_OUT"
    ERASED = "ERASED"
    UNREAD = "UNREAD"
    EVERYBODY = "EVERYBODY"
    NO_CONTRACT = "NO_CONTRACT"
    NOT_OURS = "NOT_OURS"
    NOT_A_SHARING = "NOT_A_SHARING"
    NOT_IN_POLICY = "NOT_IN_POLICY"
    NO_PUBLISHER = "NO_PUBLISHER"
    NO_SNAPSHOT = "NO_SNAPSHOT"
    NOT_TRUSTED = "NOT_TRUSTED"
    TOO_OLD = "TOO_OLD"
    OTHER_POLICY = "OTHER_POLICY"
    OTHER_SECRET = "OTHER_SECRET"  # noqa: S105 (a reason)


ALLOWS: Final = frozenset(
    {Reason.NO_SALE, Reason.NO_OPT_OUT, Reason.OPTED_IN, Reason.FOR_CUSTOMER, Reason.EXEMPT}
)

EXPLAINED: Final = {
    Reason.NO_SALE: "It is no sale and no sharing, and nothing the person chose forbids it.",
    Reason.NO_OPT_OUT: "It is a sale or sharing, and the person has not opted out.",
    Reason.OPTED_IN: "It is a sale or sharing, and the person has opted in to it.",
    Reason.FOR_CUSTOMER: "It is done on a customer's instruction; the customer decides about it.",
    Reason.EXEMPT: "It is claimed, with proof, to be outside the law.",
    Reason.OPTED_OUT: "It is a sale or sharing, and the person has opted out.",
    Reason.SIGNAL: "It is a sale or sharing, and this request carries an opt-out signal.",
    Reason.MINOR: "It is a sale or sharing of a person known to be under 16, without a valid opt-in.",
    Reason.LIMITED: "It is sensitive, the person limited that, and a purpose is none that a limit leaves.",
    Reason.CONSENT_WITHDRAWN: "The person has withdrawn consent for a purpose of it.",
    Reason.MARKETING_OPTED_OUT: "A purpose of it is marketing, and the person wants none.",
    Reason.ERASED: "The person's lineage was erased: what was chosen before is not known any more.",
    Reason.UNREAD: "A record of this person could not be read and may be an opt-out; see lineage parked.",
    Reason.EVERYBODY: "What one person chose may forbid it, and it is about everybody. Ask for each person.",
    Reason.NO_CONTRACT: "It is a sale or sharing, and no contract in force names its purposes.",
    Reason.NOT_OURS: "Somebody acts who has no contract with us: it is not ours to allow.",
    Reason.NOT_A_SHARING: "This shares nothing: ask about a Shared or PopulationShared that is granted.",
    Reason.NO_PUBLISHER: "The service has no publisher now: what it was told last cannot be known.",
    Reason.NO_SNAPSHOT: "There is no snapshot of choices here. Run lineage choices export.",
    Reason.TOO_OLD: "The snapshot of choices is too old. Run lineage choices export more often.",
    Reason.OTHER_POLICY: "The snapshot is of another policy than the service's. Adopt that and export again.",
    Reason.OTHER_SECRET: "The snapshot was made with another secret: it knows people by other tokens.",
}


@dataclass(frozen=True, slots=True)
class Permission:
    """The answer; it is true when it is yes.

    ``kinds``: what the sharing would be (docs/glossary.md); ``as_of``: everything recorded before then is
    known to it, UTC. Neither names the person.
    """

    reason: Reason
    explanation: str
    kinds: tuple[str, ...] = ()
    as_of: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Whether it may be sold or shared."""
        return self.reason in ALLOWS

    def __bool__(self) -> bool:
        return self.allowed
