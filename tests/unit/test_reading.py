"""Can a reader of fourteen read the letter?"""

from typing import Any, Final

import pytest
from answers import WORLDS
from reading import measured, of_letter, of_words

from lineage.forms.letter import letter

GRADE: Final = 9
"""Of an American school: that of children of fourteen."""

FAIRLY_EASY: Final = 70
"""Of Fernández Huerta's scale, of which 100 is the easiest: where "fairly easy" begins."""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return WORLDS["much"](tmp_path_factory.mktemp("world"))


def test_a_letter_in_english_is_read_after_nine_years_of_school(answer: dict[str, Any]) -> None:
    found = measured(of_letter(letter(answer)), "en")

    assert max(found["automated_readability_index"], found["coleman_liau_index"]) <= GRADE


def test_a_letter_in_spanish_is_fairly_easy(answer: dict[str, Any]) -> None:
    assert measured(of_letter(letter(answer, "es")), "es")["fernandez_huerta"] >= FAIRLY_EASY


def test_so_are_all_words_that_a_letter_may_have() -> None:
    found = measured(of_words("en"), "en")

    assert max(found["automated_readability_index"], found["coleman_liau_index"]) <= GRADE
    assert measured(of_words("es"), "es")["fernandez_huerta"] >= FAIRLY_EASY


def test_the_statute_s_names_are_not_measured(answer: dict[str, Any]) -> None:
    """Nobody may say them more simply (§1798.130(c))."""
    got = [each for each in of_letter(letter(answer)) if "What they got" in each]

    assert got
    assert all(each.endswith("What they got: these data.") for each in got)
