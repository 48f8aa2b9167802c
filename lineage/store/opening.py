"""Can this database file be used? Opened, made, set aside when it is damaged, or refused when somebody
owns it.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb

from lineage.errors import StoreInUse, StoreUnreadable
from lineage.store.sql import text, value

DATABASE = "lineage.duckdb"
"""The file in the home folder."""

LAYOUT_VERSION = 3
"""Raised by one whenever tables.sql changes its meaning. An older file is rebuilt from the log, never
migrated.
"""

CHECKPOINT_THRESHOLD = "256MB"
"""A batch is larger than DuckDB's own 16 MB: it would checkpoint at each commit, and take twice as long."""

MEMORY_MEBIBYTES = 512
"""What DuckDB may keep in memory. Left alone it takes four fifths of the machine: to write all events anew in
order it would hold all of them. With this it sorts in pieces, on the disk.
"""

IN_USE_MEBIBYTES = 16
"""Less than is kept of any file worth forgetting, more than is in use between two batches."""

Say = Callable[[str], None]


def open_database(
    path: Path, say: Say, memory_mebibytes: int = MEMORY_MEBIBYTES
) -> duckdb.DuckDBPyConnection:
    """A connection to the database of this layout; a missing one is made.

    A damaged file, or one of another layout, is renamed, said aloud and replaced by an empty one:
    everything in it can be projected again. Raises StoreInUse when another process owns it, StoreUnreadable
    when the file may not be read and written here.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    existed = path.exists()
    try:
        connection = _connect(path, memory_mebibytes)
    except duckdb.Error as error:
        refuse_when_owned_or_out_of_reach(path, error)
        set_aside(path, "damaged", say)
        return _made(path, memory_mebibytes)
    if not existed:
        return _laid_out(connection)
    try:
        version = layout_of(connection)
    except duckdb.Error:
        connection.close()
        set_aside(path, "damaged", say)
        return _made(path, memory_mebibytes)
    if version == LAYOUT_VERSION:
        return connection
    connection.close()
    set_aside(path, f"layout-{version}" if version is not None else "unfinished", say)
    return _made(path, memory_mebibytes)


def set_aside(path: Path, why: str, say: Say) -> Path:
    """Rename the file, and its write-ahead log with it, so that nothing of it is replayed into the next
    one.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    ahead = path.with_name(path.name + ".wal")
    if ahead.exists():
        os.replace(ahead, aside.with_name(aside.name + ".wal"))
    os.replace(path, aside)
    say(
        f"the database {path.name} was {why} and is set aside as {aside.name}; "
        "a new one is projected from the log. Delete the old file when nobody wants to look at it."
    )
    return aside


def _connect(path: Path, memory_mebibytes: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path))
    connection.execute("set timezone = 'UTC'")
    _limit(connection, memory_mebibytes)
    connection.execute(f"set checkpoint_threshold = '{CHECKPOINT_THRESHOLD}'")
    connection.execute("set max_vacuum_tasks = 0")  # compaction does it, see there
    return connection


def _limit(connection: duckdb.DuckDBPyConnection, mebibytes: int) -> None:
    connection.execute(f"set memory_limit = '{mebibytes}MiB'")


def _made(path: Path, memory_mebibytes: int) -> duckdb.DuckDBPyConnection:
    return _laid_out(_connect(path, memory_mebibytes))


def _laid_out(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.begin()
    connection.execute(text("tables.sql"))
    connection.execute(text("tables.sql", "lineage.policy"))
    connection.execute(text("views.sql"))
    connection.execute("insert into layout values ($version)", {"version": LAYOUT_VERSION})
    connection.commit()
    # DuckDB's replay of table definitions has failed: leave none in the write-ahead log.
    connection.execute("checkpoint")
    return connection


def forget(connection: duckdb.DuckDBPyConnection, memory_mebibytes: int) -> None:
    """Let go of what was read of the file and is not in use: DuckDB drops it when the limit is lowered.

    ``memory_mebibytes`` is the limit from then on.
    """
    with suppress(duckdb.OutOfMemoryException):  # what is in use is more
        _limit(connection, IN_USE_MEBIBYTES)
    _limit(connection, memory_mebibytes)


def layout_of(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The version of the layout; None when the file was never finished."""
    try:
        version: int | None = value(connection, "select max(version) from layout")
    except duckdb.CatalogException:  # no such table; asking for the list of tables would load them all
        return None
    return version


def refuse_when_owned_or_out_of_reach(path: Path, error: duckdb.Error) -> None:
    """Raises StoreInUse or StoreUnreadable when that is why the file could not be opened; else returns."""
    message = str(error)
    if "Could not set lock" in message:
        owner = re.search(r"PID (\d+)", message)
        who = f"process {owner[1]}" if owner else "another process"
        raise StoreInUse(f"{who} owns {path.name}; stop it, or ask it instead of opening the file") from error
    if not path.is_file() or not os.access(path, os.R_OK | os.W_OK):
        raise StoreUnreadable(
            f"{path.name} cannot be opened for reading and writing; look at its folder's rights and space"
        ) from error
