"""How does a command end when something is wrong? One line to a person, one exit code to a script."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from lineage.errors import (
    LineageError,
    LogChanged,
    LogUnavailable,
    Refused,
    StoreInUse,
    StoreUnreadable,
)

BAD_INPUT: Final = 1
STOPPED: Final = 3
ENVIRONMENT: Final = 4


def exit_code(error: LineageError) -> int:
    """Bad input 1, environment 4; everything else stops for a person's decision, which is the careful
    reading.
    """
    match error:
        case Refused():
            return BAD_INPUT
        case LogUnavailable() | StoreInUse() | StoreUnreadable():
            return ENVIRONMENT
        case LogChanged():
            return STOPPED
    return STOPPED


@contextmanager
def reported(ctx: click.Context) -> Iterator[None]:
    """Say our own errors in words and end with their code. Anything else is a fault of ours, with its
    trace.
    """
    try:
        yield
    except LineageError as error:
        click.echo(f"lineage: {error}", err=True)
        ctx.exit(exit_code(error))
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's words for a stop by hand
            raise
        raise KeyboardInterrupt from None
