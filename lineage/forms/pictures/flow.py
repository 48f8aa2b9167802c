"""Who received what? A picture: where it came from, to us, what it was, and who got it.

An answer does not say from which source which kind of information came: all sources meet in one trunk. A line
from a kind of information to a kind of recipient is a pair of the answer, and every pair is a line; what was
sold or shared and what was passed on for a purpose of our own are lines of two looks. Where lines would be a
tangle, the pairs are marks in a grid.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

from lineage.forms.parts import Picture
from lineage.forms.pictures.columns import BETWEEN, Box, Link, column, joined, loosened
from lineage.forms.pictures.drawing import (
    CENTRED,
    EDGE,
    HEADING,
    WIDTH,
    height,
    number,
    picture,
    shape,
    width,
    words,
    wrapped,
)
from lineage.forms.pictures.grid import STYLE as GRID_STYLE
from lineage.forms.pictures.grid import Grid, mark
from lineage.forms.pictures.shown import LOOKS, Shown, shown_of
from lineage.forms.wording import Wording

Document = Mapping[str, Any]

MANY: Final = 16
"""A list with more pairs is told by its ends alone: each pair is in a table, too."""

_SOURCES: Final = 190.0
_TRUNK: Final = 12.0
_STEM: Final = 30.0
_KEY: Final = 44.0
_STYLE: Final = """
.flow .box { fill: #f3f5f7; stroke: #7b8790; stroke-width: 1; }
.flow .trunk { fill: #4f5962; }
.flow .stem { fill: none; stroke: #7b8790; stroke-width: 1.5; }
.flow .link, .flow .key { fill: none; }
.flow .sold { stroke: #9c2f12; stroke-width: 3; }
.flow .disclosed { stroke: #1f4f7a; stroke-width: 1.5; stroke-dasharray: 6 4; }
"""


def flow(document: Document, say: Wording) -> Picture | None:
    """The picture of a ``ccpa.know/1`` document; None when it names no kind of information."""
    shown = shown_of(document, say)
    if not shown.categories:
        return None
    caveat = () if document["coverage"]["complete"] else wrapped(say.say("picture.gaps"), WIDTH - 2 * EDGE)
    drawn, bottom = _drawn(shown, say)
    if caveat:
        drawn.append(words(caveat, EDGE, bottom + 2 * BETWEEN))
        bottom += 2 * BETWEEN + height(caveat)
    described = " ".join((*_described(shown, say), *map(str.strip, caveat)))
    return picture("flow", say.say("picture.title"), described, bottom + EDGE, _STYLE + GRID_STYLE, drawn)


def _drawn(shown: Shown, say: Wording) -> tuple[list[Element], float]:
    """All of it, and how far down it reaches."""
    is_tangled = shown.is_tangled
    top, drawn = _legend(shown, say, as_marks=is_tangled)
    us = say.say("picture.us")
    trunk = EDGE + (_SOURCES + _STEM if shown.sources else max(0.0, (width(us, CENTRED) - _TRUNK) / 2))
    first = trunk + _TRUNK + _STEM
    room = WIDTH - EDGE - first
    places = {"categories": (first, room * (0.38 if shown.links else 0.6))}
    grid = None
    if shown.sources:
        places["sources"] = (EDGE, _SOURCES)
    if shown.links:
        places["recipients"] = (WIDTH - EDGE - room * 0.34, room * 0.34)
    if is_tangled:
        start = first + places["categories"][1] + BETWEEN
        if (grid := Grid.of(shown.recipients, start, WIDTH - EDGE - start)) is not None:
            places["recipients"] = (start, WIDTH - EDGE - start)
    headings = {
        kind: wrapped(say.say(f"picture.{kind}"), place[1], HEADING) for kind, place in places.items()
    }
    # The names of a grid's columns stand above its rows, so these begin lower, and their heading with them.
    lower = 0.0 if grid is None else grid.tall + BETWEEN
    drawn.append(words((us,), trunk + _TRUNK / 2, top, CENTRED))
    drawn += [
        words(text, places[kind][0], top + (lower if kind == "categories" else 0.0), HEADING)
        for kind, text in headings.items()
    ]
    top += max(height(text, HEADING) for text in headings.values()) + BETWEEN

    ends = [] if grid is not None else [(each.category, each) for each in shown.links]
    what = column(shown.categories, ends, places["categories"], top + lower)
    sources = column(shown.sources, (), places["sources"], top) if shown.sources else []
    whom: list[Box] = []
    if shown.links and grid is None:
        whom = column(
            shown.recipients, [(each.recipient, each) for each in shown.links], places["recipients"], top
        )
        whom = loosened(whom, max(box.top + box.height for box in what if box.links))
    boxes = (*sources, *what, *whom)
    bottom = max(box.top + box.height for box in boxes)
    drawn += [_stem(box.end, trunk, box.middle) for box in sources]
    drawn += [_stem(trunk + _TRUNK, box.x, box.middle) for box in what]
    drawn.append(shape("rect", class_="trunk", x=trunk, y=top, width=_TRUNK, height=bottom - top))
    if grid is not None:
        drawn += grid.drawn(shown.links, what, top + lower - BETWEEN / 2, LOOKS)
    else:
        drawn += _links(shown.links, what, whom)
    drawn += [each for box in boxes for each in box.drawn()]
    return drawn, bottom


def _legend(shown: Shown, say: Wording, *, as_marks: bool) -> tuple[float, list[Element]]:
    """Only of the looks that there are; and where the rest of the picture starts."""
    top, drawn = EDGE, []
    for block, look in LOOKS.items():
        if any(link.block == block for link in shown.links):
            text = wrapped(say.say(f"picture.{look}"), WIDTH - _KEY - 2 * BETWEEN)
            middle = top + height(text) / 2
            drawn.append(mark(look, EDGE + _KEY / 2, middle) if as_marks else _key(look, middle))
            drawn.append(words(text, EDGE + _KEY + BETWEEN, top))
            top += height(text) + BETWEEN / 3
    return (top + 2 * BETWEEN if drawn else top), drawn


def _key(look: str, middle: float) -> Element:
    return shape("path", class_=f"key {look}", d=f"M{number(EDGE)} {number(middle)}h{number(_KEY)}")


def _stem(start: float, end: float, middle: float) -> Element:
    return shape("path", class_="stem", d=f"M{number(start)} {number(middle)}H{number(end)}")


def _links(links: Sequence[Link], what: Sequence[Box], whom: Sequence[Box]) -> Iterator[Element]:
    """Those of what was sold or shared are drawn last: they lie above the others."""
    here, there = ({box.id: box for box in boxes} for boxes in (what, whom))
    for block in reversed(LOOKS):
        for link in links:
            if link.block == block:
                yield joined(link, here[link.category], there[link.recipient], LOOKS[block])


def _described(shown: Shown, say: Wording) -> Iterator[str]:
    if shown.sources:
        yield say.say("picture.told_sources", names="; ".join(shown.sources.values()))
    yield say.say("picture.told_categories", names="; ".join(shown.categories.values()))
    for block, look in LOOKS.items():
        links = [link for link in shown.links if link.block == block]
        met = {link.recipient for link in links}
        whom = {id: name for id, name in shown.recipients.items() if id in met}
        if len(links) > MANY:
            count = say.number(len(links))
            yield say.say(f"picture.many_{look}", count=count, whom="; ".join(whom.values()))
            continue
        for id, name in whom.items():
            what = "; ".join(shown.categories[link.category] for link in links if link.recipient == id)
            yield say.say(f"picture.told_{look}", whom=name, what=what)
    if not shown.links:
        yield say.say("picture.told_no_recipient")
