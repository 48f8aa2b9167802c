"""What changed between two answers, as a letter for the handler or the person?"""

from collections import Counter
from copy import deepcopy
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import pytest
from documents import HIDDEN, REQUEST, a_document, tokens
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.errors import Refused
from lineage.forms.blocks import ORDER, lines, row
from lineage.forms.changes import changes
from lineage.forms.letter import letter
from lineage.forms.limits import gaps
from lineage.forms.parts import Letter, Row, Section, Tone
from lineage.forms.supplement import supplement
from lineage.forms.wording import Wording
from lineage.report.canonical import sealed
from lineage.report.check.lists import KEYS
from lineage.report.gate import released
from lineage.report.request import Audience, Verification

SAY = Wording("en", "America/Los_Angeles")
NEW, GONE, CHANGED = "New", "No longer in our answer", "Changed"

CATEGORIES = {"PI_A_IDENTIFIERS": "Identifiers", "PI_D_COMMERCIAL": "Commercial information"}
GROUPS = {"RCP_PAYMENT": "Payment processors", "RCP_DATA_BROKER": "Data brokers"}
DAYS = st.sampled_from([f"2026-0{month}-11T20:00:00.000000Z" for month in (1, 2, 3)])
EVIDENCE = st.sampled_from([HIDDEN, f"{HIDDEN}-too"]).map(
    lambda event: {"count": 1, "digest": event, "first": [event], "last": [event]}
)


def lists(block: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Lines of one block, each known by its key."""
    line = st.fixed_dictionaries({**fields, "evidence": EVIDENCE}).map(with_names)
    return st.lists(line, max_size=3, unique_by=lambda line: tuple(line[part] for part in KEYS[block]))


def with_names(line: dict[str, Any]) -> dict[str, Any]:
    names = {
        "statutory_name": CATEGORIES.get(line.get("category", "")),
        "recipient_wording": GROUPS.get(line.get("recipient_category", "")),
    }
    return line | {name: said for name, said in names.items() if said}


WHEN = {
    "first": DAYS,
    "last": DAYS,
    "events": st.integers(1, 2),
    "occurrences": st.integers(1, 2),
    "sensitive": st.just([]),
}
PAIR = {
    "category": st.sampled_from(sorted(CATEGORIES)),
    "recipient_category": st.sampled_from(sorted(GROUPS)),
    "unreviewed": st.booleans(),
    **WHEN,
}
LINES = {
    "sold_or_shared": lists("sold_or_shared", kinds=st.sampled_from([["SALE"], ["SALE", "SHARE"]]), **PAIR),
    "disclosed": lists("disclosed", kinds=st.sampled_from([["BP_CONTRACTOR"], ["BP_THIRD_PARTY"]]), **PAIR),
    "collected": lists(
        "collected",
        category=st.sampled_from(sorted(CATEGORIES)),
        elements=st.sampled_from([["ssn"], ["email_address", "ssn"]]),
        held=st.sampled_from(["HELD", "UNKNOWN"]),
        **WHEN,
    ),
    "sources": lists("sources", category=st.sampled_from(["SRC_PUBLIC", "SRC_A"]), wording=st.just("Others")),
    "purposes": lists(
        "purposes",
        purpose=st.sampled_from(["SELL", "PAY"]),
        wording=st.sampled_from([None, "To sell"]),
        statutory=st.just(["BP5_SERVICES"]),
        **{"for": st.sampled_from([["selling"], ["selling", "using"]])},
    ),
    "third_parties": lists(
        "third_parties",
        category=st.sampled_from(sorted(GROUPS)),
        wording=st.just("They"),
        kinds=st.sampled_from([["SALE"], ["SHARE"]]),
    ),
    "pieces": lists(
        "pieces",
        element=st.sampled_from(["ssn", "email_address"]),
        show=st.booleans(),
        withheld=st.just("WH_SSN"),
        statement=st.just("We may not."),
        held_in=st.just([f"shop:{HIDDEN}"]),
    ),
}
GAPS = st.lists(
    st.fixed_dictionaries(
        {
            "reason": st.sampled_from(["SILENT", "ERASED"]),
            "producer": st.just(HIDDEN),
            "system": st.none(),
            "from": st.none() | DAYS,
            "to": st.none(),
        }
    ),
    max_size=2,
    unique_by=lambda gap: (gap["reason"], gap["from"]),
)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """A handler's answer as the reporter makes it, about anybody."""
    found = {block: draw(of_block) for block, of_block in LINES.items()}
    opened = draw(GAPS)
    for block in ("sold_or_shared", "disclosed"):
        found[block] = {"pairs": found[block], "statement": "COVERAGE_INCOMPLETE"}
    return a_document(
        **found | {"pieces": {"items": found["pieces"], "attachment": None}},
        coverage={"from": None, "complete": not opened, "gaps": opened},
        held_collected_earlier=draw(st.lists(st.sampled_from(["ssn", "email_address"]), unique=True)),
        under_order=[],
        not_searched=[],
        for_review=[
            {"event_id": draw(st.sampled_from([HIDDEN, "e1"])), "reason": "EXEMPTION_WITHOUT_EVIDENCE"}
        ],
    )


def for_person(document: dict[str, Any], level: Verification = Verification.V2_HIGH, **about: Any) -> Any:
    return released(document, level, audience=Audience.PERSON, case_id=str(uuid4()), **about)


EITHER_READER = pytest.mark.parametrize("copy", [lambda document: document, for_person])


@pytest.fixture
def answer() -> dict[str, Any]:
    """A handler's answer in which nothing is listed."""
    return a_document(
        **{block: [] for block in ("collected", "sources", "purposes", "third_parties", "under_order")},
        **{
            block: {"pairs": [], "statement": "COVERAGE_INCOMPLETE"}
            for block in ("sold_or_shared", "disclosed")
        },
        pieces={"items": [], "attachment": None},
        held_collected_earlier=[],
        for_review=[],
    )


def sale(**other: Any) -> dict[str, Any]:
    line = {
        "category": "PI_A_IDENTIFIERS",
        "statutory_name": "Identifiers",
        "sensitive": [],
        "recipient_category": "RCP_DATA_BROKER",
        "recipient_wording": "Data brokers",
        "kinds": ["SALE"],
        "unreviewed": False,
        "first": "2026-01-11T20:00:00.000000Z",
        "last": "2026-02-11T20:00:00.000000Z",
        "events": 2,
        "occurrences": 2,
        "evidence": {"count": 1, "digest": HIDDEN, "first": [HIDDEN], "last": [HIDDEN]},
    }
    return line | other


def with_sales(document: dict[str, Any], *pairs: dict[str, Any]) -> dict[str, Any]:
    return saying(document, sold_or_shared={"pairs": list(pairs), "statement": "COVERAGE_INCOMPLETE"})


def saying(document: dict[str, Any], **other: Any) -> dict[str, Any]:
    """The same answer with other parts."""
    return sealed({key: deepcopy(each) for key, each in (document | other).items() if "digest" not in key})


def section(found: Letter, name: str) -> Section:
    [there] = [each for each in found.sections if each.name == name]
    return there


def rows(found: Letter, name: str) -> tuple[Row, ...]:
    here = [each.table.rows for each in found.sections if each.name == name and each.table]
    return here[0] if here else ()


def words(line: Row) -> tuple[str, ...]:
    """What a row says, cell by cell, without its notes."""
    return tuple("; ".join(each.text for each in cell.said) for cell in line.cells)


def notes(line: Row) -> list[str]:
    return [note.text for cell in line.cells for note in cell.notes]


def text(found: Letter) -> str:
    return repr(asdict(found))


def expected(earlier: dict[str, Any], later: dict[str, Any], block: str) -> Counter[tuple[str, ...]]:
    """Which lines of a block are to stand in the letter, with their marks in the second place."""
    old, new = (
        {tuple(line[part] for part in KEYS[block]): line for line in lines(each, block)}
        for each in (earlier, later)
    )
    marked = [
        *((NEW, line) for key, line in new.items() if key not in old),
        *((GONE, line) for key, line in old.items() if key not in new),
        *((CHANGED, line) for key, line in new.items() if key in old and old[key] != line),
    ]
    return Counter(
        (first, mark, *rest) for mark, line in marked for first, *rest in [words(row(block, line, SAY))]
    )


@EITHER_READER
@settings(max_examples=60, deadline=None)
@given(earlier=answers(), later=answers())
def test_every_line_that_differs_stands_in_the_letter_once_with_its_mark_and_no_other(copy, earlier, later):
    earlier, later = copy(earlier), copy(later)
    told = changes(earlier, later)

    for block in ORDER:
        assert Counter(map(words, rows(told, block))) == expected(earlier, later, block)


@EITHER_READER
@settings(max_examples=40, deadline=None)
@given(earlier=answers(), later=answers())
def test_every_gap_that_opened_or_closed_stands_in_the_letter_once(copy, earlier, later):
    earlier, later = copy(earlier), copy(later)
    told = changes(earlier, later)
    before, now = (each["coverage"]["gaps"] for each in (earlier, later))
    differ = [(NEW, gap) for gap in now if gap not in before] + [
        (GONE, gap) for gap in before if gap not in now
    ]

    def alone(gap: dict[str, Any]) -> Row:
        only = later | {"coverage": {"gaps": [gap]}, "statements": []}
        return gaps(only, SAY, is_handlers=told.is_handlers).table.rows[0]

    assert Counter(map(words, rows(told, "gaps"))) == Counter(
        (first, mark, *rest) for mark, gap in differ for first, *rest in [words(alone(gap))]
    )


@EITHER_READER
@settings(max_examples=30, deadline=None)
@given(document=answers())
def test_an_answer_compared_with_itself_says_that_it_says_the_same(copy, document):
    document = copy(document)
    told = changes(document, document)

    assert [each.text for each in told.short] == ["It says the same."]
    assert told.sections == ()


@settings(max_examples=60, deadline=None)
@given(earlier=answers(), later=answers())
def test_a_persons_letter_has_no_token_event_or_producer(earlier, later):
    told = text(changes(for_person(earlier), for_person(later)))

    assert HIDDEN not in told
    assert not any(str(token) in told for token in tokens(earlier) | tokens(later))
    assert "causes" not in told


@settings(max_examples=30, deadline=None)
@given(earlier=answers(), later=answers())
def test_a_supplement_marks_each_new_or_changed_line_and_has_all_the_others_as_they_are(earlier, later):
    earlier, later = for_person(earlier), for_person(later, supplement_of=str(uuid4()))
    told, whole = supplement(earlier, later), letter(later)

    for block in ORDER:
        there, plain = [*map(words, rows(told, block))], [*map(words, rows(whole, block))]
        differ = expected(earlier, later, block)
        new = Counter({line: count for line, count in differ.items() if line[1] != GONE})
        if new:
            assert Counter(line for line in there if line[1]) == new
            there = [(line[0], *line[2:]) for line in there]
        assert there == plain
    assert len({each.name for each in told.sections}) == len(told.sections)


def test_a_change_is_told_in_each_language(answer):
    both = with_sales(answer, sale()), with_sales(answer, sale(occurrences=5))
    [line] = rows(changes(*both, "es"), "sold_or_shared")

    assert words(line)[:3] == ("Identificadores", "Cambió", "Corredores de datos")
    assert notes(line) == ["antes: 2"]


def test_a_late_sale_is_new_and_a_sale_taken_back_is_gone(answer):
    later = with_sales(answer, sale())
    [came], [went] = (rows(changes(*both), "sold_or_shared") for both in ((answer, later), (later, answer)))

    assert words(came) == ("Identifiers", NEW, "Data brokers", "Sold", "Jan 11, 2026", "Feb 11, 2026", "2")
    assert words(went)[1] == GONE
    assert (came.cells[1].tone, went.cells[1].tone) == (Tone.NEW, Tone.GONE)


def test_a_changed_line_says_what_it_said_before(answer):
    later = sale(last="2026-03-11T20:00:00.000000Z", occurrences=5, kinds=["SALE", "SHARE"])
    [line] = rows(changes(with_sales(answer, sale()), with_sales(answer, later)), "sold_or_shared")

    assert words(line)[1] == CHANGED
    assert notes(line) == ["new: Shared for advertising", "before: Feb 11, 2026", "before: 2"]


def test_a_line_that_reads_the_same_says_that_only_what_is_behind_it_changed(answer):
    other = sale(evidence={"count": 1, "digest": "d", "first": ["e2"], "last": ["e2"]})
    [line] = rows(changes(with_sales(answer, sale()), with_sales(answer, other)), "sold_or_shared")

    assert notes(line) == ["What the line says is the same; only what stands behind it changed."]
    behind = {each.label: [said.text for said in each.value.said] for each in line.behind}
    assert behind["Only in the later answer"] == ["e2"]
    assert behind["Only in the earlier answer"] == [HIDDEN]


def test_a_handler_reads_what_happened_in_between(answer):
    later = saying(answer, positions={f"{HIDDEN}/0": 19}, as_of="2026-08-01T00:00:00.000000Z")
    told = [each.text for each in section(changes(answer, later), "causes").said]

    assert told == [
        f"The earlier answer speaks as of {SAY.minute(answer['as_of'])}, the later one as of "
        f"{SAY.minute(later['as_of'])}.",
        "2 record(s) of the log lie between the two.",
    ]


def test_a_sentence_that_came_or_went_stands_with_its_part(answer):
    none = [{"code": "NONE", "block": "sold_or_shared", "statement": "Our records show no sale."}]
    other = [{"code": "CONTACT", "block": None, "statement": "Write to us."}]
    told = changes(saying(answer, statements=none), saying(answer, statements=other))

    assert [each.text for each in section(told, "sold_or_shared").said] == [
        "We no longer say: Our records show no sale."
    ]
    assert [each.text for each in section(told, "contact").said] == ["New: Write to us."]


def test_a_part_that_is_not_told_any_more_is_not_told_as_gone(answer):
    document = saying(answer, pieces={"items": [piece("ssn")], "attachment": None})
    earlier = for_person(document)
    later = released(
        document, Verification.V1_REASONABLE, audience=Audience.PERSON, case_id=earlier["request"]["id"]
    )
    told = changes(earlier, later)

    assert rows(told, "pieces") == ()
    assert "Before: this part was answered. Now: this part was not answered." in [
        each.text for each in section(told, "pieces").said
    ]
    assert rows(changes(later, earlier), "pieces")[0].cells[1].said[0].text == NEW


def test_nobody_who_is_not_verified_is_told_what_an_earlier_answer_said(answer):
    with pytest.raises(Refused, match="Nobody is verified"):
        changes(for_person(with_sales(answer, sale())), for_person(answer, Verification.V0_NONE))


def test_a_handlers_copy_and_a_persons_are_not_compared(answer):
    with pytest.raises(Refused, match="two copies for one reader"):
        changes(answer, for_person(answer))


def test_a_letter_may_go_out_only_when_both_answers_may(answer):
    stamped = saying(for_person(answer), for_release=False, request=REQUEST | {"verification": "V2_HIGH"})
    told = changes(stamped, for_person(with_sales(answer, sale())))

    assert [each.text for each in told.stamps] == ["It was made without a verified request."]


def test_a_supplement_opens_with_what_changed_and_then_gives_the_whole_answer(answer):
    earlier = for_person(with_sales(answer, sale(recipient_category="RCP_PAYMENT")))
    later = for_person(with_sales(answer, sale()), supplement_of=str(uuid4()))
    told = supplement(earlier, later)

    assert told.title == "What we know about you, and what has changed"
    assert [each.name for each in told.sections[:2]] == ["changes", "changed_sold_or_shared"]
    assert [words(line)[1] for line in rows(told, "changed_sold_or_shared")] == [NEW, GONE]
    assert [words(line)[1] for line in rows(told, "sold_or_shared")] == [NEW]


def test_an_answer_that_adds_to_none_is_no_supplement(answer):
    with pytest.raises(Refused, match="no supplement"):
        supplement(for_person(answer), for_person(answer))


def piece(element: str) -> dict[str, Any]:
    return {"element": element, "show": True, "withheld": None, "statement": None, "held_in": [HIDDEN]}
