"""In which words of which language does an answer speak? One file a language holds them all.

An answer itself speaks English (``ccpa.know/1``). Its forms speak any language that has a file here: each
English sentence is found again by its key, and what was filled in is taken over.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import yaml

from lineage.errors import Refused

ENGLISH: Final = "en"


@cache
def languages() -> tuple[str, ...]:
    """The languages there are, English first.

    >>> languages()[0]
    'en'
    """
    names = (item.name for item in files(__name__).iterdir())
    found = {name.removesuffix(".yaml") for name in names if name.endswith(".yaml")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


@cache
def words(language: str = ENGLISH) -> Mapping[str, str]:
    """All words of one language, by their keys: ``gaps.ERASED`` is what ``ERASED`` says under ``gaps``.

    Raises:
        Refused: there is no such language.
    """
    if language not in languages():
        raise Refused(f"No answer speaks this language. Choose among {', '.join(languages())}.")
    text = files(__name__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value is a text: "No" is a word here
    return MappingProxyType(dict(_flat(yaml.load(text, loader))))  # noqa: S506 (they make nothing but texts)


def english(key: str, **values: str) -> str:
    """A sentence of the answer.

    >>> english("statements.RECORDS_START", day="2025-01-01")
    'Our records start on 2025-01-01.'
    """
    return words()[key].format(**values)


def group(key: str, language: str = ENGLISH) -> Mapping[str, str]:
    """The words right under one key.

    >>> group("held")["HELD"]
    'Yes'
    """
    start = f"{key}."
    return {
        name.removeprefix(start): text for name, text in words(language).items() if name.startswith(start)
    }


def filled_in(key: str, said: str) -> dict[str, str] | None:
    """What was filled into the English sentence of this key; None when these are other words.

    >>> filled_in("statements.RECORDS_START", "Our records start on 2025-01-01.")
    {'day': '2025-01-01'}
    """
    found = _pattern(words()[key]).fullmatch(said)
    return found and found.groupdict()


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    made = "".join(f"(?P<{part}>.*)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    return re.compile(made, re.DOTALL)


def _flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
