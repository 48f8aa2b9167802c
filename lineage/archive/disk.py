"""Does the disk take a file of the archive, and is it still there after a power cut?"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lineage.errors import LogUnavailable


@contextmanager
def taken_by_disk(path: Path) -> Iterator[None]:
    """Whatever writes a file of the archive. Raises LogUnavailable when the disk does not take it."""
    try:
        yield
    except OSError as error:
        raise LogUnavailable(
            f"archive: {path.parent.name}/{path.name} cannot be written: {error.strerror}. See that "
            "the folder can be written and that the disk has room; what was archived before is whole."
        ) from error


def put(path: Path, text: str) -> None:
    """A file in the place of the one before, whole or not at all. Raises LogUnavailable."""
    beside = path.with_name(f".{path.name}")
    with taken_by_disk(path):
        path.parent.mkdir(exist_ok=True)
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        for folder in (path.parent, path.parent.parent):  # the folder may be new
            sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """See that a renamed file is still there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
