"""law D.6: how sure must one be of whoever asks, and what do they then get?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from business import RQ, Business

from lineage.desk.case import Case
from lineage.desk.clocks import calendars_of
from lineage.desk.opening import open_desk
from lineage.desk.proof import AUTHORITY, Method, RequestedBy
from lineage.errors import Refused
from lineage.events import AgeBand, SubjectDescribed
from lineage.report import Audience, Request, Verification
from lineage.report.gate import released
from lineage.report.request import CATEGORY_BLOCKS
from lineage.settings import Settings

RECEIVED = datetime.fromisoformat(RQ)
LATER = RECEIVED + timedelta(days=2)
V0, V1, V2, ACCOUNT = Verification


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A business that knows the address of a child of ten."""
    made = Business(tmp_path_factory.mktemp("business"))
    made.tells(SubjectDescribed, "2025-07-01T12:00Z", age_band=AgeBand.UNDER_13)
    made.collects("email_address", "2026-01-10T12:00Z", purposes=("service",))
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(business: Business) -> dict[str, Any]:
    """The handler's copy of the answer."""
    return business.answer()


def a_case(
    business: Business, *blocks: str, requested_by: RequestedBy = RequestedBy.SELF, via: str = "FORM"
) -> Case:
    asked = {"blocks": blocks} if blocks else {}
    return Case.open(
        Request(subject=business.subject, received=RECEIVED, **asked),
        via=via,
        requested_by=requested_by,
        time_zone="America/Los_Angeles",
        calendars=calendars_of(),
        by="handler-1",
        at=RECEIVED,
    )


def copy(case: Case, whole: dict[str, Any]) -> dict[str, Any]:
    """What would go to whoever asks."""
    level, because = case.level, case.standing.ground
    return released(whole, level, case.request.blocks, Audience.PERSON, str(case.id), because=because)


def status(copy: dict[str, Any]) -> set[str]:
    return {copy["block_status"][block] for block in (*CATEGORY_BLOCKS, "pieces")}


def codes(copy: dict[str, Any]) -> set[str]:
    return {each["code"] for each in copy["denials"]}


def by_declaration(case: Case, at: datetime = LATER) -> None:
    case.verify(Method.THREE_DATA_POINTS_AND_DECLARATION, by="handler-1", at=at, declaration="vault/17")


def test_v01_three_matches_and_a_declaration_release_the_pieces(
    business: Business, whole: dict[str, Any]
) -> None:
    case = a_case(business)
    with pytest.raises(Refused, match="declaration"):
        case.verify(Method.THREE_DATA_POINTS_AND_DECLARATION, by="handler-1", at=LATER)
    by_declaration(case)

    answer = copy(case, whole)

    assert (case.level, case.standing.lacks) == (V2, None)
    assert status(answer) == {"answered"}
    assert [item["element"] for item in answer["pieces"]["items"]] == ["email_address"]
    assert answer["for_release"]


def test_v01_the_case_keeps_where_the_declaration_is_and_nothing_is_ever_taken_out_of_it(
    business: Business, tmp_path: Path
) -> None:
    case = a_case(business)
    by_declaration(case)
    with open_desk(Settings(home=tmp_path)) as desk:
        desk.open_case(case)

        kept = [each for each in desk.repository.event_store.get(case.id) if hasattr(each, "declaration")]

    assert [each.declaration for each in kept] == ["vault/17"]


def test_v03_one_match_releases_neither_pieces_nor_categories_and_points_at_the_policy(
    business: Business, whole: dict[str, Any]
) -> None:
    case = a_case(business, "pieces")

    answer = copy(case, whole)

    assert status(answer) == {"denied"}
    assert codes(answer) == {"DN_UNVERIFIED"}
    assert all("privacy policy" in each["statement"] for each in answer["denials"])
    assert answer["collected"] == answer["pieces"]["items"] == []


def test_v04_an_account_counts_only_when_its_holder_has_logged_in_anew(
    business: Business, whole: dict[str, Any]
) -> None:
    case = a_case(business)
    case.verify(Method.ACCOUNT, by="portal", at=RECEIVED)
    assert (case.level, case.standing.lacks) == (V0, "REAUTHENTICATION")
    assert status(copy(case, whole)) == {"denied"}

    with pytest.raises(Refused, match="older than the request"):
        case.reauthenticate(by="portal", at=RECEIVED - timedelta(days=3))
    assert case.level is V0

    case.reauthenticate(by="portal", at=LATER)
    assert (case.level, case.standing.lacks) == (ACCOUNT, None)
    assert status(copy(case, whole)) == {"answered"}


def test_v05_a_suspected_takeover_holds_the_case_offers_the_other_way_and_stops_no_clock(
    business: Business, whole: dict[str, Any]
) -> None:
    case = a_case(business)
    case.verify(Method.ACCOUNT, by="portal", at=RECEIVED)
    case.reauthenticate(by="portal", at=LATER)
    due = case.due
    case.hold("ACCOUNT_TAKEOVER", by="security", at=LATER)
    assert (case.level, case.standing.lacks, case.due) == (V0, "V2_HIGH", due)
    assert codes(copy(case, whole)) == {"DN_FRAUD_SUSPECTED"}
    assert all(
        "verify your identity in another way" in each["statement"] for each in copy(case, whole)["denials"]
    )

    case.reauthenticate(by="portal", at=RECEIVED + timedelta(days=3))
    case.verify(Method.TWO_DATA_POINTS, by="handler-1", at=RECEIVED + timedelta(days=3))
    assert case.level is V0

    by_declaration(case, RECEIVED + timedelta(days=4))
    assert (case.level, case.standing.lacks, case.due) == (V2, None, due)
    assert status(copy(case, whole)) == {"answered"}
    with pytest.raises(Refused, match="held already"):
        case.hold("AGAIN", by="security", at=RECEIVED + timedelta(days=5))


def test_v09_a_signed_permission_is_enough_for_an_agent_and_no_registration_is_asked(
    business: Business, whole: dict[str, Any]
) -> None:
    case = a_case(business, requested_by=RequestedBy.AGENT, via="AGENT")
    case.verify(Method.TWO_DATA_POINTS, by="handler-1", at=LATER)
    assert (case.level, case.standing.lacks) == (V0, "AUTHORITY")
    assert codes(copy(case, whole)) == {"DN_AGENT_NO_PROOF"}

    case.show_authority("SIGNED_PERMISSION", document="vault/18", by="handler-1", at=LATER)
    assert case.level is V1
    assert copy(case, whole)["collected"]
    assert not any("REGIST" in kind for kind in AUTHORITY[RequestedBy.AGENT])


def test_v10_a_power_of_attorney_is_all_the_proof_of_permission_that_is_asked(
    business: Business, whole: dict[str, Any]
) -> None:
    case = a_case(business, requested_by=RequestedBy.AGENT, via="AGENT")
    case.show_authority("POWER_OF_ATTORNEY", document="vault/19", by="handler-1", at=LATER)
    by_declaration(case)

    assert (case.level, case.standing.lacks) == (V2, None)
    assert status(copy(case, whole)) == {"answered"}


def test_v11_a_parent_of_a_child_of_ten_needs_a_method_of_showing_parenthood(
    business: Business, whole: dict[str, Any]
) -> None:
    case = a_case(business, requested_by=RequestedBy.PARENT)
    case.verify(Method.TWO_DATA_POINTS, by="handler-1", at=LATER)
    assert (case.level, case.standing.lacks) == (V0, "AUTHORITY")
    assert status(copy(case, whole)) == {"denied"}
    with pytest.raises(Refused, match="VIDEO_CALL"):
        case.show_authority("SIGNED_PERMISSION", document="vault/21", by="handler-1", at=LATER)

    case.show_authority("VIDEO_CALL", document="vault/21", by="handler-1", at=LATER)
    assert case.level is V1
    [line] = copy(case, whole)["collected"]
    assert "SPI_UNDER16" in {each["id"] for each in line["sensitive"]}
