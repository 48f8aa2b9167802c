"""How do the months of a period lie over the width of a picture?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element

from lineage.forms.pictures.drawing import MONTH, YEAR, number, shape, width, words
from lineage.forms.wording import Wording

BAND: Final = 46.0
"""How tall the names of years and months are together, in user units."""

STEPS: Final = (1, 2, 3, 6)
"""Every which month may be named, counted from January; else the years alone are."""

_BESIDE: Final = 4.0
"""From a line to the name beside it."""


def month_of(instant: datetime) -> int:
    """Its month as a number, twelve to a year.

    >>> month_of(datetime(2025, 1, 31)) - month_of(datetime(2024, 12, 1))
    1
    """
    return instant.year * 12 + instant.month - 1


def in_digits(month: int) -> str:
    """A month as ISO 8601 writes it.

    >>> in_digits(month_of(datetime(2025, 1, 31)))
    '2025-01'
    """
    return f"{month // 12:04}-{month % 12 + 1:02}"


@dataclass(frozen=True, slots=True)
class Axis:
    """The months from ``first`` to ``last``, from ``x`` on over ``width`` user units."""

    first: int
    last: int
    x: float
    width: float

    @property
    def cell(self) -> float:
        """How wide a month is."""
        return self.width / (self.last + 1 - self.first)

    def start(self, month: int) -> float:
        """Where a month begins."""
        return self.x + (month - self.first) * self.cell

    def middle(self, month: int) -> float:
        """Where its dot is."""
        return self.start(month) + self.cell / 2

    def step(self, say: Wording) -> int:
        """Every which month has room for its name; 12 where none has."""
        widest = max(width(_name(month, say), MONTH) for month in range(12)) + 2 * _BESIDE
        return next((step for step in STEPS if step * self.cell >= widest), 12)

    def lines(self, top: float, bottom: float, say: Wording) -> Iterator[Element]:
        """One where each named month begins; that of a year starts beside its name."""
        step = self.step(say)
        for month in range(self.first + 1, self.last + 1):
            if month % step == 0:
                look, start = ("new-year", top) if month % 12 == 0 else ("new-month", top + BAND)
                yield shape(
                    "path", class_=look, d=f"M{number(self.start(month))} {number(start)}V{number(bottom)}"
                )

    def names(self, top: float, say: Wording) -> Iterator[Element]:
        """Of the years, and below them of the months."""
        step = self.step(say)
        yield from self._years(top + (5 if step < 12 else (BAND - YEAR.line) / 2))
        for month in range(self.first, self.last + 1 if step < 12 else self.first):
            name = _name(month, say)
            if step == 1:
                yield words((name,), self.middle(month), top + BAND / 2, MONTH)
            elif month % step == 0 and self._has_room(name, month, step):
                yield words((name,), self.start(month) + _BESIDE, top + BAND / 2, YEAR)

    def _years(self, top: float) -> Iterator[Element]:
        widest = width("0000", YEAR) + 2 * _BESIDE
        every = max(1, -int(-widest // (12 * self.cell)))
        for year in range(self.first // 12, self.last // 12 + 1):
            first, following = max(year * 12, self.first), (year + every) * 12
            if year % every == 0 and self._has_room(str(year), first, following - first):
                yield words((str(year),), self.start(first) + _BESIDE, top, YEAR)

    def _has_room(self, name: str, month: int, months: int) -> bool:
        """Whether a name that begins at a month ends before the next one, and before the picture does."""
        end = min(self.start(month + months), self.x + self.width)
        return self.start(month) + _BESIDE + width(name, YEAR) <= end


def _name(month: int, say: Wording) -> str:
    return say.month(datetime(2000, month % 12 + 1, 1))  # noqa: DTZ001 (a name has no zone)
