"""What became of a sealed copy of specific pieces? Who sealed, opened, delivered and destroyed it, and when.

No value, and nothing by which one could be guessed: the attachment goes by the digest of its sealed bytes.
"""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from eventsourcing.domain import DomainEvent
from eventsourcing.utils import register_topic

from lineage.desk.proof import one_of, pointer
from lineage.desk.store import DeskStore, in_our_words
from lineage.errors import Refused

STEPS: Final = frozenset({"SEALED", "OPENED", "DELIVERED", "DESTROYED"})
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One step in the life of an attachment.

    ``attachment`` and ``report``: digests in hex; ``case``: its id. The last two are those of the sealing,
    None where that was not noted. ``step``: of STEPS.

    Raises:
        Refused: a step that does not exist, a digest that is none, an actor of more than one word.
    """

    attachment: str
    step: str
    report: str | None
    case: str | None
    by: str
    at: datetime

    def __post_init__(self) -> None:
        one_of(self.step, STEPS, "step")
        pointer(self.by, "by")
        for digest in (self.attachment, self.report):
            if digest is not None and not _DIGEST.fullmatch(digest):
                raise Refused("An attachment and its report are named by their digests: 64 hex digits.")


class Stepped(DomainEvent):
    """A step was taken, in the log of its attachment."""

    TOPIC = "Attachment.Stepped"
    attachment: str
    step: str
    report: str | None
    case: str | None
    by: str
    at: datetime

    def handover(self) -> Handover:
        return Handover(
            attachment=self.attachment,
            step=self.step,
            report=self.report,
            case=self.case,
            by=self.by,
            at=self.at,
        )


register_topic(Stepped.TOPIC, Stepped)


def hand_over(
    desk: DeskStore,
    attachment: str,
    *steps: str,
    by: str,
    at: datetime,
    report: str | None = None,
    case: str | None = None,
) -> None:
    """Keep steps in the life of an attachment; report and case, when left out, are those of its sealing.

    Raises:
        Refused: a step that does not exist, a digest that is none.
        ChangedMeanwhile: somebody else took a step at the same moment.
    """
    before = handovers(desk, attachment)
    if before:
        report, case = report or before[0].report, case or before[0].case
    taken = [
        Handover(attachment=attachment, step=step, report=report, case=case, by=by, at=at) for step in steps
    ]
    life = desk.stream(_life_of(attachment), Stepped)
    desk.keep(
        *(life.trigger_event(place, **asdict(each)) for place, each in enumerate(taken, len(before) + 1))
    )


def handovers(desk: DeskStore, attachment: str) -> list[Handover]:
    """The steps in the life of an attachment, in their order."""
    with in_our_words():
        return [each.handover() for each in desk.stream(_life_of(attachment), Stepped).get()]


def _life_of(attachment: str) -> UUID:
    """The stream of one attachment."""
    return uuid5(NAMESPACE_OID, f"lineage.desk.attachment.{attachment}")
