"""Does a page in a terminal say all that the letter says, once and whole, however wide the terminal is?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from galleries import Gallery
from reading_text import CONTROL, Part, parts_of_text

from gallery.worlds import WORLDS
from lineage.forms.happened import happened
from lineage.forms.letter import letter
from lineage.forms.parts import Cell, Fact, Letter, Row, Said, Section, Table
from lineage.forms.terminal import WIDTH, page
from lineage.report import Audience

COLUMNS = (
    *("occurred_at", "occurred_until", "ongoing", "event", "elements", "party"),
    *("kinds", "choice", "via", "count"),
)
WIDTHS = (60, 80, WIDTH, 140)
BY_NAME = {world.name: world for world in WORLDS}


@pytest.mark.parametrize(("language", "width"), [("es", 60), ("en", 80), ("en", WIDTH), ("es", 140)])
@pytest.mark.parametrize("audience", Audience)
# What is very long takes long to read back; nothing is in it that the others do not have.
@pytest.mark.parametrize("name", sorted(BY_NAME.keys() - {"very_long"}))
def test_all_that_a_letter_says_stands_in_the_terminal_once_however_wide_it_is(
    answered_in: Gallery, name: str, audience: Audience, language: str, width: int
) -> None:
    answered = answered_in(BY_NAME[name])
    explained = answered.explained if audience is Audience.HANDLER else None
    said = letter(answered.documents[audience], language, explained)

    assert read(page(said, colour=True, width=width), said, width) == told(said)


def test_what_is_longer_than_the_terminal_is_wide_goes_on_in_the_next_line(a_letter: Letter) -> None:
    for width in WIDTHS:
        assert read(page(a_letter, width=width), a_letter, width) == told(a_letter)


def test_no_words_of_a_policy_command_the_terminal(a_letter: Letter) -> None:
    orders = "\x1b[2J\x9b31m\x07\x00\udc80"
    [section] = a_letter.sections
    named = replace(section, heading=f"Data{orders}", said=(Said(f"Said{orders}"),))

    shown = page(replace(a_letter, title=f"Answer{orders}", sections=(named,)))

    assert "Answer\ufffd[2J" in shown
    assert not set(shown) & set("\x1b\x9b\x07\x00\udc80")


def test_no_words_of_an_event_command_the_terminal() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)

    shown = happened(
        COLUMNS, [(at, None, False, "Shared", ["x\x1b[2J"], "\x9bparty", ["SALE"], None, None, 1)]
    )

    assert not set(shown) & set("\x1b\x9b")


def test_reading_finds_what_is_lacking_or_said_twice(a_letter: Letter) -> None:
    """So that the comparison with the letter means something."""
    [section] = a_letter.sections
    twice = replace(section.table, rows=(*section.table.rows, section.table.rows[-1]))
    for other in (replace(section, table=twice), replace(section, said=section.said[1:])):
        content = page(replace(a_letter, sections=(other,)))
        assert read(content, a_letter, WIDTH) != told(a_letter)


def test_a_page_says_the_same_with_colours_and_without(answered_in: Gallery) -> None:
    said = letter(answered_in(BY_NAME["unready"]).documents[Audience.HANDLER])

    plain, colourful = page(said), page(said, colour=True)

    assert not CONTROL.search(plain)
    assert CONTROL.search(colourful)
    assert [line.rstrip() for line in CONTROL.sub("", colourful).splitlines()] == plain.splitlines()


@pytest.fixture
def a_letter() -> Letter:
    """One in which everything is long: names, places, a heading, and what backs a line."""
    long, endless = "words that go on and on " * 9, "0123456789abcdef" * 12
    cells = (Cell((Said(long),), (Said(long), Said(endless))), Cell((Said("1"),)), Cell((Said(endless),)))
    behind = (Fact("Check code", Cell((Said(endless), Said(long)))),)
    table = Table(("What", "Times", "Who got it"), (Row(cells, behind), Row(cells[::-1]), Row(cells, behind)))
    return Letter(
        language="en",
        title=long,
        subtitle=long,
        sender=long,
        stamps=(Said(long), Said(endless)),
        facts=(Fact("Your request", Cell((Said(endless),))), Fact("Period", Cell((Said(long),)))),
        short=(Said(long), Said(endless)),
        sections=(Section("part", long.strip(), long, table, (Said(long), Said(endless))),),
        is_handlers=True,
        running="",
        page_of="",
        labels={"short": "In short", "not_for_release": "Not for release", "behind": "What backs this line"},
    )


def read(content: str, said: Letter, width: int) -> list[Part]:
    """The parts of a page. No line of it is wider than the terminal."""
    plain = CONTROL.sub("", content)
    assert max(map(len, plain.splitlines())) <= width
    return [flat(part) for part in parts_of_text(plain, said.labels["behind"])]


def told(said: Letter) -> list[Part]:
    """What the page should say."""
    stamped = said.labels["not_for_release"] if said.stamps else None
    front = Part(
        intro=" ".join(filter(None, (said.sender, said.title, said.subtitle, stamped))),
        lines=[[(fact.label, together(fact.value)) for fact in said.facts]],
        said=[each.text for each in said.stamps],
    )
    short = Part(said.labels["short"], said=[each.text for each in said.short])
    return [flat(part) for part in (front, short, *of_sections(said))]


def of_sections(said: Letter) -> Iterator[Part]:
    for section in said.sections:
        if section.picture:  # the tables say all that it shows
            continue
        part = Part(section.heading, section.intro, said=[each.text for each in section.said])
        for row in section.table.rows if section.table else ():
            texts = (" | ".join((together(cell), *(each.text for each in cell.notes))) for cell in row.cells)
            part.lines.append([each for each in zip(section.table.columns, texts, strict=True) if each[1]])
            if row.behind:
                name = " · ".join(cell.said[0].text for cell in row.cells[:2] if cell.said)
                facts = " ".join(f"{fact.label}: {together(fact.value)}" for fact in row.behind)
                part.behind.append((name, facts))
        yield part


def together(cell: Cell) -> str:
    return "; ".join(each.text for each in cell.said)


def flat(part: Part) -> Part:
    """Without spaces: lines end at them, and at other places of what is very long."""
    return Part(
        without_spaces(part.heading),
        without_spaces(part.intro),
        [[(without_spaces(name), without_spaces(text)) for name, text in line] for line in part.lines],
        [(without_spaces(name), without_spaces(facts)) for name, facts in part.behind],
        list(map(without_spaces, part.said)),
    )


def without_spaces(text: str) -> str:
    return "".join(text.split())


def test_a_timeline_reads_month_by_month() -> None:
    rows = [
        (at(2025, 8, 22), None, False, "Collected", ["full_name", "shoe_size"], "S_SHOP", [], None, None, 1),
        (
            at(2025, 8, 24),
            at(2025, 8, 30),
            False,
            "Shared",
            ["full_name"],
            "R_ADS",
            ["SHARE"],
            None,
            None,
            1200,
        ),
        (at(2025, 9, 1), None, True, "Shared", ["full_name"], "R_HQ", ["INTERNAL"], None, None, 1),
        (at(2025, 9, 2), None, False, "ChoiceMade", None, None, None, "OPT_OUT", "GPC", 1),
    ]

    read = happened(COLUMNS, rows)

    august, september = read.split("September 2025")
    assert august.startswith("August 2025")
    assert "your name, shoe size" in " ".join(august.split())
    assert "24 12:00 – Aug 30" in august
    assert "Shared for advertising" in august
    assert "1,200" in august
    assert "01 12:00 – now" in september
    assert "internal" in september
    assert "Choice made" in september
    assert "opt out, gpc" in september


def test_a_timeline_of_nobody_says_so() -> None:
    assert happened(COLUMNS, []) == "Nothing was told of this person.\n"


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)
