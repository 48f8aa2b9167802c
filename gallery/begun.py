"""What stands there before a story begins? A log and a database that know the gallery's policy."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from lineage.codec import encode
from lineage.events import PolicyAdopted
from lineage.logs import EmbeddedLog
from lineage.policy import load, parse
from lineage.projector import Projector
from lineage.store import Store

BEGUN: Final = datetime(2021, 1, 1, 8, tzinfo=UTC)
"""When the policy was adopted, and since when its producers tell."""

LOG: Final = "log.sqlite"
DATABASE: Final = "lineage.duckdb"

Declares = tuple[tuple[str, str, str], ...]
"""(file, these words, those words): what a world's policy says otherwise."""

_POLICY: Final = Path(__file__).parent / "policy"
_NAMES: Final = uuid5(NAMESPACE_URL, "https://ferrylane.example/gallery")


@cache
def begun(declares: Declares) -> TemporaryDirectory[str]:
    """A folder to be copied, for making it takes longer than what is then told of anybody."""
    files: Mapping[str, str] = load(_POLICY).files
    for file, these, those in declares:
        if these not in files[file]:
            raise ValueError(f"{file} of the gallery's policy no longer says: {these}")
        files = {**files, file: files[file].replace(these, those)}
    policy = parse(files)
    adopted = PolicyAdopted(
        event_id=numbered(BEGUN, 0),
        occurred_at=BEGUN,
        producer="policy",
        incarnation=named("policy"),
        sequence=0,
        digest=policy.digest,
        files=dict(policy.files),
    )
    folder = TemporaryDirectory(prefix="lineage-gallery-")
    with EmbeddedLog(Path(folder.name) / LOG) as log, opened(Path(folder.name)) as store:
        log.append(b"policy", encode(adopted), recorded_at=BEGUN)
        log.flush()
        Projector(log, store).catch_up()
    return folder


def opened(folder: Path) -> Store:
    """The database in a folder."""
    return Store(folder / DATABASE, say=lambda message: None)


def named(name: str) -> UUID:
    """An id that is the same in every run."""
    return uuid5(_NAMES, name)


def numbered(at: datetime, number: int) -> UUID:
    """The id of an event (UUIDv7, RFC 9562) that is the same in every run."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number)
