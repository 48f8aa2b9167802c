"""What did the database say, from which documents are made without it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from lineage.identity import Stopped
from lineage.report.check import in_order
from lineage.report.gate import released
from lineage.report.given import Person, Row
from lineage.report.know import document
from lineage.report.request import Request
from lineage.report.state import State
from lineage.window import Window

Answer = tuple[Person, Row]


@dataclass(frozen=True, slots=True)
class Found:
    """All that the answers to some requests are made of. Another process may make them.

    ``answers``: for each request the person with the rows of ``answer.sql``, or why the answer stopped.
    ``desk``: positions of the desk, to stand among those of each answer.
    """

    state: State
    requests: Sequence[Request]
    answers: Sequence[Answer | Stopped]
    log_gaps: Mapping[Window, list[Row]]
    desk: Mapping[str, int] | None

    def of(self, some: slice) -> Self:
        """The same for some of the requests alone."""
        return replace(self, requests=self.requests[some], answers=self.answers[some])

    def document(self, number: int) -> dict[str, Any]:
        """The document for one of the requests, with what was asked for; ``{"stopped": …}`` in its place.

        Raises:
            NotInOrder: it came out as none may be.
        """
        request, answer = self.requests[number], self.answers[number]
        if isinstance(answer, Stopped):
            return {"stopped": answer.reason}
        person, row = answer
        copy = released(
            document(request, person, row, self.log_gaps[person.window], self.state),
            request.verification,
            request.blocks,
            request.audience,
            desk=self.desk,
            refusal=request.refusal,
        )
        return in_order(copy, request.audience)
