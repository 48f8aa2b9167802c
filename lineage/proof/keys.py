"""Whose word is a checkpoint? Of a key made on first use; its public half, beside it, is given away.

To change the key, put `checkpoint-key` aside: a new one is made, and `checkpoint-key.pub` has one line more.
The lines of older keys stay as long as checkpoints that they signed are to be believed.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lineage.errors import LogUnavailable, Refused
from lineage.proof.note import PublicKey, Signer

PRIVATE: Final = "checkpoint-key"
PUBLIC: Final = "checkpoint-key.pub"


def signer(home: Path, name: str) -> Signer:
    """The signer of an installation, under the name of its log; made on first use, for its owner alone.

    Raises Refused when the file holds no Ed25519 key, LogUnavailable when the disk takes no new one.
    """
    path = home / PRIVATE
    if not path.exists():
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"{path}: no Ed25519 key in PEM can be read there")
    found = Signer(name, key)
    public = home / PUBLIC
    known = public.read_text(encoding="utf-8") if public.exists() else ""
    if not known or found.public not in trusted([public]):
        with _draft(public, f"{known}{found.public}\n".encode(), 0o666) as draft:
            draft.replace(public)
    return found


@contextmanager
def _draft(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """A file beside the path, safe on disk and gone after the block: half a key would be no key at all.

    Raises LogUnavailable when the disk does not take it.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    except OSError as error:
        raise LogUnavailable(
            f"{path} cannot be written: {error.strerror}. See that the folder can be written and that the "
            "disk has room; nothing was signed."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def trusted(paths: Iterable[Path]) -> list[PublicKey]:
    """The public keys of files, one a line. Raises Refused, naming file and line."""
    found = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise Refused(
                f"{path}: no public key can be read there; it lies beside the key that signs, as {PUBLIC}"
            ) from None
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    found.append(PublicKey.parse(line))
                except Refused as error:
                    raise Refused(f"{path}, line {number}: {error}") from None
    return found


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with _draft(path, pem, 0o600) as draft, suppress(FileExistsError):  # who was first has made the key
        os.link(draft, path)
