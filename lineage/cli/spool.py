"""`lineage spool`: what waits between a service and the log, and taking it there."""

import time
from pathlib import Path
from threading import Event as Signal

import click

from lineage.cli.consuming import consuming, watched
from lineage.cli.output import format_option, show
from lineage.operate.watch import WaitingWatch
from lineage.publish.spooled import drainer_of, moment, spool_file
from lineage.settings import Settings, load_settings
from lineage.spool import Queue

COLUMNS = ("producer", "waiting", "bytes", "oldest_at", "oldest_seconds", "lives", "killed")
KILLED = ("producer", "incarnation", "last_sequence", "covered_until")

file_option = click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The spool. Default: the setting spool, else spool.sqlite in the home folder.",
)


@click.group("spool")
def command() -> None:
    """The file that keeps a service's events until the log has them."""


@command.command("status")
@file_option
@click.option(
    "--killed", is_flag=True, help="The lives that were killed and stay open, with their last numbers."
)
@format_option
def status(path: Path | None, killed: bool, form: str) -> None:
    """What waits, of which producer, and since when. The service may run meanwhile.

    \b
    Example:
      lineage spool status
      lineage spool status --killed --format csv

    Ends with 0, or 4 when the file cannot be read.
    """
    settings = load_settings()
    there = path or settings.spool_file
    queue = Queue(spool_file(there, settings))
    if killed:
        found = queue.dead() if there.exists() else []
        rows = [(each.producer, each.incarnation, each.last, moment(each.covered_until)) for each in found]
        show(KILLED, rows, form)
        return
    now = time.time()
    show(
        COLUMNS,
        [
            (
                each.producer,
                each.records,
                each.bytes,
                None if each.oldest_at is None else moment(each.oldest_at),
                None if each.oldest_at is None else max(0, round(now - each.oldest_at / 1e6)),
                each.lives,
                each.dead,
            )
            for each in (queue.per_producer() if there.exists() else [])
        ],
        form,
    )


@command.command("drain")
@file_option
@click.option("--once/--follow", default=True, help="Until nothing waits, or until stopped.")
def drain(path: Path | None, once: bool) -> None:
    """Take what waits to the log, and close lives that were killed where their service promised to resume.

    A service drains its own spool while it runs; this is for what one left behind, or, with --follow, for a
    process of its own beside services that leave it to it. It may be killed at any moment. Another process
    that drains the same file is waited for.

    \b
    Example:
      lineage spool drain

    Ends with 0, or 4 when the log takes nothing or the file cannot be used; then all of it waits on.
    """
    settings = load_settings()
    there = path or settings.spool_file
    if not once:
        follow(settings, there)
        return
    queue = Queue(spool_file(there, settings))
    if not there.exists():
        click.echo("nothing waits: there is no spool")
        return
    sent = 0

    def count(removed: int) -> None:
        nonlocal sent
        sent += removed

    trouble = drainer_of(there, settings, count).run(Signal(), until_empty=True)
    click.echo(f"{sent} records sent, {queue.depth()[0]} wait")
    if trouble is not None:
        raise trouble


def follow(settings: Settings, path: Path) -> None:
    """Drain until the process is told to stop (SIGINT, SIGTERM)."""
    queue = Queue(spool_file(path, settings))
    watch = WaitingWatch("spool", queue.depth, health_seconds=settings.health_seconds)
    with consuming(settings, "spool") as stop, watched(settings, watch):
        drainer_of(path, settings, watch.stepped).run(stop)
