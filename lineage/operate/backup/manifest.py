"""What is in a backup, and is it still what was put there?"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lineage.errors import Refused
from lineage.framing.kept import FILE as SCHEMA_IDS
from lineage.proof.keys import PRIVATE, PUBLIC
from lineage.publish import secret_of
from lineage.settings import Settings

FILE: Final = "backup.json"
LOG: Final = "log.sqlite"
SECRET: Final = "secret"  # noqa: S105 (the name of a file)
ARCHIVE: Final = "archive"

SECRETS: Final = (SECRET, PRIVATE)
"""Of the home folder; copied only when told so. With the second whoever has it signs checkpoints."""

SMALL: Final = (SCHEMA_IDS, PUBLIC)
"""Of the home folder; without the first, values that name their schema by a registry's id cannot be read."""

_KNOWN_BY: Final = b"personal-data-lineage backup"
"""What the secret is tried on. A token's message has a zero byte in it, so that this is nobody's token."""


class Copied(BaseModel):
    """One file, as it was when it was copied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """A backup's own word on what it is.

    ``positions``: the next offset of each partition behind what was copied of the log. ``desk_entries``: what
    the desk held when that began. ``secret``: by what the secret is known again, which tells nothing of it;
    empty when there was none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    format: Literal[1]
    version: str
    made_at: datetime
    log: Literal["embedded", "kafka"]
    topic: str
    positions: dict[int, int]
    desk: Literal["none", "file", "postgresql"]
    desk_entries: int
    secret: str
    files: dict[str, Copied]


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Refused when there is none that can be read."""
    try:
        return Manifest.model_validate_json((folder / FILE).read_bytes())
    except OSError:
        raise Refused(f"{folder} has no {FILE}: it is no backup, or one that was not finished") from None
    except ValidationError as error:
        faults = ", ".join(".".join(map(str, each["loc"])) for each in error.errors(include_input=False))
        raise Refused(f"{folder / FILE} cannot be read ({faults}): it is of another version") from None


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises Refused when a file is missing, was changed or was added since."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {FILE}
    wrong = [f"{name} is missing" for name in sorted(manifest.files.keys() - there)]
    wrong += [f"{name} was added" for name in sorted(there - manifest.files.keys())]
    wrong += [
        f"{name} was changed"
        for name in sorted(manifest.files.keys() & there)
        if copied(folder / name) != manifest.files[name]
    ]
    if wrong:
        raise Refused(f"{folder} is not as it was made: {'; '.join(wrong[:5])}. Take another backup")


def copied(path: Path) -> Copied:
    """Size and digest of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Copied(size=path.stat().st_size, sha256=digest.hexdigest())


def secret_file(settings: Settings) -> Path | None:
    """The file that holds the secret; None when it comes from the environment."""
    if settings.secret is not None:
        return None
    return settings.secret_file or settings.home / SECRET


def known_by(settings: Settings) -> str:
    """By what the secret of the settings is known again; empty when there is none yet. Raises Refused."""
    file = secret_file(settings)
    if file is not None and file == settings.home / SECRET and not file.exists():
        return ""  # asking for it would make one
    return secret_of(settings).digest(_KNOWN_BY)[:16].hex()
