"""How does a tree grow by many leaves whose subtrees others have hashed? By the roots of whole blocks.

A block is BLOCK leaves that fill a perfect subtree. Where blocks begin depends on how many leaves stand
before: who makes a stretch says what it expects. Where a tree is elsewhere, the leaves themselves are put
under it.
"""

from dataclasses import dataclass
from typing import Final, Self

from lineage.proof.merkle import HASH_BYTES, Parents, Tree

LEVEL: Final = 10
BLOCK: Final = 1 << LEVEL
"""Leaves of a block: so many hashes at most are left to do at either end of a stretch."""


@dataclass(frozen=True, slots=True, repr=False)
class Stretch:
    """Leaves that stand one after the other in a tree, 32 bytes each, from its leaf ``at`` on.

    ``roots``: of the blocks among them.
    """

    leaves: bytes
    at: int
    roots: bytes

    @classmethod
    def of(cls, leaves: bytes, at: int, parents: Parents) -> Self:
        """With the blocks hashed by ``parents``."""
        first, last = _blocks(at, at + len(leaves) // HASH_BYTES)
        row = leaves[(first - at) * HASH_BYTES : (last - at) * HASH_BYTES]
        for _ in range(LEVEL):
            row = parents(row)
        return cls(leaves, at, row)

    def __len__(self) -> int:
        return len(self.leaves) // HASH_BYTES

    def under(self, tree: Tree, begin: int, end: int) -> None:
        """Put the leaves from ``begin`` to ``end`` of this stretch behind the last one of a tree."""
        first, last = (edge - self.at for edge in _blocks(self.at + begin, self.at + end))
        if first == last or tree.size != self.at + begin:
            tree.extend(self._part(begin, end))
            return
        before = _blocks(self.at, self.at)[0] - self.at
        roots = ((edge - before) // BLOCK * HASH_BYTES for edge in (first, last))
        tree.extend(self._part(begin, first))
        tree.extend(self.roots[slice(*roots)], LEVEL)
        tree.extend(self._part(last, end))

    def _part(self, begin: int, end: int) -> bytes:
        return self.leaves[begin * HASH_BYTES : end * HASH_BYTES]


def _blocks(first: int, end: int) -> tuple[int, int]:
    """Where in a tree the first whole block among these leaves begins, and where the last one ends."""
    begin = first + -first % BLOCK
    return begin, max(begin, end - end % BLOCK)
