"""How is a letter read by a spreadsheet? As CSV (RFC 4180), one row a line of the answer."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from lineage.forms.parts import Cell, Letter, Section
from lineage.words import group, words

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Line = dict[str, str]


def csv_of(letter: Letter) -> bytes:
    """The table in UTF-8, marked so that spreadsheets know it. Days are ISO 8601, numbers plain.

    A text that a spreadsheet would reckon as a formula has an apostrophe before it.
    """
    out = StringIO()
    writer = csv.DictWriter(out, _columns(letter), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({column: _harmless(text) for column, text in line.items()} for line in _lines(letter))
    return out.getvalue().encode("utf-8-sig")


def _columns(letter: Letter) -> list[str]:
    """The same for every answer in this language, so that one table can go below another."""
    handlers = group("handler_columns", letter.language).values()
    return [
        letter.labels["part"],
        *group("columns", letter.language).values(),
        letter.labels["note"],
        *((*handlers, letter.labels["behind"]) if letter.is_handlers else ()),
    ]


def _lines(letter: Letter) -> Iterator[Line]:
    part, note = letter.labels["part"], letter.labels["note"]
    item, detail = (words(letter.language)[f"columns.{each}"] for each in ("item", "detail"))
    for fact in letter.facts:
        yield {part: letter.title, item: fact.label, detail: _text(fact.value)}
    for each in letter.stamps:
        yield {part: letter.labels["not_for_release"], note: each.text}
    for section in letter.sections:
        yield from ({part: section.heading} | line for line in _of(section, note, letter.labels["behind"]))


def _of(section: Section, note: str, behind: str) -> Iterator[Line]:
    for row in section.table.rows if section.table else ():
        assert section.table is not None  # noqa: S101
        line = dict(zip(section.table.columns, map(_text, row.cells), strict=True))
        if notes := [each.text for cell in row.cells for each in cell.notes]:
            line[note] = "; ".join(notes)
        if row.behind:
            line[behind] = "; ".join(f"{fact.label}: {_text(fact.value)}" for fact in row.behind)
        yield line
    yield from ({note: each.text} for each in section.said)


def _text(cell: Cell) -> str:
    return cell.value if cell.value is not None else "; ".join(each.text for each in cell.said)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
