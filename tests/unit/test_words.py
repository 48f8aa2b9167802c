"""Does every language say all that English says, and no more?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

import pytest
from answers import WORLDS
from hypothesis import given
from hypothesis import strategies as st
from reading import said_in

from lineage.errors import Refused
from lineage.forms.letter import letter
from lineage.forms.parts import Letter, Said
from lineage.forms.wording import Wording
from lineage.policy.vocabulary import statute
from lineage.words import english, filled_in, group, languages, words

OTHERS: Final = languages()[1:]
SAME: Final = {"es": {"held.DELETED", "cells.law", "months.told_once"}}
"""What is written alike in English."""

OF_THE_ANSWER: Final = [key for key in words() if key.startswith(("statements.", "denials."))]
FILLED_IN: Final = [key for key, text in words().items() if "{" in text]
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def of_the_statute() -> Mapping[str, str]:
    """The English names of the statute's lists, by the keys under which another language has them."""
    known = statute()
    sources, recipients = (
        {id: text for id, text in known.unknown.items() if id.startswith(start)} for start in ("SRC_", "RCP_")
    )
    groups: dict[str, Mapping[str, str]] = {
        "categories": {**known.categories, "UNMAPPED": known.unknown["UNMAPPED"]},
        "sensitive": known.sensitive,
        "sources": {**known.sources, **sources},
        "recipients": {**known.recipients, **recipients},
        "purposes": {id: each.wording for id, each in known.purposes.items()},
        "withhold": known.withhold,
        "elements": {id: each.wording for id, each in known.elements.items()},
    }
    return {f"{name}.{id}": text for name, names in groups.items() for id, text in names.items()}


ENGLISH_TEXTS: Final = {**words(), **of_the_statute()}


@pytest.fixture(scope="module", params=WORLDS)
def answer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return WORLDS[request.param](tmp_path_factory.mktemp("world"))


def test_the_languages_are_english_and_spanish() -> None:
    assert languages() == ("en", "es")


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_each_word_of_english_and_each_name_of_the_statute(language: str) -> None:
    assert set(words(language)) == set(ENGLISH_TEXTS)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_what_english_fills_in(language: str) -> None:
    def blanks(text: str) -> list[str]:
        return sorted(re.findall(r"\{(\w*)\}", text))

    differing = {key for key, text in words(language).items() if blanks(text) != blanks(ENGLISH_TEXTS[key])}
    assert differing == set()


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english_or_left_out(language: str) -> None:
    alike = {key for key, text in words(language).items() if text and text == ENGLISH_TEXTS[key]}
    empty = {key for key, text in words(language).items() if bool(text) != bool(ENGLISH_TEXTS[key])}

    assert (alike, empty) == (SAME[language], set())


@pytest.mark.parametrize("language", OTHERS)
def test_what_ends_as_a_sentence_in_english_does_so_in_each_language(language: str) -> None:
    def ends(text: str) -> bool:
        return text.endswith(".")

    assert {key for key, text in words(language).items() if ends(text) != ends(ENGLISH_TEXTS[key])} == set()


def test_in_spanish_the_reader_is_usted() -> None:
    familiar = re.compile(r"\b(tú|tus?|te|ti|contigo|vosotros|vuestr[oa]s?)\b", re.IGNORECASE)

    assert {key for key, text in words("es").items() if familiar.search(text)} == set()


def test_in_spanish_sharing_is_for_advertising_alone() -> None:
    """§1798.140(ah): what is passed on otherwise is never said to be shared."""
    shares = {key for key, text in words("es").items() if "compart" in text.lower()}

    assert shares == {
        *("statements.NONE.sold_or_shared", "statements.NONE.purposes"),
        *("kinds.SHARE", "for.sharing", "short.shared", "short.shared_many", "short.sold_unknown"),
        *("short.sensitive_sold_or_shared", "short.incomplete"),
        *(
            "blocks.sold_or_shared.heading",
            "picture.sold",
            "picture.told_sold",
            "picture.many_sold",
            "contact.again",
        ),
    }


@pytest.mark.parametrize("key", FILLED_IN)
@given(data=st.data())
def test_what_was_filled_in_is_found_again(key: str, data: st.DataObject) -> None:
    values = {name: data.draw(TEXTS) for name in re.findall(r"\{(\w+)\}", words()[key])}
    said = english(key, **values)

    found = filled_in(key, said)

    assert found is not None
    assert english(key, **found) == said
    if len(values) == 1:
        assert found == values


@pytest.mark.parametrize("key", OF_THE_ANSWER)
def test_other_words_are_not_those_of_the_key(key: str) -> None:
    assert filled_in(key, f"By the way: {words()[key]}") is None


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("key", OF_THE_ANSWER)
def test_every_sentence_of_the_answer_is_told_in_each_language(key: str, language: str) -> None:
    names = re.findall(r"\{(\w+)\}", words()[key])
    values = {name: f"<{name}>" for name in names}

    told = Wording(language, "America/Los_Angeles").told(key, english(key, **values))

    assert told == Said(words(language)[key].format(**values))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("block", group("statements.NONE"))
def test_a_negative_is_told_whole_with_the_sentence_about_secrecy(block: str, language: str) -> None:
    keys = (f"statements.NONE.{block}", "statements.FORBIDDEN_TO_DESCRIBE")
    original = " ".join(english(key) for key in keys)

    told = Wording(language, "America/Los_Angeles").negative(block, original)

    assert told == Said(" ".join(words(language)[key] for key in keys))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("key", of_the_statute())
def test_every_name_of_the_statute_is_translated(key: str, language: str) -> None:
    name, id = key.split(".")

    told = Wording(language, "America/Los_Angeles").named(name, id, ENGLISH_TEXTS[key])

    assert told == Said(words(language)[key])


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="en, es"):
        words("tlh")


def test_all_words_are_texts() -> None:
    assert {type(text) for language in languages() for text in words(language).values()} == {str}
    assert (words()["held.DELETED"], words("es")["held.DELETED"]) == ("No", "No")


@pytest.mark.parametrize("language", OTHERS)
def test_a_letter_has_no_english_words_of_ours(answer: dict[str, Any], language: str) -> None:
    """What it has in English is marked as English: a screen reader must know how to speak it."""
    ours = [part.strip() for text in ENGLISH_TEXTS.values() for part in re.split(r"\{\w+\}", text)]
    phrases = [part for part in ours if " " in part]
    alone = set(ours) - {words()[key] for key in SAME[language]}
    told = filter(None, of_the_letter_s_language(letter(answer, language)))

    assert [text for text in told if text in alone or any(part in text for part in phrases)] == []


def test_the_business_s_own_words_stay_as_they_are_and_say_in_which_language(tmp_path) -> None:
    found = set(said_in(letter(WORLDS["much"](tmp_path), "es")))

    assert Said("a new word", "en") in found
    assert Said("su correo electrónico") in found
    assert Said("Identificadores") in found
    assert Said("Identifiers", "en") in found


def of_the_letter_s_language(part: Any) -> Iterator[str]:
    """All texts of a letter that are not marked as being of another language."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from of_the_letter_s_language(each)
    elif isinstance(part, Said) and part.language is not None:
        return
    elif is_dataclass(part):
        skipped = {"language", "sender"} if isinstance(part, Letter) else {"language", "name"}
        for field in fields(part):
            if field.name not in skipped:
                yield from of_the_letter_s_language(getattr(part, field.name))
