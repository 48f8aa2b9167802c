"""`lineage project`: the log into the database."""

import logging
from pathlib import Path

import click
from duckdb import DuckDBPyConnection

from lineage.archive import open_whole_log
from lineage.cli.accepting import accepting_parked, note_accepted
from lineage.cli.consuming import consuming, watched
from lineage.cli.opened import caught_up, open_store, parked_limit, say
from lineage.framing import known_ids
from lineage.operate.snapshot import answering
from lineage.operate.watch import ProjectorWatch
from lineage.projector import Progress, Projector
from lineage.settings import Settings, load_settings

LOG = logging.getLogger(__name__)


@click.command("project")
@click.option("--once/--follow", default=True, help="Catch up with the log and end, or go on until stopped.")
@accepting_parked
def command(once: bool, accept_parked: int | None, reason: str | None) -> None:
    """Project the log into the database: every event once, refused records parked with their reason.

    It may be stopped, or killed, at any time: it goes on where the database stands. It stops by itself when
    more records than the setting parked_limit would be parked among 10,000.

    \b
    Example:
      lineage project --once
      lineage project --accept-parked 5000 --reason OLD_APP_RETIRED

    Ends with 0, 1 when --reason is no code, 2 when --accept-parked stands without it, 3 when the log is not
    the one that was projected before or too many records would be parked (a person has to decide), 4 when log
    or database cannot be used.
    """
    settings = load_settings()
    if accept_parked is not None:
        with open_whole_log(settings) as log, open_store(settings, say) as store:
            done = {part: each.offset + 1 for part, each in store.positions(log.name).items()}
            ends = {part: (done.get(part, first), end) for part, (first, end) in log.bounds().items()}
        note_accepted(accept_parked, ends, reason)
    if once:
        with caught_up(settings) as store, store.cursor() as reader:
            found = reader.execute(
                "select (select count(*) from events), (select count(*) from parked where settled_at is null)"
            ).fetchone()
        events, parked = found or (0, 0)
        click.echo(f"{events} events, {parked} parked")
        return
    told = follow(settings)
    click.echo(f"{told.events} events, {told.repeats} repeats, {told.parked} parked since the start")


def follow(settings: Settings) -> Progress:
    """Project until the process is told to stop (SIGINT, SIGTERM); what was done since the start."""
    with (
        consuming(settings, "project_lineage") as stop,
        open_whole_log(settings) as log,
        open_store(settings, LOG.warning) as store,
    ):
        done = {part: position.offset + 1 for part, position in store.positions(log.name).items()}

        def choices(reader: DuckDBPyConnection, path: Path, secret: str) -> None:
            from lineage.operate.choices import export_here

            export_here(reader, settings, path, secret)

        watch = ProjectorWatch("project_lineage", log, done, health_seconds=settings.health_seconds)
        with watched(settings, watch), answering(settings.home, store, choices=choices):
            return Projector(
                log,
                store,
                batch_records=settings.batch_records,
                wait_seconds=settings.batch_seconds,
                ids=known_ids(settings.home),
                limit=parked_limit(settings),
                watcher=watch,
            ).follow(stop)
