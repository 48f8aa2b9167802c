"""What does a page in a terminal say, read back line by line without the program that made it?

Blank lines part it into blocks: sentences with bullets, names with what they say beside them, tables whose
rules tell how far each column reaches, and what backs a line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reading_forms import Read

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HEADING = re.compile(r"(?P<heading>.*[^ ─]) ─+")
_RULE = re.compile(r"─[─ ]*")
_NAMED = re.compile(r"\S.*? {2,}(?=\S)")

Block = list[str]
Place = tuple[str, str]
"""The name of a column, and what stands in it; a place without anything is left out."""


@dataclass
class Part:
    """A heading with what stands below it. ``behind``: the name of a line and all that backs it."""

    heading: str = ""
    intro: str = ""
    lines: list[list[Place]] = field(default_factory=list)
    behind: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def parts_of_text(page: str, behind: str) -> list[Part]:
    """The parts of a page in reading order; the first is what stands before the first heading.

    ``behind``: the words before what backs a line.
    """
    found: list[tuple[str, list[Block]]] = [("", [])]
    for block in _blocks(page.splitlines()):
        if heading := _HEADING.fullmatch(block[0]):
            found.append((heading["heading"], []))
            block = block[1:]
        if block:
            found[-1][1].append(block)
    return [_part(heading, blocks, behind) for heading, blocks in found]


def _part(heading: str, blocks: Sequence[Block], behind: str) -> Part:
    part, table = Part(heading), list[Block]()
    for block in blocks:
        if bullets := [number for number, line in enumerate(block) if line.startswith("• ")]:
            part.intro += _joined(block[: bullets[0]])
            part.said += _bullets(block, bullets)
        elif block[0].startswith(f"{behind}: "):
            part.behind.append(_behind(block, behind))
        elif table or any(map(_RULE.fullmatch, block)):
            table.append(block)
        elif named := _NAMED.match(block[0]):
            part.lines.append(list(_named(block, named.end())))
        else:
            part.intro += _joined(block)
    part.lines += _table(table)
    return part


def of_text(page: str, behind: str) -> Read:
    """The same as the other forms are read: heading -> lines, and what is said below them."""
    _, _, *parts = parts_of_text(page, behind)  # the second is what is said in short
    return {
        part.heading: ([tuple(text for _, text in line) for line in part.lines], part.said) for part in parts
    }


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    """What stands between blank lines; a heading, which may be longer than a line, begins a block."""
    block: Block = []
    for line in (*lines, ""):
        if line and _HEADING.fullmatch(line) and not _RULE.fullmatch(line):
            block = [f"{_joined([*block, line])}"]
        elif line:
            block.append(line)
        elif block:
            yield block
            block = []


def _bullets(block: Block, starts: Sequence[int]) -> Iterator[str]:
    for start, end in pairwise([*starts, len(block)]):
        yield _joined(line[2:] for line in block[start:end])


def _behind(block: Block, behind: str) -> tuple[str, str]:
    """A name may be longer than a line; what backs it is indented."""
    first = next(number for number, line in enumerate(block) if line.startswith("  "))
    return _joined(block[:first]).removeprefix(f"{behind}: "), _joined(block[first:])


def _columns(rule: str) -> Iterator[slice]:
    for each in re.finditer("─+", rule):
        yield slice(each.start(), each.end())


def _table(blocks: Sequence[Block]) -> Iterator[list[Place]]:
    """Its lines, each in a block of its own if any takes more than one line.

    A line alone goes on where a place that had something has nothing any more, or has a note.
    """
    if not blocks:
        return
    [first, *others] = blocks
    rule = next(number for number, line in enumerate(first) if _RULE.fullmatch(line))
    columns, below = list(_columns(first[rule])), first[rule + 1 :]
    names = [_joined(line[each] for line in first[:rule]) for each in columns]
    goes_on = others or any(
        (before[each].strip() and not line[each].strip()) or _is_note(line[each])
        for before, line in pairwise(below)
        for each in columns
    )
    for block in [below, *others] if goes_on else [[line] for line in below]:
        texts = (_with_notes([line[each].strip() for line in block]) for each in columns)
        yield [(name, text) for name, text in zip(names, texts, strict=True) if text]


def _named(block: Block, start: int) -> Iterator[Place]:
    names = [number for number, line in enumerate(block) if line[: start - 1].strip()]
    for first, end in pairwise([*names, len(block)]):
        name, *_ = re.split(" {2,}", block[first])
        yield name, _with_notes([line[start:].strip() for line in block[first:end]])


def _with_notes(lines: Sequence[str]) -> str:
    """Notes follow their cell after a bar."""
    text = ""
    for line in filter(None, lines):
        text += f" | {line[2:]}" if _is_note(line) else f" {line}"
    return text.strip()


def _is_note(line: str) -> bool:
    return line.rstrip() == "·" or line.startswith("· ")


def _joined(lines: Sequence[str] | Iterator[str]) -> str:
    return " ".join(filter(None, (line.strip() for line in lines)))
