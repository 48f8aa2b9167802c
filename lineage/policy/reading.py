"""What does a policy file say, and on which line?

YAML is read into a tree that remembers the line of every key. Nothing is guessed from a scalar's look: each
reader asks for the type it wants, so that ``country: NO`` is Norway and a bare date is one of the business's
time zone. Problems are gathered, not raised one by one: whoever mends a policy sees them together.

Tags, a key given twice, anchors that contain themselves and documents beyond measure are refused.
"""

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import TypeVar

import yaml

from lineage.errors import PolicyError
from lineage.policy.dated import Dated, Span, boundary, cut_into

T = TypeVar("T", bound=Hashable)

MAX_NODES = 300_000  # A policy of 10,000 rows has a third of this; an alias bomb has billions.
MAX_DEPTH = 40

_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}
_NULL = {"", "~", "null"}
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}
_PLAIN_TAGS |= {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"}
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,79}")


@dataclass(slots=True)
class Problems:
    """What is wrong with a policy, each with its place. ``PolicyError`` carries all of it, sorted."""

    found: list[tuple[str, int, str, str]] = field(default_factory=list)
    unreadable: bool = False  # a file could not be read at all: what others say of its words means nothing

    def add(self, file: str, line: int, key: str, what: str) -> None:
        self.found.append((file, line, key, what))

    def raise_any(self) -> None:
        """Raise ``PolicyError`` if a problem was found."""
        if self.found:
            places = dict.fromkeys(sorted(self.found))
            raise PolicyError("\n".join(f"{file}:{line}: {key}: {what}" for file, line, key, what in places))


@dataclass(frozen=True, slots=True)
class Value:
    """One YAML value and where it stands. ``key`` is the path from the top, joined by dots."""

    content: "str | list[Value] | dict[str, Value] | None"
    file: str
    line: int
    key: str
    quoted: bool = False
    key_line: int = 0

    def wrong(self, problems: Problems, what: str) -> None:
        line = self.key_line if isinstance(self.content, list | dict) else self.line
        problems.add(self.file, line, self.key or "(top)", what)


def shown(word: str) -> str:
    """A word for a message, if it looks like an id; anything else may be personal and is not shown."""
    return f"'{word}'" if _ID.fullmatch(word) and not re.search(r"\d{9}", word) else "(a word that is no id)"


def tree(file: str, text: str, problems: Problems) -> Value:
    """The text as a tree; an empty file is an empty mapping. What is no YAML is a problem with its line."""
    empty = Value({}, file, 1, "", key_line=1)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return empty if node is None else _Grower(file, problems).grow(node, "", 0, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.unreadable = True
        problems.add(file, mark.line + 1 if mark else 1, "(yaml)", error.problem or "is not YAML")
    except (yaml.YAMLError, RecursionError):
        problems.unreadable = True
        problems.add(file, 1, "(yaml)", "is not YAML text: write it in UTF-8, without control characters")
    return empty


class _Grower:
    """Turns PyYAML's nodes into values, within bounds."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems, self.nodes = file, problems, 0

    def grow(self, node: yaml.Node, key: str, key_line: int, above: tuple[int, ...]) -> Value:
        line = node.start_mark.line + 1
        self.nodes += 1
        if self.nodes > MAX_NODES or len(above) > MAX_DEPTH or id(node) in above:
            raise yaml.MarkedYAMLError(
                problem="contains itself, or is too deep or too large", problem_mark=node.start_mark
            )
        above = (*above, id(node))
        content: str | list[Value] | dict[str, Value] | None
        quoted = False
        if isinstance(node, yaml.ScalarNode):
            quoted = node.style is not None
            if node.tag not in _PLAIN_TAGS:
                self.problems.add(self.file, line, key or "(top)", "has a tag; write a plain value")
            content = None if not quoted and node.value.lower() in _NULL else node.value
        elif isinstance(node, yaml.SequenceNode):
            self._untagged(node, "tag:yaml.org,2002:seq", key, line)
            content = [
                self.grow(item, f"{key}[{number}]", line, above) for number, item in enumerate(node.value)
            ]
        else:
            self._untagged(node, "tag:yaml.org,2002:map", key, line)
            content = self._mapping(node, key, above)
        return Value(content, self.file, line, key, quoted, key_line or line)

    def _untagged(self, node: yaml.Node, tag: str, key: str, line: int) -> None:
        if node.tag != tag:
            self.problems.add(self.file, line, key or "(top)", "has a tag; write a plain list or mapping")

    def _mapping(self, node: yaml.Node, key: str, above: tuple[int, ...]) -> "dict[str, Value]":
        own: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for name, value in node.value:
            line = name.start_mark.line + 1
            if not isinstance(name, yaml.ScalarNode):
                self.problems.add(self.file, line, key or "(top)", "a key must be a single word")
            elif name.tag == "tag:yaml.org,2002:merge":
                parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for part in parts:
                    grown = self.grow(part, key, line, above)
                    if isinstance(grown.content, dict):
                        merged = {**grown.content, **merged}
            else:
                path = f"{key}.{name.value}" if key else name.value
                if name.value in own:
                    first = own[name.value].key_line
                    self.problems.add(self.file, line, path, f"is given twice (first in line {first})")
                own[name.value] = self.grow(value, path, line, above)
        return {**merged, **own}


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
    return value.content.strip()


def read_flag(value: Value) -> bool:
    word = value.content.lower() if isinstance(value.content, str) else ""
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
    hint = f"did you mean '{near[0]}'?" if near else _choice(allowed)
    return f"does not know {shown(word)}; {hint}"


def _choice(allowed: tuple[str, ...]) -> str:
    return f"it takes {', '.join(allowed)}" if len(allowed) <= 16 else "see the words that are known there"


class Row:
    """One mapping of a policy file, read key by key. :meth:`finish` refuses keys that nobody asked for."""

    def __init__(self, value: Value, problems: Problems, zone: tzinfo) -> None:
        self.value, self.problems, self.zone = value, problems, zone
        self.asked: list[str] = []
        self.items: dict[str, Value] = {}
        if isinstance(value.content, dict):
            self.items = value.content
        elif value.content is not None:
            value.wrong(problems, "needs a mapping of keys to values")

    def wrong(self, what: str, key: str | None = None) -> None:
        at = self.items.get(key) if key else None
        path = ".".join(part for part in (self.value.key, key or "") if part) or "(top)"
        line = at.key_line if at else self.value.key_line or self.value.line
        self.problems.add(self.value.file, line, path, what)

    def get(self, key: str, read: Callable[[Value], T]) -> T | None:
        """The value of a key by a reader; ``None`` when absent, null, or wrong (then it is a problem)."""
        found = self.raw(key)
        if found is None or found.content is None:
            return None
        try:
            return read(found)
        except ValueError as error:
            found.wrong(self.problems, str(error))
            return None

    def need(self, key: str, read: Callable[[Value], T], otherwise: T) -> T:
        """Like :meth:`get`, for a key that must be there."""
        found = self.raw(key)
        if found is None or found.content is None:
            self.wrong("is missing", key)
            return otherwise
        value = self.get(key, read)
        return otherwise if value is None else value

    def raw(self, key: str) -> Value | None:
        self.asked.append(key)
        return self.items.get(key)

    def texts(self, key: str) -> tuple[str, ...]:
        return self.get(key, read_texts) or ()

    def child(self, key: str) -> "Row | None":
        """A mapping under a key."""
        found = self.raw(key)
        return None if found is None or found.content is None else Row(found, self.problems, self.zone)

    def named(self, key: str) -> "dict[str, Row]":
        """A mapping of ids to rows. A row may be empty: ``web:`` names a thing and says no more."""
        found = self.raw(key)
        if found is None or found.content is None:
            return {}
        if not isinstance(found.content, dict):
            found.wrong(self.problems, "needs a mapping of ids to rows")
            return {}
        for name, value in found.content.items():
            if not _ID.fullmatch(name):
                self.problems.add(
                    value.file, value.key_line, found.key, "holds an id with characters that ids do not have"
                )
        return {name: Row(value, self.problems, self.zone) for name, value in found.content.items()}

    def rows(self, key: str) -> "list[Row]":
        """A list of rows."""
        found = self.raw(key)
        if found is None or found.content is None:
            return []
        if not isinstance(found.content, list):
            found.wrong(self.problems, "needs a list of rows, each beginning with '- '")
            return []
        return [Row(item, self.problems, self.zone) for item in found.content]

    def instant(self, key: str) -> datetime | None:
        """A date (its midnight in the business's zone) or an instant with zone, in UTC (rulings.md 1)."""
        return self.get(key, lambda value: boundary(read_text(value), self.zone))

    def span(self) -> Span:
        """The row's ``from`` and ``until``: half-open, either may be absent."""
        span = Span(self.instant("from"), self.instant("until"))
        if span.since and span.until and span.until <= span.since:
            self.wrong("ends no later than it begins (until is the first instant outside)", "until")
        return span

    def dated(self, key: str, read: Callable[[Value], T]) -> "Dated[T] | None":
        """A plain value, or a list of ``{from, until, value}`` that do not overlap; gaps have no value."""
        found = self.raw(key)
        if found is None or found.content is None:
            return None
        items = found.content if isinstance(found.content, list) else []
        if not any(isinstance(item.content, dict) for item in items):
            value = self.get(key, read)
            return None if value is None else Dated.always(value)
        pieces: list[tuple[Span, T]] = []
        for item in items:
            row = Row(item, self.problems, self.zone)
            span, raw = row.span(), row.raw("value")
            value = row.get("value", read)
            row.finish()
            if raw is None:
                row.wrong("is missing", "value")
            elif value is not None:
                pieces.append((span, value))
        try:
            return cut_into(pieces)
        except ValueError as error:
            found.wrong(self.problems, str(error))
            return None

    def finish(self) -> None:
        """Refuse the keys that nobody asked for, and say which was probably meant."""
        for key in self.items.keys() - set(self.asked):
            self.wrong(_unknown_key(key, tuple(dict.fromkeys(self.asked))), key)


def _unknown_key(key: str, asked: tuple[str, ...]) -> str:
    near = get_close_matches(key, asked, n=1)
    return f"is not a key here; did you mean '{near[0]}'?" if near else f"is not a key here; {_choice(asked)}"
