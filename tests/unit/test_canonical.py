"""One document, one text: whatever the order in which it was put together."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lineage.report.canonical import canonical, in_order, sealed

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
keys = words | st.text(st.sampled_from("a\ufb33\U00010000\uffff"), max_size=2)
"""Also of the characters that UTF-8 and UTF-16 put in another order."""
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)

TEXT: Any = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}


@given(documents)
def test_the_canonical_bytes_are_those_of_rfc_8785(document: object) -> None:
    assert canonical(document) == rfc8785.dumps(document)  # type: ignore[arg-type] # JSON, as drawn


@given(documents)
def test_lists_are_in_the_order_of_their_items_texts(document: object) -> None:
    def ordered(value: object) -> object:
        if isinstance(value, dict):
            return {key: ordered(each) for key, each in value.items()}
        if isinstance(value, list):
            return sorted(map(ordered, value), key=lambda each: json.dumps(each, **TEXT))
        return value

    assert in_order(document) == ordered(document)


@pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", {"a", "b"}])
def test_what_an_answer_never_holds_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="An answer holds"):
        sealed({"collected": [{"category": value}]})


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
