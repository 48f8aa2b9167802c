"""`lineage case list|show`: which requests are open, and how does each stand?"""

from datetime import date
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.output import format_option, show
from lineage.desk.case import Case

COLUMNS = ("case", "received", "acknowledge_by", "target", "due", "level", "lacks", "held", "answered")


@click.command("list")
@click.option("--open", "open_only", is_flag=True, help="Only those that are not answered.")
@format_option
def list_(open_only: bool, form: str) -> None:
    """List the cases, the one that is due first at the top.

    \b
    Example:
      lineage case list --open --format json

    Ends with 0, 4 when the desk store cannot be used.
    """
    with at_desk() as here:
        cases = [case for case in here.desk.cases() if not (open_only and case.reports)]
    show(COLUMNS, map(row, sorted(cases, key=lambda case: case.due)), form)


@click.command("show")
@click.argument("case_id", metavar="CASE", type=click.UUID)
@format_option
def show_(case_id: UUID, form: str) -> None:
    """Show CASE: what was asked, what was shown, until when to answer, what went out.

    \b
    Example:
      lineage case show 7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11

    Ends with 0, 1 when there is no such case, 4 when the desk store cannot be used.
    """
    with at_desk() as here:
        case = here.desk.case(case_id)
    dates = case.deadlines
    further: dict[str, object] = {
        "via": case.via,
        "requested_by": case.standing.requested_by,
        "authority": case.standing.authority,
        "verified": [f"{method} {when:%Y-%m-%d}" for method, when in case.standing.verified],
        "blocks": list(case.request.blocks),
        "since": case.request.since,
        "everything": case.request.everything,
        "acknowledge_office": dates.acknowledge_office,
        "outer_due": dates.outer_due if case.extended_at is None else dates.outer_extended_due,
        "calendars": dates.calendars,
        "reports": case.reports,
    }
    told = dict(zip(COLUMNS, row(case), strict=True)) | further
    if form == "table":
        show(("what", "is"), told.items(), form)
    else:
        show(tuple(told), [tuple(told.values())], form)


def row(case: Case) -> tuple[UUID, date, date, date, date, str, str | None, bool, bool]:
    dates, standing = case.deadlines, case.standing
    is_held = standing.held_at is not None
    return (
        case.id,
        dates.received_on,
        dates.acknowledge,
        dates.target if case.extended_at is None else case.due,
        case.due,
        case.level,
        standing.lacks,
        is_held,
        bool(case.reports),
    )
