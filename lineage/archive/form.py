"""What does a segment look like? Its name, its columns, and the digest that stands for each of its records.

The name says which offsets a segment covers, first and last included: nothing else says how far an archive
is. Offsets of a log may have gaps, those inside a segment too; between two segments there is none.
"""

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from struct import Struct

import pyarrow as pa

from lineage.archive.looking import alike
from lineage.errors import ArchiveDamaged

SCHEMA = pa.schema(
    [
        pa.field("offset", pa.int64(), nullable=False),
        pa.field("recorded_at", pa.int64(), nullable=False),
        pa.field("key", pa.binary()),
        pa.field("value", pa.binary()),
        pa.field("digest", pa.binary(32), nullable=False),
        pa.field("producer", pa.string()),
        pa.field("incarnation", pa.binary(16)),
        pa.field("sequence", pa.int64()),
        pa.field("erased_by", pa.binary(16)),
    ]
)
"""``recorded_at`` in microseconds since 1970-01-01 UTC. The last four are filled for an erased record."""

SUFFIX = ".parquet"
NAMED = re.compile(r"(\d{20})-(\d{20})\.parquet")
WRITING = ".writing"
"""The end of the name of a segment that is not whole yet. Nobody reads it."""

HEAD = Struct(">xiqqi")  # the byte 0 of a leaf, partition, offset, recorded_at, length of the key or -1
LENGTH = Struct(">i")
NOTHING = LENGTH.pack(-1)


def leaf_digest(
    partition: int, offset: int, recorded_at: int, key: bytes | None, value: bytes | None
) -> bytes:
    """A record's leaf hash (RFC 6962, section 2.1): SHA-256 over a zero byte and the record, each part with
    its length. It binds where the record stands and when it was recorded, and stays when that is erased.

    >>> leaf_digest(0, 7, 0, b"key", None) == leaf_digest(0, 7, 0, b"key", b"")
    False
    """
    said = NOTHING if value is None else LENGTH.pack(len(value)) + value
    if key is None:
        return sha256(HEAD.pack(partition, offset, recorded_at, -1) + said).digest()
    return sha256(HEAD.pack(partition, offset, recorded_at, len(key)) + key + said).digest()


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """One file of an archive: the records of a partition from offset ``first`` to ``last``, both included."""

    first: int
    last: int
    path: Path

    @property
    def span(self) -> int:
        """How many offsets it covers; it may hold fewer records."""
        return self.last - self.first + 1


def path_of(folder: Path, partition: int, first: int, last: int) -> Path:
    """Where a segment lies in an archive's folder."""
    return folder / str(partition) / f"{first:020}-{last:020}{SUFFIX}"


def partitions(folder: Path) -> list[int]:
    """The partitions of which anything is archived, ascending."""
    return sorted(int(each.name) for each in folder.iterdir() if each.name.isdigit() and each.is_dir())


def segments(folder: Path, partition: int) -> list[Segment]:
    """Every segment of a partition, also such as another one covers, by first and last offset."""
    place = folder / str(partition)
    try:
        names = alike(lambda: set(os.listdir(place)))
    except FileNotFoundError:
        return []
    found = ((place / name, NAMED.fullmatch(name)) for name in names)
    return sorted(Segment(int(named[1]), int(named[2]), path) for path, named in found if named)


def chain(folder: Path, partition: int) -> list[Segment]:
    """The segments that together are the partition, in order: of those that overlap the furthest reaching.

    Raises ArchiveDamaged where a piece is missing between two.
    """
    chosen: list[Segment] = []
    for each in segments(folder, partition):
        if not chosen or each.first == chosen[-1].last + 1:
            chosen.append(each)
        elif each.first > chosen[-1].last + 1:
            raise ArchiveDamaged(
                f"archive, partition {partition}: nothing covers the offsets {chosen[-1].last + 1} to "
                f"{each.first - 1}. Bring the missing segment back from a backup."
            )
        elif each.last > chosen[-1].last:
            if each.first != chosen[-1].first:
                raise ArchiveDamaged(
                    f"archive, partition {partition}: {chosen[-1].path.name} and {each.path.name} overlap, "
                    "and neither covers the other: one of them is of another archive. Put it aside."
                )
            chosen[-1] = each
    return chosen


def ends(folder: Path) -> dict[int, int]:
    """Per partition the next offset to archive. Raises ArchiveDamaged."""
    return {part: found[-1].last + 1 for part in partitions(folder) if (found := chain(folder, part))}
