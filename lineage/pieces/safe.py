"""Where does a sealed attachment lie until it is delivered, and what is left of it then?

The sealed bytes lie in one folder and their keys in another, which can be on another disk. Delivery opens
the attachment once and destroys it: first the key, without which the bytes are noise, then the bytes. What is
left is a record without values: which attachment, when, by whom.
"""

import json
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from lineage.errors import Refused
from lineage.pieces.attachment import Sealed, Unsealable, unseal, without
from lineage.policy.personal import looks_personal
from lineage.report.canonical import instant


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of an attachment. Instants as text in UTC; elements and roles, never a value."""

    digest: str
    sealed_at: str
    for_review: tuple[str, ...] = ()
    reviewed_by: str | None = None
    left_out: tuple[str, ...] = ()
    delivered_at: str | None = None
    destroyed_at: str | None = None


_KEPT = TypeAdapter(Kept)


class Safe:
    """The attachments of one installation: ``folder`` for what is sealed, ``keys`` for what opens it."""

    def __init__(self, folder: Path, keys: Path) -> None:
        if folder.resolve() == keys.resolve():
            raise Refused("The keys must lie apart from the attachments. Name another folder for them.")
        self._folder, self._keys = folder, keys

    def put(self, sealed: Sealed, for_review: Sequence[str], now: datetime) -> Kept:
        """Keep a sealed attachment, and its key apart from it."""
        for folder in (self._folder, self._keys):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = Kept(sealed.digest, instant(now), tuple(for_review))
        write(self._key(kept.digest), sealed.key)
        write(self._sealed(kept.digest), sealed.sealed)
        self._note(kept)
        return kept

    def kept(self, digest: str) -> Kept:
        """What is known of an attachment. Raises Refused when there is no such one."""
        try:
            found = self._record(digest).read_text(encoding="ascii")
        except OSError:
            raise Refused("There is no such attachment. lineage pieces list names them.") from None
        return _KEPT.validate_json(found)

    def all(self) -> list[Kept]:
        """Every attachment there ever was, the earliest first."""
        found = [self.kept(path.stem) for path in self._folder.glob("*.json")]
        return sorted(found, key=lambda each: (each.sealed_at, each.digest))

    def read(self, digest: str) -> bytes:
        """The copy, for the review of its free content.

        Raises:
            Refused: there is no such attachment, or it was destroyed.
            Unsealable: its bytes or its key were changed.
        """
        if self.kept(digest).destroyed_at is not None:
            raise Refused("The attachment was destroyed. Gather the pieces anew.")
        try:
            closed, key = self._sealed(digest).read_bytes(), self._key(digest).read_bytes()
        except OSError:
            raise Unsealable("The attachment or its key is gone. Destroy it and gather anew.") from None
        if sha256(closed).hexdigest() != digest:
            raise Unsealable("The attachment is not the one that was sealed. Destroy it and gather anew.")
        return unseal(closed, key)

    def deliver(
        self,
        digest: str,
        hand_over: Callable[[bytes], object],
        now: datetime,
        *,
        reviewed_by: str | None = None,
        left_out: Collection[str] = (),
    ) -> Kept:
        """Open the attachment, hand the copy over once, and destroy it.

        ``reviewed_by``: the role or id of who read the free content; ``left_out``: elements that show another
        person's data. When ``hand_over`` raises, nothing is destroyed.

        Raises:
            Refused: destroyed already, or nobody has read the free content.
            Unsealable: its bytes or its key were changed.
        """
        kept, copy = self.kept(digest), self.read(digest)
        if kept.for_review and not reviewed_by:
            raise Refused(
                f"Free content has to be read before it is released: {', '.join(kept.for_review)}. "
                "Read it with lineage pieces review, then name who did."
            )
        if reviewed_by is not None and looks_personal(reviewed_by):
            raise Refused("Who has reviewed is named by a role or an id, not by a name or an address.")
        hand_over(without(copy, left_out) if left_out else copy)
        self._note(
            replace(
                kept, reviewed_by=reviewed_by, left_out=tuple(sorted(left_out)), delivered_at=instant(now)
            )
        )
        return self.destroy(digest, now)

    def destroy(self, digest: str, now: datetime) -> Kept:
        """Destroy key and bytes; the record stays. To destroy again changes nothing."""
        kept = self.kept(digest)
        self._key(digest).unlink(missing_ok=True)
        self._sealed(digest).unlink(missing_ok=True)
        if kept.destroyed_at is None:
            kept = replace(kept, destroyed_at=instant(now))
            self._note(kept)
        return kept

    def _note(self, kept: Kept) -> None:
        path = self._record(kept.digest)
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        write(draft, json.dumps(asdict(kept), sort_keys=True).encode("ascii"))
        draft.replace(path)

    def _key(self, digest: str) -> Path:
        return self._keys / f"{_checked(digest)}.key"

    def _sealed(self, digest: str) -> Path:
        return self._folder / f"{_checked(digest)}.sealed"

    def _record(self, digest: str) -> Path:
        return self._folder / f"{_checked(digest)}.json"


def write(path: Path, raw: bytes) -> None:
    """A new file that its owner alone can read, on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _checked(digest: str) -> str:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise Refused("An attachment is named by its digest: 64 hex digits.")
    return digest
