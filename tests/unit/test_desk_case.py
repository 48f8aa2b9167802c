"""Who asks, how sure are we, and until when do we have to answer? (law.md A.9 to A.11, D.6, D.7)"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.desk.case import Case
from lineage.desk.clocks import calendars_of
from lineage.desk.proof import Method, RequestedBy
from lineage.desk.records import Access, LinkDecision, Review
from lineage.errors import Refused
from lineage.report.request import Request, Verification

RECEIVED = datetime.fromisoformat("2026-06-15T10:00-07:00")
LATER = RECEIVED + timedelta(days=2)
V0, V1, V2, ACCOUNT = Verification


def a_case(requested_by: RequestedBy = RequestedBy.SELF, received=RECEIVED, via: str = "FORM") -> Case:
    return Case.open(
        Request(subject=uuid4(), received=received),
        via=via,
        requested_by=requested_by,
        time_zone="America/Los_Angeles",
        calendars=calendars_of(),
        by="handler-1",
        at=RECEIVED,
    )


def on_day(number: int) -> datetime:
    return RECEIVED + timedelta(days=number)


def test_a_new_case_shows_nothing_and_asks_for_verification():
    case = a_case()

    assert (case.level, case.standing.lacks) == (V0, "VERIFICATION")
    assert case.request.verification is V0


def test_two_data_points_reach_the_reasonable_degree():
    case = a_case()
    case.verify(Method.TWO_DATA_POINTS, by="handler-1", at=LATER)

    assert (case.level, case.standing.lacks) == (V1, "VERIFICATION")


def test_of_a_letter_the_login_on_the_day_of_receipt_counts():
    case = a_case(received=RECEIVED.date(), via="MAIL")
    case.verify(Method.ACCOUNT, by="portal", at=LATER)
    case.reauthenticate(by="portal", at=datetime.fromisoformat("2026-06-15T00:01-07:00"))

    assert case.level is ACCOUNT


def test_d04_verification_on_day_40_moves_no_date():
    case = a_case()
    due = case.due
    case.verify(Method.TWO_DATA_POINTS, by="handler-1", at=on_day(40))

    assert case.due == due == RECEIVED.date() + timedelta(days=45)


def test_d05_a_notice_with_a_reason_on_day_45_gives_90_days():
    case = a_case()
    case.extend("COMPLEXITY", by="handler-1", at=on_day(45))

    assert case.due == RECEIVED.date() + timedelta(days=90)


def test_a_notice_on_day_46_is_too_late():
    case = a_case()
    with pytest.raises(Refused, match="2026-07-30"):
        case.extend("COMPLEXITY", by="handler-1", at=on_day(46))

    assert case.due == RECEIVED.date() + timedelta(days=45)


def test_d07_a_second_extension_is_refused():
    case = a_case()
    case.extend("COMPLEXITY", by="handler-1", at=on_day(10))
    with pytest.raises(Refused, match="once"):
        case.extend("NUMBER_OF_REQUESTS", by="handler-1", at=on_day(11))


def test_an_extension_without_a_known_reason_is_refused():
    with pytest.raises(Refused, match="COMPLEXITY"):
        a_case().extend("BUSY", by="handler-1", at=on_day(10))


def test_a_receipt_after_today_is_refused():
    with pytest.raises(Refused, match="after today"):
        a_case(received=on_day(1))


@pytest.mark.parametrize("text", ["Ana Poisoned", "ana@poisoned.example", "", "poisoned\nline"])
def test_what_may_name_a_person_is_refused_and_not_repeated(text):
    case = a_case()
    subject = uuid4()
    attempts = (
        lambda: case.hold(text, by="security", at=LATER),
        lambda: case.hold("FRAUD", by=text, at=LATER),
        lambda: case.verify(Method.THREE_DATA_POINTS_AND_DECLARATION, by="h", at=LATER, declaration=text),
        lambda: Access(actor=text, kind="REPORT", subject=subject, reason="R", at=LATER),
        lambda: Access(actor="h", kind="REPORT", subject=subject, reason=text, at=LATER),
        lambda: Review(subject=subject, event_id=uuid4(), decided="SALE", reason=text, by="h", at=LATER),
        lambda: LinkDecision(
            subject=subject, other=uuid4(), decided="SAME_PERSON", reason="SHOWN", by=text, at=LATER
        ),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as caught:
            attempt()
        assert "oisoned" not in str(caught.value)


@given(st.permutations(["points", "account", "login", "declaration"]))
def test_the_level_does_not_depend_on_the_order_in_which_things_were_shown(order):
    case = a_case()
    for number, shown in enumerate(order):
        at = RECEIVED.astimezone(UTC) + timedelta(hours=number)
        match shown:
            case "points":
                case.verify(Method.TWO_DATA_POINTS, by="h", at=at)
            case "account":
                case.verify(Method.ACCOUNT, by="h", at=at)
            case "login":
                case.reauthenticate(by="h", at=at)
            case "declaration":
                case.verify(Method.THREE_DATA_POINTS_AND_DECLARATION, by="h", at=at, declaration="d")

    assert case.level is V2
