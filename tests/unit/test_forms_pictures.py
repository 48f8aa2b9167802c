"""Do the pictures of an answer show what its tables hold, no more and no less, and can everybody see it?"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pdfplumber
import pytest
import typst
from browser import Look, shown
from documents import WINDOW, a_document, documents
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from lineage.forms.parts import Picture
from lineage.forms.pictures.drawing import LABEL, LETTERINGS, WIDTH, width, wrapped
from lineage.forms.pictures.flow import flow
from lineage.forms.pictures.months import months, months_in_parts
from lineage.forms.pictures.untangled import crossings, untangled
from lineage.forms.wording import Wording
from lineage.policy.vocabulary import statute

SAY = Wording("en", "America/Los_Angeles")
SVG = "{http://www.w3.org/2000/svg}"
HALF = 0.5
"""How far apart in user units things must be to stand apart: a tenth is lost when a length is written."""


NAMES = st.text(min_size=1, max_size=90) | st.sampled_from(sorted(statute().categories.values()))
IDS = st.sampled_from([f"ID_{number}" for number in range(9)])
DAYS = st.dates().map(lambda day: f"20{day.year % 27:02}-{day:%m}-15T00:00:00.000000Z")


@st.composite
def spans(draw: st.DrawFn) -> dict[str, str]:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return {"first": first, "last": last}


def collected_line(category: str, **more: Any) -> dict[str, Any]:
    when = {"first": "2025-07-01T12:00:00.000000Z", "last": "2025-07-01T12:00:00.000000Z"}
    return {"category": category, "statutory_name": f"the kind {category}", **when} | more


def pair(category: str, recipient: str, **more: Any) -> dict[str, Any]:
    whom = {"recipient_category": recipient, "recipient_wording": f"the group {recipient}"}
    return collected_line(category, **whom) | more


def an_answer(
    sold: list[dict[str, Any]] | None = None,
    disclosed: list[dict[str, Any]] | None = None,
    collected: list[dict[str, Any]] | None = None,
    sources: tuple[str, ...] = (),
    **changed: Any,
) -> dict[str, Any]:
    """One whose records are complete, and that holds nothing but this."""
    whole: dict[str, Any] = {
        "sold_or_shared": {"pairs": sold or [], "statement": None},
        "disclosed": {"pairs": disclosed or [], "statement": None},
        "collected": collected or [],
        "sources": [{"category": each, "wording": f"the source {each}"} for each in sources],
        "coverage": {"from": None, "complete": True, "gaps": []},
    }
    return a_document(**whole | changed)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """A list has each pair, and each kind of information, once, and calls it by one name."""
    what = {id: draw(NAMES) for id in draw(st.lists(IDS, unique=True))}
    whom = {id: draw(NAMES) for id in draw(st.lists(IDS, unique=True))}
    possible = [(here, there) for here in sorted(what) for there in sorted(whom)]
    lists = st.lists(st.sampled_from(possible), unique=True) if possible else st.just([])

    def pairs() -> list[dict[str, Any]]:
        return [
            pair(here, there, statutory_name=what[here], recipient_wording=whom[there], **draw(spans()))
            for here, there in draw(lists)
        ]

    return an_answer(
        pairs(),
        pairs(),
        [collected_line(id, statutory_name=name, **draw(spans())) for id, name in what.items()],
        tuple(draw(st.lists(IDS, unique=True))),
        coverage={"from": None, "complete": draw(st.booleans()), "gaps": []},
    )


def drawn(picture: Picture | None) -> ET.Element:
    assert picture is not None
    return ET.fromstring(picture.svg)  # noqa: S314 (it is ours)


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [each for each in root.iter() if name in each.get("class", "").split()]


def links(root: ET.Element) -> Counter[tuple[str, str | None, str | None]]:
    return Counter(
        (look, each.get("data-from"), each.get("data-to"))
        for look in ("sold", "disclosed")
        for each in of_class(root, look)
        if "link" in each.get("class", "").split()
    )


def marks(*pictures: ET.Element) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (each.get("data-line"), each.get("data-first"), each.get("data-last"))
        for root in pictures
        for each in of_class(root, "mark")
    ]


def texts(root: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def boxes(root: ET.Element) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each line of text, as wide as it may be."""
    known = {each.name: each for each in LETTERINGS}
    for text in root.iter(f"{SVG}text"):
        kind = known[text.get("class", "")]
        moved = re.fullmatch(r"translate\((\S+) (\S+)\) rotate\(-90\)", text.get("transform", ""))
        for line in text:
            long = width((line.text or "").rstrip(), kind)
            x = float(line.get("x", "")) - (long / 2 if kind.centred else 0)
            base = float(line.get("y", ""))
            left, top, right, bottom = x, base - 0.85 * kind.size, x + long, base + 0.25 * kind.size
            if moved is None:
                yield left, top, right, bottom
            else:
                along, down = map(float, moved.groups())
                yield along + top, down - right, along + bottom, down - left


def height_of(root: ET.Element) -> float:
    return float(root.get("viewBox", "").split()[3])


def said_once(text: str) -> str:
    """As a picture says a name: a line breaks at any blank, and no XML can hold every character."""
    return re.sub("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", " ".join(text.split()))


@given(answers())
@settings(max_examples=60, deadline=None)
def test_every_pair_of_the_answer_is_one_line_of_its_list_and_every_line_is_a_pair(
    answer: dict[str, Any],
) -> None:
    picture = flow(answer, SAY)

    assert (picture is None) == (not answer["collected"])
    if picture is not None:
        assert links(drawn(picture)) == Counter(
            (look, each["category"], each["recipient_category"])
            for look, block in (("sold", "sold_or_shared"), ("disclosed", "disclosed"))
            for each in answer[block]["pairs"]
        )


@given(answers())
@settings(max_examples=60, deadline=None)
def test_every_line_with_a_time_is_a_row_between_the_months_of_its_first_and_last(
    answer: dict[str, Any],
) -> None:
    picture = months(answer, SAY)

    rows = [
        (f"{block}/{place}", line["first"][:7], line["last"][:7])
        for block in ("sold_or_shared", "disclosed", "collected")
        for place, line in enumerate(answer[block] if block == "collected" else answer[block]["pairs"])
    ]
    assert (marks() if picture is None else marks(drawn(picture))) == rows


@given(answers())
@settings(max_examples=40, deadline=None)
def test_no_text_covers_another_or_leaves_the_picture(answer: dict[str, Any]) -> None:
    for picture in (flow(answer, SAY), months(answer, SAY)):
        if picture is None:
            continue
        assert_nothing_covers(drawn(picture))


def assert_nothing_covers(root: ET.Element) -> None:
    found = list(boxes(root))
    assert [each for each in found if min(each) < 0] == []
    assert [each for each in found if each[2] > WIDTH or each[3] > height_of(root)] == []
    for one, other in combinations(found, 2):
        is_beside = one[2] <= other[0] + HALF or other[2] <= one[0] + HALF
        is_below = one[3] <= other[1] + HALF or other[3] <= one[1] + HALF
        assert is_beside or is_below


@given(answers())
@settings(max_examples=40, deadline=None)
def test_each_name_stands_once_whatever_is_in_it(answer: dict[str, Any]) -> None:
    if (picture := flow(answer, SAY)) is None:
        return

    shown = Counter(texts(drawn(picture)))
    pairs = [each for block in ("sold_or_shared", "disclosed") for each in answer[block]["pairs"]]
    what = {each["category"]: each["statutory_name"] for each in answer["collected"]}
    whom = {each["recipient_category"]: each["recipient_wording"] for each in pairs}
    wanted = Counter(map(said_once, (*what.values(), *whom.values())))
    assert {name: shown[name] for name in wanted} == dict(wanted)


@given(documents())
@settings(max_examples=30, deadline=None)
def test_what_an_answer_says_twice_is_one_line(document: dict[str, Any]) -> None:
    pairs = {
        (look, each["category"], each["recipient_category"])
        for look, block in (("sold", "sold_or_shared"), ("disclosed", "disclosed"))
        for each in document[block]["pairs"]
    }
    picture = flow(document, SAY)

    assert (links(drawn(picture)) if picture else Counter()) == Counter(pairs)


def test_a_pair_of_both_lists_is_two_lines_of_two_looks() -> None:
    root = drawn(flow(an_answer(sold=[pair("A", "R")], disclosed=[pair("A", "R")]), SAY))

    assert links(root) == {("sold", "A", "R"): 1, ("disclosed", "A", "R"): 1}
    assert len({each.get("d") for each in of_class(root, "link")}) == 2
    assert len(of_class(root, "key")) == 2


@given(st.integers(7, 24), st.integers(7, 24), st.booleans())
@settings(max_examples=12, deadline=None)
def test_pairs_too_many_to_follow_are_marks_in_a_grid(many: int, others: int, both: bool) -> None:
    pairs = [
        pair(f"A{what}", f"R{whom}", recipient_wording=f"A long name of recipient {whom}")
        for what in range(many)
        for whom in range(others)
    ]
    collected = [collected_line(f"A{what}") for what in range(many)]
    answer = an_answer(pairs, pairs if both else [], collected)

    root = drawn(flow(answer, SAY))

    assert len(of_class(root, "cell")) - len(of_class(root, "key")) == len(pairs) * (1 + both)
    assert sum(links(root).values()) == len(pairs) * (1 + both)
    assert_nothing_covers(root)
    assert all(count == 1 for name, count in Counter(texts(root)).items() if "recipient" in name)


def test_the_legend_has_only_looks_that_are_in_the_picture() -> None:
    root = drawn(flow(an_answer(disclosed=[pair("A", "R")]), SAY))

    assert [each.get("class") for each in of_class(root, "key")] == ["key disclosed"]


def test_sources_meet_us_and_never_a_kind_of_information() -> None:
    answer = an_answer(collected=[collected_line("A"), collected_line("B")], sources=("S", "T", "U"))

    root = drawn(flow(answer, SAY))

    assert len(of_class(root, "stem")) == 3 + 2
    assert not of_class(root, "link")


def test_where_no_pair_is_listed_the_picture_does_not_speak_of_recipients() -> None:
    picture = flow(an_answer(collected=[collected_line("A")]), SAY)

    assert SAY.say("picture.recipients") not in texts(drawn(picture))
    assert picture is not None
    assert SAY.say("picture.told_no_recipient") in picture.described


def test_there_is_no_picture_of_nothing_or_of_sources_alone() -> None:
    answer = an_answer(sources=("S",))

    assert flow(answer, SAY) is None
    assert months(answer, SAY) is None
    assert months_in_parts(answer, SAY, 1000) == ()


def test_both_pictures_say_it_when_the_records_may_have_gaps() -> None:
    gaps = {"from": None, "complete": False, "gaps": []}
    for draw in (flow, months):
        picture = draw(an_answer(collected=[collected_line("A")], coverage=gaps), SAY)
        assert picture is not None
        assert SAY.say("picture.gaps") in texts(drawn(picture))
        assert picture.described.endswith(SAY.say("picture.gaps"))


def test_a_month_is_that_of_where_the_business_is() -> None:
    late = collected_line("A", first="2026-01-01T02:00:00.000000Z", last="2026-01-01T09:00:00.000000Z")

    assert marks(drawn(months(an_answer(collected=[late]), SAY))) == [("collected/0", "2025-12", "2026-01")]


def test_a_first_and_a_last_time_in_one_month_are_one_dot() -> None:
    one = drawn(months(an_answer(collected=[collected_line("A")]), SAY))
    two = drawn(months(an_answer(collected=[collected_line("A", last="2025-09-01T12:00:00.000000Z")]), SAY))

    assert (len(of_class(one, "dot")), len(of_class(one, "between"))) == (1, 0)
    assert (len(of_class(two, "dot")), len(of_class(two, "between"))) == (2, 1)


@pytest.mark.parametrize(
    ("start", "end", "years", "named"),
    [
        ("2025-06-15", "2026-06-15", ["2025", "2026"], "Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar Apr May Jun"),
        ("2025-06-15", "2026-06-01", ["2025", "2026"], "Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar Apr May"),
        ("2022-01-01", "2027-01-01", ["2022", "2023", "2024", "2025", "2026"], "Jan Jul " * 5),
        ("2021-12-20", "2022-12-20", ["2021", "2022"], "Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        ("2001-01-01", "2031-01-01", [f"20{each:02}" for each in range(1, 31, 3)], ""),
    ],
)
def test_months_and_years_are_named_as_far_as_there_is_room(
    start: str, end: str, years: list[str], named: str
) -> None:
    window = WINDOW | {"from": f"{start}T08:00:00.000000Z", "to": f"{end}T07:00:00.000000Z"}
    when = {"first": window["from"], "last": window["from"]}

    root = drawn(months(an_answer(collected=[collected_line("A", **when)], window=window), SAY))

    names = [name for name in texts(root) if name in SAY.say("months.title") or len(name) <= 4]
    assert [name for name in names if name.isdigit()] == years
    assert [name for name in names if not name.isdigit()] == named.split()


def test_on_paper_each_line_is_in_one_part_and_no_part_is_taller_than_asked() -> None:
    answer = an_answer(
        sold=[pair(f"A{what}", f"R{whom}") for what in range(5) for whom in range(4)],
        disclosed=[pair(f"A{what}", f"R{whom}") for what in range(5) for whom in range(6)],
        collected=[collected_line(f"A{what}") for what in range(9)],
        coverage={"from": None, "complete": False, "gaps": []},
    )

    parts = list(map(drawn, months_in_parts(answer, SAY, 700)))

    assert len(parts) > 2
    assert all(height_of(part) <= 700 for part in parts)
    assert marks(*parts) == marks(drawn(months(answer, SAY)))
    ids = [each.get("id") for part in parts for each in part.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) == 2 * len(parts)
    assert {part.get("class") for part in parts} == {"picture months"}


def test_the_words_name_every_pair_but_not_when_there_are_very_many() -> None:
    few = flow(an_answer(sold=[pair("A", "R"), pair("B", "R")]), SAY)
    many = flow(an_answer(sold=[pair(f"A{each}", "R") for each in range(40)]), SAY)

    assert few is not None
    assert "Sold or shared for advertising, to the group R: the kind A; the kind B." in few.described
    assert many is not None
    assert "40 lines" in many.described
    assert "the group R" in many.described


@given(st.lists(st.tuples(IDS, IDS)))
def test_an_order_has_each_name_once_and_no_more_crossings_than_before(
    pairs: list[tuple[str, str]],
) -> None:
    left, right = sorted({here for here, _ in pairs}), sorted({there for _, there in pairs})

    found = untangled(left, right, pairs)

    assert (sorted(found[0]), sorted(found[1])) == (left, right)
    assert crossings(found, pairs) <= crossings((tuple(left), tuple(right)), pairs)


@given(st.text(), st.floats(40, 400))
def test_a_wrapped_text_is_the_text_again_and_fits(text: str, room: float) -> None:
    found = wrapped(text, room)

    assert "".join(found) == " ".join(text.split())
    assert all(width(line.rstrip(), LABEL) <= room for line in found)


def test_the_same_answer_is_drawn_in_the_same_bytes() -> None:
    def made() -> list[Picture | None]:
        answer = an_answer(sold=[pair("A", "R")], disclosed=[pair("B", "Q")], sources=("S",))
        return [flow(answer, SAY), months(answer, SAY)]

    assert made() == made()


def test_looks_are_in_classes_alone_so_that_a_page_can_change_them() -> None:
    answer = an_answer(sold=[pair("A", "R")], disclosed=[pair("B", "Q")], sources=("S",))
    for picture in (flow(answer, SAY), months(answer, SAY)):
        used = {name for each in drawn(picture).iter() for name in each.attrib}
        assert not used & {"style", "fill", "stroke", "stroke-width", "font-size", "font-family"}


def test_a_page_gives_every_lettering_its_own_colour_so_that_it_can_be_read_in_the_dark() -> None:
    style = (files("lineage.forms") / "page.css").read_text(encoding="utf-8")

    for each in LETTERINGS:
        assert re.search(rf"\.drawing \.picture \.{each.name}\b[^{{]*{{ fill: var\(--", style), each.name


def test_text_and_lines_stand_out_from_their_ground() -> None:
    sold = [pair("A", "R")]
    styles = "".join(
        each.text or ""
        for draw in (flow, months)
        for each in drawn(draw(an_answer(sold=sold), SAY)).iter(f"{SVG}style")
    )
    carriers = ("sold", "disclosed", "collected", "stem", "trunk", "new-year")
    lines = dict(re.findall(r"\.(?:flow|months) \.([\w-]+) {.*?(#\w{6})", styles))

    assert all(
        contrast(each.colour, ground) >= 4.5 for each in LETTERINGS for ground in ("#ffffff", "#eceff2")
    )
    assert all(contrast(lines[each], "#ffffff") >= 3 for each in carriers)


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 counts it."""

    def light(colour: str) -> float:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
        return sum(part * share for part, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def everything() -> dict[str, Any]:
    """Every name of the statute, each kind of information in some pair."""
    whom = sorted(statute().recipients.items())
    what = sorted(statute().categories.items())
    pairs = [
        pair(
            id, whom[place % len(whom)][0], statutory_name=name, recipient_wording=whom[place % len(whom)][1]
        )
        for place, (id, name) in enumerate(what)
    ]
    return an_answer(
        pairs, pairs[::-2], [collected_line(id, statutory_name=name) for id, name in what], ("S", "T")
    )


def test_in_a_browser_no_text_leaves_its_box_or_covers_another(chromium: Browser) -> None:
    pictures = [flow(everything(), SAY), months(everything(), SAY)]
    page_text = "<!doctype html><title>x</title>" + "".join(each.svg for each in pictures if each)
    with shown(chromium, page_text.encode(), Look("drawings", WIDTH, 800), scripts=True) as page:
        found = page.evaluate(
            """() => [...document.querySelectorAll("svg")].map(svg => {
                const box = each => {
                    const { x, y, width, height } = each.getBBox()
                    return [x, y, x + width, y + height]
                }
                return {
                    texts: [...svg.querySelectorAll("text")].map(box),
                    boxes: [...svg.querySelectorAll("rect.box")].map(box),
                    height: svg.viewBox.baseVal.height,
                }})"""
        )

    assert len(found) == 2
    for each in found:
        assert all(left >= 0 and right <= WIDTH for left, _, right, _ in each["texts"])
        assert all(top >= 0 and bottom <= each["height"] for _, top, _, bottom in each["texts"])
        for one, other in combinations(each["texts"], 2):
            assert (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 3 or other[3] <= one[1] + 3
            )
        for box in each["boxes"]:
            inside = [
                text for text in each["texts"] if box[0] < text[0] < box[2] and box[1] < text[1] < box[3]
            ]
            assert [text[2] < box[2] and text[3] < box[3] for text in inside] == [True]


def test_on_paper_the_words_can_be_read_from_the_picture() -> None:
    for picture in (flow(everything(), SAY), months(everything(), SAY)):
        assert picture is not None
        letter = f'#set page(width: 20cm, height: auto)\n#image(bytes("{escaped(picture.svg)}"), alt: "x")'
        pdf = typst.compile(letter.encode(), format="pdf", ignore_system_fonts=True)
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            read = "".join(document.pages[0].extract_text().split())
        assert "Advertising" in read
        assert "(e)" in read


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
