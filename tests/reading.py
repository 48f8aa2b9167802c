"""How hard is a letter to read? Measures of its own words, without the names that the statute prescribes.

``python tests/reading.py`` prints them for the letter of a world in which much happened, and for all words.
Only measures that count letters, words and sentences: those that count English syllables need a dictionary
that is not in the package.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import textstat
from answers import of_much

from lineage.forms.letter import letter
from lineage.forms.parts import Letter, Said
from lineage.policy.vocabulary import statute
from lineage.words import languages, words

MEASURES: Final[Mapping[str, Sequence[str]]] = {
    "en": ("automated_readability_index", "coleman_liau_index", "lix"),
    "es": ("fernandez_huerta", "lix"),
}
"""The first two of English are grades of school; more is easier for `fernandez_huerta`, harder for `lix`."""

A_NAME: Final = {"en": "these data", "es": "estos datos"}
"""Stands where the letter has one name of the statute, or several."""

FOR_THE_PERSON: Final = ("statements", "denials", "gaps", "refusal", "short", "blocks", "contact")
"""Groups of words with sentences that a person may get."""


def measured(sentences: Sequence[str], language: str) -> dict[str, float]:
    """Each measure of the language over all sentences together."""
    textstat.set_lang(language)
    text = "\n".join(sentences)
    return {name: round(float(getattr(textstat, name)(text)), 1) for name in MEASURES[language]}


def of_letter(letter: Letter) -> list[str]:
    """The sentences of our own that a person's letter has, each once, without the statute's names."""
    told = [each.text for each in said_in((letter.short, letter.sections)) if each.language is None]
    told += [section.intro for section in letter.sections]
    return list(dict.fromkeys(_without_names(each, letter.language) for each in told if each.endswith(".")))


def of_words(language: str) -> list[str]:
    """All sentences that a person's letter may have, with nothing filled in."""
    return [
        re.sub(r"\{\w+\}", A_NAME[language], text)
        for key, text in words(language).items()
        if key.startswith(tuple(f"{group}." for group in FOR_THE_PERSON)) and text.endswith(".")
    ]


def said_in(part: Any) -> Iterator[Said]:
    """All that is said in a letter or in a part of it."""
    if isinstance(part, Said):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from said_in(getattr(part, field.name))
    elif isinstance(part, tuple):
        for each in part:
            yield from said_in(each)


def _without_names(text: str, language: str) -> str:
    groups = {"categories": {**statute().categories, **statute().unknown}, "sensitive": statute().sensitive}
    found = [
        words(language).get(f"{group}.{id}", name)
        for group, names in groups.items()
        for id, name in names.items()
    ]
    name = "|".join(re.escape(each) for each in sorted(found, key=len, reverse=True))
    return re.sub(rf"({name})(; ({name}))*", A_NAME[language], text)


def main() -> None:
    """Print language, whose words, measure and value."""
    with tempfile.TemporaryDirectory() as folder:
        document = of_much(Path(folder))
    rows = [
        (language, whose, measure, value)
        for language in languages()
        for whose, sentences in (
            ("a letter", of_letter(letter(document, language))),
            ("all words", of_words(language)),
        )
        for measure, value in measured(sentences, language).items()
    ]
    for language, whose, measure, value in rows:
        sys.stdout.write(f"{language}  {whose:<10} {measure:<28} {value:>6}\n")


if __name__ == "__main__":
    main()
