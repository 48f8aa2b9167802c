"""How does a line that is new, gone or changed stand in a table?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from lineage.forms.behind import fact
from lineage.forms.blocks import row
from lineage.forms.parts import Cell, Fact, Row, Said, Tone
from lineage.forms.wording import Wording
from lineage.report.change import Entry, Mark

Line = Mapping[str, Any]

_TONES: Final = {Mark.NEW: Tone.NEW, Mark.GONE: Tone.GONE}


def marked(line: Row, mark: Mark | None, say: Wording) -> Row:
    """The row with its mark, or with room for one: after the first cell, by which the row is known."""
    cell = Cell((Said(say.say(f"difference.{mark}")),), tone=_TONES.get(mark)) if mark else Cell()
    return replace(line, cells=(line.cells[0], cell, *line.cells[1:]))


def columns_with_mark(columns: Sequence[str], say: Wording) -> tuple[str, ...]:
    """The headings over such rows."""
    return (columns[0], say.say("columns.mark"), *columns[1:])


def lines_of(entry: Entry, say: Wording) -> Iterator[tuple[Mark, Row]]:
    """The lines of a block that one change is about, each with what became of it."""
    for mark, before, now in each_line(entry):
        if before is None or now is None:
            yield mark, row(entry.part, now or before or {}, say)
        else:
            yield mark, _changed(entry.part, before, now, say)


def each_line(entry: Entry) -> Iterator[tuple[Mark, Line | None, Line | None]]:
    """Before and now of each line: one pair, where an answer is in order.

    Where several lines have one key nobody can tell which became which: each is new or gone.
    """
    if len(entry.before) == len(entry.now) == 1:
        yield Mark.CHANGED, entry.before[0], entry.now[0]
        return
    yield from ((Mark.GONE, line, None) for line in _only(entry.before, entry.now))
    yield from ((Mark.NEW, None, line) for line in _only(entry.now, entry.before))


def _only(these: Sequence[Line], those: Sequence[Line]) -> Iterator[Line]:
    rest = list(those)
    for each in these:
        if each in rest:
            rest.remove(each)
        else:
            yield each


def _changed(block: str, before: Line, now: Line, say: Wording) -> Row:
    old, new = row(block, before, say), row(block, now, say)
    cells = tuple(beside(*both, say) for both in zip(old.cells, new.cells, strict=True))
    if cells == new.cells:
        unseen = Said(say.say("difference.unseen"))
        cells = (replace(cells[0], notes=(*cells[0].notes, unseen)), *cells[1:])
    return Row(cells, (*new.behind, *_other_events(before, now, say)))


def beside(old: Cell, new: Cell, say: Wording) -> Cell:
    """What a place says now, with what it said before as a note."""
    notes = [*new.notes]
    if len(old.said) > 1 or len(new.said) > 1:
        notes += _note("came", "what", [each for each in new.said if each not in old.said], say)
        notes += _note("went", "what", [each for each in old.said if each not in new.said], say)
    elif old.said != new.said:
        nothing = Said(say.say("difference.nothing"))
        notes += _note("was", "before", old.said or (nothing,), say)
    for note in old.notes:
        if note not in new.notes:
            notes += _note("was", "before", (note,), say)
    return replace(new, notes=tuple(notes))


def _note(key: str, name: str, said: Sequence[Said], say: Wording) -> Iterator[Said]:
    if said:
        text = say.say(f"difference.{key}", **{name: "; ".join(each.text for each in said)})
        yield Said(text, next((each.language for each in said if each.language), None))


def _other_events(before: Line, now: Line, say: Wording) -> Iterator[Fact]:
    old, new = _events(before), _events(now)
    if came := sorted(new - old):
        yield fact(say.say("difference.events_came"), *came)
    if went := sorted(old - new):
        yield fact(say.say("difference.events_went"), *went)


def _events(line: Line) -> set[str]:
    evidence = line.get("evidence") or {"first": (), "last": ()}
    return {*evidence["first"], *evidence["last"]}
