"""`lineage project`: the log into the database."""

import signal
from threading import Event as Signal

import click

from lineage.cli.opened import caught_up, database, say
from lineage.logs import open_log
from lineage.projector import Progress, Projector
from lineage.settings import Settings, load_settings
from lineage.store import Store


@click.command("project")
@click.option("--once/--follow", default=True, help="Catch up with the log and end, or go on until stopped.")
def command(once: bool) -> None:
    """Project the log into the database: every event once, refused records parked with their reason.

    It may be stopped, or killed, at any time: it goes on where the database stands.

    \b
    Example:
      lineage project --once

    Ends with 0, 3 when the log is not the one that was projected before, 4 when log or database cannot be
    used.
    """
    settings = load_settings()
    if once:
        with caught_up(settings) as store, store.cursor() as reader:
            found = reader.execute(
                "select (select count(*) from events), (select count(*) from parked where settled_at is null)"
            ).fetchone()
        events, parked = found or (0, 0)
        click.echo(f"{events} events, {parked} parked")
        return
    done = follow(settings)
    click.echo(f"{done.events} events, {done.repeats} repeats, {done.parked} parked since the start")


def follow(settings: Settings) -> Progress:
    """Project until the process is told to stop (SIGINT, SIGTERM); what was done since the start."""
    stop = Signal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with open_log(settings) as log, Store(database(settings), say=say) as store:
        return Projector(
            log, store, batch_records=settings.batch_records, wait_seconds=settings.batch_seconds
        ).follow(stop)
