"""Which lines of an answer have a time, when was it, and what is said of them?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from lineage.forms.blocks import lines
from lineage.forms.pictures.axis import month_of
from lineage.forms.wording import Wording

Document = Mapping[str, Any]

BLOCKS: Final = ("sold_or_shared", "disclosed", "collected")
"""The lists whose lines have a first time and a last."""

MANY: Final = 16
"""More lines of a list are told by their number alone: each is in a table, too."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the answer: its name as ``disclosed/0``, its months as numbers, its days as they are told."""

    line: str
    what: str
    whom: str | None
    first: int
    last: int
    days: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of one list, one after the other, about one kind of information."""

    block: str
    what: str
    rows: tuple[Row, ...]


def runs(document: Document, say: Wording) -> list[Run]:
    """All there are, in the order of the answer."""
    return [
        Run(block, what, tuple(rows))
        for block in BLOCKS
        for what, rows in groupby(_rows(document, block, say), key=lambda row: row.what)
    ]


def _rows(document: Document, block: str, say: Wording) -> Iterator[Row]:
    for place, line in enumerate(lines(document, block)):
        whom = None
        if block != "collected":
            whom = say.named("recipients", line["recipient_category"], line["recipient_wording"]).text
        yield Row(
            f"{block}/{place}",
            say.named("categories", line["category"], line["statutory_name"]).text,
            whom,
            month_of(_local(line["first"], say)),
            month_of(_local(line["last"], say)),
            (say.day(line["first"]), say.day(line["last"])),
        )


def extent(document: Document, shown: Sequence[Run], say: Wording) -> tuple[int, int]:
    """The first month and the last of the whole period, also where nothing happened; it ends before its
    ``to``.
    """
    start = month_of(_local(document["window"]["from"], say))
    end = month_of(_local(document["window"]["to"], say) - timedelta(microseconds=1))
    rows = [row for run in shown for row in run.rows]
    return min([start, *(row.first for row in rows)]), max([end, *(row.last for row in rows)])


def _local(instant: str, say: Wording) -> datetime:
    return datetime.fromisoformat(instant).astimezone(say.zone)


def described(document: Document, shown: Sequence[Run], say: Wording) -> Iterator[str]:
    """The sentences in which some runs are told to whoever does not see them."""
    window = document["window"]
    yield say.say("months.told", **{"from": say.day(window["from"]), "to": say.day(window["to"])})
    for block, group in groupby(shown, key=lambda run: run.block):
        rows = [row for run in group for row in run.rows]
        yield f"{say.say(f'blocks.{block}.heading')}:"
        if len(rows) > MANY:
            yield say.say("months.told_many", lines=say.number(len(rows)))
            continue
        for row in rows:
            name = row.what if row.whom is None else say.say("months.to", what=row.what, whom=row.whom)
            key = "told_once" if row.days[0] == row.days[1] else "told_line"
            yield say.say(f"months.{key}", name=name, first=row.days[0], last=row.days[1])
