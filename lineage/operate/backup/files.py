"""How is a file copied while others write? A database through its own door, a segment as it is."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from lineage.archive.looking import alike
from lineage.errors import Refused

_TRIES: Final = 10


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Raises Refused for what the disk does not take or give."""
    try:
        yield
    except OSError as error:
        raise Refused(
            f"{error.filename or folder}: {error.strerror or error}. See that the disk has room and "
            "that this user may read and write there, then try again"
        ) from error


def copy_database(source: Path, target: Path) -> None:
    """One state of an SQLite database, whoever writes meanwhile. Raises Refused when it is damaged."""
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as writing,
            closing(sqlite3.connect(target)) as copy,
        ):
            writing.backup(copy)
    except sqlite3.DatabaseError as error:
        raise Refused(
            f"{source} cannot be copied ({type(error).__name__}); look at it: lineage doctor"
        ) from None
    _kept(target)


def copy_file(source: Path, target: Path) -> None:
    """A file that is never written in place. Raises FileNotFoundError when it went."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    _kept(target)


def _kept(path: Path) -> None:
    """Readable by its owner alone, and on the disk."""
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def copy_archive(source: Path, target: Path) -> None:
    """The segments of an archive, and what lies beside them, while an archiver may add and merge.

    A segment that was merged while we came to it stands in a longer one by then: look again. What is being
    written has a name with a dot before it.
    """
    for _ in range(_TRIES):
        try:
            for path in alike(lambda: sorted(source.rglob("*"))):
                there = path.relative_to(source)
                if path.is_file() and not any(part.startswith(".") for part in there.parts):
                    copy_file(path, target / there)
            return
        except FileNotFoundError:
            shutil.rmtree(target, ignore_errors=True)
    raise Refused(f"{source} changes faster than it can be copied; stop the archiver meanwhile")


def reached(archive: Path) -> dict[int, int]:
    """The next offset of each archived partition, by the names of its segments: `<first>-<last>.parquet`."""
    found: dict[int, int] = {}
    for path in archive.glob("*/*-*.parquet"):
        part, last = path.parent.name, path.stem.partition("-")[2]
        if part.isdecimal() and last.isdecimal():
            found[int(part)] = max(found.get(int(part), 0), int(last) + 1)
    return found
