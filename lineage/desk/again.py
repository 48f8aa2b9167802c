"""Would we say the same today, and can we still say what we said then? (DD-13)

Pure: how an answer is made again is passed in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lineage.desk.issued import Issued, IssuedReport
from lineage.errors import Refused
from lineage.report.canonical import canonical
from lineage.report.change import Value
from lineage.report.difference import Difference, difference
from lineage.report.request import Audience, Verification

Document = Mapping[str, Any]


class MakeAgain(Protocol):
    """A way to make the document of an issued report's request again."""

    def __call__(
        self, issued: Issued, as_of: datetime | None, audience: Audience | None = None, /
    ) -> Document:
        """As of an instant, or of now; for the audience that it was issued for, or another."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A report that would say something else today. ``now``: the ``answer_digest`` of what it would say.

    ``showed_unlinked``: it told the person of events that are not theirs, as is known now.
    """

    issued: Issued
    now: str
    difference: Difference
    showed_unlinked: bool = False


def stale(
    reports: Iterable[IssuedReport],
    again: MakeAgain,
    showed_unlinked: Callable[[Issued], bool] = lambda issued: False,
) -> Iterator[Stale]:
    """Those of the reports about which something is to be decided.

    Left out is what a later report has supplemented, and what was decided about the very answer it would be.
    ``showed_unlinked``: tells of a report whether it showed what is no longer the person's.
    """
    reports = list(reports)
    supplemented = {report.issued.supplement_of for report in reports}
    for report in reports:
        if str(report.id) in supplemented:
            continue
        later = again(report.issued, None)
        now = str(later.get("answer_digest") or later["stopped"])
        is_decided = report.supplement is not None and report.supplement[1] == now
        if now != report.issued.answer_digest and not is_decided:
            yield Stale(
                report.issued, now, difference(report.document, later), showed_unlinked(report.issued)
            )


def since(report: IssuedReport, again: MakeAgain) -> Difference:
    """What the answer of today says that the report does not, and why.

    The person's copy does not tell why anything is as it is; the handler's copies of then and now do.
    """
    issued = report.issued
    then, now = (again(issued, as_of, Audience.HANDLER) for as_of in (issued.as_of, None))
    return Difference(difference(report.document, today(report, again)).found, difference(then, now).why)


def today(report: IssuedReport, again: MakeAgain) -> Document:
    """The answer to the report's request as it would be now, for the same audience."""
    return again(report.issued, None)


def refuse_idle(report: IssuedReport, later: Document) -> None:
    """Before a supplement is issued.

    Raises:
        Refused: it says what the report said, or nobody is verified any more who could be told what changed.
    """
    if not any(change != _adds(report) for change in difference(report.document, later).found):
        raise Refused(
            f"Nothing is new since report {report.id}: what it says still holds, so there is nothing to add."
        )
    is_persons = report.issued.request.audience is Audience.PERSON
    if is_persons and _is_unverified(later) and not _is_unverified(report.document):
        raise Refused(
            f"Nobody is verified for the case now, and was for report {report.id}. What changed would tell "
            "of it: verify first, see lineage case verify."
        )


def _adds(report: IssuedReport) -> Value:
    """What a supplement says otherwise because it is one."""
    return Value("request", "supplement_of", report.issued.supplement_of, str(report.id))


def _is_unverified(document: Document) -> bool:
    return bool(document["request"]["verification"] == Verification.V0_NONE)


def verified(report: IssuedReport, again: MakeAgain) -> Difference | None:
    """None when the report, made again as of its own instant, has the same bytes; else what is different."""
    remade = again(report.issued, report.issued.as_of)
    if canonical(remade) == report.content:
        return None
    return difference(report.document, remade)
