"""`lineage reports supplement`: what is known now and was not when a report was issued, as its supplement."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.forms import form_of_answer, give, language_option, output_option, refuse_in_vain
from lineage.cli.report_case import answered
from lineage.cli.report_stopped import two_accounts
from lineage.cli.reports_diff import REPORT
from lineage.cli.told_before import told_before
from lineage.errors import Refused


@click.command("supplement")
@REPORT
@form_of_answer
@language_option
@output_option
@click.pass_context
def supplement(ctx: click.Context, report_id: UUID, form: str, language: str, output: Path | None) -> None:
    """Answer the request of REPORT as of now, and keep the answer as what adds to REPORT.

    It is for whom REPORT was, at the level that the case shows now. Its forms say first what changed since
    REPORT, then all of the answer, with what is new or changed marked.

    \b
    Example:
      lineage reports supplement 0f9d3c1e-7a64-4b0e-9a3c-2f6a1de0c7b5 --format pdf --language es -o letter.pdf

    Ends with 0, 1 when there is no such report or nothing to add, 2 when options do not go together, 3 when
    no policy was adopted or two accounts turn out to be one person (a person has to decide), 4 when a store
    cannot be used.
    """
    refuse_in_vain(form, language, output)
    with at_desk() as here:
        report = here.desk.report(report_id)
        if report.issued.case is None:
            raise Refused(f"Report {report_id} stands in no case, so nothing that adds to it can go out.")
        case = here.desk.case(UUID(report.issued.case))
        request = replace(report.issued.request, verification=case.request.verification)
        document, behind = answered(here, case, request, adds_to=report, explain=form != "json")
        earlier = told_before(here, report) if form != "json" else None
    give(document, form, language, output, behind, earlier)
    if "stopped" in document:
        two_accounts(ctx)
