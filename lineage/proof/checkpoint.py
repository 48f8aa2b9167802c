"""How far was the archive, and what stood in it? A checkpoint says it, a line a partition.

    personal-data-events
    checkpoint 17
    time 2026-06-15T17:00:00.000000Z
    before 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    partition 0 last 1203 size 1200 root CsUY…= erased 3 root Az3g…=

`last` is the last offset of the archive then, `size` how many records there were up to it, the first `root`
that of the tree of their digests, the second that of the tree of what stood in place of the erased ones.
`before` is the digest of the checkpoint before.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

NONE_BEFORE: Final = "none"
LINE: Final = re.compile(r"partition (\d+) last (\d+) size (\d+) root (\S{44}) erased (\d+) root (\S{44})")


class NoCheckpoint(ValueError):
    """A text that is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in one partition up to the offset ``last``."""

    last: int
    size: int
    root: bytes
    erased: int
    erased_root: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The heads of all partitions at an instant. ``before``: SHA-256 of the note before, None for the first.

    ``digest``: SHA-256 of its own note as hex, by which others name it; None until it is signed.
    """

    origin: str
    number: int
    time: datetime
    before: str | None
    heads: Mapping[int, Head]
    digest: str | None = None

    def text(self) -> str:
        """The lines that are signed."""
        lines = [
            self.origin,
            f"checkpoint {self.number}",
            f"time {self.time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            f"before {self.before or NONE_BEFORE}",
        ]
        lines += [
            f"partition {part} last {head.last} size {head.size} root {_base64(head.root)} "
            f"erased {head.erased} root {_base64(head.erased_root)}"
            for part, head in sorted(self.heads.items())
        ]
        return "".join(f"{line}\n" for line in lines)


def digest(note: str) -> str:
    """By which a checkpoint is named: SHA-256 of the whole note, as hex."""
    return sha256(note.encode()).hexdigest()


def parse(note: str) -> Checkpoint:
    """The checkpoint of a note, whoever signed it. Raises NoCheckpoint."""
    text = note.rpartition("\n\n")[0] + "\n"
    try:
        origin, number, time, before, *partitions = text.splitlines()
        heads = {}
        for line in partitions:
            found = LINE.fullmatch(line)
            if found is None:
                raise NoCheckpoint
            part, last, size, root, erased, erased_root = found.groups()
            heads[int(part)] = Head(int(last), int(size), _bytes(root), int(erased), _bytes(erased_root))
        said = Checkpoint(
            origin,
            int(number.removeprefix("checkpoint ")),
            datetime.strptime(time, "time %Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
            None if before == f"before {NONE_BEFORE}" else before.removeprefix("before "),
            heads,
            digest(note),
        )
    except ValueError:
        raise NoCheckpoint("it is no checkpoint of this form") from None
    if said.text() != text:
        raise NoCheckpoint("it is no checkpoint of this form")
    return said


def _base64(root: bytes) -> str:
    return base64.b64encode(root).decode()


def _bytes(root: str) -> bytes:
    return base64.b64decode(root, validate=True)
