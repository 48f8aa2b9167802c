"""How does a one-shot command get a database that knows what the log knows? It catches up first."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from lineage.archive import open_whole_log
from lineage.cli.progress import progress
from lineage.errors import TooManyParked
from lineage.framing import known_ids
from lineage.logs import Log
from lineage.projection.limits import Acceptance, ParkedLimit
from lineage.projector import Progress, Projector
from lineage.settings import Settings
from lineage.store import Store
from lineage.store.opening import DATABASE


def database(settings: Settings) -> Path:
    """Where the database of this installation lies."""
    return settings.home / DATABASE


def open_store(settings: Settings, say: Callable[[str], None]) -> Store:
    """The database for writing, with as much memory as the settings give it. Raises as Store does."""
    return Store(database(settings), say=say, memory_mebibytes=settings.database_memory_mb)


def say(message: str) -> None:
    """Tell the person at the terminal, beside the answer."""
    click.echo(f"lineage: {message}", err=True)


def parked_limit(settings: Settings) -> ParkedLimit:
    """How many refused records stop the projector, besides those accepted at the desk."""

    def accepted() -> Sequence[Acceptance]:
        from lineage.desk.opening import open_desk

        with open_desk(settings) as desk:
            return desk.accepted_parked()

    return ParkedLimit(settings.parked_limit, accepted)


@contextmanager
def caught_up(settings: Settings) -> Iterator[Store]:
    """The database, after everything the log holds now was projected into it.

    Raises StoreInUse, StoreUnreadable, LogUnavailable, LogChanged, TooManyParked.
    """
    with open_whole_log(settings) as log, open_store(settings, say) as store:
        _catch_up(settings, log, store)
        yield store


@contextmanager
def for_reading(settings: Settings) -> Iterator[Store]:
    """The same for a question: where too many refused records stop the projector it is what stands there.

    The store is then ``is_behind``, which every answer from it tells by the gap LAG: nothing is denied that a
    record beyond may say. Raises as :func:`caught_up` does; TooManyParked only when nothing was projected.
    """
    with open_whole_log(settings) as log, open_store(settings, say) as store:
        try:
            _catch_up(settings, log, store)
        except TooManyParked as error:
            if not store.positions(log.name):
                raise
            store.is_behind = True
            say(f"{error} Until then this is told as far as the log is projected, with the gap LAG.")
        yield store


def _catch_up(settings: Settings, log: Log, store: Store) -> None:
    ends = {part: end for part, (_, end) in log.bounds().items()}
    done = {part: position.offset + 1 for part, position in store.positions(log.name).items()}
    behind = sum(max(0, end - done.get(part, 0)) for part, end in ends.items())
    with progress("catching up", behind, unit="records") as advance:
        told = 0

        def batch(reached: Progress) -> None:
            nonlocal told
            advance(reached.records - told)
            told = reached.records

        Projector(
            log,
            store,
            batch_records=settings.batch_records,
            ids=known_ids(settings.home),
            limit=parked_limit(settings),
            on_batch=batch,
        ).catch_up()
