"""Does the evaluator know whose events answer, and what may not be told? (rulings.md 14, 23 to 28, 35)"""

from typing import Any

import pytest
from evaluator.handmade import ANA, COOKIE, LOGGED, answer, collected, elements, linked, reasons, shared

Json = dict[str, Any]
SERVES = {"on_behalf_of": "county", "instruction": "i1"}
BEFORE, AFTER = "2025-12-01T00:00Z", "2026-02-01T00:00Z"
"""Before and after the county's purposes became ours to set."""


def test_what_a_customer_instructed_is_the_customers_answer() -> None:
    found = answer(collected("resume", at=BEFORE, **SERVES), collected("email_address", at=AFTER, **SERVES))
    assert (elements(found), found["exclusions"]) == ({"email_address"}, {"DN_SP_ROLE": 1})


@pytest.mark.parametrize(
    ("event", "ours"),
    [
        (collected("resume", at=BEFORE, on_behalf_of="county"), False),
        (collected("resume", at=BEFORE, **SERVES | {"instruction": "i2"}), True),
        (collected("resume", at=BEFORE, **SERVES, purposes=["BP5_SERVICES", "CP_MARKETING_OWN"]), True),
        (collected("resume", at=BEFORE, on_behalf_of="nobody"), False),
    ],
)
def test_an_instruction_covers_every_purpose_or_the_event_is_ours(event: Json, ours: bool) -> None:
    assert elements(answer(event)) == ({"resume"} if ours else set())


def test_an_instruction_covers_only_the_recipients_it_names() -> None:
    to = {"occurred_at": BEFORE, "on_behalf_of": "county"}
    assert not answer(shared("sheriff", "BP5_SERVICES", **to))["disclosed"]
    assert answer(shared("pay", "BP5_SERVICES", **to))["disclosed"]


def test_an_interval_is_the_customers_until_we_set_the_purposes() -> None:
    long = collected("resume", at=BEFORE, occurred_until=AFTER, on_behalf_of="county")
    line = answer(long)["collected"]["PI_I_EMPLOYMENT"]
    assert line["first"] == "2026-01-01T08:00:00.000000Z"


def test_a_customers_deletion_clears_nothing() -> None:
    deleted = {
        "event": "Deleted",
        "elements": ["resume"],
        "reason": "REQUEST",
        "occurred_at": "2025-12-02T00:00Z",
    }
    events = [collected("resume", at=BEFORE), deleted | {"on_behalf_of": "county"}]
    assert [piece for piece, *_ in answer(*events)["pieces"]] == ["resume"]
    assert answer(events[0], deleted)["pieces"] == []


def test_what_a_provider_did_for_us_is_ours_and_anybody_elses_doing_is_not() -> None:
    assert elements(answer(collected("resume", actor="pay"))) == {"resume"}
    assert elements(answer(collected("resume", actor="broker"))) == set()
    assert elements(answer(collected("resume", actor="ga", at="2026-02-01T00:00Z"))) == {"resume"}


def test_a_provider_whose_contract_lapsed_leaves_unreviewed_lines() -> None:
    onward = shared("broker", "CP_DATA_MONETISATION", "MONEY", actor="ga")
    late = onward | {"occurred_at": "2026-02-01T00:00Z"}
    assert [line["unreviewed"] for line in answer(onward)["sold_or_shared"].values()] == [False]
    assert [line["unreviewed"] for line in answer(late)["sold_or_shared"].values()] == [True]


def test_a_providers_own_providers_add_no_line() -> None:
    found = answer(shared("pay", "BP5_SERVICES", actor="ga"))
    assert (found["disclosed"], found["purposes"]) == ({}, {})
    ours = [collected("email_address"), shared("pay", "BP5_SERVICES", actor="ga")]
    deleted = {
        "event": "Deleted",
        "elements": ["email_address"],
        "reason": "REQUEST",
        "occurred_at": "2026-03-01T00:00Z",
    }
    assert answer(*ours, deleted)["collected"]["PI_A_IDENTIFIERS"]["held"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("exemption", "code"),
    [
        ("HIPAA_PHI", "DN_EXEMPT_HIPAA_PHI"),
        ("HOUSEHOLD", "DN_HOUSEHOLD"),
        ("NON_CONSUMER", "DN_NOT_CONSUMER"),
    ],
)
def test_only_a_proven_exemption_excludes(exemption: str, code: str) -> None:
    claimed = collected("resume", exemption=exemption)
    assert elements(answer(claimed)) == {"resume"}
    proven = answer(claimed | {"claim_evidence": "doc:1"})
    assert (elements(proven), proven["exclusions"]) == (set(), {code: 1})
    assert elements(answer(collected("resume", regimes=["HIPAA"], claim_evidence="doc:1"))) == {"resume"}


SUBPOENA = shared("sheriff", "BP5_SERVICES", occasion="LEGAL_PROCESS", legal_document="doc:1")


def hold(event: str = "HoldPlaced", **more: Any) -> Json:
    order = {"kind": "NONDISCLOSURE", "by": "sheriff", "document": "doc:2"}
    return {"event": event, "occurred_at": "2026-01-01T00:00Z"} | order | more


@pytest.mark.parametrize(
    ("orders", "hidden"),
    [
        ([], False),
        ([hold()], True),
        ([hold(by="pay")], False),
        ([hold(kind="LEGAL")], False),
        ([hold(until=LOGGED.isoformat())], False),
        ([hold(until="2026-12-31T00:00Z")], True),
        ([hold(elements=["resume"])], False),
        ([hold(subject=COOKIE), linked(ANA, COOKIE)], True),
        ([hold(), hold("HoldLifted", occurred_at="2026-02-01T00:00Z")], False),
        ([hold(), hold("HoldLifted", occurred_at="2026-02-01T00:00Z", document="doc:3")], True),
    ],
)
def test_an_order_of_silence_hides_a_disclosure_from_every_block(orders: list[Json], hidden: bool) -> None:
    found = answer(SUBPOENA, *orders)
    told = [bool(found[block]) for block in ("third_parties", "disclosed", "purposes")]
    assert (told, bool(found["under_order"])) == ([not hidden] * 3, hidden)


def test_an_order_hides_no_sale_and_ends_with_its_time() -> None:
    gag = {"undisclosed_until": "2026-12-31T00:00Z"}
    assert not answer(SUBPOENA | gag)["third_parties"]
    assert answer(SUBPOENA | {"undisclosed_until": "2026-06-30T00:00Z"})["third_parties"]
    assert answer(SUBPOENA | gag | {"consideration": "MONEY"})["sold_or_shared"]


@pytest.mark.parametrize(
    ("level", "blocks", "status"),
    [
        ("V0_NONE", ("collected",), {"collected": "denied", "pieces": "not_requested"}),
        ("V1_REASONABLE", ("collected",), {"collected": "answered", "sources": "not_requested"}),
        ("V1_REASONABLE", ("pieces",), {"pieces": "denied", "sources": "answered"}),
        ("V_ACCOUNT", ("pieces",), {"pieces": "answered", "sources": "not_requested"}),
    ],
)
def test_the_level_says_what_is_released_and_the_handler_sees_all_that_is_asked(
    level: str, blocks: tuple[str, ...], status: Json
) -> None:
    found = answer(collected("resume"), verification=level, blocks=blocks)
    assert {block: found["block_status"][block] for block in status} == status
    assert all(bool(found[block]) == (state != "not_requested") for block, state in status.items())
    denied = {("pieces", "DN_UNVERIFIED")} if status.get("pieces") == "denied" else set()
    assert level == "V0_NONE" or found["denials"] == denied


def test_a_word_that_the_policy_does_not_know_is_kept_and_a_gap() -> None:
    for event in (
        collected("horoscope"),
        collected("resume", source="nobody"),
        collected("resume", purposes=[]),
        shared("nobody", "BP5_SERVICES"),
        shared("pay", "whim"),
        collected("resume", on_behalf_of="nobody"),
    ):
        assert reasons(answer(event)) == {"UNKNOWN_WORD"}
        retracted = {"event": "EventRetracted", "retracts": "01", "occurred_at": "2026-06-01T00:00Z"}
        assert reasons(answer(event, retracted)) == {"UNKNOWN_WORD"}
    assert "UNMAPPED" in answer(collected("horoscope"))["collected"]
