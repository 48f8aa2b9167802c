"""Which report was made for whom, from what, and is it still what we would say?

The canonical bytes are kept, with what it takes to make them again. Values of personal data are in none.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from eventsourcing.domain import Aggregate, event

from lineage.desk.asked import request_of, told
from lineage.desk.proof import code, one_of, pointer
from lineage.report.canonical import canonical
from lineage.report.gate import UNVERIFIED
from lineage.report.request import Request

SUPPLEMENT: Final = frozenset({"SEND", "NOT_NEEDED"})
"""What is done about a report that would say something else today (DD-13)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What is known of an issued report without reading it.

    ``as_of``: the instant as of which it speaks. ``positions``: how far each partition, and the desk, was
    read. ``case`` and ``supplement_of``: ids as the document has them, or None. ``because``: the ground that
    the gate was given. ``for_review``: events that a person has to judge, ``{"event_id", "reason"}`` each.
    ``checkpoint``: digest of the archive's last one then, or None.
    """

    id: UUID
    request: Request
    digest: str
    answer_digest: str
    as_of: datetime
    positions: Mapping[str, int]
    case: str | None
    because: str
    supplement_of: str | None
    for_review: Sequence[Mapping[str, str]]
    by: str
    at: datetime
    checkpoint: str | None = None


def issued(id: UUID, event: Mapping[str, Any]) -> Issued:
    """From what the event of issuing holds."""
    names = (
        "digest",
        "answer_digest",
        "as_of",
        "positions",
        "case",
        "because",
        "supplement_of",
        "for_review",
        "by",
        "at",
    )
    return Issued(
        id=id,
        request=request_of(event["asked"]),
        checkpoint=event.get("checkpoint"),
        **{name: event[name] for name in names},
    )


class IssuedReport(Aggregate):
    """One report that was handed to somebody, byte for byte."""

    TOPIC = "Report"

    @event("Created", topic="Report.Issued")
    def __init__(
        self,
        *,
        asked: dict[str, Any],
        digest: str,
        answer_digest: str,
        as_of: datetime,
        positions: dict[str, int],
        case: str | None,
        because: str,
        supplement_of: str | None,
        for_review: list[dict[str, str]],
        by: str,
        at: datetime,
        checkpoint: str | None = None,
    ) -> None:
        self.issued = Issued(
            id=self.id,
            request=request_of(asked),
            digest=digest,
            answer_digest=answer_digest,
            as_of=as_of,
            positions=positions,
            case=case,
            because=because,
            supplement_of=supplement_of,
            for_review=for_review,
            by=by,
            at=at,
            checkpoint=checkpoint,
        )
        self.content = b""
        self.supplement: tuple[str, str] | None = None

    @classmethod
    def issue(
        cls,
        document: Mapping[str, Any],
        request: Request,
        *,
        positions: Mapping[str, int],
        because: str = UNVERIFIED,
        by: str,
        at: datetime,
    ) -> "IssuedReport":
        """Keep a final document, made for ``request``.

        ``positions``: of the log and the desk when it was made; the person's copy has none. ``because``: the
        ground that the gate was given.
        """
        report = cls(
            asked=told(request),
            digest=document["digest"],
            answer_digest=document["answer_digest"],
            as_of=datetime.fromisoformat(document["as_of"]),
            positions=dict(positions),
            case=document["request"]["id"],
            because=because,
            supplement_of=document["request"]["supplement_of"],
            for_review=[dict(each) for each in document.get("for_review", ())],
            by=pointer(by, "by"),
            at=at,
            checkpoint=document["versions"].get("checkpoint"),
        )
        # Apart from the rest, so that reports are listed without reading them. The store compresses it.
        report._kept(text=canonical(document).decode())
        return report

    @property
    def document(self) -> dict[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    def decide_supplement(self, decision: str, about: str, *, reason: str, by: str, at: datetime) -> None:
        """What is done about an answer that would be another one today. ``about``: its ``answer_digest``.

        Raises:
            Refused: a decision that does not exist, a reason that is no code.
        """
        one_of(decision, SUPPLEMENT, "decision")
        self._decided(
            decision=decision, about=about, reason=code(reason, "reason"), by=pointer(by, "by"), at=at
        )

    @event("Kept", topic="Report.Kept")
    def _kept(self, text: str) -> None:
        self.content = text.encode()

    @event("SupplementDecided", topic="Report.SupplementDecided")
    def _decided(self, decision: str, about: str, reason: str, by: str, at: datetime) -> None:
        self.supplement = (decision, about)
