"""What is decided about refused records, and what came of reconciliations: kept alike in both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from test_desk import another, desk, installation, postgres  # noqa: F401 (the fixtures of both databases)

from lineage.desk.desk import Desk
from lineage.desk.operating import Reconciliation
from lineage.desk.parked import DISCARDED, RELEASED, ParkedDecision
from lineage.desk.records import Review
from lineage.errors import Refused
from lineage.projection.limits import Acceptance
from lineage.report.state import Discarded

NOW = datetime(2026, 6, 20, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERE, THERE = (0, 17, NOW - 5 * HOUR), (3, 2**40, NOW - 4 * HOUR)


def decision(decided: str, *places: tuple[int, int, datetime], as_of: datetime = NOW) -> ParkedDecision:
    return ParkedDecision(
        places=places, decided=decided, as_of=as_of, reason="LOOKED_AT", by="clerk-7", at=NOW
    )


def test_of_a_refused_record_the_latest_decision_holds_up_to_each_position(
    desk: Desk,  # noqa: F811
    another: Desk,  # noqa: F811
) -> None:
    desk.decide(decision(DISCARDED, HERE, THERE, as_of=NOW - 2 * HOUR))
    desk.decide(decision(RELEASED, HERE))
    other = Review(subject=uuid4(), event_id=uuid4(), decided="SALE", reason="CONTRACT", by="clerk-7", at=NOW)
    desk.decide(other)
    desk.decide(decision(DISCARDED, HERE))

    here, there = Discarded(*HERE, NOW), Discarded(*THERE, NOW - 2 * HOUR)
    assert [set(another.discarded(until)) for until in (0, 1, 2, 3, None)] == [
        set(),
        {Discarded(*HERE, NOW - 2 * HOUR), there},
        {there},
        {there},
        {here, there},
    ]
    assert another.positions() == {"desk": 4}
    assert another.decisions()[2] == other
    assert another.decisions(1) == [decision(DISCARDED, HERE, THERE, as_of=NOW - 2 * HOUR)]


@pytest.mark.parametrize("wrong", [{"decided": "FORGOTTEN"}, {"reason": "Ana asked"}, {"by": "Ana Lopez"}])
def test_a_decision_that_does_not_exist_or_names_somebody_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        replace(decision(RELEASED, HERE), **wrong)
    assert "Ana" not in str(refused.value)


def test_what_was_accepted_is_found_again(desk: Desk, another: Desk) -> None:  # noqa: F811
    one, two = Acceptance(500, {0: (10, 99), 3: (0, 2**40)}), Acceptance(1, {1: (0, 0)})
    for each in (one, two):
        desk.accept_parked(each, reason="OLD_APP", by="clerk-7", at=NOW)

    assert another.accepted_parked() == [one, two]
    assert another.positions() == {"desk": 0}, "it changes no answer"


def test_of_each_system_the_latest_reconciliation_is_shown(desk: Desk, another: Desk) -> None:  # noqa: F811
    made = Reconciliation(
        system="shop",
        events=("Collected",),
        query="ab" * 32,
        since=None,
        until=date(2026, 6, 20),
        days=30,
        days_differing=2,
        at_source=500,
        in_log=497,
        as_of=NOW,
        by="clerk-7",
        at=NOW,
    )
    later = replace(made, since=date(2026, 6, 1), days_differing=0, at=NOW + HOUR)
    for each in (made, replace(made, system="attic"), later):
        desk.reconcile(each)

    assert another.reconciled() == {"shop": later, "attic": replace(made, system="attic")}
    assert another.positions() == {"desk": 0}
