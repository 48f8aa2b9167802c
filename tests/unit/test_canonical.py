"""One document, one text: whatever the order in which it was put together."""

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lineage.report.canonical import canonical, in_order, sealed

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(documents)
def test_the_canonical_bytes_are_those_of_rfc_8785(document: object) -> None:
    assert canonical(document) == rfc8785.dumps(document)  # type: ignore[arg-type] # JSON, as drawn


@given(st.dictionaries(keys, st.lists(words, max_size=5), max_size=5), st.randoms())
def test_no_order_of_a_list_changes_the_digests(document: dict[str, list[str]], chance: object) -> None:
    shuffled = {
        key: sorted(value, key=lambda _: chance.random())  # type: ignore[attr-defined] # a Random
        for key, value in sorted(document.items(), key=lambda _: chance.random())  # type: ignore[attr-defined]
    }

    assert sealed(shuffled) == sealed(document)


def test_the_answer_digest_leaves_positions_versions_and_as_of_out() -> None:
    one = {"collected": ["a"], "positions": {"topic/0": 1}, "versions": {}, "as_of": "today"}
    other = {
        "collected": ["a"],
        "positions": {"topic/0": 2},
        "versions": {"policy": "x"},
        "as_of": "tomorrow",
    }

    assert sealed(one)["answer_digest"] == sealed(other)["answer_digest"]
    assert sealed(one)["digest"] != sealed(other)["digest"]


def test_lists_are_sorted_by_the_text_of_their_items() -> None:
    assert in_order([{"b": 1}, {"a": 2}, "z", None]) == ["z", None, {"a": 2}, {"b": 1}]
