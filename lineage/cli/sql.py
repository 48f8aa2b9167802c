"""`lineage sql`: an analyst's own question."""

import click

from lineage.cli.opened import database, for_reading
from lineage.cli.output import format_option, show
from lineage.settings import load_settings


@click.command("sql")
@click.argument("statement")
@format_option
def command(statement: str, form: str) -> None:
    """Ask the database one read-only STATEMENT (select, with, describe, show), caught up with the log.

    The views are events, facts, disclosures, subjects, coverage and parked; docs/views.md tells the columns.

    \b
    Example:
      lineage sql "select recipient, count(*) as times from disclosures group by recipient" --format csv

    Ends with 0, 1 when the statement is refused, 4 when the log or the database cannot be used.
    """
    from lineage.store.analyst import asked

    settings = load_settings()
    with for_reading(settings):
        pass  # its file is then opened anew, for reading only
    with asked(database(settings), statement) as result:
        columns = [column[0] for column in result.description or ()]
        show(columns, result.fetchall(), form)
