"""What had everybody chosen, as of an instant? One signed file, looked up in a few microseconds.

It begins with a signed note (``head`` shows it) that says as of when, under which policy and what follows,
with its SHA-256; then a zero byte; then rows of 26 bytes in order: token, number of a word, instant; then the
ids of the events that were heard lately. It holds tokens, which are pseudonyms: only its owner may read it.

It is read through one open file and never mapped into memory, so that whoever writes over it cannot end the
process that reads; a new one takes its place by its name alone.
"""

import hashlib
import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from struct import Struct
from typing import Final, Self
from uuid import UUID
from weakref import finalize

from lineage.choices.permission import Reason
from lineage.choices.said import Said, Word
from lineage.proof.note import NotSigned, PublicKey, opened

FIRST: Final = "choices 1"
ROW: Final = Struct(">16sHq")
TOKEN_BYTES: Final = 16
READ_BYTES: Final = 1 << 20
LARGEST_NOTE: Final = 1 << 20  # words of thousands of purposes


class NoSnapshot(Exception):
    """No snapshot that can be relied on. Nothing in it is personal."""

    def __init__(self, reason: Reason, why: str) -> None:
        super().__init__(why)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Head:
    """What a snapshot says of itself.

    Everything recorded before ``until`` is in it. ``policy``: digest of the policy adopted last; ``secret``:
    a token that tells whether a service has the same secret; ``people``: tokens of which anything was said.
    """

    log: str
    until: datetime
    policy: str
    secret: str
    people: int
    positions: Mapping[str, int]

    def lines(self) -> list[str]:
        """As the note has them, in order."""
        return [
            self.log,
            FIRST,
            f"until {self.until.isoformat(timespec='microseconds').replace('+00:00', 'Z')}",
            f"policy {self.policy}",
            f"secret {self.secret}",
            f"people {self.people}",
            *(f"position {name} {offset}" for name, offset in sorted(self.positions.items())),
        ]


def known_by(path: Path) -> tuple[int, int, int] | None:
    """What tells whether a file is still the same; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


class Snapshot:
    """A snapshot that a trusted key signed and that is whole. Safe to share between threads."""

    def __init__(self, path: Path, trusted: Iterable[PublicKey]) -> None:
        """Open and verify it. Raises NoSnapshot."""
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise NoSnapshot(
                Reason.NO_SNAPSHOT, f"the snapshot cannot be opened ({type(error).__name__})"
            ) from None
        self.close = finalize(self, os.close, self._file)
        try:
            self._read(trusted)
        except NotSigned as error:
            self.close()
            raise NoSnapshot(Reason.NOT_TRUSTED, f"the snapshot of choices: {error}") from None
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            self.close()
            raise NoSnapshot(Reason.NOT_TRUSTED, "the snapshot of choices is not whole, or none") from None

    def _read(self, trusted: Iterable[PublicKey]) -> None:
        note, zero, _ = os.pread(self._file, LARGEST_NOTE, 0).partition(b"\0")
        if not zero:
            raise NotSigned("it is no signed note")
        lines = opened(note.decode(), trusted).splitlines()
        if lines[1] != FIRST:
            raise NotSigned("what was signed is something else")
        told = [line.partition(" ")[::2] for line in lines[2:]]
        said = dict(told)
        self.head = Head(
            lines[0],
            datetime.fromisoformat(said["until"]),
            said["policy"],
            said["secret"],
            int(said["people"]),
            {
                name: int(at)
                for key, line in told
                if key == "position"
                for name, _, at in [line.rpartition(" ")]
            },
        )
        self.words = [
            (Word(word), purpose)
            for key, line in told
            if key == "word"
            for word, purpose in [json.loads(line)]
        ]
        self._start = len(note) + 1
        self._rows, self._heard = int(said["rows"]), int(said["heard"])
        self._ids = self._start + self._rows * ROW.size
        if self._digest() != said["sha256"]:
            raise NotSigned("what follows its text is not what was signed")

    def _digest(self) -> str:
        digest, at = hashlib.sha256(), self._start
        while part := os.pread(self._file, READ_BYTES, at):
            digest.update(part)
            at += len(part)
        return digest.hexdigest()

    def said(self, token: UUID) -> dict[Said, int]:
        """What was said of the person with this token; empty when nothing was.

        Raises OSError or ValueError when the file was written over while it is open.
        """
        wanted = token.bytes
        at = bisect_left(range(self._rows), wanted, key=self._token)
        found: dict[Said, int] = {}
        while at < self._rows:
            known, word, when = ROW.unpack(self._at(self._start + at * ROW.size, ROW.size))
            if known != wanted:
                break
            found[self.words[word]] = when
            at += 1
        return found

    def has_heard(self, event_id: UUID) -> bool:
        """Whether it knows this event, if that was recorded within the days before it was made."""
        at = bisect_left(range(self._heard), event_id.bytes, key=self._id)
        return at < self._heard and self._id(at) == event_id.bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _token(self, row: int) -> bytes:
        return self._at(self._start + row * ROW.size, TOKEN_BYTES)

    def _id(self, number: int) -> bytes:
        return self._at(self._ids + number * TOKEN_BYTES, TOKEN_BYTES)

    def _at(self, offset: int, length: int) -> bytes:
        found = os.pread(self._file, length, offset)
        if len(found) < length:
            raise ValueError("the snapshot was cut off while it was open")
        return found
