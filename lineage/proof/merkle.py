"""What one hash stands for a sequence of records, and for the sequence when it has grown? A tree's root.

RFC 6962, section 2.1: a leaf's hash begins with a zero byte (the archive's digests are such hashes), a node's
with a one. The tree of n leaves is kept as the roots of its perfect subtrees, one a level at most.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
NODE: Final = b"\x01"
EMPTY: Final = sha256().digest()
"""The root of no leaves."""

Parents = Callable[[bytes], bytes]
"""As :func:`parents`."""


def node(left: bytes, right: bytes) -> bytes:
    """The hash of a node over those of its two children."""
    return sha256(NODE + left + right).digest()


def parents(children: bytes) -> bytes:
    """The hashes of nodes, one after the other, over children that stand two by two."""
    pair = 2 * HASH_BYTES
    return b"".join(
        [sha256(NODE + children[at : at + pair]).digest() for at in range(0, len(children), pair)]
    )


class Tree:
    """A tree that grows at its end, in memory that grows with the logarithm of its size.

    >>> tree = Tree()
    >>> tree.extend(bytes(32) + bytes(32))
    >>> tree.size, tree.root() == node(bytes(32), bytes(32))
    (2, True)
    """

    def __init__(self, peaks: Mapping[int, bytes] | None = None) -> None:
        self._peaks = dict(peaks or {})

    @property
    def peaks(self) -> dict[int, bytes]:
        """The roots of the perfect subtrees by level; a subtree of level k has 2 ** k leaves."""
        return dict(self._peaks)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return sum(1 << level for level in self._peaks)

    def extend(self, leaves: bytes, level: int = 0) -> None:
        """Put leaves behind the last one: their hashes, 32 bytes each, one after the other.

        ``level``: of perfect subtrees, whose roots stand for 2 ** level leaves each; they go where
        the leaves before fill such subtrees, too.
        """
        row = leaves
        while row:
            row = self._peaks.pop(level, b"") + row
            if len(row) // HASH_BYTES % 2:
                self._peaks[level] = row[-HASH_BYTES:]
                row = row[:-HASH_BYTES]
            row = parents(row)
            level += 1

    def root(self) -> bytes:
        """The one hash that stands for all leaves in their order."""
        below: bytes | None = None
        for level in sorted(self._peaks):
            below = self._peaks[level] if below is None else node(self._peaks[level], below)
        return EMPTY if below is None else below
