"""Is there room to go on, and to make the database again beside the old one?"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lineage.operate.examine.finding import Finding, fail, ok, warn
from lineage.settings import Settings
from lineage.store.opening import DATABASE

MEBIBYTE: Final = 1024 * 1024

LEAST: Final = 512 * MEBIBYTE
"""Below this a batch, its write-ahead log and a compaction may not find room."""


def room(settings: Settings) -> Iterator[Finding]:
    """One finding for each disk that holds something of this installation."""
    database = settings.home / DATABASE
    needed = database.stat().st_size if database.exists() else 0
    seen = set()
    for what, folder in {"home": settings.home, "archive": settings.archive_folder}.items():
        there = _nearest(folder)
        if not os.access(there, os.W_OK):
            yield fail(
                f"disk: {what}", f"{there} cannot be written", "give this user the right to write there"
            )
        elif (device := there.stat().st_dev) not in seen:
            seen.add(device)
            yield _judged(f"disk: {what}", there, needed if what == "home" else 0)


def _nearest(folder: Path) -> Path:
    """The folder, or what it will be made in."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


def _judged(what: str, folder: Path, needed: int) -> Finding:
    free = shutil.disk_usage(folder).free
    said = f"{folder}: {free // MEBIBYTE} MiB free"
    if free < LEAST:
        return fail(what, f"{said}: the next batches may not be written", "make room, or move it")
    if free < LEAST + needed:
        return warn(
            what,
            f"{said}: too little for a second database of {needed // MEBIBYTE} MiB",
            "make room before 'lineage rebuild'",
        )
    return ok(what, said)
