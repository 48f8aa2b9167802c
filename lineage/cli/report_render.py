"""`lineage report render`: an answer that was made before, in a form that people read."""

from pathlib import Path

import click

from lineage.cli.forms import FORMS, give, language_option, output_option, refuse_in_vain
from lineage.cli.report_check import document_in
from lineage.errors import Refused


@click.command("render")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([each for each in FORMS if each != "json"]),
    default="text",
    show_default=True,
    help="A page for the terminal, a table for spreadsheets, a page for browsers, or a letter.",
)
@language_option
@output_option
def command(file: Path, form: str, language: str, output: Path | None) -> None:
    """Make a form of FILE, the JSON of one answer (- is stdin). It needs no database.

    The form is for whom the JSON is: the handler's copy shows the evidence, the person's does not. What may
    not leave the house (lineage report check) gets no form.

    \b
    Example:
      lineage report render answer.json --format html --language es -o answer.html

    Ends with 0, 1 when FILE cannot be read or is not in order, 2 when the options do not go together.
    """
    from lineage.report.check import problems

    refuse_in_vain(form, language, output)
    document = document_in(file)
    if isinstance(document, dict) and "stopped" in document:
        raise Refused(
            "This answer stopped: two accounts are one person. Decide who is meant, then ask again."
        )
    if wrong := problems(document):
        raise Refused(
            f"{file.name} is not in order: {wrong[0]}. See lineage report check; make the report anew."
        )
    give(document, form, language, output)
