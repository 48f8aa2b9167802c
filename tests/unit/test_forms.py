"""Does every form carry every line of the answer, and nothing else? Each is read back and compared."""

import pytest
from copies import PARTS, Cell, Copy
from galleries import Gallery
from reading_forms import evidence_of_html

from gallery.worlds import WORLDS
from lineage.forms import Form
from lineage.report import Audience
from lineage.words import group, languages

COPIES = [
    (world, audience, language) for world in WORLDS for audience in Audience for language in languages()
]
READ_BACK = pytest.mark.parametrize("form", [Form.HTML, Form.CSV, Form.TEXT])


@pytest.fixture(scope="module", params=COPIES, ids=lambda copy: f"{copy[0].name}-{copy[1]}-{copy[2]}")
def copy(request: pytest.FixtureRequest, answered_in: Gallery) -> Copy:
    """One copy of one world of the gallery, in one language."""
    world, audience, language = request.param
    return Copy(answered_in(world).documents, audience, language)


def test_the_page_has_each_line_of_each_part_once(copy: Copy) -> None:
    found = dict(copy.read(Form.HTML))

    for heading, rows, below in copy.told():
        assert found.pop(heading) == ([as_shown(row) for row in rows], below)
    assert not [heading for heading in found if heading in map(copy.heading, PARTS)]


def test_the_terminal_has_each_line_of_each_part_once(copy: Copy) -> None:
    """But for where its lines end."""
    found = {heading: without_spaces(read) for heading, read in copy.read(Form.TEXT).items()}

    for heading, rows, below in copy.told():
        assert found.pop(heading) == without_spaces(([as_shown(row) for row in rows], below))
    assert not [heading for heading in found if heading in map(copy.heading, PARTS)]


def as_shown(row: list[Cell]) -> tuple[str, ...]:
    return tuple(" | ".join((each.text, *each.notes)) for each in row)


def without_spaces(read: tuple[list[tuple[str, ...]], list[str]]) -> str:
    return "".join(repr(read).split())


def test_the_table_has_each_line_of_each_part_once(copy: Copy) -> None:
    found = copy.read(Form.CSV)

    for heading, rows, below in copy.told():
        assert found.get(heading, ([], [])) == ([in_table(row, copy) for row in rows], below), heading


def in_table(row: list[Cell], copy: Copy) -> tuple[str, ...]:
    notes = "; ".join(note for each in row for note in each.notes)
    names = group("columns", copy.language) | {"note": copy.say("labels.note")}
    by_column = {each.column: each.plain or each.text for each in row} | ({"note": notes} if notes else {})
    return tuple(f"{names[key]}: {by_column[key]}" for key in names if key in by_column)


@READ_BACK
def test_what_is_not_answered_stands_with_its_reason(copy: Copy, form: Form) -> None:
    rows, _ = copy.read(form).get(copy.heading("not_told"), ([], []))
    status = copy.document["block_status"]
    unanswered = [part for part in PARTS if status[part] != "answered" and not copy.lines(part)]

    for part in unanswered:
        [row] = [row for row in rows if copy.heading(part) in row[0]]
        assert all(reason in row[1] for reason in copy.said(part))
    assert sum(row[0].count("; ") + 1 for row in rows) == len(unanswered)


@READ_BACK
def test_every_gap_and_everything_that_is_left_out_is_named(copy: Copy, form: Form) -> None:
    found, document = copy.read(form), copy.document
    gaps, _ = found.get(copy.heading("gaps"), ([], []))
    everywhere = " ".join(text for _, below in found.values() for text in below)

    assert len(gaps) == len(document["coverage"]["gaps"])
    for gap, row in zip(document["coverage"]["gaps"], gaps, strict=True):
        assert copy.say(f"gaps.{gap['reason']}") in row[0]
    for each in document["not_searched"]:
        assert copy.sentence(each["statement"], "statements.NOT_SEARCHED") in everywhere
    for each in document["exclusions"]:
        assert copy.sentence(each["statement"], f"denials.{each['code']}") in everywhere
    for each in document["denials"]:
        assert copy.denial(each) in everywhere or each["block"]
    stamps = {"NOT_FOR_RELEASE", "UNKNOWN_WORD", "UNREVIEWED"}
    for each in document["statements"]:
        assert copy.statement(each) in everywhere or each["code"] in stamps


@pytest.mark.parametrize("form", [Form.HTML, Form.TEXT])
def test_nothing_negative_is_said_that_the_answer_does_not_say(copy: Copy, form: Form) -> None:
    page = " ".join(copy.made(form).decode().split())

    denied = {part for part in PARTS if copy.negative(part) in page}
    assert denied == {each["block"] for each in copy.document["statements"] if each["code"] == "NONE"}
    assert copy.document["coverage"]["complete"] or not denied


def test_only_the_handlers_copy_shows_what_backs_a_line(copy: Copy) -> None:
    is_handlers = copy.document["subject"]["token"] is not None
    backed = [line for part in (*PARTS, "under_order") for line in copy.lines(part) if line.get("evidence")]

    shown = evidence_of_html(copy.made(Form.HTML))

    assert len(shown) == len(backed)
    assert bool(backed) <= is_handlers
    for line in backed:
        assert any(line["evidence"]["digest"] in each[copy.say("handler.digest")] for each in shown)


@READ_BACK
def test_nothing_inward_stands_in_a_persons_form(copy: Copy, form: Form) -> None:
    content = copy.made(form).decode()
    in_one_line = "".join(content.split())

    found = [
        each for each in copy.inward if f" {each} " in content or (len(each) > 20 and each in in_one_line)
    ]

    assert bool(found) == (copy.audience is Audience.HANDLER)
