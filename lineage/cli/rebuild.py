"""`lineage rebuild`: the database anew, from archive and log."""

import click

from lineage.cli.accepting import accepting_parked, note_accepted
from lineage.cli.opened import database, parked_limit, say
from lineage.cli.progress import progress
from lineage.settings import load_settings


@click.command("rebuild")
@click.option(
    "--accept-missing-start",
    is_flag=True,
    help="Go on though the log no longer has its first records; what they said stays a gap in every answer.",
)
@accepting_parked
def command(accept_missing_start: bool, accept_parked: int | None, reason: str | None) -> None:
    """Make a new database from archive and log beside the old one, and put it in its place when it is whole.

    \b
    Example:
      lineage rebuild

    Ends with 0, 1 when --reason is no code, 2 when --accept-parked stands without it, 3 when the log has lost
    its beginning, the archive a piece, or too many records would be parked (a person has to decide), 4 when
    the log or the database cannot be used.
    """
    from lineage.archive import open_whole_log
    from lineage.framing import known_ids
    from lineage.projector import Progress
    from lineage.rebuild import rebuild

    settings = load_settings()
    with open_whole_log(settings) as log:
        if accept_parked is not None:
            note_accepted(accept_parked, log.bounds(), reason)
        total = sum(end - first for first, end in log.bounds().values())
        with progress("projecting", total, unit="records") as advance:
            told = 0

            def batch(reached: Progress) -> None:
                nonlocal told
                advance(reached.records - told)
                told = reached.records

            done = rebuild(
                log,
                database(settings),
                say=say,
                accept_missing_start=accept_missing_start,
                ids=known_ids(settings.home),
                limit=parked_limit(settings),
                on_batch=batch,
                memory_mebibytes=settings.database_memory_mb,
            )
    click.echo(f"{done.records} records, {done.events} events, {done.repeats} repeats, {done.parked} parked")
