"""Where do checkpoints lie, one behind the other? In a folder of notes, and again in one that is elsewhere.

A copy elsewhere is what makes them worth something: who can rewrite the archive and its folder can leave out
the last checkpoints, too.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from lineage.archive.disk import sync_folder
from lineage.errors import LogUnavailable
from lineage.proof.checkpoint import Checkpoint, NoCheckpoint, parse

FOLDER: Final = "checkpoints"
"""Of an archive's folder, where its own lie."""
NAMED: Final = re.compile(r"(\d{8,})\.note")


def numbers(folder: Path) -> list[int]:
    """Which checkpoints lie in a folder, ascending."""
    if not folder.is_dir():
        return []
    named = (NAMED.fullmatch(name) for name in os.listdir(folder))
    return sorted(int(name[1]) for name in named if name)


def note(folder: Path, number: int) -> str:
    """The text of a checkpoint. Bytes that are no text stay visible as marks in it."""
    return path_of(folder, number).read_bytes().decode(errors="replace")


def latest(folder: Path) -> Checkpoint | None:
    """The checkpoint with the greatest number in a folder; None: there is none, or it is none any more.

    Nothing is verified here: a report names the checkpoint by its ``digest``, and `lineage verify` judges it.
    """
    found = numbers(folder)
    try:
        return parse(note(folder, found[-1])) if found else None
    except NoCheckpoint:
        return None


def path_of(folder: Path, number: int) -> Path:
    """Where a checkpoint lies."""
    return folder / f"{number:08}.note"


def put(folder: Path, number: int, text: str) -> None:
    """Put a note down, whole or not at all.

    Raises FileExistsError when there is one of that number, LogUnavailable when the disk does not take it.
    """
    path = path_of(folder, number)
    draft = folder / f".{path.name}.{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
        sync_folder(folder)
    except FileExistsError:
        raise
    except OSError as error:
        raise LogUnavailable(
            f"{path} cannot be written: {error.strerror}. See that the folder can be written; the archive is "
            "as it was."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def copy(folder: Path, elsewhere: Path) -> None:
    """Put down elsewhere what is not there yet. Raises LogUnavailable."""
    for number in sorted(set(numbers(folder)) - set(numbers(elsewhere))):
        with suppress(FileExistsError):  # another process was first
            put(elsewhere, number, note(folder, number))
