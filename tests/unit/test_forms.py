"""Does every form carry every line of the answer, and nothing else? Each is read back and compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from reading_forms import Read, evidence_of_html, of_csv, of_html

from gallery.world import World
from gallery.worlds import WORLDS
from lineage.forms import Form, made
from lineage.policy.vocabulary import statute
from lineage.report import Audience
from lineage.report.sentences import NEGATIVE
from lineage.words import english, group

Document = dict[str, Any]

PARTS = ("sold_or_shared", "disclosed", "third_parties", "collected", "sources", "purposes", "pieces")
COPIES = [(world, audience) for world in WORLDS for audience in Audience]


@dataclass(frozen=True)
class Cell:
    """A place of a table as the JSON has it: its column, its words, and what a spreadsheet gets instead."""

    column: str
    text: str
    notes: tuple[str, ...] = ()
    plain: str | None = None


def lines(document: Document, part: str) -> list[Document]:
    found = document[part]
    if isinstance(found, dict):
        return found["pairs"] if "pairs" in found else found["items"]
    return found


def cells(document: Document, part: str, line: Document) -> Iterator[Cell]:
    """One line of the JSON in the words of the law."""
    zone = ZoneInfo(document["window"]["time_zone"])
    if "statutory_name" in line:
        sensitive = "; ".join(each["statutory_name"] for each in line["sensitive"])
        notes = (english("cells.sensitive", names=sensitive),) if sensitive else ()
        yield Cell("category", line["statutory_name"], notes)
    match part:
        case "third_parties":
            yield Cell("third_party", line["wording"])
            yield Cell("kinds", kinds(line))
        case "sources":
            yield Cell("source", line["wording"])
        case "purposes":
            statutory = [statute().purposes[each].wording for each in line["statutory"]]
            first, *notes = [line["wording"], *statutory] if line["wording"] else statutory
            yield Cell("purpose", first, tuple(note for note in notes if note != first))
            yield Cell("for", "; ".join(group("for")[each] for each in line["for"]))
        case "pieces":
            held_in = tuple(f"{english('handler.held_in')}: {each}" for each in line["held_in"])
            yield Cell("element", element(line["element"]), held_in)
            yield Cell("in_copy", shown(line))
        case "collected":
            yield Cell("elements", "; ".join(map(element, line["elements"])))
        case _:
            yield Cell("recipient", line["recipient_wording"])
            yield Cell("kinds", kinds(line), (english("cells.unreviewed"),) if line["unreviewed"] else ())
    if "first" in line:
        for end in ("first", "last"):
            day = datetime.fromisoformat(line[end]).astimezone(zone)
            yield Cell(end, f"{day:%b} {day.day}, {day.year}", plain=f"{day:%F}")
        yield Cell("times", f"{line['occurrences']:,}", plain=str(line["occurrences"]))
    if "held" in line:
        yield Cell("held", group("held")[line["held"]])


def shown(piece: Document) -> str:
    if piece["show"]:
        return english("cells.shown")
    return english("cells.named_only", statement=piece["statement"])


def kinds(line: Document) -> str:
    return "; ".join(group("kinds")[kind] for kind in line["kinds"])


def element(id: str) -> str:
    known = statute().elements.get(id)
    return known.wording if known and known.wording else id.replace("_", " ")


def told(document: Document) -> Iterator[tuple[str, list[list[Cell]], list[str]]]:
    """The parts that have an answer: heading, lines, and what is said below."""
    for part in PARTS:
        rows = [list(cells(document, part, line)) for line in lines(document, part)]
        if rows or document["block_status"][part] == "answered":
            yield english(f"blocks.{part}.heading"), rows, list(said(document, part))


def said(document: Document, part: str) -> Iterator[str]:
    for denial in document["denials"]:
        if denial["block"] == part:
            yield f"{denial['statement']} ({denial['basis']})"
    yield from (each["statement"] for each in document["statements"] if each["block"] == part)
    if part == "pieces" and document["pieces"]["attachment"]:
        yield english("cells.attachment", digest=document["pieces"]["attachment"]["digest"])


@pytest.fixture(scope="module", params=COPIES, ids=lambda copy: f"{copy[0].name}-{copy[1]}")
def copy(request: pytest.FixtureRequest) -> Document:
    """One copy of one world of the gallery."""
    world, audience = request.param
    return copies_of(world)[audience]


@cache
def copies_of(world: World) -> Mapping[Audience, Document]:
    return world.answered().documents


def test_the_page_has_each_line_of_each_part_once(copy: Document) -> None:
    read = of_html(made(copy, Form.HTML))

    for heading, rows, below in told(copy):
        shown = [tuple(" | ".join((each.text, *each.notes)) for each in row) for row in rows]
        assert read.pop(heading) == (shown, below)
    assert not [heading for heading in read if heading in map(heading_of, PARTS)]


def test_the_table_has_each_line_of_each_part_once(copy: Document) -> None:
    found = read(copy, Form.CSV)

    for heading, rows, below in told(copy):
        assert found.get(heading, ([], [])) == ([in_table(row) for row in rows], below), heading


def in_table(row: list[Cell]) -> tuple[str, ...]:
    notes = "; ".join(note for each in row for note in each.notes)
    names = group("columns") | {"note": english("labels.note")}
    by_column = {each.column: each.plain or each.text for each in row} | ({"note": notes} if notes else {})
    return tuple(f"{names[key]}: {by_column[key]}" for key in names if key in by_column)


def heading_of(part: str) -> str:
    return english(f"blocks.{part}.heading")


@pytest.mark.parametrize("form", [Form.HTML, Form.CSV])
def test_what_is_not_answered_stands_with_its_reason(copy: Document, form: Form) -> None:
    rows, _ = read(copy, form).get(heading_of("not_told"), ([], []))
    unanswered = [
        part for part in PARTS if copy["block_status"][part] != "answered" and not lines(copy, part)
    ]

    for part in unanswered:
        [row] = [row for row in rows if heading_of(part) in row[0]]
        assert all(reason in row[1] for reason in said(copy, part))
    assert sum(row[0].count("; ") + 1 for row in rows) == len(unanswered)


@pytest.mark.parametrize("form", [Form.HTML, Form.CSV])
def test_every_gap_and_everything_that_is_left_out_is_named(copy: Document, form: Form) -> None:
    found = read(copy, form)
    gaps, _ = found.get(heading_of("gaps"), ([], []))
    _, left_out = found.get(heading_of("limits"), ([], []))
    _, whom = found[heading_of("contact")]

    assert len(gaps) == len(copy["coverage"]["gaps"])
    for gap, row in zip(copy["coverage"]["gaps"], gaps, strict=True):
        assert group("gaps")[gap["reason"]] in row[0]
    everywhere = " ".join([*left_out, *whom, *(text for _, below in found.values() for text in below)])
    for each in (*copy["exclusions"], *copy["not_searched"], *copy["denials"]):
        assert each["statement"] in everywhere or each.get("block")
    stamps = {"NOT_FOR_RELEASE", "UNKNOWN_WORD", "UNREVIEWED"}
    assert all(each["statement"] in everywhere for each in copy["statements"] if each["code"] not in stamps)


def test_nothing_negative_is_said_that_the_answer_does_not_say(copy: Document) -> None:
    page = made(copy, Form.HTML).decode()

    denied = {part for part, negative in NEGATIVE.items() if negative in page}
    assert denied == {each["block"] for each in copy["statements"] if each["code"] == "NONE"}
    assert copy["coverage"]["complete"] or not denied


def test_only_the_handlers_copy_shows_what_backs_a_line(copy: Document) -> None:
    is_handlers = copy["subject"]["token"] is not None
    backed = [line for part in (*PARTS, "under_order") for line in lines(copy, part) if line.get("evidence")]

    shown = evidence_of_html(made(copy, Form.HTML))

    assert len(shown) == len(backed)
    assert bool(backed) <= is_handlers
    for line in backed:
        assert any(line["evidence"]["digest"] in each[english("handler.digest")] for each in shown)


@pytest.mark.parametrize("form", [Form.HTML, Form.CSV, Form.TEXT])
def test_nothing_inward_stands_in_a_persons_form(form: Form) -> None:
    for world in WORLDS:
        ours, theirs = (copies_of(world)[audience] for audience in (Audience.HANDLER, Audience.PERSON))
        content = made(theirs, form).decode()
        inward = {
            ours["subject"]["token"],
            *ours["subject"]["linked"],
            *(each["event_id"] for each in ours["for_review"]),
            *(each["system"] for each in ours["coverage"]["gaps"] if each["system"]),
            *(each["producer"] for each in ours["coverage"]["gaps"] if each["producer"]),
            *(pointer for each in ours["pieces"]["items"] for pointer in each["held_in"]),
        }
        assert not [each for each in inward if f" {each} " in content or (len(each) > 20 and each in content)]


def read(document: Document, form: Form) -> Read:
    content = made(document, form)
    if form is Form.HTML:
        return of_html(content)
    return of_csv(content, english("labels.note"), english("labels.behind"))
