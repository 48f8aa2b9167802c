"""What is one change between two answers, and how is it told to a handler?

What an answer holds is kept out of every ``repr``: a token or an event id may be in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from lineage.report.canonical import canonical
from lineage.report.entries import Key

Document = Mapping[str, Any]


class Mark(StrEnum):
    """What became of something since the earlier answer."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


class Altered(NamedTuple):
    """A key of an entry that is in both answers, with its two values; None where it was or is not there."""

    name: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list: ``part`` names the list, ``key`` tells the entry from the others in it.

    ``before`` and ``now``: the entry in each answer. None or one, but for a document that is not in order,
    where several can have the same key.
    """

    part: str
    key: Key = field(repr=False)
    before: tuple[Document, ...] = field(repr=False)
    now: tuple[Document, ...] = field(repr=False)

    @property
    def mark(self) -> Mark:
        if self.before and self.now:
            return Mark.CHANGED
        return Mark.NEW if self.now else Mark.GONE

    @property
    def altered(self) -> tuple[Altered, ...]:
        """What is another value now in the one entry that both answers have; nothing where there are more."""
        if not len(self.before) == len(self.now) == 1:
            return ()
        [before], [now] = self.before, self.now
        names = sorted(before.keys() | now.keys())
        pairs = (Altered(name, before.get(name), now.get(name)) for name in names)
        return tuple(each for each in pairs if each.before != each.now)

    @property
    def sentence(self) -> str:
        what = f"{self.part}: {', '.join(part for part in self.key if part is not None) or 'one entry'}"
        match self.mark:
            case Mark.NEW:
                return f"{what} is new{_counted(self.now[0])}."
            case Mark.GONE:
                return f"{what} is gone{_counted(self.before[0])}."
        return f"{what}: {'; '.join(map(_altered, self.altered)) or 'differs'}."


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of the coverage that opened (NEW) or closed (GONE)."""

    mark: Mark
    gap: Document = field(repr=False)

    @property
    def sentence(self) -> str:
        names = ("producer", "system", "from", "to")
        parts = [f"{name} {self.gap[name]}" for name in names if self.gap[name] is not None]
        done = "opened" if self.mark is Mark.NEW else "closed"
        return f"coverage: a gap {done}: {' '.join([self.gap['reason'], *parts])}."


@dataclass(frozen=True, slots=True)
class Value:
    """Something that is no list: ``name`` under ``part``, or ``part`` itself where ``name`` is None."""

    part: str
    name: str | None
    before: Any = field(repr=False)
    now: Any = field(repr=False)

    @property
    def mark(self) -> Mark:
        return Mark.CHANGED

    @property
    def sentence(self) -> str:
        if self.name is None:
            return f"{_was(self.part, self.before, self.now)}."
        return f"{self.part}: {_was(self.name, self.before, self.now)}."


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many tokens are the person's now (NEW), or no longer (GONE); CHANGED: another one was asked for.

    Which ones is not told.
    """

    mark: Mark
    count: int

    @property
    def sentence(self) -> str:
        match self.mark:
            case Mark.NEW:
                return f"linked: {self.count} more token(s) of the person."
            case Mark.GONE:
                return f"linked: {self.count} token(s) no longer the person's."
        return "subject: another token was asked for."


Change: TypeAlias = Entry | Gap | Value | Tokens


def _counted(entry: Document) -> str:
    return f" ({entry['events']} event(s), {entry['first']} to {entry['last']})" if "first" in entry else ""


def _altered(each: Altered) -> str:
    return "other events back it" if each.name == "evidence" else _was(*each)


def _was(name: str, before: Any, now: Any) -> str:
    return f"{name} was {_word(before)}, is {_word(now)}"


def _word(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    return value if isinstance(value, str) else canonical(value).decode()
