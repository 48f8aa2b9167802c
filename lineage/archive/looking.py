"""How is an archive read while its segments are merged? By looking again: a merged segment covers what it was
made of, so that nothing is gone for good.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from lineage.errors import ArchiveDamaged

Found = TypeVar("Found")

LOOKS: Final = 5
"""How often one looks. A merge leaves fewer and larger segments: the next is seldom due so soon."""


def alike(look: Callable[[], Found]) -> Found:
    """What two looks in a row tell; the last, where there is a change at each.

    The names in a large folder are handed out in several pieces. One list of them may lack a merged segment,
    which was not there yet, and what it was made of, which is there no more.
    """
    found = look()
    for _ in range(LOOKS):
        before, found = found, look()
        if found == before:
            break
    return found


def undisturbed(folder: Path, look: Callable[[], Found]) -> Found:
    """What ``look`` tells of the archive in this folder, begun again when a segment was merged under it.

    Raises ArchiveDamaged when that happens each time.
    """
    for _ in range(LOOKS):
        with suppress(FileNotFoundError):
            return look()
    raise vanishing(folder)


def vanishing(folder: Path) -> ArchiveDamaged:
    """The error for an archive that cannot be read for all the merging."""
    return ArchiveDamaged(f"archive {folder}: its segments vanish while they are read. Try again.")
