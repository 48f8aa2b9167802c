"""How does a snapshot of choices come to lie there, whole or not at all? (``lineage.choices.snapshot``)"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from uuid import UUID

from lineage.choices.said import Said
from lineage.choices.snapshot import ROW, TOKEN_BYTES, Head
from lineage.proof.note import Signer


def write(
    path: Path, head: Head, rows: Iterable[tuple[UUID, Said, int]], heard: Iterable[UUID], signer: Signer
) -> int:
    """Put a snapshot at the path, whole or not at all; returns how many tokens stand in it.

    ``rows``: what was said of each token, and when; of each the last counts. ``head.people`` is counted here.
    """
    numbers: dict[Said, int] = {}
    packed = sorted(
        ROW.pack(token.bytes, numbers.setdefault(said, len(numbers)), at) for token, said, at in rows
    )
    last = [list(same)[-1] for _, same in groupby(packed, key=lambda row: row[: TOKEN_BYTES + 2])]
    del packed
    people = sum(1 for _ in groupby(last, key=lambda row: row[:TOKEN_BYTES]))
    ids = sorted({each.bytes for each in heard})
    body = b"".join([*last, *ids])
    text = "\n".join(
        [
            *replace(head, people=people).lines(),
            *(f"word {json.dumps([*said])}" for said in numbers),
            f"rows {len(last)}",
            f"heard {len(ids)}",
            f"sha256 {hashlib.sha256(body).hexdigest()}",
        ]
    )
    _put(path, signer.sign(f"{text}\n").encode() + b"\0" + body)
    return people


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
