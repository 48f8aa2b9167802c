"""How is a letter read in a terminal? In words and tables, with colours only on request.

Where there is no room for a table each of its lines is a list, as on a phone: a name and what it says.
"""

from collections.abc import Iterable
from io import StringIO
from typing import Final

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from lineage.forms.parts import Cell, Letter, Row, Section, Table, Tone
from lineage.printable import printable

WIDTH: Final = 110
"""Columns, where no terminal tells its own."""

ROOM: Final = 16
"""Columns that a place with sentences needs: in fewer, most lines have one word."""

_RULED: Final = Box("    \n    \n ─  \n    \n    \n    \n    \n    \n")
"""A rule under each heading: it shows how far a column reaches."""

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
        console.print(words(letter.sender, "dim"))
    console.print(words(letter.title, "bold"))
    console.print(words(letter.subtitle, "dim"))
    console.print()
    if letter.stamps:
        console.print(words(letter.labels["not_for_release"], "bold yellow"))
        _bullets(console, (each.text for each in letter.stamps))
    console.print(_named((fact.label, fact.value) for fact in letter.facts))
    console.print()
    _heading(console, letter.labels["short"])
    _bullets(console, (each.text for each in letter.short))
    for section in letter.sections:
        if not section.picture:  # the tables say all that one shows
            _section(console, section, letter.labels["behind"])
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def words(said: str, style: str = "") -> Text:
    """Words of an answer for a page: never an order to the terminal, whatever a policy has in its names."""
    return Text(printable(said), style, overflow="fold")


def _section(console: Console, section: Section, behind: str) -> None:
    _heading(console, section.heading)
    if section.intro:
        console.print(words(section.intro, "dim"))
        console.print()
    if section.table:
        _table(console, section.table)
        for row in section.table.rows:
            _behind(console, row, behind)
    if section.said:
        _bullets(console, (each.text for each in section.said))


def _heading(console: Console, text: str) -> None:
    *above, last = words(text, "bold").wrap(console, console.width - 4)  # a rule would cut off what is longer
    for line in above:
        console.print(line)
    console.print(Rule(last, align="left", characters="─", style="dim"))


def _bullets(console: Console, texts: Iterable[str]) -> None:
    grid = Grid.grid(padding=(0, 1))
    for each in texts:
        grid.add_row("•", words(each))
    console.print(grid)
    console.print()


def _table(console: Console, table: Table) -> None:
    columns = [[row.cells[number] for row in table.rows] for number in range(len(table.columns))]
    longest = [_longest(name, cells) for name, cells in zip(table.columns, columns, strict=True)]
    is_brief = [all(cell.is_brief for cell in cells) for cells in columns]
    room = console.width - 2 * (len(columns) - 1)
    least = (width if brief else min(width, ROOM) for width, brief in zip(longest, is_brief, strict=True))
    if sum(least) > room:
        for row in table.rows:
            console.print(
                _named(each for each in zip(table.columns, row.cells, strict=True) if _cell(each[1]))
            )
            console.print()
        return
    grid = Grid(box=_RULED, show_edge=False, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    for name, brief in zip(table.columns, is_brief, strict=True):
        grid.add_column(words(name), no_wrap=brief, overflow="fold")
    for row in table.rows:
        grid.add_row(*map(_cell, row.cells))
    # Lines that are higher than one would run into each other.
    grid.leading = int(sum(longest) > room or any(cell.notes for cells in columns for cell in cells))
    console.print(grid)
    console.print()


def _longest(name: str, cells: Iterable[Cell]) -> int:
    return max(
        cell_len(line) for text in (name, *(_cell(each).plain for each in cells)) for line in text.split("\n")
    )


def _named(told: Iterable[tuple[str, Cell]]) -> Grid:
    """What has a name, below each other."""
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(overflow="fold", style="dim")
    grid.add_column(overflow="fold")
    for name, cell in told:
        grid.add_row(name, _cell(cell))
    return grid


def _cell(cell: Cell) -> Text:
    said = words("; ".join(each.text for each in cell.said), _STYLES[cell.tone])
    for note in cell.notes:
        said.append_text(words(f"\n· {note.text}", "dim"))
    return said


def _behind(console: Console, row: Row, label: str) -> None:
    if not row.behind:
        return
    names = (each.said[0].text for each in row.cells[:2] if each.said)
    console.print(words(f"{label}: {' · '.join(names)}", "dim bold"))
    for fact in row.behind:
        console.print(
            Padding(words(f"{fact.label}: ").append_text(_cell(fact.value)), (0, 0, 0, 2)), style="dim"
        )
    console.print()
