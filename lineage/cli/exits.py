"""How does a command end when something is wrong? One line to a person, one exit code to a script."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from lineage.errors import (
    ArchiveDamaged,
    ArchiveInUse,
    LineageError,
    LogChanged,
    LogUnavailable,
    OutboxUnavailable,
    Refused,
    RegistryUnavailable,
    StoreInUse,
    StoreUnreadable,
)
from lineage.printable import printable

_IDENTIFIER: Final = re.compile(r"(?<![\w.])[a-z][a-z0-9_]*:(?!//)[^\s'\"),]+|[^\s'\"(]+@[^\s'\"),]+")
"""What looks like somebody's identifier."""

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
        case LogUnavailable() | StoreInUse() | StoreUnreadable() | RegistryUnavailable() | ArchiveInUse():
            return ENVIRONMENT
        case OutboxUnavailable():
            return ENVIRONMENT
        case LogChanged() | ArchiveDamaged():
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
        _say(str(error))
        ctx.exit(exit_code(error))
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise click.UsageError(_harmless(error.format_message()), error.ctx) from None
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's words for a stop by hand
            raise
        raise KeyboardInterrupt from None
    except OSError as error:
        if error.filename is None:
            raise
        _say(f"{os.fsdecode(error.filename)}: {error.strerror}. Nothing was written there.")
        ctx.exit(ENVIRONMENT)
    except Exception as error:
        if (told := of_the_database(error)) is None:
            raise
        _say(str(told))
        ctx.exit(ENVIRONMENT)


def _harmless(message: str) -> str:
    """Click's words, which repeat what stands where it does not belong."""
    return printable(_IDENTIFIER.sub("(…)", message))


def _say(message: str) -> None:
    # A message may name what stands in a file, or on the command line, and that may hold anything.
    click.echo(f"lineage: {printable(message)}", err=True)


def of_the_database(error: Exception) -> LineageError | None:
    """What a fault of DuckDB means; None for any other."""
    duckdb = sys.modules.get("duckdb")  # a command that never imported it cannot have failed in it
    if duckdb is None or not isinstance(error, duckdb.Error):
        return None
    from lineage.store.faults import explained

    return explained(error)
