"""How does one who has only a root know that a record is under it, or that it grew out of an older root?

By a few hashes: RFC 6962, sections 2.1.1 and 2.1.2; verified as in RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Sequence

from lineage.proof.merkle import EMPTY, Tree, node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Tree()
    tree.extend(b"".join(leaves))
    return tree.root()


def inclusion(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """What makes the root out of the leaf at ``index``: the hashes beside its way up, from below.

    Raises IndexError when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves has none at {index}")
    if len(leaves) == 1:
        return []
    cut = _cut(len(leaves))
    if index < cut:
        return [*inclusion(index, leaves[:cut]), root_of(leaves[cut:])]
    return [*inclusion(index - cut, leaves[cut:]), root_of(leaves[:cut])]


def consistency(size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """What shows that the root of the first ``size`` leaves became the root of all by appending alone.

    Raises IndexError when there are not so many leaves.
    """
    if not 0 <= size <= len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves was never one of {size}")
    return [] if size == 0 else _subproof(size, leaves, True)


def _subproof(size: int, leaves: Sequence[bytes], is_known: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if is_known else [root_of(leaves)]
    cut = _cut(len(leaves))
    if size <= cut:
        return [*_subproof(size, leaves[:cut], is_known), root_of(leaves[cut:])]
    return [*_subproof(size - cut, leaves[cut:], False), root_of(leaves[:cut])]


def _cut(size: int) -> int:
    """The greatest power of two below the size."""
    return int(1 << ((size - 1).bit_length() - 1))


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Whether the leaf hash stands at ``index`` under the root of ``size`` leaves."""
    if not 0 <= index < size:
        return False
    at, last, made = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = node(each, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = node(made, each)
        at, last = at >> 1, last >> 1
    return last == 0 and made == root


def grew(older: bytes, older_size: int, newer: bytes, newer_size: int, path: Sequence[bytes]) -> bool:
    """Whether the newer root stands over the leaves of the older one and whatever came behind them."""
    if not 0 <= older_size <= newer_size:
        return False
    if older_size == newer_size:
        return older == newer and not path
    if older_size == 0:
        return older == EMPTY and not path
    hashes = list(path)
    if older_size & (older_size - 1) == 0:
        hashes.insert(0, older)
    if not hashes:
        return False
    at, last = older_size - 1, newer_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node(each, before), node(each, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node(after, each)
        at, last = at >> 1, last >> 1
    return last == 0 and before == older and after == newer
