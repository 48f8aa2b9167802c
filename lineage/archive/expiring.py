"""How does the archive let go of old facts? As of an erased person's: digest and number of each record stay.

Which ones is decided elsewhere. Each act is kept in the archive's folder, as `expired/<id>.json`: when, who,
by which policy, and before which instant a fact had to be over. The id, made from these words, stands in the
place of each record that was taken out.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from lineage.archive.disk import put
from lineage.archive.erasing import Mark, take_out
from lineage.archive.form import Segment, partitions

FOLDER: Final = "expired"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TAG: Final = 0x8A9E
"""The version of the id, 8, and twelve bits that say what it is the id of."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """One act. ``before``: of what was over by then, in UTC, nothing is promised to be there any more.

    ``by``: who did it; ``policy``: the digest of the policy that said so, ``days`` and ``regimes`` its words.
    """

    at: datetime
    by: str
    policy: str
    before: datetime
    days: int
    regimes: Mapping[str, int | None]

    def text(self) -> str:
        """The words that are kept, always the same for the same act."""
        said = {
            "at": _instant(self.at),
            "before": _instant(self.before),
            "by": self.by,
            "days": self.days,
            "format": 1,
            "policy": self.policy,
            "regimes": dict(self.regimes),
        }
        return json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @property
    def id(self) -> UUID:
        """What stands in the place of a record: a UUID of version 8 (RFC 9562).

        It begins with the milliseconds of ``before`` since 1970, as one of version 7 does with those of its
        making; the rest is of the SHA-256 of the words.
        """
        return _id(self.before, self.text())


def expire(folder: Path, expiry: Expiry, wanted: Callable[[int, int, int], Mapping[int, Mark]]) -> int:
    """Take these records out of the archive, and keep that it was done; how many were still there.

    ``wanted``: of a partition, from a first to a last offset, by offset what is to stand in a record's place.
    Cut short it leaves whole segments, and is finished the next time. Raises ArchiveDamaged, LogUnavailable
    when the disk takes nothing.
    """
    path = _keep(folder, expiry)

    def of(part: int) -> Callable[[Segment], Mapping[int, Mark]]:
        return lambda segment: wanted(part, segment.first, segment.last)

    count = sum(take_out(folder, part, of(part)) for part in partitions(folder))
    if not count:
        path.unlink()  # it took nothing out, and nothing names it
    return count


def known(folder: Path) -> frozenset[bytes]:
    """The ids of the acts that an archive's folder keeps; not of one whose words were changed."""
    return frozenset(_known(folder / FOLDER))


def _known(folder: Path) -> Iterator[bytes]:
    for path in folder.glob("*.json"):
        try:
            text = path.read_text(encoding="utf-8")
            before = datetime.fromisoformat(json.loads(text)["before"])
            if path.stem == str(id := _id(before, text)):
                yield id.bytes
        except (OSError, ValueError, LookupError, TypeError, RecursionError, OverflowError):
            continue  # what it took out is told to be taken out by nothing


def _keep(folder: Path, expiry: Expiry) -> Path:
    path = folder / FOLDER / f"{expiry.id}.json"
    put(path, expiry.text())
    return path


def _id(before: datetime, text: str) -> UUID:
    milliseconds = (before - EPOCH) // timedelta(milliseconds=1)
    rest = 0b10 << 62 | int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> 2
    return UUID(int=milliseconds << 80 | TAG << 64 | rest)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
