"""`lineage rebuild`: the database anew, from the log."""

import click

from lineage.cli.opened import database, say
from lineage.cli.progress import progress
from lineage.settings import load_settings


@click.command("rebuild")
@click.option(
    "--accept-missing-start",
    is_flag=True,
    help="Go on though the log no longer has its first records; what they said stays a gap in every answer.",
)
def command(accept_missing_start: bool) -> None:
    """Make a new database from the log beside the old one, and put it in its place when it is complete.

    \b
    Example:
      lineage rebuild

    Ends with 0, 3 when the log has lost its beginning, 4 when the log or the database cannot be used.
    """
    from lineage.logs import open_log
    from lineage.projector import Progress
    from lineage.rebuild import rebuild

    settings = load_settings()
    with open_log(settings) as log:
        total = sum(end - first for first, end in log.bounds().values())
        with progress("projecting", total, unit="records") as advance:
            told = 0

            def batch(reached: Progress) -> None:
                nonlocal told
                advance(reached.records - told)
                told = reached.records

            done = rebuild(
                log, database(settings), say=say, accept_missing_start=accept_missing_start, on_batch=batch
            )
    click.echo(f"{done.records} records, {done.events} events, {done.repeats} repeats, {done.parked} parked")
