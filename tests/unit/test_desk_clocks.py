"""By when? (law.md A.9, D.7)"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.desk.clocks import calendars_of, deadlines
from lineage.errors import Refused
from lineage.policy import load
from lineage.resources import folder

PACIFIC = "America/Los_Angeles"
RECEIVED = datetime.fromisoformat("2026-06-15T10:00-07:00")


def test_d01_every_date_of_a_request_received_on_a_monday():
    found = deadlines(RECEIVED, PACIFIC, calendars_of())

    assert found.received_on == date(2026, 6, 15)
    assert (found.acknowledge, found.acknowledge_office) == (date(2026, 6, 26), date(2026, 6, 29))
    assert (found.target, found.due) == (date(2026, 7, 29), date(2026, 7, 30))
    assert (found.extended_due, found.outer_extended_due) == (date(2026, 9, 13), date(2026, 9, 14))


def test_the_day_of_receipt_is_that_of_the_business():
    # Half past nine in the evening of 28 February in Los Angeles.
    found = deadlines(datetime.fromisoformat("2026-03-01T05:30Z"), PACIFIC, calendars_of())

    assert found.received_on == date(2026, 2, 28)


def test_a_bare_day_and_an_instant_of_that_day_have_the_same_dates():
    assert deadlines(RECEIVED.date(), PACIFIC, calendars_of()) == deadlines(RECEIVED, PACIFIC, calendars_of())


def test_the_calendars_of_the_policy_go_before_the_shipped_ones():
    declared = load(folder("examples") / "prontotrak").business.calendars
    every_day = {"CAL_STRICT": {"days": ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]}}

    assert deadlines(RECEIVED, PACIFIC, calendars_of(declared)).acknowledge == date(2026, 6, 26)
    assert deadlines(RECEIVED, PACIFIC, calendars_of(every_day)).acknowledge == date(2026, 6, 25)
    versions = {calendars_of(each).version for each in (None, declared, every_day)}
    assert len(versions) == 3


@pytest.mark.parametrize(
    "wrong", [{}, {"days": []}, {"days": ["FUNDAY"]}, {"days": ["MON"], "closed": ["soon"]}]
)
def test_a_calendar_without_days_is_refused_by_name(wrong):
    with pytest.raises(Refused, match="CAL_STRICT"):
        calendars_of({"CAL_STRICT": wrong})


@given(st.dates(date(2022, 1, 1), date(2032, 1, 1)))
def test_alarms_are_never_later_than_any_other_reading(day):
    found = deadlines(day, PACIFIC, calendars_of())

    assert found.acknowledge <= found.acknowledge_office
    assert found.target < found.due <= found.outer_due < found.extended_due <= found.outer_extended_due
    assert found.due - day == timedelta(days=45)
    assert calendars_of().office.counts(found.outer_due)
