"""What was in force at an instant, at the very edges of days and clocks?"""

from datetime import UTC, datetime, timedelta

import pytest

from lineage.policy import parse
from lineage.policy.dated import boundary

MICROSECOND = timedelta(microseconds=1)


def contract_of(span: str, zone: str = "America/Los_Angeles"):
    policy = parse(
        {
            "business.yaml": f"name: X\ntime_zone: {zone}\n",
            "parties.yaml": f"recipients:\n  R:\n    contracts:\n      - {{kind: R7051, {span}}}\n",
        }
    )
    return policy.parties.recipients["R"].contracts[0].span


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("America/Los_Angeles", "2026-01-01", "2026-01-01T08:00:00+00:00"),
        ("America/Los_Angeles", "2026-06-15", "2026-06-15T07:00:00+00:00"),
        ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00+00:00"),  # clocks go forward that day
        ("America/Los_Angeles", "2026-03-09", "2026-03-09T07:00:00+00:00"),
        ("America/Los_Angeles", "2025-11-02", "2025-11-02T07:00:00+00:00"),  # clocks go back that day
        ("America/Los_Angeles", "2025-11-03", "2025-11-03T08:00:00+00:00"),
        ("UTC", "2026-01-01", "2026-01-01T00:00:00+00:00"),
        ("America/Havana", "2025-03-09", "2025-03-09T05:00:00+00:00"),  # midnight is skipped
        ("America/Los_Angeles", "2026-01-01T00:00-05:00", "2026-01-01T05:00:00+00:00"),
        ("America/Los_Angeles", "2026-01-01 00:00:00.5 +01", "2025-12-31T23:00:00.500000+00:00"),
        ("America/Los_Angeles", "2026-01-01t00:00:00z", "2026-01-01T00:00:00+00:00"),
        ("America/Los_Angeles", "'2026-01-01'", "2026-01-01T08:00:00+00:00"),
    ],
)
def test_a_date_is_midnight_where_the_business_is(zone: str, day: str, instant: str) -> None:
    assert contract_of(f"from: {day}", zone).since == datetime.fromisoformat(instant)


def test_a_contract_to_the_end_of_the_year_holds_through_its_last_microsecond_and_no_longer() -> None:
    span = contract_of("from: 2025-01-01, until: 2026-01-01")
    start, end = datetime(2025, 1, 1, 8, tzinfo=UTC), datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert [span.holds(each) for each in (start - MICROSECOND, start, end - MICROSECOND, end)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("text", ["2026-1-1", "20260101", "2026-W01-1", "soon", "2026-01-01T25:00Z"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"needs|no instant"):
        boundary(text, UTC)


def test_a_gap_between_dated_values_has_none() -> None:
    policy = parse(
        {
            "business.yaml": "name: X\ntime_zone: UTC\n",
            "purposes.yaml": "purposes:\n  P:\n    statutory:\n"
            "      - {from: 2025-06-01, value: [BP6_ADS_NON_CROSS, PUR_CROSS_CONTEXT_ADS]}\n"
            "      - {until: 2025-01-01, value: [BP6_ADS_NON_CROSS]}\n",
        }
    )
    dated = policy.purposes["P"].statutory
    assert dated.at(datetime(2024, 12, 31, tzinfo=UTC)) == ("BP6_ADS_NON_CROSS",)
    assert dated.at(datetime(2025, 1, 1, tzinfo=UTC)) is None
    assert dated.at(datetime(2025, 6, 1, tzinfo=UTC)) == ("BP6_ADS_NON_CROSS", "PUR_CROSS_CONTEXT_ADS")
