"""How is a running projector asked for a snapshot? By a file in the home folder, answered in another.

Who may write into the home folder may read all that is in it anyway: no port, no further right.
"""

import json
import os
import time
from pathlib import Path
from typing import Final
from uuid import uuid4

from lineage.errors import Refused, StoreInUse

FOLDER: Final = "snapshots-asked"
WANTED, TAKING, DONE = ".wanted", ".taking", ".done"

LOOK_SECONDS: Final = 0.2
HEARD_SECONDS: Final = 20.0
"""How long the owner of the database may take to look: a projector looks each second."""


def ask(home: Path, folder: Path, *, owner: StoreInUse, heard_seconds: float = HEARD_SECONDS) -> None:
    """Have whoever owns the database put a snapshot into the folder; returns when it is there.

    Raises ``owner`` when that is nobody who takes snapshots, or ended meanwhile; Refused with what it says.
    """
    _ask(home, {"folder": str(folder.absolute())}, owner, heard_seconds)


def ask_for_choices(home: Path, path: Path, secret: str, *, owner: StoreInUse) -> None:
    """Have it write the snapshot of choices for services; ``secret`` is the check that goes into it.

    Raises as ``ask`` does.
    """
    _ask(home, {"choices": str(path.absolute()), "secret": secret}, owner, HEARD_SECONDS)


def _ask(home: Path, told: dict[str, str], owner: StoreInUse, heard_seconds: float) -> None:
    place = home / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    name = uuid4().hex
    wanted, taking, done = (place / f"{name}{ending}" for ending in (WANTED, TAKING, DONE))
    write(wanted, told)
    until = time.monotonic() + heard_seconds
    try:
        while not done.exists():
            time.sleep(LOOK_SECONDS)
            if (wanted.exists() and time.monotonic() > until) or not any(
                path.exists() for path in (wanted, taking, done)
            ):
                raise owner
        if (error := json.loads(done.read_text(encoding="utf-8")).get("error")) is not None:
            raise Refused(error)
    finally:
        for path in (wanted, done):
            path.unlink(missing_ok=True)


def write(path: Path, told: dict[str, str]) -> None:
    """A file that is whole as soon as it is there."""
    beside = path.with_name(f".{path.name}")
    beside.write_text(json.dumps(told), encoding="utf-8")
    os.replace(beside, path)
