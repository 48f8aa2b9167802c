"""`lineage reports diff`: what changed between two reports, or since one, for the handler or as a letter."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.forms import give_bytes, language_option, output_option, refuse_in_vain
from lineage.cli.told_before import has_shown_others
from lineage.errors import Refused
from lineage.report.difference import Difference
from lineage.words import ENGLISH

REPORT = click.argument("report_id", metavar="REPORT", type=click.UUID)
LETTERS: Final = ("html", "pdf", "csv")


@click.command("diff")
@REPORT
@click.argument("other_id", metavar="[OTHER]", type=click.UUID, required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", *LETTERS]),
    default="text",
    show_default=True,
    help="Sentences for the handler, or a letter for whom the two reports are.",
)
@language_option
@output_option
def diff(report_id: UUID, other_id: UUID | None, form: str, language: str, output: Path | None) -> None:
    """Say in words what OTHER, or the answer of today, says that REPORT does not, and why. It is noted.

    The letter has only the lines that are new, gone or changed. Of two person's copies it does not tell why.

    \b
    Example:
      lineage reports diff 0f9d3c1e-7a64-4b0e-9a3c-2f6a1de0c7b5
      lineage reports diff 0f9d3c1e-7a64-4b0e-9a3c-2f6a1de0c7b5 --format html -o changed.html

    Ends with 0, 1 when there is no such report or the two make no letter, 2 when options do not go together,
    3 when no policy was adopted, 4 when a store cannot be used.
    """
    from lineage.cli.making_again import making_again
    from lineage.desk.again import since, today
    from lineage.forms import Form, shaped
    from lineage.forms.changes import changes
    from lineage.report.difference import difference

    if language != ENGLISH and form not in LETTERS:
        raise click.UsageError(f"--language: not with {form}, which is in English. Ask for a letter.")
    refuse_in_vain(form, language, output)
    with at_desk() as here:
        report = here.desk.report(report_id)
        here.note("REPORT", [report.issued.request.subject], "REPORTS_DIFF")
        if other_id is not None:
            other = here.desk.report(other_id)
            here.note("REPORT", [other.issued.request.subject], "REPORTS_DIFF")
            if form in LETTERS and other.issued.request.subject != report.issued.request.subject:
                raise Refused(
                    "The two reports were not asked for by one token. No letter tells of two people."
                )
            later: Mapping[str, Any] = other.document
            found = difference(report.document, later)
        else:
            with making_again(here.settings, here.desk) as again:
                later, found = today(report, again), since(report, again)
        if form in LETTERS and has_shown_others(here, report):
            raise Refused(
                f"Report {report_id} showed its person events that are not theirs, and a letter would show "
                "them again. Send the answer of today: lineage reports supplement."
            )
    if form in LETTERS:
        give_bytes(shaped(changes(report.document, later, language), Form(form)), output)
    else:
        give_bytes(f"{in_words(found, form)}\n".encode(), output)


def in_words(found: Difference, form: str) -> str:
    """What was found, as text or json."""
    if form == "json":
        return json.dumps({"changes": found.changes, "causes": found.causes}, indent=2)
    changes = found.changes or ("It says the same.",)
    return "\n".join((*changes, *(f"  {sentence}" for sentence in found.causes)))
