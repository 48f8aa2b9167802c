"""`lineage report --case`: the answer to a case, kept as issued."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.opened import caught_up
from lineage.desk.desk import POSITION
from lineage.report.refusal import Refusal
from lineage.report.request import Audience


def answer_case(
    case_id: UUID,
    audience: Audience,
    as_of: datetime | None,
    refusal: Refusal | None = None,
    *,
    explain: bool = False,
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The document for a case at the level that it shows; it is kept at the desk, and that it was read.

    ``refusal``: why the longer period that the case asks for is not answered. ``explain``: whether to say of
    the handler's copy, beside it, what stands behind each of its lines.

    Raises:
        Refused: there is no such case, or it asks for no longer period.
        NoPolicy: none was adopted by then.
        NotInOrder: the validator found something that forbids it.
    """
    from lineage.report.check import in_order
    from lineage.report.gate import released
    from lineage.report.release import why_not

    with at_desk() as here:
        case = here.desk.case(case_id)
        request = replace(case.request, audience=audience)
        if refusal is not None:
            request = request.refusing(refusal)
        desk = here.desk.positions()
        with caught_up(here.settings) as store:
            reporter = here.reporter(store.cursor(), desk[POSITION])
            [whole] = reporter.report([replace(request, audience=Audience.HANDLER)], as_of=as_of)
            behind = None
            if explain and audience is Audience.HANDLER and "stopped" not in whole:
                behind = reporter.explain_lines(request, whole, as_of=as_of)
        here.note("REPORT", [request.subject], str(case.id))
        if "stopped" in whole:
            return whole, None
        because = case.standing.ground
        copy = released(
            whole,
            request.verification,
            request.blocks,
            audience,
            str(case.id),
            because=because,
            desk=desk,
        )
        document = in_order(copy, audience)
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
