"""When was the last backup taken of this installation? A line in the home folder remembers it."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

FILE: Final = "last-backup"


def remember(home: Path, at: datetime) -> None:
    """Nothing depends on it: a home folder that cannot be written was backed up all the same."""
    with suppress(OSError):
        (home / FILE).write_text(f"{at.isoformat()}\n", encoding="utf-8")


def last_backup(home: Path) -> datetime | None:
    """None when there was none, or nothing can be read of it."""
    try:
        at = datetime.fromisoformat((home / FILE).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None
    return at if at.tzinfo is not None else None
