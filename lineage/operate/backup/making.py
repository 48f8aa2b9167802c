"""How is all that must not be lost copied while everything goes on?

The desk first, then the log: whatever the desk speaks of is then in the log's copy, too. A backup gets its
name when it is whole; one that was cut short is begun again.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from lineage import __version__
from lineage.desk.opening import FILE as DESK
from lineage.desk.opening import open_desk
from lineage.errors import Refused
from lineage.operate.backup.files import copy_archive, copy_database, copy_file, on_disk, reached
from lineage.operate.backup.manifest import (
    ARCHIVE,
    FILE,
    LOG,
    SECRET,
    SECRETS,
    SMALL,
    Manifest,
    copied,
    known_by,
    secret_file,
)
from lineage.operate.backup.trace import remember
from lineage.settings import Settings


def backup(settings: Settings, folder: Path, *, with_secret: bool = False) -> Manifest:
    """Copy desk, log and archive into a new folder, with what reads and proves them; the secret and the key
    that signs checkpoints only when told so, and from the home folder.

    Raises Refused when the folder is not empty or cannot be written, or there is nothing to copy,
    DeskUnavailable.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty; a backup takes a folder of its own")
    if with_secret and secret_file(settings) != settings.home / SECRET:
        raise Refused(
            "the secret does not lie in the home folder: copy it from where it lies, apart from this"
        )
    with on_disk(folder):
        return _made(settings, folder, with_secret)


def _made(settings: Settings, folder: Path, with_secret: bool) -> Manifest:
    draft = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    desk, entries = _copy_desk(settings, draft)
    positions = _copy_log(settings, draft)
    if desk != "postgresql" and not any(draft.iterdir()):
        draft.rmdir()
        raise Refused(
            f"there is nothing to copy: {settings.home} has no log and no desk, nor is there an archive"
        )
    for name in (*SMALL, *(SECRETS if with_secret else ())):
        if (settings.home / name).exists():
            copy_file(settings.home / name, draft / name)
    files = {path.relative_to(draft).as_posix(): copied(path) for path in _files(draft)}
    made = Manifest(
        format=1,
        version=__version__,
        made_at=datetime.now(UTC),
        log=settings.log,
        topic=settings.kafka_topic,
        positions=positions,
        desk=desk,
        desk_entries=entries,
        secret=known_by(settings),
        files=files,
    )
    with (draft / FILE).open("w", encoding="utf-8") as file:
        file.write(made.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, folder)
    remember(settings.home, made.made_at)
    return made


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _copy_desk(settings: Settings, draft: Path) -> tuple[Literal["none", "file", "postgresql"], int]:
    if settings.desk_url is None and not (settings.home / DESK).exists():
        return "none", 0
    with open_desk(settings) as desk:
        entries = desk.recorder.max_notification_id() or 0
    if settings.desk_url is not None:
        return "postgresql", entries
    copy_database(settings.home / DESK, draft / DESK)
    return "file", entries


def _copy_log(settings: Settings, draft: Path) -> dict[int, int]:
    """Copies what there is of it; the next offsets behind that."""
    if settings.archive_folder.is_dir():
        copy_archive(settings.archive_folder, draft / ARCHIVE)
    if settings.log == "kafka":
        return reached(draft / ARCHIVE)
    if not (settings.home / LOG).exists():
        return {}
    copy_database(settings.home / LOG, draft / LOG)
    with closing(sqlite3.connect(draft / LOG)) as log:
        [[end]] = log.execute("select coalesce(max(offset) + 1, 0) from record").fetchall()
    return {0: end}
