"""`lineage reports list|show|stale|diff|supplement|verify`: what was issued, and whether it still holds."""

import json
from pathlib import Path
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.exits import STOPPED
from lineage.cli.forms import (
    form_of_answer,
    give,
    give_bytes,
    language_option,
    output_option,
    refuse_in_vain,
)
from lineage.cli.output import format_option, show
from lineage.cli.reports_diff import REPORT, diff, in_words
from lineage.cli.reports_supplement import supplement
from lineage.cli.told_before import told_before
from lineage.desk.issued import SUPPLEMENT

LISTED = (
    "report",
    "issued_at",
    "as_of",
    "audience",
    "verification",
    "case",
    "supplement_of",
    "to_review",
    "showed_unlinked",
    "digest",
)


@click.group("reports")
def command() -> None:
    """The reports that were issued, byte for byte."""


@command.command("list")
@click.option("--subject", help="Only those about this person, such as account:42, or a subject token.")
@format_option
def list_(subject: str | None, form: str) -> None:
    """List the issued reports, the newest first.

    showed_unlinked: it told the person of events that are known not to be theirs now, after an unlinking or a
    decision. Look at those first.

    \b
    Example:
      lineage reports list --format csv

    Ends with 0, 1 when --subject cannot be read, 3 when no policy was adopted, 4 when a store cannot be used.
    """
    from lineage.cli.making_again import making_again

    with at_desk() as here, making_again(here.settings, here.desk) as again:
        tokens = here.tokens(subject) if subject else None
        rows = [
            (
                *(each.id, each.at, each.as_of, each.request.audience, each.request.verification, each.case),
                *(each.supplement_of, len(each.for_review), again.showed_unlinked(each), each.digest),
            )
            for each in here.desk.reports()
            if tokens is None or each.request.subject in tokens
        ]
    show(LISTED, rows, form)


@command.command("show")
@REPORT
@form_of_answer
@language_option
@output_option
def show_(report_id: UUID, form: str, language: str, output: Path | None) -> None:
    """Print REPORT's canonical JSON as it was issued, or a form made of it. The reading is noted.

    The form of a supplement says first what changed since the report that it adds to.
    Where the rules of today would forbid it a warning says so, and the bytes are those of then all the same.

    \b
    Example:
      lineage reports show 0f9d3c1e-7a64-4b0e-9a3c-2f6a1de0c7b5 --format pdf --language es -o letter.pdf

    Ends with 0, 1 when there is no such report, 4 when a store cannot be used.
    """
    from lineage.report.check import problems

    refuse_in_vain(form, language, output)
    with at_desk() as here:
        report = here.desk.report(report_id)
        here.note("REPORT", [report.issued.request.subject], "REPORTS_SHOW")
        adds_to, earlier = report.issued.supplement_of, None
        if adds_to is not None and form != "json":
            earlier = told_before(here, here.desk.report(UUID(adds_to)))
    if wrong := problems(report.document, report.issued.request.audience):
        click.echo(f"lineage: today it would not be in order: {wrong[0]}", err=True)
    if form == "json":
        give_bytes(report.content + b"\n", output)
    else:
        give(report.document, form, language, output, earlier=earlier)


@command.command("stale")
@click.option(
    "--supplement",
    "decided",
    type=click.Choice(sorted(SUPPLEMENT)),
    help="Decide this about all of them at once, as after a backfill. Needs --reason.",
)
@click.option("--reason", help="A code for the decision, such as BACKFILL.")
@format_option
def stale(decided: str | None, reason: str | None, form: str) -> None:
    """List the reports that would say something else today, and how much.

    Left out are those that a later report has supplemented, and those about which it was decided already.
    Those that showed_unlinked come first: they told the person of events that are known not to be theirs now.

    \b
    Example:
      lineage reports stale --supplement SEND --reason BACKFILL

    Ends with 0, 1 when the reason is no code, 3 when no policy was adopted, 4 when a store cannot be used.
    """
    from lineage.cli.making_again import making_again
    from lineage.desk.again import stale as found_stale

    if (decided is None) != (reason is None):
        raise click.UsageError("--supplement and --reason belong together.")
    with at_desk() as here, making_again(here.settings, here.desk) as again:
        reports = [here.desk.report(each.id) for each in here.desk.reports()]
        found = sorted(
            found_stale(reports, again, again.showed_unlinked), key=lambda each: not each.showed_unlinked
        )
        if decided and reason:
            about = {each.issued.id: each.now for each in found}
            here.desk.decide_supplements(about, decided, reason=reason, by=here.by, at=here.at)
    columns = ("report", "case", "issued_at", "showed_unlinked", "changes", "first_change")
    rows = [
        (
            *(each.issued.id, each.issued.case, each.issued.at, each.showed_unlinked),
            *(len(changes), next(iter(changes), None)),
        )
        for each in found
        for changes in [each.difference.changes]
    ]
    show(columns, rows, form)
    if decided:
        click.echo(f"decided {decided} about {len(found)} report(s)", err=True)


command.add_command(diff)
command.add_command(supplement)


@command.command("verify")
@REPORT
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def verify(report_id: UUID, form: str) -> None:
    """Make REPORT again, as of its own instant, and compare the bytes. The reading is noted.

    \b
    Example:
      lineage reports verify 0f9d3c1e-7a64-4b0e-9a3c-2f6a1de0c7b5

    Ends with 0 when they are the same, 1 when there is no such report, 3 when they are not and says what is
    different, 4 when a store cannot be used.
    """
    from lineage.cli.making_again import making_again
    from lineage.desk.again import verified

    with at_desk() as here, making_again(here.settings, here.desk) as again:
        report = here.desk.report(report_id)
        here.note("REPORT", [report.issued.request.subject], "REPORTS_VERIFY")
        found = verified(report, again)
    if found is None:
        click.echo("the same to the byte" if form == "text" else json.dumps({"same": True}))
        return
    click.echo(in_words(found, form))
    raise SystemExit(STOPPED)
