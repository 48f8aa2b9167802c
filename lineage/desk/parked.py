"""What did people decide about records that the projection refused? To judge them again, or that they are
none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eventsourcing.domain import DomainEvent
from eventsourcing.utils import register_topic

from lineage.desk.proof import code, one_of, pointer
from lineage.report.state import Discarded

RELEASED: Final = "RELEASED"
DISCARDED: Final = "DISCARDED"
_DECISIONS: Final = frozenset({RELEASED, DISCARDED})

Place = tuple[int, int, datetime]
"""Partition, offset and ``recorded_at``: when a topic is made anew, another record may stand at a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedDecision:
    """A person's verdict on some refused records.

    ``decided``: RELEASED, to be judged again; DISCARDED, no event, so that it leaves no gap any more.
    ``as_of``: how far the log had been read; answers as of earlier instants are what they were.

    Raises:
        Refused: a decision that does not exist, a reason that is no code.
    """

    places: tuple[Place, ...]
    decided: str
    as_of: datetime
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        one_of(self.decided, _DECISIONS, "decided")
        code(self.reason, "reason")
        pointer(self.by, "by")


class ParkedDecided(DomainEvent):
    """Such a decision was taken; it stands in the one log of all decisions."""

    TOPIC = "Decision.Parked"
    places: list[tuple[int, int, datetime]]
    decided: str
    as_of: datetime
    reason: str
    by: str
    at: datetime

    def decision(self) -> ParkedDecision:
        return ParkedDecision(
            places=tuple((partition, offset, at) for partition, offset, at in self.places),
            decided=self.decided,
            as_of=self.as_of,
            reason=self.reason,
            by=self.by,
            at=self.at,
        )


register_topic(ParkedDecided.TOPIC, ParkedDecided)


def discarded(decisions: Iterable[ParkedDecision]) -> tuple[Discarded, ...]:
    """The records of which is decided that they are no events; of each the latest decision holds."""
    latest = {place: each for each in decisions for place in each.places}
    return tuple(Discarded(*place, each.as_of) for place, each in latest.items() if each.decided == DISCARDED)
