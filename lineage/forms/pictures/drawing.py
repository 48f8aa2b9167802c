"""How is a picture drawn so that a browser, a printed letter and any other viewer show the same one?

As SVG 1.1 whose looks are all in classes, so that a page may give them other colours. Nobody here knows which
font a viewer has: widths are those of the widest that are common.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final
from xml.etree.ElementTree import Element, tostring

from lineage.forms.parts import Picture

WIDTH: Final = 960
"""Of every picture, in user units; the height is as the content needs it."""

EDGE: Final = 1.0
"""What stays free at the sides, so that no line is cut in half."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """A class of texts. On a printed page 16 units are about 8 points. ``centred``: about its place."""

    name: str
    size: int = 16
    colour: str = "#1d2329"
    bold: bool = False
    centred: bool = False

    @property
    def line(self) -> float:
        """From one line to the next."""
        return self.size * 1.25

    @property
    def style(self) -> str:
        """The same for a viewer."""
        weight = " font-weight: 600;" if self.bold else ""
        anchor = " text-anchor: middle;" if self.centred else ""
        return f".picture .{self.name} {{ font-size: {self.size}px; fill: {self.colour};{weight}{anchor} }}"


LABEL: Final = Lettering("label")
HEADING: Final = Lettering("heading", bold=True)
CENTRED: Final = Lettering("centred", bold=True, centred=True)
YEAR: Final = Lettering("year", size=13, colour="#4f5962")
MONTH: Final = Lettering("month", size=13, colour="#4f5962", centred=True)
TURNED: Final = Lettering("turned", size=13)
LETTERINGS: Final = (LABEL, HEADING, CENTRED, YEAR, MONTH, TURNED)

_FONTS: Final = """
.picture text { font-family: "Libertinus Serif", "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans",
  Arial, sans-serif; }
"""
# In heights of a letter. Measured: Libertinus Serif and Liberation Sans are narrower, DejaVu Sans a few
# hundredths wider; that much is free beside every text.
_WIDTHS: Final = (
    ("ijl'|", 0.3),
    (' fIrt.,:;!()[]{}/\\-"', 0.39),
    ("csz", 0.53),
    ("wCDGHNOQRU&", 0.79),
    ("mM%", 0.95),
    ("W@—", 1.08),
)
_KNOWN: Final = {letter: width for letters, width in _WIDTHS for letter in letters}
_BOLD: Final = 1.08
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def width(text: str, lettering: Lettering = LABEL) -> float:
    """How wide a text is at most, in user units, in any font that a reader is likely to have."""
    return sum(map(_width, text)) * lettering.size * (_BOLD if lettering.bold else 1.0)


@cache
def _width(letter: str) -> float:
    letter = _sayable(letter)
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _KNOWN:
        return _KNOWN[plain]
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return 1.4  # some fonts draw a pictograph wider than it is tall
    if ord(letter) < 0x250:
        return 0.72 if plain.isupper() else 0.6
    return 1.1


@lru_cache(maxsize=1024)
def wrapped(text: str, room: float, lettering: Lettering = LABEL) -> tuple[str, ...]:
    """A text in lines that fit into ``room`` user units; a word is broken only where it is too long alone.

    A line that ends between two words ends with a space: joined, the lines are the text again.

    >>> wrapped("Data analytics providers", 120)
    ('Data analytics ', 'providers')
    """
    lines = [""]
    for word in text.split():
        between = " " if lines[-1] else ""
        if width(lines[-1] + between + word, lettering) <= room:
            lines[-1] += between + word
            continue
        if between:
            lines[-1] += between
            lines.append("")
        for letter in word:
            if lines[-1] and width(lines[-1] + letter, lettering) > room:
                lines.append("")
            lines[-1] += letter
    return tuple(lines)


def height(lines: Sequence[str], lettering: Lettering = LABEL) -> float:
    """How tall some lines are together."""
    return len(lines) * lettering.line


def shape(name: str, *inside: Element, **attributes: str | float) -> Element:
    """One element; ``class_`` is its class, ``data_from`` its attribute ``data-from``."""
    made = Element(
        name,
        {
            key.rstrip("_").replace("_", "-"): each if isinstance(each, str) else number(each)
            for key, each in attributes.items()
        },
    )
    made.extend(inside)
    return made


def words(lines: Sequence[str], x: float, top: float, lettering: Lettering = LABEL) -> Element:
    """Some lines of text, one below the other."""
    made = shape("text", class_=lettering.name)
    for place, line in enumerate(lines):
        # About a third of a letter's height is above the middle of its line, as most fonts have it.
        span = shape("tspan", x=x, y=top + lettering.line * (place + 0.5) + lettering.size * 0.35)
        span.text = _sayable(line)
        made.append(span)
    return made


def picture(
    name: str, title: str, described: str, height: float, style: str, shapes: Iterable[Element]
) -> Picture:
    """A whole drawing. ``name`` begins its ids, so a page has it once; up to a ``-`` it is its class."""
    title, described = _sayable(title), _sayable(described)
    named, told = shape("title", id=f"{name}-title"), shape("desc", id=f"{name}-desc")
    named.text, told.text = title, described
    looks = shape("style")
    looks.text = _FONTS + "".join(f"{each.style}\n" for each in LETTERINGS) + style.lstrip()
    root = shape(
        "svg",
        named,
        told,
        looks,
        *shapes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(height)}",
        class_=f"picture {name.partition('-')[0]}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )
    return Picture(tostring(root, encoding="unicode"), title, described)


def number(value: float) -> str:
    """A length as short as it can be said.

    >>> number(12.5), number(40.0)
    ('12.5', '40')
    """
    return f"{value:.1f}".removesuffix(".0")


def _sayable(text: str) -> str:
    """A name may hold characters that no XML can."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
