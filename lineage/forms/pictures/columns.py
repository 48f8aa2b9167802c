"""Where do names stand that lines join, and where do the lines meet them?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from lineage.forms.pictures.drawing import height, number, shape, words, wrapped

PADDING: Final = 9.0
BETWEEN: Final = 12.0

APART: Final = 10.0
"""Two lines that meet the same box, where it has room for them; they come as near as half of it."""


class Link(NamedTuple):
    """A pair of one of the two lists: a kind of information and a kind of recipient, by their ids."""

    block: str
    category: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Box:
    """A name in its place, with the links that meet it, from above to below."""

    id: str
    lines: tuple[str, ...]
    links: tuple[Link, ...]
    x: float
    width: float
    top: float

    @property
    def height(self) -> float:
        """As its name needs it, and its links."""
        return max(height(self.lines), len(self.links) * APART / 2) + 2 * PADDING

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.top + self.height / 2

    @property
    def end(self) -> float:
        """Its right side."""
        return self.x + self.width

    def meets(self, link: Link) -> float:
        """How far down a link does."""
        apart = min(APART, (self.height - 2 * PADDING) / max(len(self.links) - 1, 1))
        return self.middle + apart * (self.links.index(link) - (len(self.links) - 1) / 2)

    def drawn(self) -> Iterator[Element]:
        """With its name in it."""
        yield shape("rect", class_="box", x=self.x, y=self.top, width=self.width, height=self.height, rx=4)
        yield words(self.lines, self.x + PADDING, self.middle - height(self.lines) / 2)


def column(
    names: Mapping[str, str], ends: Sequence[tuple[str, Link]], place: tuple[float, float], top: float
) -> list[Box]:
    """One box below the other, from ``top`` on. ``ends``: the box that each link meets, in the order in which
    they do. ``place``: where the column starts, and how wide it is.
    """
    x, width = place
    boxes = []
    for id, name in names.items():
        met = tuple(link for end, link in ends if end == id)
        boxes.append(Box(id, wrapped(name, width - 2 * PADDING), met, x, width, top))
        top += boxes[-1].height + BETWEEN
    return boxes


def loosened(boxes: Sequence[Box], bottom: float) -> list[Box]:
    """Boxes that end about as far down as ``bottom``, if they need not stand too far apart for it."""
    spare = bottom - (boxes[-1].top + boxes[-1].height)
    each = min(max(spare / len(boxes), 0), 3 * BETWEEN)
    return [replace(box, top=box.top + place * each) for place, box in enumerate(boxes)]


def joined(link: Link, here: Box, there: Box, look: str) -> Element:
    """The line of a link, level where it meets its boxes."""
    half = number((here.end + there.x) / 2)
    start, end = number(here.meets(link)), number(there.meets(link))
    return shape(
        "path",
        class_=f"link {look}",
        d=f"M{number(here.end)} {start}C{half} {start} {half} {end} {number(there.x)} {end}",
        data_from=link.category,
        data_to=link.recipient,
    )
