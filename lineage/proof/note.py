"""Who says this text, and is it whole? A signed note: text, an empty line, and lines of signatures.

The form is C2SP's (c2sp.org/signed-note) with Ed25519, so that other programs can verify it. A public key is
one line of text, `<name>+<key id>+<base64>`; several may be trusted at a time, so that keys can be changed.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lineage.errors import Refused

ED25519: Final = b"\x01"
ID_BYTES: Final = 4
DASH: Final = "\u2014"


class NotSigned(Exception):
    """A note that no trusted key has signed as it stands. The message says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whose signature is trusted: a name, and 32 bytes."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell this key from others of its name."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.raw).decode()}"

    @classmethod
    def parse(cls, line: str) -> "PublicKey":
        """The key of a line of text. Raises Refused."""
        name, _, rest = line.strip().partition("+")
        printed, _, encoded = rest.partition("+")
        try:
            data = base64.b64decode(encoded, validate=True)
            found = cls(name, data[1:])
            Ed25519PublicKey.from_public_bytes(found.raw)
        except ValueError:
            raise Refused("a public key is a line such as name+1a2b3c4d+AbCd…=; this is none") from None
        if data[:1] != ED25519 or found.id.hex() != printed or not name:
            raise Refused("a public key's id does not fit its name and bytes: it was copied wrongly")
        return found

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether the key signed the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signer:
    """Signs notes under a name. The private key never shows."""

    __slots__ = ("_key", "public")

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        if not name or "+" in name or any(each.isspace() for each in name):
            raise Refused("the name of a key is one word without a plus sign")
        self._key = key
        self.public = PublicKey(name, key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"Signer({self.public})"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not written anywhere")

    def sign(self, text: str) -> str:
        """The text, which ends with a newline, as a signed note."""
        signature = base64.b64encode(self.public.id + self._key.sign(text.encode())).decode()
        return f"{text}\n{DASH} {self.public.name} {signature}\n"


def opened(note: str, trusted: Iterable[PublicKey]) -> str:
    """The text of a note that a trusted key signed; signatures of unknown keys count for nothing.

    Raises NotSigned when none did, or when one that names a trusted key is wrong.
    """
    text, between, signatures = note.rpartition("\n\n")
    if not between or not signatures.endswith("\n"):
        raise NotSigned("it is no signed note")
    text += "\n"
    keys = {(key.name, key.id): key for key in trusted}
    is_signed = False
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if dash != DASH or not name or len(data) <= ID_BYTES:
            raise NotSigned("it has a line that is no signature")
        key = keys.get((name, data[:ID_BYTES]))
        if key is not None:
            if not key.signed(text, data[ID_BYTES:]):
                raise NotSigned("its text is not the one that was signed")
            is_signed = True
    if not is_signed:
        raise NotSigned("none of the trusted keys has signed it")
    return text
