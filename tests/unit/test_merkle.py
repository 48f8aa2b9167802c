"""Does the tree have the roots and proofs that RFC 6962 gives it, and does no false proof pass?"""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.proof.merkle import EMPTY, HASH_BYTES, Tree
from lineage.proof.paths import consistency, grew, includes, inclusion, root_of

INPUTS = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [sha256(b"\0" + each).digest() for each in INPUTS]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The reference vectors of Certificate Transparency: eight inputs, and the root over the first n of them."""

leaf_lists = st.lists(st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES), min_size=1, max_size=70)


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert (
        Tree().root()
        == EMPTY
        == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference_vectors(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_proofs_are_those_of_the_reference_vectors() -> None:
    assert [each.hex() for each in inclusion(0, LEAVES)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [each.hex() for each in consistency(6, LEAVES)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(leaf_lists, st.lists(st.integers(0, 70), max_size=6))
def test_a_tree_does_not_know_in_which_portions_it_grew(leaves: list[bytes], cuts: list[int]) -> None:
    tree, at = Tree(), 0
    for cut in [*sorted(cuts), len(leaves)]:
        tree.extend(b"".join(leaves[at:cut]))
        at = max(at, min(cut, len(leaves)))

    assert (tree.size, tree.root()) == (len(leaves), root_of(leaves))
    assert len(tree.peaks) <= len(leaves).bit_length()
    assert Tree(tree.peaks).root() == tree.root()


@given(leaf_lists, st.data())
def test_each_leaf_is_shown_to_be_in_and_no_other_in_its_place(
    leaves: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root = inclusion(index, leaves), root_of(leaves)
    other = data.draw(st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES).filter(leaves[index].__ne__))

    assert includes(root, len(leaves), index, leaves[index], path)
    assert not includes(root, len(leaves), index, other, path)
    assert not includes(root, len(leaves), index, leaves[index], [*path, other])
    assert not (path and includes(root, len(leaves), index, leaves[index], path[:-1]))
    assert not includes(root, len(leaves), len(leaves), leaves[index], path)


@given(leaf_lists, st.data())
def test_a_grown_tree_is_known_from_one_whose_past_was_changed(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, len(leaves)))
    path, older, newer = consistency(size, leaves), root_of(leaves[:size]), root_of(leaves)
    assert grew(older, size, newer, len(leaves), path)

    changed = list(leaves)
    if size:
        changed[data.draw(st.integers(0, size - 1))] = sha256(b"another").digest()
        rewritten = root_of(changed)
        assert not grew(older, size, rewritten, len(leaves), consistency(size, changed))
        assert not grew(older, size, newer, len(leaves), [*path, newer])


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        inclusion(8, LEAVES)
    with pytest.raises(IndexError):
        consistency(9, LEAVES)
