"""What does one value of a policy mean? Each reader asks for the type it wants.

Nothing is guessed from a scalar's look, so that ``country: NO`` is Norway and ``name: 42`` a name. A reader
raises ``ValueError`` with what the value needs, never with the value.
"""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

from lineage.policy.tree import Value, shown

TO_CHOOSE = "CHOOSE"
"""What a draft says where a person has to decide. No policy is in order while it stands there."""

_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}


def plain(value: Value) -> object:
    """Free data (calendars, contacts) as JSON values; dates stay text."""
    content = value.content
    if isinstance(content, dict):
        return {name: plain(item) for name, item in content.items()}
    if isinstance(content, list):
        return [plain(item) for item in content]
    if content is None or value.quoted:
        return content
    if content.lower() in _TRUE | _FALSE:
        return content.lower() in _TRUE
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", content):
        return int(content)
    return content


def read_text(value: Value) -> str:
    if not isinstance(value.content, str) or not value.content.strip():
        raise ValueError("needs a text")
    word = value.content.strip()
    if word == TO_CHOOSE:
        raise ValueError(f"is a draft that nobody has decided; put what is right in place of {TO_CHOOSE}")
    return word


def read_flag(value: Value) -> bool:
    word = value.content.lower() if isinstance(value.content, str) else ""
    if word == TO_CHOOSE.lower():
        read_text(value)
    if word not in _TRUE | _FALSE:
        raise ValueError("needs true or false")
    return word in _TRUE


def read_whole(value: Value) -> int:
    if not isinstance(value.content, str) or not re.fullmatch(r"\d{1,15}", value.content):
        raise ValueError("needs a whole number, zero or more")
    return int(value.content)


def read_texts(value: Value) -> tuple[str, ...]:
    """A list of words, or a single one. A word given twice counts once."""
    if isinstance(value.content, list):
        return tuple(dict.fromkeys(read_text(item) for item in value.content))
    if value.content is None:
        return ()
    return (read_text(value),)


def one_of(allowed: Iterable[str]) -> Callable[[Value], str]:
    """A reader for one word of a closed list."""
    words = tuple(allowed)

    def read(value: Value) -> str:
        word = read_text(value)
        if word not in words:
            raise ValueError(_unknown(word, words))
        return word

    return read


def some_of(allowed: Iterable[str]) -> Callable[[Value], tuple[str, ...]]:
    """A reader for words of a closed list."""
    words = tuple(allowed)

    def read(value: Value) -> tuple[str, ...]:
        found = read_texts(value)
        for word in found:
            if word not in words:
                raise ValueError(_unknown(word, words))
        return found

    return read


def _unknown(word: str, allowed: tuple[str, ...]) -> str:
    near = get_close_matches(word, allowed, n=1)
    hint = f"did you mean '{near[0]}'?" if near else choice(allowed)
    return f"does not know {shown(word)}; {hint}"


def choice(allowed: tuple[str, ...]) -> str:
    return f"it takes {', '.join(allowed)}" if len(allowed) <= 16 else "see the words that are known there"
