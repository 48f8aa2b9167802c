"""When did it happen? A picture: each line of the answer over the months of its period.

An answer knows of each line its first time and its last: these are dots. What lies between is dotted, since
nobody can say from the answer when it was.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from xml.etree.ElementTree import Element

from lineage.forms.parts import Picture
from lineage.forms.pictures.axis import BAND, Axis, in_digits
from lineage.forms.pictures.drawing import (
    EDGE,
    HEADING,
    LABEL,
    WIDTH,
    height,
    number,
    picture,
    shape,
    words,
    wrapped,
)
from lineage.forms.pictures.runs import Row, Run, described, extent, runs
from lineage.forms.wording import Wording

Document = Mapping[str, Any]

LOOKS: Final = {"sold_or_shared": "sold", "disclosed": "disclosed", "collected": "collected"}
"""The class of the rows of each list."""

# Where a column starts, and how wide it is: what it was, who got it, the months.
_WHAT: Final = (8.0, 196.0)
_WHOM: Final = (216.0, 192.0)
_MONTHS: Final = (424.0, 535.0)
_PADDING: Final = 5.0
_BETWEEN: Final = 18.0
_DOT: Final = 5.0
_STYLE: Final = """
.months .band { fill: #eceff2; }
.months .new-month, .months .rule { fill: none; stroke: #d4d9de; stroke-width: 1; }
.months .new-year { fill: none; stroke: #7b8790; stroke-width: 1; }
.months .between { fill: none; stroke-width: 2.5; stroke-linecap: round; stroke-dasharray: 0.1 6; }
.months .sold { fill: #9c2f12; stroke: #9c2f12; }
.months .disclosed { fill: #1f4f7a; stroke: #1f4f7a; }
.months .collected { fill: #4f5962; stroke: #4f5962; }
"""


def months(document: Document, say: Wording) -> Picture | None:
    """The picture of a ``ccpa.know/1`` document; None when it lists nothing that has a time."""
    return next(iter(months_in_parts(document, say, math.inf)), None)


def months_in_parts(document: Document, say: Wording, tallest: float) -> tuple[Picture, ...]:
    """The same for paper: no part is taller than ``tallest`` user units, if one kind of information fits."""
    shown = runs(document, say)
    caveat = () if document["coverage"]["complete"] else wrapped(say.say("picture.gaps"), WIDTH - 2 * EDGE)
    room = tallest - 2 * EDGE - (height(caveat) + _BETWEEN if caveat else 0)
    axis = Axis(*extent(document, shown, say), *_MONTHS)
    pictures = []
    for place, part in enumerate(_parts(shown, room)):
        drawn, bottom = _drawn(part, axis, say)
        if caveat:
            drawn.append(words(caveat, EDGE, bottom + _BETWEEN))
            bottom += height(caveat) + _BETWEEN
        said = " ".join((*described(document, part, say), *map(str.strip, caveat)))
        name = f"months-{place + 1}" if place else "months"
        pictures.append(picture(name, say.say("months.title"), said, bottom + EDGE, _STYLE, drawn))
    return tuple(pictures)


def _parts(shown: Sequence[Run], room: float) -> Sequence[Sequence[Run]]:
    parts: list[list[Run]] = []
    used = 0.0
    for run in shown:
        follows = bool(parts) and parts[-1][-1].block == run.block
        needed = _tall(run) + (0 if follows else BAND + _BETWEEN)
        if not parts or used + needed > room:
            parts.append([])
            used, needed = 0.0, _tall(run) + BAND
        parts[-1].append(run)
        used += needed
    return parts


def _drawn(shown: Sequence[Run], axis: Axis, say: Wording) -> tuple[list[Element], float]:
    """All of it, and how far down it reaches."""
    drawn: list[Element] = []
    top = EDGE - _BETWEEN
    for block, group in groupby(shown, key=lambda run: run.block):
        top += _BETWEEN
        listed = list(group)
        drawn += _head(block, axis, top, top + BAND + sum(map(_tall, listed)), say)
        top += BAND
        for run in listed:
            drawn += _run(run, axis, top)
            top += _tall(run)
    return drawn, top


def _head(block: str, axis: Axis, top: float, bottom: float, say: Wording) -> Iterator[Element]:
    """The name of the list and those of the months, and the lines from these down through its rows."""
    yield shape("rect", class_="band", x=EDGE, y=top, width=WIDTH - 2 * EDGE, height=BAND)
    yield from axis.lines(top, bottom, say)
    text = wrapped(say.say(f"blocks.{block}.heading"), _MONTHS[0] - _WHAT[0] - _PADDING, HEADING)
    yield words(text, _WHAT[0], top + (BAND - height(text, HEADING)) / 2, HEADING)
    yield from axis.names(top, say)


def _run(run: Run, axis: Axis, top: float) -> Iterator[Element]:
    below = number(top + _tall(run))
    yield shape("path", class_="rule", d=f"M{number(EDGE)} {below}H{number(WIDTH - EDGE)}")
    yield words(_what(run), _WHAT[0], top + _PADDING)
    for row in run.rows:
        if row.whom is not None:
            yield words(_whom(row), _WHOM[0], top + _PADDING)
        yield _mark(row, LOOKS[run.block], axis, top + _PADDING + LABEL.line / 2)
        top += _low(row)


def _what(run: Run) -> tuple[str, ...]:
    """Stands once; where nobody got it, it has the room for whom, too."""
    end = sum(_WHOM if run.rows[0].whom is None else _WHAT)
    return wrapped(run.what, end - _WHAT[0])


def _whom(row: Row) -> tuple[str, ...]:
    return wrapped(row.whom or "", _WHOM[1])


def _tall(run: Run) -> float:
    return max(height(_what(run)) + 2 * _PADDING, sum(map(_low, run.rows)))


def _low(row: Row) -> float:
    return height(_whom(row)) + 2 * _PADDING


def _mark(row: Row, look: str, axis: Axis, middle: float) -> Element:
    ends = [axis.middle(month) for month in dict.fromkeys((row.first, row.last))]
    radius = min(_DOT, max(axis.cell / 2, _DOT / 2))
    way = f"M{number(ends[0])} {number(middle)}H{number(ends[-1])}"
    return shape(
        "g",
        *([shape("path", class_="between", d=way)] if len(ends) > 1 else []),
        *(shape("circle", class_="dot", cx=end, cy=middle, r=radius) for end in ends),
        class_=f"mark {look}",
        data_line=row.line,
        data_first=in_digits(row.first),
        data_last=in_digits(row.last),
    )
