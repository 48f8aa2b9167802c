"""`lineage timeline`: one person's events in order."""

import sys

import click

from lineage.cli.at_desk import at_desk
from lineage.cli.forms import page_width
from lineage.cli.opened import for_reading
from lineage.cli.output import format_option, show
from lineage.cli.report_stopped import two_accounts
from lineage.errors import Refused
from lineage.publish import pseudonymiser_of
from lineage.settings import load_settings


@click.command("timeline")
@click.argument("subject")
@click.option("--reason", default="NOT_STATED", show_default=True, help="Why you read; for the access log.")
@format_option
@click.pass_context
def command(ctx: click.Context, subject: str, reason: str, form: str) -> None:
    """Everything that was told of SUBJECT, the earliest first.

    In a terminal it is a page by months; anywhere else, and as CSV or JSON, every column is there.

    SUBJECT is an identifier with its namespace, such as account:42 or email:ana@example.com, or a
    subject token.

    \b
    Example:
      lineage timeline account:42 --format csv

    Ends with 0, 1 when SUBJECT cannot be read, 3 when no policy was adopted or two accounts turn out to be
    one person (a person has to decide), 4 when the log or the database cannot be used.
    """
    from lineage.report.timeline import timeline

    settings = load_settings()
    token, _ = pseudonymiser_of(settings).token(subject)
    with at_desk() as here:
        with for_reading(settings) as store:
            try:
                columns, rows = timeline(store.cursor(), token, here.desk.verdicts(), here.desk.reviewed())
            except Refused:  # the one thing that a timeline refuses
                two_accounts(ctx)
        here.note("TIMELINE", [token], reason)
    if form == "table" and sys.stdout.isatty():
        from lineage.forms.happened import happened

        click.echo(happened(columns, rows, colour=True, width=page_width()), nl=False)
    else:
        show(columns, rows, form)
