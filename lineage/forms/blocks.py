"""The seven parts of an answer as tables, and what is held from earlier (law.md A.6; R 7024(k))."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from lineage.forms.behind import Explained, behind
from lineage.forms.parts import Cell, Row, Said, Section, Table, Tone
from lineage.forms.wording import Wording, plain
from lineage.report.request import BLOCKS

Document = Mapping[str, Any]
Line = Mapping[str, Any]

ORDER: Final = (
    "sold_or_shared",
    "disclosed",
    "third_parties",
    "collected",
    "sources",
    "purposes",
    "pieces",
)
"""What went to others comes first: it is what most people ask for."""

_COLUMNS: Final = {
    "sold_or_shared": ("category", "recipient", "kinds", "first", "last", "times"),
    "disclosed": ("category", "recipient", "kinds", "first", "last", "times"),
    "under_order": ("category", "recipient", "kinds", "first", "last", "times"),
    "third_parties": ("third_party", "kinds"),
    "collected": ("category", "elements", "first", "last", "times", "held"),
    "sources": ("source",),
    "purposes": ("purpose", "for"),
    "pieces": ("element", "in_copy"),
    "held_collected_earlier": ("element",),
}


def lines(document: Document, block: str) -> Sequence[Line]:
    """The lines of a block, of whichever form."""
    found = document[block]
    if isinstance(found, Mapping):
        found = found["pairs"] if "pairs" in found else found["items"]
    assert isinstance(found, Sequence)  # noqa: S101
    return found


def is_told(document: Document, block: str) -> bool:
    """Whether the part is answered; the handler's copy has lines also where the person's has none."""
    return document["block_status"][block] == "answered" or bool(lines(document, block))


def not_told(document: Document, say: Wording) -> Section | None:
    """The parts that are not answered; those with the same reason together."""
    parts: dict[tuple[Said, ...], list[Said]] = {}
    for block in ORDER:
        if not is_told(document, block):
            heading = Said(say.say(f"blocks.{block}.heading"))
            parts.setdefault(tuple(_said(document, block, say)), []).append(heading)
    rows = tuple(Row((Cell(tuple(names)), Cell(why))) for why, names in parts.items())
    if not rows:
        return None
    columns = (say.say("columns.item"), say.say("columns.why"))
    return Section("not_told", say.say("blocks.not_told.heading"), table=Table(columns, rows))


def section(document: Document, block: str, say: Wording, explained: Explained) -> Section:
    """One part with its lines, or with the reason why it has none."""
    rows = tuple(
        row(block, line, say, explained.get(f"{block}/{number}", ()))
        for number, line in enumerate(lines(document, block))
    )
    return Section(
        block,
        say.say(f"blocks.{block}.heading"),
        say.say(f"blocks.{block}.intro") if rows else "",
        Table(columns(block, say), rows) if rows else None,
        tuple(_said(document, block, say)) if block in BLOCKS else (),
    )


def columns(block: str, say: Wording) -> tuple[str, ...]:
    """The headings over the lines of a block."""
    return tuple(say.say(f"columns.{column}") for column in _COLUMNS[block])


def row(block: str, line: Line, say: Wording, explained: Sequence[Line] = ()) -> Row:
    """One line of a block."""
    return Row(tuple(_CELLS[block](line, say)), behind(line, explained, say))


def earlier(document: Document, say: Wording) -> Section | None:
    """What is held from before the period; nothing is a part that the letter does not have."""
    rows = tuple(Row((Cell((say.element(each),)),)) for each in document["held_collected_earlier"])
    said = tuple(
        say.told(f"statements.{each['code']}", each["statement"])
        for each in document["statements"]
        if each["code"] == "OLDER_DATA"
    )
    if not rows and not said:
        return None
    block = "held_collected_earlier"
    return Section(
        block,
        say.say(f"blocks.{block}.heading"),
        table=Table((say.say("columns.element"),), rows) if rows else None,
        said=said,
    )


def _said(document: Document, block: str, say: Wording) -> Iterator[Said]:
    status = document["block_status"][block]
    if status == "not_requested":
        yield Said(say.say("cells.not_requested"))
    denied = [each for each in document["denials"] if each["block"] == block]
    if status == "denied" and not denied:
        yield Said(say.say("cells.denied"))
    for each in denied:
        yield denial(each, say)
    for each in document["statements"]:
        if each["block"] == block and each["code"] == "NONE":
            yield say.negative(block, each["statement"])
        elif each["block"] == block:
            if each["code"] == "COVERAGE_INCOMPLETE" and not lines(document, block):
                yield Said(say.say("cells.no_line"))
            yield say.told(f"statements.{each['code']}", each["statement"])
    if block == "pieces" and document["pieces"]["attachment"] is not None:
        yield Said(say.say("cells.attachment", digest=document["pieces"]["attachment"]["digest"]))


def denial(each: Line, say: Wording) -> Said:
    """Why something is not told, and where the law allows it."""
    keys = [f"denials.{code}" for code in (each["code"], "PIECES_UNVERIFIED", "DN_DEL_EX")]
    said = [say.told(key, each["statement"]) for key in keys]
    best = next((one for one in said if one.language is None), said[0])
    return Said(f"{best.text} {say.say('cells.law', basis=each['basis'])}", best.language)


def category(line: Line, say: Wording, tone: Tone | None = None, *, which: bool = False) -> Cell:
    """A category by the statute's name, with what is sensitive in it; ``which``: and which data it was."""
    name = say.named("categories", line["category"], line["statutory_name"])
    notes = []
    if which and line.get("elements"):
        notes.append(_together(map(say.element, line["elements"])))
    if line["sensitive"]:
        named = (say.named("sensitive", each["id"], each["statutory_name"]) for each in line["sensitive"])
        told = _together(named)
        notes.append(Said(say.say("cells.sensitive", names=told.text), told.language))
    return Cell((name,), tuple(notes), tone)


def _together(names: Iterable[Said]) -> Said:
    """Several names as one, in the language of the first that is not the letter's."""
    found = list(names)
    language = next((each.language for each in found if each.language), None)
    return Said("; ".join(each.text for each in found), language)


def _pair(tone: Tone) -> Callable[[Line, Wording], Iterator[Cell]]:
    def cells(line: Line, say: Wording) -> Iterator[Cell]:
        yield category(line, say, which=True)
        yield Cell((say.named("recipients", line["recipient_category"], line["recipient_wording"]),))
        notes = (Said(say.say("cells.unreviewed")),) if line["unreviewed"] else ()
        yield Cell(_kinds(line, say), notes, tone)
        yield from _when(line, say)

    return cells


def _collected(line: Line, say: Wording) -> Iterator[Cell]:
    yield category(line, say)
    yield Cell(tuple(map(say.element, line["elements"])))
    yield from _when(line, say)
    yield Cell((say.coded("held", line["held"]),))


def _when(line: Line, say: Wording) -> Iterator[Cell]:
    yield say.cell_of_day(line["first"])
    yield say.cell_of_day(line["last"])
    yield Cell((Said(say.number(line["occurrences"])),), value=str(line["occurrences"]))


def _kinds(line: Line, say: Wording) -> tuple[Said, ...]:
    return tuple(say.coded("kinds", kind) for kind in line["kinds"])


def _source(line: Line, say: Wording) -> Iterator[Cell]:
    yield Cell((say.named("sources", line["category"], line["wording"]),))


def _purpose(line: Line, say: Wording) -> Iterator[Cell]:
    """The business's own words for it with the statute's below; those alone where it has none."""
    statutory = tuple(map(say.purpose, line["statutory"]))
    is_worded = line["wording"] not in (None, line["purpose"])
    own = say.named("purposes", line["purpose"], line["wording"]) if is_worded else None
    notes = tuple(each for each in statutory if own is None or each.text != own.text)
    if own is None:
        own, *rest = notes or (Said(plain(line["purpose"])),)
        notes = tuple(rest)
    yield Cell((own,), notes)
    yield Cell(tuple(say.coded("for", each) for each in line["for"]))


def _third_party(line: Line, say: Wording) -> Iterator[Cell]:
    yield Cell((say.named("recipients", line["category"], line["wording"]),))
    yield Cell(_kinds(line, say))


def _piece(line: Line, say: Wording) -> Iterator[Cell]:
    held_in = tuple(
        Said(f"{say.say('handler.held_in')}: {each['system'] if isinstance(each, Mapping) else each}")
        for each in line.get("held_in") or ()
    )
    yield Cell((say.element(line["element"]),), held_in)
    if line["show"]:
        yield Cell((Said(say.say("cells.shown")),))
    else:
        statement = say.named("withhold", line["withheld"], line["statement"])
        yield Cell((Said(say.say("cells.named_only", statement=statement.text), statement.language),))


_CELLS: Final[Mapping[str, Callable[[Line, Wording], Iterator[Cell]]]] = {
    "sold_or_shared": _pair(Tone.SOLD),
    "disclosed": _pair(Tone.DISCLOSED),
    "under_order": _pair(Tone.WARNING),
    "third_parties": _third_party,
    "collected": _collected,
    "sources": _source,
    "purposes": _purpose,
    "pieces": _piece,
}
