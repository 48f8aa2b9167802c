"""In which form and language is an answer given out, and where to?"""

import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, Final

import click

from lineage.words import ENGLISH, languages

FORMS: Final = ("json", "text", "csv", "html", "pdf")

WIDEST: Final = 140
"""Columns of a page in a terminal; longer lines are hard to follow."""

form_of_answer = click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="json",
    show_default=True,
    help="The canonical JSON, a page for the terminal, a spreadsheet, a page for browsers, or a letter.",
)
language_option = click.option(
    "--language",
    type=click.Choice(languages()),
    default=languages()[0],
    show_default=True,
    help="What the form speaks. The JSON itself speaks English.",
)
output_option = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file."
)


def refuse_in_vain(form: str, language: str, output: Path | None) -> None:
    """Before anything is asked: the JSON has one language, and a PDF is nothing to look at in a terminal.

    Raises:
        UsageError: a language is asked for in vain, or a PDF would go to a terminal.
    """
    if form == "json" and language != ENGLISH:
        raise click.UsageError("--language: the JSON is in English. Ask for a form, such as --format html.")
    if form == "pdf" and output is None and sys.stdout.isatty():
        raise click.UsageError("--format pdf: name its file with -o, or lead it into one with >.")


def give(
    document: Mapping[str, Any],
    form: str,
    language: str,
    output: Path | None,
    explained: Mapping[str, Any] | None = None,
    earlier: Mapping[str, Any] | None = None,
) -> None:
    """Write a ``ccpa.know/1`` document, or its form, to a file or to standard output.

    ``earlier``: what it adds to, when a form is to begin with what changed since.
    """
    from lineage.report.canonical import canonical

    if form == "json" or "stopped" in document:
        give_bytes(canonical(document) + b"\n", output)
        return
    from lineage.forms import Form, shaped
    from lineage.forms.letter import letter
    from lineage.forms.supplement import supplement

    said = (
        letter(document, language, explained)
        if earlier is None
        else supplement(earlier, document, language, explained)
    )
    if form == "text" and output is None and sys.stdout.isatty():
        from lineage.forms.terminal import page

        click.echo(page(said, colour=True, width=page_width()), nl=False)
        return
    give_bytes(shaped(said, Form(form)), output)


def page_width() -> int:
    """Columns of a page in this terminal."""
    return max(60, min(get_terminal_size().columns, WIDEST))


def give_bytes(content: bytes, output: Path | None) -> None:
    if output is None:
        click.echo(content, nl=False)
    else:
        output.write_bytes(content)
