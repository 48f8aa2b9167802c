"""What does a form say, read back without the program that made it?"""

import csv
import re
from io import StringIO
from typing import Any

from bs4 import BeautifulSoup, SoupStrainer, Tag

_DRAWN = re.compile(rb"<svg.*?</svg>", re.DOTALL)
"""A picture. What it shows is in the tables, and reading its parts takes long."""

Rows = list[tuple[str, ...]]
Read = dict[str, tuple[Rows, list[str]]]
"""Heading of a part -> its lines, and what is said below them. Notes follow their cell after a bar."""


def of_html(page: bytes) -> Read:
    """The parts of a page, by their headings; what backs a line is left out (:func:`evidence_of_html`)."""
    soup = BeautifulSoup(_DRAWN.sub(b"<svg></svg>", page), "html.parser")
    for details in soup.find_all("details"):
        details.decompose()
    found: Read = {}
    for section in soup.select("main > section"):
        if section["id"] == "short":
            continue
        lines = section.select("tbody tr:not(.behind)")
        rows = [tuple(map(_cell, line.find_all(["th", "td"]))) for line in lines]
        said = [_text(each) for each in section.find_all("p", class_=lambda name: name != "intro")]
        if section.svg:
            continue
        found[_text(section.h2)] = rows, said
    return found


def summary_of_html(page: bytes) -> list[str]:
    soup = BeautifulSoup(page, "html.parser")
    return [_text(each) for each in soup.select("#short li")]


def evidence_of_html(page: bytes) -> list[dict[str, str]]:
    """What backs each line, in the order of the lines."""
    soup = BeautifulSoup(page, "html.parser", parse_only=SoupStrainer("details"))
    return [
        {_text(name): _text(name.find_next_sibling("dd")) for name in each.find_all("dt")}
        for each in soup.find_all("details")
    ]


def of_csv(table: bytes, note: str, behind: str) -> Read:
    """The parts of a table, by their headings. A row that is only a note is something said; what backs a line
    (the column ``behind``) is left out.
    """
    lines = csv.reader(StringIO(table.decode("utf-8-sig"), newline=""))
    columns = next(lines)
    found: Read = {}
    for line in lines:
        part, *cells = line
        rows, said = found.setdefault(part, ([], []))
        filled = {name: _harmless(text) for name, text in zip(columns[1:], cells, strict=True) if text}
        filled.pop(behind, None)
        if set(filled) == {note}:
            said.append(filled[note])
        else:
            rows.append(tuple(f"{name}: {text}" for name, text in filled.items()))
    return found


def _harmless(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from reckoning it."""
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@", "'\t", "'\r") else text


def _cell(cell: Tag) -> str:
    notes = [_text(each.extract()) for each in cell.select(".note")]
    return " | ".join([_text(cell), *notes])


def _text(tag: Any) -> str:
    return " ".join(tag.get_text().split())
