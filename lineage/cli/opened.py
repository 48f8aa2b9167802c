"""How does a one-shot command get a database that knows what the log knows? It catches up first."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lineage.cli.progress import progress
from lineage.logs import open_log
from lineage.projector import Progress, Projector
from lineage.settings import Settings
from lineage.store import Store

DATABASE = "lineage.duckdb"


def database(settings: Settings) -> Path:
    """Where the database of this installation lies."""
    return settings.home / DATABASE


def say(message: str) -> None:
    """Tell the person at the terminal, beside the answer."""
    click.echo(f"lineage: {message}", err=True)


@contextmanager
def caught_up(settings: Settings) -> Iterator[Store]:
    """The database, after everything the log holds now was projected into it.

    Raises StoreInUse, StoreUnreadable, LogUnavailable, LogChanged.
    """
    with open_log(settings) as log, Store(database(settings), say=say) as store:
        ends = {part: end for part, (_, end) in log.bounds().items()}
        done = {part: position.offset + 1 for part, position in store.positions(log.name).items()}
        behind = sum(max(0, end - done.get(part, 0)) for part, end in ends.items())
        with progress("catching up", behind, unit="records") as advance:
            told = 0

            def batch(reached: Progress) -> None:
                nonlocal told
                advance(reached.records - told)
                told = reached.records

            Projector(log, store, batch_records=settings.batch_records, on_batch=batch).catch_up()
        yield store
