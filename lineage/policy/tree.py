"""What does a policy file say, and on which line?

YAML is read into a tree that remembers the line of every key. Problems are gathered, not raised one by one:
whoever mends a policy sees them together.

Tags, a key given twice, anchors that contain themselves and documents beyond measure are refused.
"""

import re
from dataclasses import dataclass, field

import yaml

from lineage.errors import PolicyError
from lineage.printable import UNPRINTABLE

MAX_NODES = 300_000  # A policy of 10,000 rows has a third of this; an alias bomb has billions.
MAX_DEPTH = 40

ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,79}")

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,79}")
"""A key that a message may repeat; whatever else stands there may be somebody's."""

_NULL = {"", "~", "null"}
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}
_PLAIN_TAGS |= {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"}


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
    return f"'{word}'" if ID.fullmatch(word) and not re.search(r"\d{9}", word) else "(a word that is no id)"


def tree(file: str, text: str, problems: Problems) -> Value:
    """The text as a tree; an empty file is an empty mapping. What is no YAML is a problem with its line."""
    empty = Value({}, file, 1, "", key_line=1)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return empty if node is None else _Grower(file, problems).grow(node, "", 0, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.unreadable = True
        problems.add(file, mark.line + 1 if mark else 1, "(yaml)", _told(error.problem))
    except (yaml.YAMLError, RecursionError):
        problems.unreadable = True
        problems.add(file, 1, "(yaml)", "is not YAML text: write it in UTF-8, without control characters")
    return empty


def _told(problem: str | None) -> str:
    """PyYAML's words without those of the file, which it has in quotes."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "(…)", problem or "is not YAML")


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
            self._readable(node, key, line)
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

    def _readable(self, node: yaml.ScalarNode, key: str, line: int) -> None:
        # A double-quoted text can spell out what no text editor shows, and what no answer may print.
        if UNPRINTABLE.search(node.value):
            self.problems.add(
                self.file, line, key or "(top)", "holds a control character; write the words without it"
            )

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
                self._readable(name, key, line)
                shown_key = name.value if _KEY.fullmatch(name.value) else "(…)"
                path = f"{key}.{shown_key}" if key else shown_key
                if name.value in own:
                    first = own[name.value].key_line
                    self.problems.add(self.file, line, path, f"is given twice (first in line {first})")
                own[name.value] = self.grow(value, path, line, above)
        return {**merged, **own}
