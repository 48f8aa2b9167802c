"""Does the PDF say what the letter says, to the eye and to a screen reader, and the same on every day?"""

import hashlib
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from uuid import uuid4

import pdfplumber
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reading_pdf import Line, Part, heard, of_pdf

from gallery.worlds import WORLDS
from lineage.errors import Refused
from lineage.forms.letter import letter
from lineage.forms.parts import Cell, Fact, Letter, Picture, Row, Said, Section, Table, Tone
from lineage.forms.pdf import pdf
from lineage.report import Audience

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="5" y="20">drawn</text></svg>'
LONG = "Words that fill the line and go on in the next one. " * 6
READ_BACK = (
    "ordinary",
    "gaps",
    "unready",
    "unverified",
    "withheld",
    "under_16",
    "refused_period",
    "denied_pieces",
)
COPIES = [
    (world, audience)
    for world in WORLDS
    for audience in Audience
    # What is long takes long to read back; nothing is in the other worlds that these do not have.
    if world.name in READ_BACK and (audience is Audience.PERSON or world.name in ("unready", "gaps"))
]


def a_letter(*sections: Section, **changed: object) -> Letter:
    """A short letter in English with these parts."""
    made = Letter(
        language="en",
        title="What we know about you",
        subtitle="Our answer",
        sender="A business",
        stamps=(),
        facts=(Fact("Your request", a_cell(str(uuid4()))),),
        short=(Said("We sold nothing."), Said("We shared nothing.")),
        sections=sections,
        is_handlers=False,
        running="Request: 17",
        page_of="Page {page} of {pages}",
        labels={"short": "In short", "not_for_release": "Not for release"},
    )
    return replace(made, **changed)


def a_cell(*texts: str, tone: Tone | None = None, notes: tuple[str, ...] = ()) -> Cell:
    return Cell(tuple(map(Said, texts)), tuple(map(Said, notes)), tone)


def a_table(*rows: tuple[str, ...], name: str = "table") -> Section:
    """A part with a table of plain texts."""
    columns = tuple(f"Column {number}" for number, _ in enumerate(rows[0]))
    return Section(
        name, f"Part {name}", table=Table(columns, tuple(Row(tuple(map(a_cell, row))) for row in rows))
    )


def together(cell: Cell) -> str:
    return "; ".join(each.text for each in cell.said)


def told(letter: Letter) -> Iterator[Part]:
    """What the letter says, as it should be heard."""
    yield Part(0, "", said=[letter.sender] if letter.sender else [])
    stamps = (
        [letter.labels["not_for_release"], *(each.text for each in letter.stamps)] if letter.stamps else []
    )
    facts = [text for fact in letter.facts for text in (fact.label, together(fact.value))]
    yield Part(1, letter.title, said=[letter.subtitle, *stamps, *facts])
    yield Part(2, letter.labels["short"], said=[each.text for each in letter.short])
    for section in letter.sections:
        part = Part(2, section.heading, said=[each.text for each in section.said])
        if section.table or section.picture:
            part.intro = [section.intro] if section.intro else []
        if section.picture:
            part.pictures = [each.described for each in section.sheets or (section.picture,)]
        if section.table:
            part.columns = list(section.table.columns)
            part.lines = list(map(line, section.table.rows))
        yield part


def line(row: Row) -> Line:
    cells = [" | ".join((together(cell), *(each.text for each in cell.notes))) for cell in row.cells]
    return Line(cells, [f"{fact.label}: {together(fact.value)}" for fact in row.behind])


def pages(made: bytes) -> list[str]:
    """What is printed on each page."""
    with pdfplumber.open(BytesIO(made)) as document:
        return [page.extract_text() for page in document.pages]


@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: f"{copy[0].name}-{copy[1]}")
def test_who_has_the_letter_read_out_hears_all_that_it_says_in_its_order(copy, answered_in):
    world, audience = copy
    said = letter(answered_in(world).documents[audience])

    read = heard(pdf(said))

    assert read.parts == list(told(said))
    assert (read.title, read.language) == (said.title, "en")


def test_all_that_a_letter_can_have_is_heard():
    row = Row(
        (a_cell("one", "two", notes=("a note", "another note")), a_cell("sold", tone=Tone.SOLD), a_cell("")),
        behind=(Fact("Evidence", a_cell("a" * 64, "b" * 64)), Fact("First", a_cell(str(uuid4())))),
    )
    alone = Table(("Alone",), (replace(row, cells=row.cells[:1]), Row((a_cell("without"),))))
    whole = Section(
        "whole",
        "A part with everything",
        intro="What is in it.",
        table=Table(("What", "How", "When"), (row, replace(row, behind=()), row)),
        said=(Said("Said below."),),
    )
    picture = Section(
        "picture", "Drawn", "What is drawn.", picture=Picture(SVG, "Title", "All that it shows.")
    )
    said = a_letter(
        whole, Section("alone", "One column", table=alone), picture, stamps=(Said("Why."), Said("And why."))
    )

    assert heard(pdf(said)).parts == list(told(said))


@pytest.mark.parametrize("tone", Tone)
def test_what_stands_out_is_marked_for_the_eye_and_sounds_the_same(tone):
    plain = a_letter(a_table(("Sold", "yes")))
    first, *others = plain.sections[0].table.rows[0].cells
    marked = Table(("Column 0", "Column 1"), (Row((replace(first, tone=tone), *others)),))
    toned = replace(plain, sections=(replace(plain.sections[0], table=marked),))

    assert heard(pdf(toned)) == heard(pdf(plain))
    assert pdf(toned) != pdf(plain)


def test_words_of_another_language_are_heard_in_it():
    own = Said("Compañías de envío", "es")
    cells = (Cell((Said("To"), own), notes=(own,)), Cell((own,)))
    said = a_letter(Section("part", "Part", table=Table(("Who", "How"), (Row(cells),)), said=(own,)))

    read = heard(pdf(said))

    assert read.foreign == [("es", own.text)] * 4
    assert read.parts == list(told(said))


def test_a_letter_in_spanish_says_so():
    assert heard(pdf(a_letter(language="es"))).language == "es"


def test_the_same_letter_gives_the_same_bytes_in_another_process():
    program = """
import hashlib, pickle, sys
from lineage.forms.pdf import pdf
sys.stdout.write(hashlib.sha256(pdf(pickle.load(sys.stdin.buffer))).hexdigest())
"""
    said = a_letter(a_table(("a", "b")), Section("p", "P", picture=Picture(SVG, "T", "D")))
    there = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(said), capture_output=True, check=True
    )

    assert there.stdout.decode() == hashlib.sha256(pdf(said)).hexdigest()


def test_the_file_says_for_whom_it_is_made_and_not_when():
    made = pdf(a_letter())

    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert not any(name in made for name in (b"CreationDate", b"ModDate", b"CreateDate", b"ModifyDate"))


# Signs that the fonts have. What shapes several signs into one, or turns the direction, reads back otherwise.
SIGNS = st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=("Cc", "Cf"))


@settings(max_examples=30)
@given(st.text(SIGNS, min_size=1).map(str.strip).filter(bool))
@example("#panic()")
@example("*x* _y_ `z` $a^2$ = Heading")
@example("#set page(width: 1cm); @nobody <label> \\ // comment /* and */")
@example("- item + item / term: https://example.com~--- ... \"quoted\" 'so' \\u{41}")
@example('"]} #sys.inputs')
@example("Th fi ffl office")
def test_whatever_somebody_wrote_is_printed_as_it_was_written(text):
    said = a_letter(
        a_table((text, "b")), Section("said", "Said", said=(Said(text),)), subtitle=text, sender=text
    )

    read = heard(pdf(said))

    assert [flat(part) for part in read.parts] == [flat(part) for part in told(said)]


def flat(part: Part) -> str:
    """Without spaces: several of them are one, and lines end at them."""
    return "".join(repr(part).replace("\\xa0", "").split())


@settings(max_examples=40)
@given(st.text(min_size=1))
def test_whatever_somebody_wrote_is_printed_or_refused_by_the_sign_that_cannot_be(text):
    said = a_letter(a_table((text, "b")))
    try:
        parts = heard(pdf(said)).parts
    except Refused as refused:
        parts = str(refused)

    assert len(parts) == 4 or any(f"U+{ord(sign):04X}," in parts for sign in text)


def test_nobody_reads_in_a_refusal_what_else_stood_in_the_letter():
    with pytest.raises(Refused, match=r"no font has the sign U\+65E5, which") as refused:
        pdf(a_letter(subtitle="secret 日 secret"))

    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_several_spaces_and_lines_are_one_space():
    assert heard(pdf(a_letter(subtitle="one\n two\t\r\n three"))).parts[1].said[0] == "one two three"


def test_the_pages_are_numbered_and_each_says_whose_it_is():
    said = a_letter(*(Section(f"{n}", f"Part {n}", said=(Said(LONG),) * 9) for n in range(4)))

    printed = pages(pdf(said))

    assert len(printed) > 2
    for number, page in enumerate(printed, 1):
        assert page.endswith(f"Page {number} of {len(printed)}")
        assert ("Request: 17" in page) == (number > 1)
        assert "Not for release" not in page


def test_what_may_not_go_out_says_so_on_every_page():
    said = a_letter(*(Section(f"{n}", f"Part {n}", said=(Said(LONG),) * 9) for n in range(4)))

    assert all("Not for release" in page for page in pages(pdf(replace(said, stamps=(Said("Why."),)))))


def test_a_table_of_four_hundred_lines_has_its_header_on_every_page():
    said = a_letter(a_table(*((f"Line {number}", "Somebody", "2026") for number in range(400))))

    made = pdf(said)

    assert heard(made).parts == list(told(said))
    assert all("Column 0" in page for page in pages(made))


def test_a_line_stays_on_one_page():
    said = a_letter(a_table(*((f"begin{n} {LONG} end{n}", LONG) for n in range(40))))

    printed = pages(pdf(said))

    assert len(printed) > 3
    for number in range(40):
        (page,) = (page for page in printed if f"begin{number} " in page)
        assert f"end{number}" in page.split()


def test_what_backs_a_line_stays_with_it():
    rows = tuple(
        Row((a_cell(f"begin{n}"), a_cell("x")), (Fact("Evidence", a_cell(LONG, LONG, f"end{n}")),))
        for n in range(30)
    )
    printed = pages(pdf(a_letter(Section("part", "Part", table=Table(("What", "How"), rows)))))

    assert len(printed) > 2
    for number in range(30):
        (page,) = (page for page in printed if f"begin{number}" in page.split())
        assert f"end{number}" in page.split()


def test_a_line_higher_than_a_page_goes_on_over_the_next_and_loses_nothing():
    names = tuple(f"element {number}" for number in range(900))
    row = Row((a_cell("Identifiers"), a_cell(*names), a_cell("2026")), (Fact("First", a_cell(*names)),))
    said = a_letter(Section("part", "Part", table=Table(("What", "Which", "When"), (row, row))))

    made = pdf(said)

    assert heard(made).parts == list(told(said))
    assert within_the_margins(made)


def test_a_word_longer_than_its_column_goes_on_in_the_next_line_and_is_copied_whole():
    digests = tuple(uuid4().hex * 4 for _ in range(6))
    said = a_letter(
        a_table(digests),
        Section("said", "Said", said=(Said(digests[0] * 2),)),
        subtitle=digests[0],
        title=digests[0],
        sender=digests[0],
        running=digests[0],
    )

    made = pdf(said)

    assert heard(made).parts == list(told(said))
    assert within_the_margins(made)


@pytest.mark.parametrize("columns", range(1, 9))
def test_a_table_is_as_wide_as_the_page_whatever_is_in_it(columns):
    words = ("Characteristics of protected classifications", "2026", LONG, "", "telecommunications-related")
    made = pdf(a_letter(a_table(*((words[n:] + words * 2)[:columns] for n in range(5)))))

    assert within_the_margins(made)


def within_the_margins(made: bytes) -> bool:
    """0.9 inch at both sides, and at least half an inch above and below."""
    with pdfplumber.open(BytesIO(made)) as document:
        return all(
            char["x0"] >= 64.7 and char["x1"] <= page.width - 64.7 and 36 < char["top"] < char["bottom"] < 756
            for page in document.pages
            for char in page.chars
        )


@pytest.mark.parametrize("filled", range(0, 60, 4))
def test_a_heading_stands_above_something(filled):
    filler = Section("filler", "Filler", said=tuple(Said("Filled.") for _ in range(filled)))
    part = a_table(("first", "a"), ("second", "b"))
    printed = pages(pdf(a_letter(filler, replace(part, intro="What is in it."))))

    (page,) = (page for page in printed if "Part table" in page)

    assert "first" in page
    assert page.index("Part table") < page.index("What is in it.") < page.index("first")


def test_the_first_column_has_the_most_room_and_days_and_numbers_no_more_than_they_need():
    names = (
        "Personal information described in Civil Code section 1798.80(e)",
        LONG,
        "Sep 22, 2025",
        "39,461",
    )
    with pdfplumber.open(BytesIO(pdf(a_letter(a_table(names))))) as document:
        starts = [
            next(word["x0"] for word in document.pages[0].extract_words() if word["text"] == begins)
            for begins in ("Personal", "Words", "Sep", "39,461")
        ]
    first, second, third = (after - before for before, after in pairwise(starts))

    assert first > 120
    assert second > 120
    assert third < 80


def test_all_fonts_are_inside_the_file():
    with pdfplumber.open(BytesIO(pdf(a_letter(a_table(("a", "b")))))) as document:
        names = {char["fontname"] for page in document.pages for char in page.chars}

    assert names
    assert all("Libertinus" in name for name in names)


def test_the_parts_are_found_by_their_headings():
    """As those of the other forms."""
    row = Row((a_cell("a", "b", notes=("note",)), a_cell("c")), (Fact("First", a_cell("d")),))
    table = Section("one", "One", "Intro.", Table(("A", "B"), (row, row)), (Said("Below."),))

    read = of_pdf(pdf(a_letter(table, Section("two", "Two", said=(Said("x"), Said("y"))))))

    assert read == {"One": ([("a; b | note", "c")] * 2, ["Below."]), "Two": ([], ["x", "y"])}


def test_reading_out_finds_what_a_letter_lacks():
    """So that the comparison with the letter means something."""
    said = a_letter(a_table(("a", "b")))
    less = a_letter(a_table(("a", "c")), facts=said.facts)

    assert heard(pdf(less)).parts != list(told(said))
