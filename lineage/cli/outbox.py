"""`lineage outbox`: what waits in a service's own database, and relaying it to the log."""

import time
from threading import Event as Signal

import click

from lineage.cli.consuming import consuming, watched
from lineage.cli.output import format_option, show
from lineage.logs import open_log
from lineage.operate.watch import WaitingWatch
from lineage.outbox import Relay
from lineage.outbox.depth import depth, waiting
from lineage.outbox.opening import engine_of
from lineage.publish.spooled import moment
from lineage.settings import Settings, load_settings

COLUMNS = ("producer", "waiting", "bytes", "oldest_at", "oldest_seconds")


@click.group("outbox")
def command() -> None:
    """The events that services have written into their own database, on their way to the log."""


@command.command("status")
@format_option
def status(form: str) -> None:
    """What is committed and waits in the database of outbox_url, of which producer, and since when.

    \b
    Example:
      lineage outbox status

    Ends with 0, 1 when outbox_url is missing or no address, 4 when the database cannot be used.
    """
    now = time.time()
    show(
        COLUMNS,
        [
            (
                each.producer,
                each.records,
                each.bytes,
                moment(each.oldest_at),
                max(0, round(now - each.oldest_at / 1e6)),
            )
            for each in waiting(engine_of(load_settings()))
        ],
        form,
    )


@command.command("relay")
@click.option("--once/--follow", default=False, help="Until nothing waits, or until stopped.")
def relay(once: bool) -> None:
    """Number the committed events, send them to the log, and remove what the log has confirmed.

    It may be killed at any moment. A second relay of the same database waits until the first has ended.

    \b
    Example:
      lineage outbox relay --once

    Ends with 0, 1 when outbox_url is missing or no address, 4 when database or log cannot be used; then all
    of it waits on.
    """
    settings = load_settings()
    if not once:
        follow(settings)
        return
    sent = 0

    def count(each: int) -> None:
        nonlocal sent
        sent += each

    engine = engine_of(settings)
    trouble = Relay(
        engine,
        lambda: open_log(settings, until_closed=True),
        heartbeat_seconds=settings.heartbeat_seconds,
        watched=count,
    ).run(Signal(), until_empty=True)
    click.echo(f"{sent} events sent")
    if trouble is not None:
        raise trouble


def follow(settings: Settings) -> None:
    """Relay until the process is told to stop (SIGINT, SIGTERM)."""
    engine = engine_of(settings)
    watch = WaitingWatch("relay_outbox", lambda: depth(engine), health_seconds=settings.health_seconds)
    with consuming(settings, "relay_outbox") as stop, watched(settings, watch):
        Relay(
            engine,
            lambda: open_log(settings, until_closed=True),
            heartbeat_seconds=settings.heartbeat_seconds,
            watched=watch.stepped,
        ).run(stop)
