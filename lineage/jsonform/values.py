"""Is a JSON value what its field wants? Strict readers, made from the annotations of the records.

Each raises :class:`Wrong` with the path of the field and with words that do not hold the value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from lineage.tokens import UUID_TEXT

Read = Callable[[Any], Any]

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
"""Seconds may be left out; what a producer writes beyond microseconds is cut off."""

KEY = re.compile(r"[a-z][a-z_]{0,39}")
LONG = 1 << 63
AT_LEAST_ONE = frozenset({"count", "steps"})


class Wrong(ValueError):
    """What is wrong with a value, in words that do not hold it; ``path`` grows on the way out."""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def under(self, name: str) -> "Wrong":
        """The same problem, seen from the record that holds it."""
        return Wrong(self.problem, f"{name}.{self.path}" if self.path else name)


def read_fields(kind: Any, line: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record's fields by name; fields left out stay out."""
    readers = _readers(kind)
    given = {}
    for key, value in line.items():
        if key not in readers:
            shown = key if KEY.fullmatch(key) else "a key"  # a key may hold anything, a person's address too
            raise Wrong(f"{shown} is not a field of {kind.__name__}")
        try:
            given[key] = readers[key](value)
        except Wrong as problem:
            raise problem.under(key) from None
    return given


def first_missing(kind: Any, given: Mapping[str, Any]) -> str | None:
    """The first required field that is not given, or None."""
    return next((name for name in _all_required(kind) if given.get(name) is None), None)


@cache
def _all_required(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if _required(each))


def _required(field: Field[Any]) -> bool:
    """``occurred_at`` too: a line that was written down earlier does not happen now."""
    no_default = field.default is MISSING and field.default_factory is MISSING
    return no_default or field.name == "occurred_at"


@cache
def _readers(kind: Any) -> dict[str, Read]:
    hints = get_type_hints(kind)
    return {name: _at_least_one if name in AT_LEAST_ONE else _reader(hint) for name, hint in hints.items()}


def _reader(kind: Any) -> Read:
    if get_origin(kind) in (Union, UnionType):
        parts = get_args(kind)
        if str in parts and UUID in parts:
            return _subject
        inside = _reader(next(part for part in parts if part is not type(None)))
        return lambda value: None if value is None else inside(value)
    if get_origin(kind) is tuple:
        return _list(_reader(get_args(kind)[0]))
    if get_origin(kind) is dict:
        return _texts
    if is_dataclass(kind):
        return _record(kind)
    if issubclass(kind, StrEnum):
        return _word(kind)
    return {str: _str, bool: _bool, int: _int, UUID: _uuid, datetime: read_instant}[kind]


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("must be a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong("is no valid Unicode text") from None
    return value


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("must be true or false")
    return value


def _int(value: Any) -> int:
    if type(value) is not int or not -LONG <= value < LONG:
        raise Wrong("must be a whole number of at most 64 bits")
    return value


def _at_least_one(value: Any) -> int:
    if _int(value) < 1:
        raise Wrong("must be 1 or more")
    return _int(value)


def _uuid(value: Any) -> UUID:
    if not isinstance(value, str) or UUID_TEXT.fullmatch(value) is None:
        raise Wrong("must be a UUID")
    return UUID(value)


def _subject(value: Any) -> UUID | str:
    text = _str(value)
    if UUID_TEXT.fullmatch(text) is None:
        return text
    found = UUID(text)
    if found.version != 8:
        raise Wrong("is a UUID but no token (version 8); write its namespace before it, as account:…")
    return found


def read_instant(value: Any) -> datetime:
    """An RFC 3339 time with zone, in UTC."""
    if not isinstance(value, str) or RFC_3339.fullmatch(value) is None:
        raise Wrong("must be a time with zone, such as 2026-03-01T12:00:00Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong("is no time that exists") from None


def _list(inside: Read) -> Read:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong("must be a list")
        return tuple([inside(each) for each in value])

    return read


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Wrong("must be an object of texts")
    return {_str(key): _str(each) for key, each in value.items()}


def _word(kind: type[StrEnum]) -> Read:
    def read(value: Any) -> StrEnum:
        if not isinstance(value, str) or value not in kind.__members__:
            raise Wrong(f"must be one of {', '.join(kind)}")
        return kind(value)

    return read


def _record(kind: Any) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Wrong("must be an object")
        given = read_fields(kind, value)
        missing = first_missing(kind, given)
        if missing is not None:
            raise Wrong("missing", missing)
        return kind(**given)

    return read
