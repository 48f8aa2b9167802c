"""What does a person ask? Whose data, which period, which blocks of the answer, and for whom it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from lineage.errors import Refused
from lineage.report.refusal import Refusal
from lineage.window import received, window

CATEGORY_BLOCKS = ("collected", "sources", "purposes", "third_parties", "sold_or_shared", "disclosed")
BLOCKS = (*CATEGORY_BLOCKS, "pieces")


class Verification(StrEnum):
    """How sure the business is of who asks (law.md A.10; R 7061, 7062)."""

    V0_NONE = "V0_NONE"
    V1_REASONABLE = "V1_REASONABLE"
    V2_HIGH = "V2_HIGH"
    V_ACCOUNT = "V_ACCOUNT"


class Audience(StrEnum):
    """The handler sees every block and who told it; the person what their verification releases."""

    HANDLER = "handler"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to know.

    ``received``: a day, or an aware instant. ``since``: the first day of a range; ``everything``: all since
    2022; neither: the twelve months before receipt. ``blocks``: what is asked for, by their names in JSON.
    ``refusal``: a longer period was asked for, the twelve months are answered (see ``refusing``).

    Raises:
        Refused: both a range and everything, a longer period beside its refusal, or a block that does not
            exist.
    """

    subject: UUID
    received: date | datetime
    since: date | None = None
    everything: bool = False
    blocks: tuple[str, ...] = BLOCKS
    verification: Verification = Verification.V0_NONE
    audience: Audience = Audience.HANDLER
    refusal: Refusal | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.everything:
            raise Refused("A first day and everything were both asked for. Leave one out.")
        if self.refusal is not None and (self.since is not None or self.everything):
            raise Refused("A longer period is asked for and refused. Ask for it, then refuse it.")
        if unknown := [block for block in self.blocks if block not in BLOCKS]:
            raise Refused(f"{', '.join(unknown)}: no such block. Choose among {', '.join(BLOCKS)}.")
        if not self.blocks:
            raise Refused(f"No block was asked for. Choose among {', '.join(BLOCKS)}.")

    def refusing(self, refusal: Refusal) -> "Request":
        """The request that is answered in place of this one for a longer period: the twelve months.

        Raises:
            Refused: no longer period was asked for.
        """
        # In UTC, for the zone stands in the policy: a first day that is a few hours off refuses nothing more.
        asked = window(self.received, "UTC", since=self.since, everything=self.everything)
        if asked.start >= asked.base_start:
            raise Refused(
                "No more than the twelve months was asked for, so there is nothing to refuse. Leave the "
                "refusal out, or say what was asked: a first day, or everything."
            )
        return replace(self, since=None, everything=False, refusal=refusal)


def blocks_of(text: str) -> tuple[str, ...]:
    """The blocks as somebody writes them, with commas or spaces between.

    >>> blocks_of("collected, pieces")
    ('collected', 'pieces')
    """
    return tuple(text.replace(",", " ").split())


def request_of(document: Mapping[str, Any]) -> Request:
    """What a handler's document answers.

    Raises:
        Refused: it is no handler's document of this kind.
    """
    try:
        asked, period = document["request"], document["window"]
        zone = ZoneInfo(period["time_zone"])
        return Request(
            subject=UUID(document["subject"]["token"]),
            received=received(asked["received_at"]),
            since=datetime.fromisoformat(period["from"]).astimezone(zone).date()
            if period["basis"] == "range"
            else None,
            everything=period["basis"] == "everything",
            verification=Verification(asked["verification"]),
            refusal=period["refusal"] and Refusal.of(period["refusal"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Refused("This is no handler's copy of a report. Make one with: lineage report") from None


def requests_of(people: Sequence[tuple[UUID, date | datetime]]) -> list[Request]:
    """Whole requests about the twelve months: (subject, receipt) each."""
    return [Request(subject=subject, received=received) for subject, received in people]
