"""How does a person read an answer that adds to an earlier one? What changed first, then the whole of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lineage.errors import Refused
from lineage.forms.behind import Explained
from lineage.forms.blocks import lines
from lineage.forms.changed import columns_with_mark, each_line, marked
from lineage.forms.changes import changes
from lineage.forms.letter import letter
from lineage.forms.parts import Letter, Section, Table
from lineage.forms.telling import LINES
from lineage.forms.wording import Wording
from lineage.report.change import Change, Entry, Gap, Mark, Value
from lineage.report.difference import difference
from lineage.words import ENGLISH

Document = Mapping[str, Any]
Marks = Sequence[tuple[Any, Mark]]


def supplement(
    earlier: Document, later: Document, language: str = ENGLISH, explained: Explained | None = None
) -> Letter:
    """The letter of a supplement: what changed, then the later answer with its new and changed lines marked.

    ``explained``: see :func:`lineage.forms.letter.letter`.

    Raises:
        Refused: the later answer adds to none, or what :func:`lineage.forms.changes.changes` refuses.
    """
    if later.get("request", {}).get("supplement_of") is None:
        raise Refused(
            "The later answer is no supplement: it does not say to which report it adds. Ask for what "
            "changed between the two instead."
        )
    say = Wording(language, later["window"]["time_zone"])
    changed, whole = changes(earlier, later, language), letter(later, language, explained)
    found = difference(earlier, later).found
    opening = Section(
        "changes",
        say.say("difference.supplement.heading"),
        say.say("difference.supplement.intro"),
        said=changed.short,
    )
    return replace(
        whole,
        title=say.say("difference.supplement.title"),
        subtitle=say.say("difference.supplement.subtitle"),
        stamps=changed.stamps,
        sections=(
            opening,
            *(_as_change(each, say) for each in changed.sections),
            *(_marked(each, later, found, say) for each in whole.sections),
        ),
    )


def _as_change(section: Section, say: Wording) -> Section:
    """Told apart by name and heading from the same part of the whole answer."""
    heading = say.say("difference.heading", heading=section.heading)
    return replace(section, name=f"changed_{section.name}", heading=heading)


def _marked(section: Section, later: Document, found: Sequence[Change], say: Wording) -> Section:
    marks = [*_marks(section.name, found)]
    if section.table is None or not marks:
        return section
    there = zip(section.table.rows, _lines(section.name, later), strict=True)
    rows = tuple(marked(row, _mark(line, marks), say) for row, line in there)
    return replace(section, table=Table(columns_with_mark(section.table.columns, say), rows))


def _lines(name: str, later: Document) -> Sequence[Any]:
    """What the rows of a part are made of, in their order."""
    found: Sequence[Any] = later["coverage"]["gaps"] if name == "gaps" else lines(later, name)
    return found


def _marks(name: str, found: Sequence[Change]) -> Iterator[tuple[Any, Mark]]:
    """What is new or changed in a part of the later answer."""
    for change in found:
        match change:
            case Entry(part) if part == name and part in LINES:
                yield from ((now, mark) for mark, _, now in each_line(change) if now is not None)
            case Gap(Mark.NEW, gap) if name == "gaps":
                yield gap, Mark.NEW
            case Value(part) if part == name == "held_collected_earlier":
                yield from ((each, Mark.NEW) for each in change.now if each not in change.before)


def _mark(line: Any, marks: Marks) -> Mark | None:
    return next((mark for changed, mark in marks if changed == line), None)
