"""`lineage report --case`: the answer to a case, kept as issued."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import click

from lineage.cli.at_desk import AtDesk, at_desk
from lineage.cli.opened import for_reading
from lineage.desk.case import Case
from lineage.desk.desk import POSITION
from lineage.desk.issued import IssuedReport
from lineage.report.refusal import Refusal
from lineage.report.request import Audience, Request

Answered: TypeAlias = tuple[dict[str, Any], dict[str, Any] | None]
"""The document, and what stands behind the lines of a handler's copy."""


def answer_case(
    case_id: UUID,
    audience: Audience,
    as_of: datetime | None,
    refusal: Refusal | None = None,
    *,
    explain: bool = False,
) -> Answered:
    """The document for a case at the level that it shows; it is kept at the desk, and that it was read.

    ``refusal``: why the longer period that the case asks for is not answered. ``explain``: whether to say of
    the handler's copy, beside it, what stands behind each of its lines.

    Raises:
        Refused: there is no such case, or it asks for no longer period.
        NoPolicy: none was adopted by then.
        NotInOrder: the validator found something that forbids it.
    """
    with at_desk() as here:
        case = here.desk.case(case_id)
        request = replace(case.request, audience=audience)
        if refusal is not None:
            request = request.refusing(refusal)
        return answered(here, case, request, as_of, explain=explain)


def answered(
    here: AtDesk,
    case: Case,
    request: Request,
    as_of: datetime | None = None,
    *,
    adds_to: IssuedReport | None = None,
    explain: bool = False,
) -> Answered:
    """The same for a request of the case. ``adds_to``: an earlier report, which this one supplements.

    Raises, besides:
        Refused: there is nothing to add.
    """
    from lineage.desk.again import refuse_idle
    from lineage.proof.chain import FOLDER, latest
    from lineage.report.check import in_order
    from lineage.report.gate import released
    from lineage.report.release import why_not

    audience, desk = request.audience, here.desk.positions()
    with for_reading(here.settings) as store:
        reporter = here.reporter(store, desk[POSITION])
        [whole] = reporter.report([replace(request, audience=Audience.HANDLER)], as_of=as_of)
        behind = None
        if explain and audience is Audience.HANDLER and "stopped" not in whole:
            behind = reporter.explain_lines(request, whole, as_of=as_of)
    here.note("REPORT", [request.subject], str(case.id))
    if "stopped" in whole:
        return whole, None
    because, proven = case.standing.ground, latest(here.settings.archive_folder / FOLDER)
    copy = released(
        whole,
        request.verification,
        request.blocks,
        audience,
        str(case.id),
        because=because,
        supplement_of=None if adds_to is None else str(adds_to.id),
        checkpoint=None if proven is None else proven.digest,
        desk=desk,
    )
    document = in_order(copy, audience)
    if adds_to is not None:
        refuse_idle(adds_to, document)
    issued = here.desk.issue(
        document,
        request,
        positions={**whole["positions"], **desk},
        because=because,
        by=here.by,
        at=here.at,
    )
    for why in why_not(document) if audience is Audience.PERSON else ():
        click.echo(f"lineage: not for release: {why}", err=True)
    click.echo(f"lineage: kept as report {issued}; see lineage reports show {issued}", err=True)
    return document, behind
