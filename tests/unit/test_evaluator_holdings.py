"""Does the evaluator know what is held, and whom a whole population's sharing reaches? (rulings.md 32, 33)"""

from typing import Any

from evaluator.handmade import (
    ANA,
    BUSINESS,
    COOKIE,
    VOUCHED,
    answer,
    collected,
    linked,
    population,
    reasons,
    shared,
)

Json = dict[str, Any]
FEBRUARY, MARCH, APRIL = "2026-02-01T00:00Z", "2026-03-01T00:00Z", "2026-04-01T00:00Z"
WROTE = collected("email_address", at=FEBRUARY)


def deleted(at: str = MARCH, **more: Any) -> Json:
    return {"event": "Deleted", "elements": ["email_address"], "occurred_at": at, "reason": "REQUEST", **more}


def held(*events: Json) -> str:
    state: str = answer(*events)["collected"]["PI_A_IDENTIFIERS"]["held"]
    return state


def test_a_deletion_clears_its_own_system_only() -> None:
    assert held(WROTE, deleted()) == "DELETED"
    assert held(WROTE, deleted(system="shop")) == "HELD"
    assert held(WROTE, deleted(), collected("email_address", at=APRIL)) == "HELD"


def test_a_routine_deletion_that_says_not_what_leaves_it_unknown() -> None:
    assert held(WROTE, deleted(reason="ROUTINE")) == "UNKNOWN"
    assert held(WROTE, deleted(reason="ROUTINE", collected_before=MARCH)) == "DELETED"
    assert held(WROTE, deleted(reason="ROUTINE", collected_before=FEBRUARY)) == "HELD"


def test_what_lies_under_the_persons_other_tokens_becomes_unknown() -> None:
    other = WROTE | {"subject": COOKIE}
    found = answer(other, deleted(), linked(ANA, COOKIE))
    assert found["collected"]["PI_A_IDENTIFIERS"]["held"] == "UNKNOWN"
    assert [piece for piece, *_ in found["pieces"]] == ["email_address"]
    apart = linked(ANA, COOKIE, until=MARCH)
    assert held(other, deleted(), apart) == "HELD"


def test_a_provider_that_did_not_acknowledge_may_hold_it_still() -> None:
    events = [WROTE, shared("pay", "BP5_SERVICES"), deleted()]
    assert held(*events) == "UNKNOWN"
    notice: Json = {
        "event": "RecipientNotified",
        "recipient": "pay",
        "about": "DELETION",
        "outcome": "ACKNOWLEDGED",
    }
    notice |= {"elements": ["email_address"], "occurred_at": APRIL, "subject": COOKIE}
    assert held(*events, notice, linked(ANA, COOKIE)) == "DELETED"


def synced(at: str = MARCH, **more: Any) -> Json:
    made = population("broker", "CP_DATA_MONETISATION", "email_address", "resume")
    return made | {"consideration": "MONEY", "occurred_at": at} | more


def test_a_population_reaches_whoever_is_held_in_its_system_then() -> None:
    found = answer(WROTE, synced())
    assert set(found["sold_or_shared"]) == {"PI_A_IDENTIFIERS RCP_DATA_BROKER"}
    assert not reasons(found)
    assert not answer(WROTE, synced(system="shop"))["sold_or_shared"]
    assert not answer(WROTE, deleted(), synced())["sold_or_shared"]
    assert answer(WROTE, deleted(reason="ROUTINE"), synced())["sold_or_shared"]


def test_a_populations_dates_are_those_of_the_part_in_which_it_held_the_person() -> None:
    long = synced(at="2026-01-01T00:00Z", occurred_until=APRIL)
    line = answer(WROTE, deleted(), long)["sold_or_shared"]["PI_A_IDENTIFIERS RCP_DATA_BROKER"]
    assert (line["first"], line["last"]) == ("2026-02-01T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z")


def test_a_population_of_which_nobody_knows_who_was_in_it_is_a_gap() -> None:
    assert reasons(answer(WROTE, synced(system="shop"))) == {"HOLDING_UNKNOWN"}
    assert reasons(answer(WROTE, synced(at="2026-01-01T00:00Z"))) == {"HOLDING_UNKNOWN"}
    assert not reasons(answer(WROTE, synced(at=FEBRUARY)))
    assert not reasons(answer(WROTE, synced(system="shop", outcome="DENIED")))
    assert not reasons(answer(WROTE, synced(system="shop", actor="broker")))
    known = {"systems": {**BUSINESS["systems"], "shop": {"publishes": True, "holdings_known": VOUCHED}}}
    assert not reasons(answer(WROTE, synced(system="shop"), business=known))


TAPES = {
    "systems": {**BUSINESS["systems"], "shop": {"publishes": True, "no_search": {"record_types": "tapes"}}}
}


def test_a_system_that_need_not_be_searched_shows_no_pieces_and_is_told() -> None:
    found = answer(WROTE | {"system": "shop"}, business=TAPES)
    assert (found["pieces"], found["not_searched"]) == ([], {"tapes"})
    assert set(found["collected"]) == {"PI_A_IDENTIFIERS"}


def test_a_system_whose_data_anybody_used_commercially_is_searched() -> None:
    sold = shared("broker", "CP_DATA_MONETISATION", "MONEY", system="shop", subject=COOKIE)
    used = {"event": "Used", "occurred_at": MARCH, "elements": ["resume"], "purposes": ["BP6_ADS_NON_CROSS"]}
    for event in (sold, used | {"system": "shop"}):
        found = answer(WROTE | {"system": "shop"}, event, business=TAPES)
        assert ([piece for piece, *_ in found["pieces"]], found["not_searched"]) == (["email_address"], set())


def test_what_was_collected_earlier_and_is_held_still_is_told_apart() -> None:
    old = collected("resume", at="2024-05-01T00:00Z")
    assert answer(WROTE, old)["held_collected_earlier"] == ["resume"]
    assert answer(old, collected("resume", at=MARCH))["held_collected_earlier"] == []
    assert answer(old, blocks=("disclosed",))["held_collected_earlier"] == []
