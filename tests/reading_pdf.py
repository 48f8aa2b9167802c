"""What does somebody hear who has a PDF read out? Its tags tell: headings, tables, lists and pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from typing import Any

import pdfplumber
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text
from reading_forms import Read


@dataclass
class Line:
    """A row of a table: a text for each column, notes after a bar, and the list that backs it."""

    cells: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


@dataclass
class Part:
    """A heading with what stands below it, up to the next one. Level 0 is what stands before the first.

    ``intro``: what stands before a table or a picture; ``said``: what stands after it, or alone.
    """

    level: int
    heading: str
    intro: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


@dataclass
class Heard:
    """A whole document. ``foreign``: what is in another language than the rest, with that language."""

    title: str
    language: str
    pages: int
    parts: list[Part]
    foreign: list[tuple[str, str]]


@dataclass
class Tag:
    """One node of the structure tree with what is inside, in reading order. Text is a node without a kind."""

    kind: str
    language: str | None = None
    instead: str | None = None
    own: str = ""
    children: list["Tag"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.own + "".join(child.text for child in self.children)

    def all(self, *kinds: str) -> Iterator["Tag"]:
        for child in self.children:
            if child.kind in kinds:
                yield child
            yield from child.all(*kinds)

    def foreign(self) -> Iterator[tuple[str, str]]:
        """The outermost parts that have a language of their own, those beside each other as one."""
        for language, beside in groupby(self.children, lambda child: child.language):
            if language is not None:
                yield language, "".join(child.text for child in beside)
            else:
                for child in beside:
                    yield from child.foreign()


def heard(made: bytes) -> Heard:
    """What the tags of a PDF tell, in reading order."""
    with pdfplumber.open(BytesIO(made)) as document:
        root = _tree(document)
        parts = [Part(0, "")]
        for tag in _flowing(root):
            _take(tag, parts)
        return Heard(
            title=document.metadata["Title"],
            language=decode_text(document.doc.catalog["Lang"]),
            pages=len(document.pages),
            parts=parts,
            foreign=list(root.foreign()),
        )


def of_pdf(made: bytes) -> Read:
    """The parts, by their headings, without what is said in short and what backs a line."""
    _, title, _, *parts = heard(made).parts
    assert title.level == 1
    return {part.heading: ([tuple(line.cells) for line in part.lines], part.said) for part in parts}


def _take(tag: Tag, parts: list[Part]) -> None:
    now = parts[-1]
    if tag.kind.startswith("H") and tag.kind[1:].isdigit():
        parts.append(Part(int(tag.kind[1:]), tag.text))
    elif tag.kind == "Table":
        head, *body = tag.all("TR")
        now.intro, now.said = now.intro + now.said, []
        now.columns = [each.text for each in head.children if each.kind == "TH"]
        now.lines = list(_lines(body, len(now.columns)))
    elif tag.kind == "L":
        now.said += _items(tag)
    elif tag.kind == "Figure":
        now.intro, now.said = now.intro + now.said, []
        now.pictures.append(tag.instead or "")
    else:
        now.said.append(tag.text)


def _lines(body: list[Tag], columns: int) -> Iterator[Line]:
    """The cell that names a backed line spans two rows; the second row has nothing but what backs it."""
    line: Line | None = None
    for row in body:
        behind = _items(row)
        if line is not None and behind and len(row.children) < columns:
            line.behind += behind
            continue
        if line is not None:
            yield line
        line = Line([_cell(each) for each in row.children], behind)
    if line is not None:
        yield line


def _cell(tag: Tag) -> str:
    if all(not each.kind for each in tag.children):
        return tag.text
    return " | ".join(each.text for each in tag.children if each.kind != "L")


def _items(tag: Tag) -> list[str]:
    return [each.text for each in tag.all("LBody")]


def _flowing(tag: Tag) -> Iterator[Tag]:
    """What stands in the flow of the text: a box around several of them is nothing by itself."""
    for child in tag.children:
        if child.kind in ("Div", "Sect", "Part", "Document"):
            yield from _flowing(child)
        else:
            yield child


Place = tuple[int, int]
"""A mark in a page: the page's object, and the number of the mark."""


def _tree(document: pdfplumber.PDF) -> Tag:
    marked: dict[Place, Tag] = {}
    for page in document.pages:
        id = page.page_obj.pageid
        for contents in map(resolve1, page.page_obj.contents):
            for number, language in re.findall(rb"/MCID (\d+)/Lang ?\((.+?)\)", contents.get_data()):
                marked[id, int(number)] = Tag("", decode_text(language))
        for char in page.chars:
            marked.setdefault((id, char["mcid"]), Tag("")).own += char["text"]
    return _tag(document.doc.catalog["StructTreeRoot"], marked)


def _tag(node: Any, marked: dict[Place, Tag]) -> Tag:
    """ISO 32000-1, 14.7.2: the kids of a node are nodes, marks on the node's page, or marks on their own."""
    node = resolve1(node)
    language, instead = (decode_text(resolve1(node[key])) if key in node else None for key in ("Lang", "Alt"))
    tag = Tag(node["S"].name if "S" in node else "", language, instead)
    kids = resolve1(node.get("K", []))
    for kid in kids if isinstance(kids, list) else [kids]:
        found = resolve1(kid)
        if isinstance(found, int):
            tag.children.append(marked.get((node["Pg"].objid, found), Tag("")))
        elif "MCID" in found:
            page = found.get("Pg", node.get("Pg"))
            tag.children.append(marked.get((page.objid, found["MCID"]), Tag("")))
        else:
            tag.children.append(_tag(kid, marked))
    return tag
