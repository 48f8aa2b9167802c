"""What stands in the place of an erased record, and can that be changed unseen? It has a tree of its own.

A digest stands for a record's key and value. What an erasure leaves instead (whose number it was, and which
event erased it) is under no digest, so checkpoints have a second root, over a partition's erased records.
"""

from hashlib import sha256
from struct import Struct
from typing import Any, Final

PLACE: Final = Struct(">xq")
LENGTH: Final = Struct(">i")
NUMBER: Final = Struct(">q")
COLUMNS: Final = ("offset", "digest", "producer", "incarnation", "sequence", "erased_by")
"""The columns of a segment that a leaf of this tree is made from."""


def leaves(erased: Any) -> bytes:
    """The leaf hashes of erased records (pyarrow.Table), in their order."""
    rows = zip(*(erased[name].to_pylist() for name in COLUMNS), strict=True)
    return b"".join(_leaf(*row) for row in rows)


def _leaf(
    offset: int,
    digest: bytes,
    producer: str | None,
    incarnation: bytes | None,
    sequence: int | None,
    erased_by: bytes | None,
) -> bytes:
    parts = (
        digest,
        None if producer is None else producer.encode(),
        incarnation,
        None if sequence is None else NUMBER.pack(sequence),
        erased_by,
    )
    said = (LENGTH.pack(-1) if part is None else LENGTH.pack(len(part)) + part for part in parts)
    return sha256(PLACE.pack(offset) + b"".join(said)).digest()
