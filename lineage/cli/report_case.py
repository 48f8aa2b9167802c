"""`lineage report --case`: the answer to a case, kept as issued."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.opened import caught_up
from lineage.errors import LineageError
from lineage.report.request import Audience


class NotInOrder(LineageError):
    """A report that must not leave the house."""


def answer_case(case_id: UUID, audience: Audience, as_of: datetime | None) -> dict[str, Any]:
    """The document for a case at the level that it shows; it is kept at the desk, and that it was read.

    Raises:
        Refused: there is no such case.
        NoPolicy: none was adopted by then.
        NotInOrder: the validator found something that forbids it.
    """
    from lineage.report import Reporter
    from lineage.report.check import problems
    from lineage.report.gate import released

    with at_desk() as here:
        case = here.desk.case(case_id)
        request = replace(case.request, audience=audience)
        with caught_up(here.settings) as store:
            [whole] = Reporter(store.cursor()).report(
                [replace(request, audience=Audience.HANDLER)], as_of=as_of
            )
        here.note("REPORT", [request.subject], str(case.id))
        if "stopped" in whole:
            return whole
        desk, because = here.desk.positions(), case.standing.ground
        document = released(
            whole,
            request.verification,
            request.blocks,
            audience,
            str(case.id),
            because=because,
            desk=desk,
        )
        if wrong := problems(document):
            raise NotInOrder(
                f"The report is not in order: {wrong[0]}"
                + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "")
                + ". It was not issued."
            )
        issued = here.desk.issue(
            document,
            request,
            positions={**whole["positions"], **desk},
            because=because,
            by=here.by,
            at=here.at,
        )
    click.echo(f"lineage: kept as report {issued}; see lineage reports show {issued}", err=True)
    return document
