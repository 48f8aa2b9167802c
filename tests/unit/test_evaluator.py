"""Does the evaluator itself read the law as the acceptance cases of law.md do? Worlds made by hand."""

from datetime import timedelta
from typing import Any

import pytest
from evaluator.handmade import LOGGED, RECEIVED, answer, collected, shared

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("received", "start", "end"),
    [
        (RECEIVED, "2025-06-15T07:00:00.000000Z", "2026-06-15T17:00:00.000000Z"),
        ("2028-02-29T12:00-08:00", "2027-02-28T08:00:00.000000Z", "2028-02-29T20:00:00.000000Z"),
        ("2026-03-01T05:30Z", "2025-02-28T08:00:00.000000Z", "2026-03-01T05:30:00.000000Z"),
        ("2026-05-04", "2025-05-04T07:00:00.000000Z", "2026-05-05T07:00:00.000000Z"),
    ],
)
def test_the_window_is_twelve_pacific_months(received: str, start: str, end: str) -> None:
    assert answer(received=received)["window"] == {"from": start, "to": end, "basis": "twelve_months"}


def test_the_first_instant_of_the_window_is_in_and_the_last_is_out() -> None:
    found = answer(
        collected("email_address", at="2025-06-15T07:00:00Z"),
        collected("order_history", at="2025-06-15T06:59:59.999Z"),
        collected("gps_point", at="2026-06-15T16:59:59.999Z"),
        collected("resume", at="2026-06-15T17:00:00Z"),
    )
    assert set(found["collected"]) == {"PI_A_IDENTIFIERS", "PI_G_GEOLOCATION"}


def test_old_data_that_is_disclosed_later_stands_among_the_disclosed_only() -> None:
    paid = shared("pay", "BP5_SERVICES", elements=["card_pan"])
    found = answer(collected("card_pan", at="2021-11-10T00:00Z"), paid)
    assert found["collected"] == {}
    assert set(found["disclosed"]) == {"PI_B_CUSTOMER_RECORDS RCP_PAYMENT"}
    assert found["held_collected_earlier"] == ["card_pan"]


def test_a_resent_event_is_counted_once() -> None:
    event = collected("email_address", event_id="one")
    assert answer(event, event, event)["collected"]["PI_A_IDENTIFIERS"]["events"] == 1


def test_other_content_under_a_known_id_is_parked() -> None:
    event = collected("email_address", event_id="one")
    found = answer(event, event | {"count": 2})
    assert found["collected"]["PI_A_IDENTIFIERS"]["occurrences"] == 1
    assert {gap[0] for gap in found["gaps"]} == {"PARKED"}


def test_no_negative_is_said_where_the_log_begins_inside_the_window() -> None:
    found = answer(collected("email_address"), covers_from="2025-10-01T00:00Z")
    assert found["statements"]["sold_or_shared"] == "COVERAGE_INCOMPLETE"
    assert answer(collected("email_address"))["statements"]["sold_or_shared"] == "NONE"


SOLD, DISCLOSED, THIRD = "sold_or_shared", "disclosed", "third_parties"


@pytest.mark.parametrize(
    ("event", "stands_in", "kinds"),
    [
        (shared("pay", "BP5_SERVICES"), {DISCLOSED}, {"BP_SERVICE_PROVIDER"}),
        (shared("broker", "CP_DATA_MONETISATION", "MONEY"), {SOLD, THIRD}, {"SALE"}),
        (shared("ads", "PUR_CROSS_CONTEXT_ADS"), {SOLD, THIRD}, {"SHARE"}),
        (shared("broker", "CP_MARKETING_OWN", "OTHER_VALUE"), {SOLD, THIRD}, {"SALE"}),
        (shared("ga", "BP5_SERVICES"), {DISCLOSED}, {"BP_SERVICE_PROVIDER"}),
        (
            shared("ga", "BP5_SERVICES", occurred_at="2026-01-01T08:00Z"),
            {SOLD, DISCLOSED, THIRD},
            {"SALE"},
        ),
        (shared("sub", "BP5_SERVICES"), set(), set()),
        (shared("aff", "CP_MARKETING_OWN"), {DISCLOSED, THIRD}, {"BP_THIRD_PARTY"}),
        (
            shared("broker", "CP_MARKETING_OWN", occasion="CONSUMER_DIRECTED", claim_evidence="x"),
            {THIRD},
            {"CONSUMER_DIRECTED"},
        ),
        (shared("broker", "CP_MARKETING_OWN", occasion="SWITCHING", claim_evidence="x"), set(), set()),
        (shared("buyer", "CP_MARKETING_OWN", occasion="MERGER", claim_evidence="x"), {THIRD}, {"MERGER"}),
        (
            shared("sheriff", "PUR_LEGAL_COMPLIANCE", occasion="LEGAL_PROCESS", legal_document="x"),
            {THIRD},
            {"LEGAL_OR_GOV"},
        ),
        (shared("broker", "CP_MARKETING_OWN", "UNKNOWN"), {SOLD, THIRD}, {"SALE"}),
        (shared("broker", "CP_MARKETING_OWN", "MONEY", outcome="DENIED"), set(), set()),
    ],
)
def test_a_sharing_stands_where_the_law_puts_it(event: Json, stands_in: set[str], kinds: set[str]) -> None:
    found = answer(collected("email_address"), event)
    assert {block for block in (SOLD, DISCLOSED, THIRD) if found[block]} == stands_in
    assert {kind for block in stands_in for line in found[block].values() for kind in line["kinds"]} == kinds


@pytest.mark.parametrize(
    ("element", "categories", "sensitive", "piece"),
    [
        ("ssn", {"PI_A_IDENTIFIERS", "PI_B_CUSTOMER_RECORDS"}, ["SPI_GOV_ID"], (False, "WH_SSN")),
        (
            "driver_license_no",
            {"PI_A_IDENTIFIERS", "PI_B_CUSTOMER_RECORDS"},
            ["SPI_GOV_ID"],
            (False, "WH_GOV_ID"),
        ),
        ("card_pan", {"PI_B_CUSTOMER_RECORDS"}, [], (False, "WH_FIN_ACCOUNT")),
        ("biometric_template", {"PI_E_BIOMETRIC"}, ["SPI_BIOMETRIC_ID"], (False, "WH_BIOMETRIC")),
        ("security_qa", {"PI_A_IDENTIFIERS"}, ["SPI_ACCOUNT_ACCESS"], (False, "WH_SECURITY_QA")),
        ("risk_score", {"PI_K_INFERENCE"}, [], (True, None)),
    ],
)
def test_an_element_is_categorised_and_withheld(
    element: str, categories: set[str], sensitive: list[str], piece: tuple[bool, str | None]
) -> None:
    found = answer(collected(element))
    assert set(found["collected"]) == categories
    assert all(line["sensitive"] == sensitive for line in found["collected"].values())
    assert found["pieces"] == [(element, *piece)]


def test_a_card_number_beside_its_code_is_sensitive() -> None:
    found = answer(collected("card_pan"), collected("card_security_code"))
    assert found["collected"]["PI_B_CUSTOMER_RECORDS"]["sensitive"] == ["SPI_ACCOUNT_ACCESS"]


def test_a_deletion_on_request_leaves_the_lines_and_takes_the_pieces() -> None:
    deletion = {"event": "Deleted", "elements": ["email_address"], "occurred_at": "2026-03-01T00:00Z"}
    asked = answer(collected("email_address"), deletion | {"reason": "REQUEST"})
    assert (asked["collected"]["PI_A_IDENTIFIERS"]["held"], asked["pieces"]) == ("DELETED", [])
    routine = answer(collected("email_address"), deletion)
    assert routine["collected"]["PI_A_IDENTIFIERS"]["held"] == "UNKNOWN"


def test_an_event_from_the_future_is_parked_until_it_comes_again() -> None:
    late = (LOGGED + timedelta(minutes=6)).isoformat()
    found = answer(collected("email_address", at=late))
    assert {gap[0] for gap in found["gaps"]} == {"PARKED", "NO_MATCH"}
