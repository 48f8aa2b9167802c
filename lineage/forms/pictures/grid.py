"""Who got what, where too many lines would cross? A grid: what it was in rows, who got it in columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from lineage.forms.pictures.columns import Box, Link
from lineage.forms.pictures.drawing import TURNED, height, number, shape, width, words, wrapped

WIDEST: Final = 72.0
"""A column; with few recipients the grid does not fill the room."""

SHORTEST: Final = 120.0
"""The room for a name, along its column; it grows until each name has its lines beside each other."""

_SIDE: Final = 13.0
_RADIUS: Final = 5.0
STYLE: Final = """
.flow .rule { fill: none; stroke: #c3cad0; stroke-width: 1; }
.flow .cell { fill: none; stroke-dasharray: none; }
.flow .cell.sold { stroke-width: 13; }
.flow .cell.disclosed { stroke-width: 2.5; }
"""


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns, with their names in lines along them. ``start``: where the first begins. ``each``: how
    wide one is. ``tall``: how much room the names take above the rows.
    """

    names: Mapping[str, tuple[str, ...]]
    start: float
    each: float
    tall: float

    @classmethod
    def of(cls, recipients: Mapping[str, str], start: float, room: float) -> "Grid | None":
        """None when there is not even room for one line of text a recipient."""
        each = min(WIDEST, room / len(recipients))
        lines = int(each / TURNED.line)
        if not lines:
            return None
        long = SHORTEST
        while any(len(wrapped(name, long, TURNED)) > lines for name in recipients.values()):
            long += TURNED.size
        names = {id: wrapped(name, long, TURNED) for id, name in recipients.items()}
        longest = max(width(line.rstrip(), TURNED) for found in names.values() for line in found)
        return cls(names, start, each, longest)

    def drawn(
        self, links: Sequence[Link], what: Sequence[Box], top: float, looks: Mapping[str, str]
    ) -> Iterator[Element]:
        """With a mark for each link; ``top`` is where the names end and the rows begin."""
        bottom = max(box.top + box.height for box in what)
        middles = {id: self.start + self.each * (place + 0.5) for place, id in enumerate(self.names)}
        right = self.start + self.each * len(self.names)
        for id, lines in self.names.items():
            yield _rule(f"M{number(middles[id])} {number(top)}V{number(bottom)}")
            yield turned(lines, middles[id], top)
        rows = {box.id: box for box in what}
        met = {link.category for link in links}
        for box in what:
            if box.id in met:
                yield _rule(f"M{number(box.end)} {number(box.middle)}H{number(right)}")
        for link in links:
            x = middles[link.recipient]
            beside = [each for each in links if each[1:] == link[1:]]
            x += (beside.index(link) - (len(beside) - 1) / 2) * min(_SIDE + 2, self.each / 2)
            yield mark(looks[link.block], x, rows[link.category].middle, link)


def mark(look: str, x: float, y: float, link: Link | None = None) -> Element:
    """About a place a square for what was sold or shared, a ring for the rest; without a link it is a key."""
    way = {} if link is None else {"data_from": link.category, "data_to": link.recipient}
    kind = "key" if link is None else "link"
    if look == "sold":
        d = f"M{number(x - _SIDE / 2)} {number(y)}h{number(_SIDE)}"
    else:
        r, across = number(_RADIUS), number(2 * _RADIUS)
        d = f"M{number(x - _RADIUS)} {number(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0"
    return shape("path", class_=f"{kind} cell {look}", d=d, **way)


def turned(lines: Sequence[str], x: float, bottom: float) -> Element:
    """Lines that run upwards from ``bottom``, about ``x``."""
    text = words(lines, 0, -height(lines, TURNED) / 2, TURNED)
    text.set("transform", f"translate({number(x)} {number(bottom)}) rotate(-90)")
    return text


def _rule(d: str) -> Element:
    return shape("path", class_="rule", d=d)
