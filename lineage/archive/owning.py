"""Who may write into an archive? One archiver; and beside it an erasure, one segment after the other.

Both are locks that die with their processes.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lineage.archive.disk import taken_by_disk
from lineage.errors import ArchiveInUse

FILE = "lock"
CHANGING = "changing"


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Own the archive for the length of the block. Raises ArchiveInUse, naming the process that does, and
    LogUnavailable when the disk does not take its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read(20).strip()
            raise ArchiveInUse(
                f"{'process ' + owner if owner.isdigit() else 'another process'} writes the archive "
                f"{folder}; stop it, or leave the work to it"
            ) from None
        with taken_by_disk(folder / FILE):
            file.truncate(0)
            os.write(file.fileno(), str(os.getpid()).encode())
        yield


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Be the only one who writes, merges or removes segments, for the length of the block; waits for it."""
    with (folder / CHANGING).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
