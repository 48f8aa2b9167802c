"""Who received what? A picture: where it came from, to us, what it was, and who got it.

An answer does not say from which source which kind of information came: all sources meet in one trunk. A line
from a kind of information to a kind of recipient is a pair of the answer, and every pair is a line; what was
sold or shared and what was passed on for a purpose of our own are lines of two looks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element

from lineage.forms.blocks import lines
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
from lineage.forms.pictures.untangled import untangled
from lineage.forms.wording import Wording

Document = Mapping[str, Any]

LOOKS: Final = {"sold_or_shared": "sold", "disclosed": "disclosed"}
"""The two lists of pairs, and the class of their lines."""

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


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see: names by their ids, in the order in which they stand, and the links."""

    sources: Mapping[str, str]
    categories: Mapping[str, str]
    recipients: Mapping[str, str]
    links: tuple[Link, ...]


def flow(document: Document, say: Wording) -> Picture | None:
    """The picture of a ``ccpa.know/1`` document; None when it names no kind of information."""
    shown = _shown(document, say)
    if not shown.categories:
        return None
    caveat = () if document["coverage"]["complete"] else wrapped(say.say("picture.gaps"), WIDTH - 2 * EDGE)
    drawn, bottom = _drawn(shown, say)
    if caveat:
        drawn.append(words(caveat, EDGE, bottom + 2 * BETWEEN))
        bottom += 2 * BETWEEN + height(caveat)
    described = " ".join((*_described(shown, say), *map(str.strip, caveat)))
    return picture("flow", say.say("picture.title"), described, bottom + EDGE, _STYLE, drawn)


def _shown(document: Document, say: Wording) -> Shown:
    pairs = [(block, line) for block in LOOKS for line in lines(document, block)]
    sources = {
        line["category"]: say.named("sources", line["category"], line["wording"]).text
        for line in lines(document, "sources")
    }
    categories = {
        line["category"]: say.named("categories", line["category"], line["statutory_name"]).text
        for line in (*lines(document, "collected"), *(line for _, line in pairs))
    }
    recipients = {
        id: say.named("recipients", id, wording).text
        for id, wording in ((line["recipient_category"], line["recipient_wording"]) for _, line in pairs)
    }
    links = {Link(block, line["category"], line["recipient_category"]) for block, line in pairs}
    what, whom = untangled(
        sorted(categories), list(recipients), sorted({(each.category, each.recipient) for each in links})
    )
    in_order = sorted(
        links, key=lambda each: (what.index(each.category), whom.index(each.recipient), each.block)
    )
    return Shown(
        sources,
        {id: categories[id] for id in what},
        {id: recipients[id] for id in whom},
        tuple(in_order),
    )


def _drawn(shown: Shown, say: Wording) -> tuple[list[Element], float]:
    """All of it, and how far down it reaches."""
    top, drawn = _legend(shown, say)
    us = say.say("picture.us")
    trunk = EDGE + (_SOURCES + _STEM if shown.sources else max(0.0, (width(us, CENTRED) - _TRUNK) / 2))
    first = trunk + _TRUNK + _STEM
    room = WIDTH - EDGE - first
    places = {"categories": (first, room * (0.38 if shown.links else 0.6))}
    if shown.sources:
        places["sources"] = (EDGE, _SOURCES)
    if shown.links:
        places["recipients"] = (WIDTH - EDGE - room * 0.34, room * 0.34)
    headings = {
        kind: wrapped(say.say(f"picture.{kind}"), place[1], HEADING) for kind, place in places.items()
    }
    drawn.append(words((us,), trunk + _TRUNK / 2, top, CENTRED))
    drawn += [words(text, places[kind][0], top, HEADING) for kind, text in headings.items()]
    top += max(height(text, HEADING) for text in headings.values()) + BETWEEN

    what = column(
        shown.categories, [(each.category, each) for each in shown.links], places["categories"], top
    )
    sources = column(shown.sources, (), places["sources"], top) if shown.sources else []
    whom: list[Box] = []
    if shown.links:
        ends = [(each.recipient, each) for each in shown.links]
        whom = column(shown.recipients, ends, places["recipients"], top)
        whom = loosened(whom, max(box.top + box.height for box in what if box.links))
    boxes = (*sources, *what, *whom)
    bottom = max(box.top + box.height for box in boxes)
    drawn += [_stem(box.end, trunk, box.middle) for box in sources]
    drawn += [_stem(trunk + _TRUNK, box.x, box.middle) for box in what]
    drawn.append(shape("rect", class_="trunk", x=trunk, y=top, width=_TRUNK, height=bottom - top))
    drawn += _links(shown.links, what, whom)
    drawn += [each for box in boxes for each in box.drawn()]
    return drawn, bottom


def _legend(shown: Shown, say: Wording) -> tuple[float, list[Element]]:
    """Only of the looks that there are; and where the rest of the picture starts."""
    top, drawn = EDGE, []
    for block, look in LOOKS.items():
        if any(link.block == block for link in shown.links):
            text = wrapped(say.say(f"picture.{look}"), WIDTH - _KEY - 2 * BETWEEN)
            middle = number(top + height(text) / 2)
            drawn.append(shape("path", class_=f"key {look}", d=f"M{number(EDGE)} {middle}h{number(_KEY)}"))
            drawn.append(words(text, EDGE + _KEY + BETWEEN, top))
            top += height(text) + BETWEEN / 3
    return (top + 2 * BETWEEN if drawn else top), drawn


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
