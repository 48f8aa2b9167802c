"""`lineage report`: the answer to one person's request to know."""

import sys
from pathlib import Path

import click

from lineage.cli.opened import caught_up
from lineage.publish import pseudonymiser_of
from lineage.settings import load_settings


@click.command("report")
@click.argument("subject")
@click.option(
    "--received",
    required=True,
    help="When the request reached the business: a day (2026-06-15) or an instant (2026-06-15T10:00-07:00).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="json",
    show_default=True,
    help="The canonical JSON, or a page to read in the terminal.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file."
)
def command(subject: str, received: str, form: str, output: Path | None) -> None:
    """The twelve months before a request: what was collected, from whom, why, and to whom it went.

    SUBJECT is an identifier with its namespace, such as account:42 or email:ana@example.com, or a
    subject token.
    The report is for the handler of the request and always stamped not for release.

    \b
    Example:
      lineage report account:42 --received 2026-06-15T10:00-07:00 -o answer.json

    Ends with 0, 1 when SUBJECT or --received cannot be read, 3 when no policy was adopted, 4 when the log
    or the database cannot be used.
    """
    from lineage.report import report
    from lineage.report.canonical import canonical
    from lineage.report.terminal import page
    from lineage.window import received as receipt

    settings = load_settings()
    at = receipt(received)
    token, _ = pseudonymiser_of(settings).token(subject)
    with caught_up(settings) as store:
        [document] = report(store.cursor(), [(token, at)])
    if form == "json":
        text = canonical(document).decode() + "\n"
    else:
        text = page(document, colour=output is None and sys.stdout.isatty())
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
