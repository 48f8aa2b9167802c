"""What changed between two answers, and why?"""

from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from documents import HIDDEN, a_document, documents, tokens
from hypothesis import assume, given, settings

from lineage.report.canonical import sealed
from lineage.report.change import Mark
from lineage.report.difference import difference


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return a_document()


@pytest.fixture
def answer(whole) -> dict[str, Any]:
    """An answer with one line, one pair and no gap."""
    found = deepcopy(whole)
    line = {
        "category": "PI_A_IDENTIFIERS",
        "statutory_name": "Identifiers",
        "sensitive": [],
        "elements": ["email"],
    }
    when = {"first": "2026-01-01", "last": "2026-02-01", "events": 1, "occurrences": 1}
    pair = {**line, **when, "recipient_category": "RCP_PAYMENT", "kinds": ["BP_SERVICE_PROVIDER"]}
    found |= {
        "collected": [{**line, **when, "held": "HELD", "evidence": evidence("a")}],
        "disclosed": {"pairs": [{**pair, "evidence": evidence("b")}], "statement": None},
        "coverage": {"from": None, "complete": True, "gaps": []},
        "positions": {"log/0": 10, "desk": 0},
    }
    return again(found)


def evidence(*events: str) -> dict[str, Any]:
    return {"count": len(events), "digest": "d" * len(events), "first": list(events), "last": list(events)}


def again(document: dict[str, Any]) -> dict[str, Any]:
    return sealed({key: value for key, value in document.items() if not key.endswith("digest")})


@given(documents())
def test_an_answer_does_not_differ_from_itself(document):
    assert difference(document, document) == difference(document, deepcopy(document))
    assert difference(document, document).changes == ()
    assert difference(document, document).causes == ()


@settings(max_examples=40)
@given(documents(), documents())
def test_there_is_a_change_to_tell_exactly_when_the_answers_differ(one, other):
    told = difference(one, other)

    assert bool(told.changes) == (one["answer_digest"] != other["answer_digest"])


@settings(max_examples=40)
@given(documents(), documents())
def test_no_token_is_named(one, other):
    assume(one["subject"]["token"] != other["subject"]["token"])
    text = "\n".join((*difference(one, other).changes, *difference(one, other).causes))

    assert not any(str(token) in text for token in tokens(one) | tokens(other))


@settings(max_examples=40)
@given(documents(), documents())
def test_what_is_new_one_way_is_gone_the_other_way(one, other):
    def sentences(first, second, word):
        return {each.replace(word, "") for each in difference(first, second).changes if word in each}

    assert sentences(one, other, " is new") == sentences(other, one, " is gone")
    assert sentences(one, other, "gap opened") == sentences(other, one, "gap closed")


def test_a_late_sale_is_told_with_its_cause(answer):
    later = deepcopy(answer)
    sale = {**answer["disclosed"]["pairs"][0], "kinds": ["SALE"], "recipient_category": "RCP_DATA_BROKER"}
    later["sold_or_shared"] = {"pairs": [{**sale, "evidence": evidence("c")}], "statement": None}
    later |= {"positions": {"log/0": 12, "desk": 0}, "as_of": "2026-08-01T00:00:00.000000Z"}
    told = difference(answer | {"sold_or_shared": {"pairs": [], "statement": "NONE"}}, again(later))

    assert told.changes == (
        "sold_or_shared: PI_A_IDENTIFIERS, RCP_DATA_BROKER is new (1 event(s), 2026-01-01 to 2026-02-01).",
        "sold_or_shared: statement was NONE, is nothing.",
    )
    assert "2 record(s) of the log lie between the two." in told.causes
    assert "Events that only the later one names: c." in told.causes


def test_changed_dates_counts_and_kinds_are_told_field_by_field(answer):
    later = deepcopy(answer)
    later["disclosed"]["pairs"][0] |= {
        "events": 2,
        "last": "2026-03-01",
        "kinds": ["BP_SERVICE_PROVIDER", "SALE"],
        "evidence": evidence("b", "c"),
    }

    assert difference(answer, again(later)).changes == (
        "disclosed: PI_A_IDENTIFIERS, RCP_PAYMENT: events was 1, is 2; other events back it; kinds was "
        '["BP_SERVICE_PROVIDER"], is ["BP_SERVICE_PROVIDER","SALE"]; last was 2026-02-01, is 2026-03-01.',
    )


def test_a_change_holds_the_entry_of_both_answers_and_what_is_another_value_in_it(answer):
    later = deepcopy(answer)
    later["disclosed"]["pairs"][0] |= {"events": 2, "last": "2026-03-01"}
    [change] = difference(answer, again(later)).found

    assert (change.part, change.key) == ("disclosed", ("PI_A_IDENTIFIERS", "RCP_PAYMENT"))
    assert change.mark is Mark.CHANGED
    assert (change.before, change.now) == (
        tuple(answer["disclosed"]["pairs"]),
        tuple(later["disclosed"]["pairs"]),
    )
    assert change.altered == (("events", 1, 2), ("last", "2026-02-01", "2026-03-01"))


@given(documents(), documents())
def test_each_sentence_is_made_of_one_change_and_each_reason_of_one_cause(one, other):
    told = difference(one, other)

    assert told.changes == tuple(each.sentence for each in told.found)
    assert told.causes == tuple(each.sentence for each in told.why)


@settings(max_examples=40)
@given(documents(), documents())
def test_what_the_answers_hold_is_in_no_repr(one, other):
    shown = repr(difference(one, other))

    assert HIDDEN not in shown
    assert not any(str(token) in shown for token in tokens(one) | tokens(other))


def test_a_gap_that_opens_is_told_with_its_producer_and_time(answer):
    gap = {"reason": "SILENT", "producer": "shop", "system": None, "from": "2026-01-01", "to": None}
    later = again(answer | {"coverage": {"from": None, "complete": False, "gaps": [gap]}})

    assert difference(answer, later).changes == (
        "coverage: a gap opened: SILENT producer shop from 2026-01-01.",
        "coverage: complete was true, is false.",
    )
    assert (
        "coverage: a gap closed: SILENT producer shop from 2026-01-01." in difference(later, answer).changes
    )


def test_links_policies_and_decisions_that_came_in_between_are_told(answer):
    later = deepcopy(answer)
    later["subject"]["linked"] = [*answer["subject"]["linked"], str(uuid4())]
    later |= {"versions": answer["versions"] | {"policy": "q"}, "positions": {"log/0": 10, "desk": 3}}
    told = difference(answer, again(later))

    assert told.changes == ("linked: 1 more token(s) of the person.",)
    assert told.causes == (
        "3 decision(s) were taken at the desk in between.",
        "The policy is of another version.",
    )


def test_many_events_are_counted_not_listed(answer):
    later = deepcopy(answer)
    later["collected"][0]["evidence"] = evidence("a", *(f"e{number:02}" for number in range(30)))

    [cause] = difference(answer, again(later)).causes
    assert cause.endswith("e09 and 20 more.")
