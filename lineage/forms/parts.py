"""What is a letter made of? Words, tables and pictures, in reading order; every form shows the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

BRIEF: Final = 12
"""Characters of the longest brief thing: a day as ``Sep 22, 2025``."""


class Tone(StrEnum):
    """What a cell stands out for. No form says it by colour alone: the words say it, too."""

    SOLD = "sold"
    DISCLOSED = "disclosed"
    WARNING = "warning"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Said:
    """Some words. ``language``: theirs, when it is not the letter's: a business's own are not translated."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table: one thing or several, and notes below.

    ``value``: a day or a number as a spreadsheet reads it in every language, such as ``2026-01-31``.
    """

    said: tuple[Said, ...] = ()
    notes: tuple[Said, ...] = ()
    tone: Tone | None = None
    value: str | None = None

    @property
    def is_brief(self) -> bool:
        """Whether it is a day, a number or a word, which nobody wants broken over two lines."""
        return not self.notes and len(self.said) == 1 and len(self.said[0].text) <= BRIEF


@dataclass(frozen=True, slots=True)
class Fact:
    """Something with a name."""

    label: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the answer; the first cell names it. ``behind``: what backs it, for the handler alone."""

    cells: tuple[Cell, ...]
    behind: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has a cell for each column."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (SVG), and all that it shows in words, for whoever cannot see it."""

    svg: str
    title: str
    described: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the letter. ``name`` is the same in every language: that of its block, where it has one.

    ``sheets``: the picture in parts that fit on paper, where it is too high for one sheet.
    """

    name: str
    heading: str
    intro: str = ""
    table: Table | None = None
    said: tuple[Said, ...] = ()
    picture: Picture | None = None
    sheets: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole answer in words.

    ``stamps``: why it may not go out, in the handler's words. ``running``: what stands on every page.
    ``page_of``: the number of a page and of all, with ``{page}`` and ``{pages}`` to be filled in.
    ``labels``: words that the forms need around it, such as the heading of what is said in short.
    """

    language: str
    title: str
    subtitle: str
    sender: str | None
    stamps: tuple[Said, ...]
    facts: tuple[Fact, ...]
    short: tuple[Said, ...]
    sections: tuple[Section, ...]
    is_handlers: bool
    running: str
    page_of: str
    labels: Mapping[str, str]
