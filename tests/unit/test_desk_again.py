"""Would we say the same today, and can we still say what we said then?"""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from documents import a_document

from lineage.desk.again import since, stale, verified
from lineage.desk.issued import IssuedReport
from lineage.report.canonical import sealed
from lineage.report.gate import released
from lineage.report.request import Audience, Request, Verification

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    whole = a_document()
    return released(whole, Verification.V2_HIGH)


def a_report(document: dict[str, Any]) -> IssuedReport:
    request = Request(subject=uuid4(), received=NOW, verification=Verification.V2_HIGH)
    return IssuedReport.issue(document, request, positions=document["positions"], by="handler-1", at=NOW)


def saying_more(document: dict[str, Any]) -> dict[str, Any]:
    """The same answer with one more line."""
    more = deepcopy({key: value for key, value in document.items() if not key.endswith("digest")})
    more["sources"].append({"category": "SRC_PUBLIC", "wording": "Public records", "evidence": None})
    return sealed(more)


def read_further(document: dict[str, Any]) -> dict[str, Any]:
    """The same answer from more of the log."""
    return sealed(
        {key: value for key, value in document.items() if not key.endswith("digest")}
        | {"positions": {"log/0": 99}, "as_of": "2026-08-01T00:00:00.000000Z"}
    )


def test_an_answer_that_stayed_the_same_is_not_stale_however_far_the_log_went(document):
    assert list(stale([a_report(document)], lambda issued, as_of: read_further(document))) == []


def test_t02_a_late_event_makes_a_report_stale_and_leaves_the_report_itself_as_it_was(document):
    report = a_report(document)
    before = report.content
    [found] = stale([report], lambda issued, as_of: saying_more(document))

    assert found.issued.id == report.id
    assert found.difference.changes == ("sources: SRC_PUBLIC is new.",)
    assert report.content == before


def test_what_was_decided_about_the_same_new_answer_is_not_asked_again(document):
    report, later = a_report(document), saying_more(document)
    [found] = stale([report], lambda issued, as_of: later)
    report.decide_supplement("NOT_NEEDED", found.now, reason="SAME_MEANING", by="counsel", at=NOW)

    assert list(stale([report], lambda issued, as_of: later)) == []
    assert len(list(stale([report], lambda issued, as_of: saying_more(later)))) == 1


def test_a_report_that_was_supplemented_is_left_out(document):
    first = a_report(document)
    later = saying_more(document)
    second = a_report(released(later, Verification.V2_HIGH, supplement_of=str(first.id)))

    assert list(stale([first, second], lambda issued, as_of: second.document)) == []


def test_an_answer_that_stops_today_is_stale(document):
    [found] = stale([a_report(document)], lambda issued, as_of: {"stopped": "TWO_ACCOUNTS"})

    assert found.difference.changes == ("stopped was nothing, is TWO_ACCOUNTS.",)


def test_the_reasons_are_those_of_the_handlers_copies():
    whole = a_document()
    then = whole | {"positions": {"log/0": 10}}
    now = saying_more(then) | {"positions": {"log/0": 12}, "as_of": "2026-08-01T00:00:00.000000Z"}
    for_person = {
        as_of: released(each, Verification.V2_HIGH, audience=Audience.PERSON)
        for as_of, each in ((True, then), (False, now))
    }

    def again(issued, as_of, audience=None):
        if audience is Audience.HANDLER:
            return then if as_of else now
        return for_person[bool(as_of)]

    told = since(a_report(for_person[True]), again)
    assert told.changes == ("sources: SRC_PUBLIC is new.",)
    assert "2 record(s) of the log lie between the two." in told.causes


def test_a_report_made_again_as_of_its_own_instant_is_the_same_to_the_byte(document):
    report = a_report(document)
    asked = []

    def again(issued, as_of):
        asked.append(as_of)
        return document

    assert verified(report, again) is None
    assert asked == [report.issued.as_of]


def test_a_report_that_cannot_be_made_again_says_what_is_different(document):
    found = verified(a_report(document), lambda issued, as_of: saying_more(document))

    assert found is not None
    assert found.changes == ("sources: SRC_PUBLIC is new.",)
