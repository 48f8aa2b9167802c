"""Does a tree that grows by stretches, whose blocks others have hashed, have the roots of one that grows by
leaves?
"""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.proof.merkle import HASH_BYTES, Parents, Tree, parents
from lineage.proof.stretch import BLOCK, Stretch

MOST = 3 * BLOCK
LEAVES = os.urandom(2 * MOST * HASH_BYTES)
places = st.integers(0, MOST) | st.sampled_from([0, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])


def leaves(begin: int, end: int) -> bytes:
    return LEAVES[begin * HASH_BYTES : end * HASH_BYTES]


def grown(*parts: bytes) -> Tree:
    tree = Tree()
    for each in parts:
        tree.extend(each)
    return tree


@settings(max_examples=25, deadline=None)
@given(places, places, places)
def test_a_tree_is_the_same_whether_it_grows_by_leaves_or_by_stretches(
    before: int, count: int, cut: int
) -> None:
    stretch = Stretch.of(leaves(before, before + count), before, parents)
    tree, cut = grown(leaves(0, before)), min(cut, count)
    stretch.under(tree, 0, cut)
    assert tree.root() == grown(leaves(0, before + cut)).root()
    stretch.under(tree, cut, count)
    assert tree.peaks == grown(leaves(0, before + count)).peaks


@settings(max_examples=10, deadline=None)
@given(places, places)
def test_a_stretch_that_expected_another_place_is_put_under_the_tree_all_the_same(
    expected: int, before: int
) -> None:
    stretch = Stretch.of(leaves(MOST, 2 * MOST), expected, parents)
    tree = grown(leaves(0, before))
    stretch.under(tree, 0, len(stretch))
    assert tree.peaks == grown(leaves(0, before), leaves(MOST, 2 * MOST)).peaks


def test_of_whole_blocks_nothing_is_left_to_hash_but_their_roots() -> None:
    hashed: list[int] = []
    count: Parents = lambda children: hashed.append(len(children)) or parents(children)  # noqa: E731
    stretch = Stretch.of(leaves(0, 2 * BLOCK), 0, count)
    assert (len(stretch.roots), hashed[0]) == (2 * HASH_BYTES, 2 * BLOCK * HASH_BYTES)
    tree = Tree()
    Stretch(b"\0" * len(stretch.leaves), 0, stretch.roots).under(tree, 0, len(stretch))
    assert tree.root() == grown(leaves(0, 2 * BLOCK)).root()
