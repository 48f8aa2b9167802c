"""How is a letter read in a terminal? In words and tables, with colours only on request."""

from collections.abc import Iterable
from io import StringIO
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from lineage.forms.parts import Cell, Letter, Row, Section, Table, Tone

WIDTH: Final = 110
"""Columns, where no terminal tells its own."""

_STYLES: Final = {
    None: "",
    Tone.SOLD: "bold red",
    Tone.DISCLOSED: "bold blue",
    Tone.WARNING: "bold yellow",
    Tone.NEW: "bold green",
    Tone.GONE: "bold magenta",
}


def page(letter: Letter, *, colour: bool = False, width: int = WIDTH) -> str:
    """The whole letter as text of this many columns. It says the same without colours."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    if letter.sender:
        console.print(Text(letter.sender, "dim"))
    console.print(Text(letter.title, "bold"))
    console.print(Text(letter.subtitle, "dim"))
    console.print()
    if letter.stamps:
        console.print(Text(letter.labels["not_for_release"], "bold yellow"))
        _bullets(console, (each.text for each in letter.stamps))
    facts = Grid.grid(padding=(0, 2))
    for fact in letter.facts:
        facts.add_row(Text(fact.label, "dim"), _cell(fact.value))
    console.print(facts)
    console.print()
    _heading(console, letter.labels["short"])
    _bullets(console, (each.text for each in letter.short))
    for section in letter.sections:
        if not section.picture:  # the tables say all that one shows
            _section(console, section)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _section(console: Console, section: Section) -> None:
    _heading(console, section.heading)
    if section.intro:
        console.print(Text(section.intro, "dim"))
    if section.table:
        console.print(_table(section.table))
        for row in section.table.rows:
            _behind(console, row)
    for each in section.said:
        console.print(Text(each.text))
    console.print()


def _heading(console: Console, text: str) -> None:
    console.print(Rule(Text(text, "bold"), align="left", characters="─", style="dim"))


def _bullets(console: Console, texts: Iterable[str]) -> None:
    grid = Grid.grid(padding=(0, 1))
    for text in texts:
        grid.add_row("•", Text(text))
    console.print(grid)
    console.print()


def _table(table: Table) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for number, column in enumerate(table.columns):
        is_brief = all(row.cells[number].is_brief for row in table.rows)
        grid.add_column(Text(column), no_wrap=is_brief, overflow="fold", ratio=None if is_brief else 1)
    for row in table.rows:
        grid.add_row(*map(_cell, row.cells))
    return grid


def _cell(cell: Cell) -> Text:
    text = Text("; ".join(each.text for each in cell.said), _STYLES[cell.tone])
    for note in cell.notes:
        text.append(f"\n· {note.text}", "dim")
    return text


def _behind(console: Console, row: Row) -> None:
    if not row.behind:
        return
    names = (each.said[0].text for each in row.cells[:2] if each.said)
    console.print(Text(" · ".join(names), "dim bold"))
    for fact in row.behind:
        console.print(
            Padding(Text(f"{fact.label}: ").append_text(_cell(fact.value)), (0, 0, 0, 2)), style="dim"
        )
