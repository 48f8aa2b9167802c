"""How does a handler read one person's events in a terminal? Month by month, in words, the earliest first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from lineage.forms.terminal import WIDTH, words
from lineage.forms.wording import Wording, plain
from lineage.words import ENGLISH, group

Row = Mapping[str, Any]

_KINDS = group("kinds")
"""Those that an answer tells; of the others, such as ``INTERNAL``, the name says enough."""


def happened(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, colour: bool = False, width: int = WIDTH
) -> str:
    """The rows of ``timeline.sql`` as a page. Instants are in UTC, as the log has them."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    say = Wording(ENGLISH, "UTC")
    told = [dict(zip(columns, row, strict=True)) for row in rows]
    if not told:
        console.print("Nothing was told of this person.")
    for month, events in groupby(told, key=lambda row: f"{row['occurred_at']:%B %Y}"):
        console.print(Rule(Text(month, "bold"), align="left", style="dim"))
        console.print(_table(events, say))
        console.print()
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _table(events: Iterable[Row], say: Wording) -> Table:
    table = Table("When (UTC)", "What", "Data", "From or to", "How", "×", box=None, pad_edge=False)
    table.header_style = "dim"
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = table.columns[-1].no_wrap = True
    for row in events:
        data = ", ".join(say.element(each).text for each in row["elements"] or ())
        kinds = [_KINDS.get(kind, plain(kind).lower()) for kind in row["kinds"] or ()]
        chosen = [plain(word).lower() for word in (row["choice"], row["via"]) if word]
        how = ", ".join([*kinds, *chosen])
        count = say.number(row["count"]) if row["count"] and row["count"] > 1 else ""
        cells = (_when(row), _words(row["event"]), data, row["party"] or "", how, count)
        table.add_row(*map(words, cells))
    return table


def _when(row: Row) -> str:
    begun, ended = row["occurred_at"], row["occurred_until"]
    if row["ongoing"]:
        return f"{_minute(begun)} – now"
    return _minute(begun) if ended is None else f"{_minute(begun)} – {ended:%b %d}"


def _minute(at: datetime) -> str:
    return f"{at:%d %H:%M}"


def _words(event: str) -> str:
    """The name of an event as words.

    >>> _words("RecipientNotified")
    'Recipient notified'
    """
    return " ".join(re.findall("[A-Z][a-z]+", event)).capitalize()
