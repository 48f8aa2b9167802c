"""May this be sold or shared? What services are told, by what people chose."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from choosing import DAY, NOON, Shop, somebody

from lineage.choices import Reason
from lineage.choices.permission import ALLOWS, EXPLAINED
from lineage.choices.said import ALLOWING, Word
from lineage.events import (
    AgeBand,
    Choice,
    ChoiceMade,
    Consideration,
    ErasureMode,
    EventRetracted,
    MadeBy,
    Occasion,
    Outcome,
    Relation,
    Shared,
    SubjectDescribed,
    SubjectErased,
    SubjectsUnlinked,
    Via,
)
from lineage.identity import Verdict
from lineage.report.state import Discarded

POISON = "ana.poisoned@example.com"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One shop for all: each test is about people of its own."""
    found = Shop(tmp_path_factory.mktemp("shop"))
    yield found
    found.close()


@pytest.fixture
def new_shop(tmp_path: Path) -> Iterator[Shop]:
    found = Shop(tmp_path)
    yield found
    found.close()


# What the law calls it


def test_nobody_who_chose_nothing_is_in_the_way(shop: Shop) -> None:
    sale, payment = (shop.may(each, somebody()) for each in ("sell_segment", "payment"))

    assert (sale.allowed, sale.reason, sale.kinds) == (True, Reason.NO_OPT_OUT, ("SALE",))
    assert (payment.allowed, payment.reason, payment.kinds) == (
        True,
        Reason.NO_SALE,
        ("BP_SERVICE_PROVIDER",),
    )
    assert sale.as_of == shop.clock.now


def test_an_opt_out_forbids_sale_and_sharing_and_nothing_else(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.OPT_OUT)

    assert shop.may("sell_segment", person).reason is Reason.OPTED_OUT
    assert shop.may("show_ads", person).reason is Reason.OPTED_OUT
    assert shop.may("payment", person).reason is Reason.NO_SALE
    assert shop.may("tell_partner", person).kinds == ("BP_THIRD_PARTY",)
    assert not shop.may("sell_segment", person)
    assert shop.may("tell_partner", person)


def test_a_signal_of_this_request_goes_before_all_that_is_stored(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.OPT_IN, steps=2)

    assert shop.may("show_ads", person).allowed
    assert shop.may("show_ads", person, signal=True).reason is Reason.SIGNAL
    assert shop.may("payment", person, signal=True).allowed


def test_what_no_contract_covers_is_not_sold_even_when_nobody_objects(shop: Shop) -> None:
    assert shop.may("sell_to_stranger", somebody()).reason is Reason.NO_CONTRACT
    unplaced = shop.may("payment", somebody(), recipient="stranger")
    assert (unplaced.reason, unplaced.kinds) == (Reason.NO_CONTRACT, ("UNCLASSIFIED",))


def test_a_contract_that_has_ended_permits_nothing_more(new_shop: Shop) -> None:
    person = somebody()
    assert new_shop.may("sell_segment", person).allowed
    new_shop.clock.now = NOON.replace(year=2027)
    new_shop.exports()
    assert new_shop.may("sell_segment", person).reason is Reason.NO_CONTRACT


def test_what_a_customer_instructs_is_the_customers_to_decide(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.OPT_OUT)
    shop.exports()

    def asked(**given: object) -> Reason:
        return shop.web.may_share("sell_segment", subject=person, **given).reason

    assert asked(on_behalf_of="county") is Reason.FOR_CUSTOMER
    assert asked(on_behalf_of="county", purposes=["follow"]) is Reason.OPTED_OUT
    assert asked(exemption="HIPAA_PHI", claim_evidence="doc:1") is Reason.EXEMPT
    assert asked(exemption="HIPAA_PHI") is Reason.OPTED_OUT
    assert asked(actor="stranger") is Reason.NOT_OURS
    assert asked(occasion="LEGAL_PROCESS", legal_document="doc:2", consideration="NONE") is Reason.NO_SALE
    assert asked(occasion="OPT_OUT_SIGNAL") is Reason.OPTED_OUT
    assert asked(occasion="CONSUMER_DIRECTED") is Reason.OPTED_OUT


def test_an_opt_out_may_be_told_to_those_it_concerns(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.OPT_OUT)
    signal = Shared(
        subject=person,
        elements=("cookie_id",),
        recipient="ad_network",
        purposes=("follow",),
        consideration=Consideration.NONE,
        occasion=Occasion.OPT_OUT_SIGNAL,
        claim_evidence="doc:1",
        system="web_shop",
    )
    shop.exports()

    told = shop.web.may_share(signal)
    assert (told.reason, told.kinds) == (Reason.NO_SALE, ("OPT_OUT_SIGNAL",))
    of_a_friend = replace(signal, subject=somebody())
    assert shop.web.may_share(of_a_friend, signal=True).reason is Reason.SIGNAL
    shop.links(person, of_a_friend.subject, verified=False)
    shop.exports()
    assert shop.web.may_share(of_a_friend).reason is Reason.OPTED_OUT


# What people chose


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ({"steps": 2}, True),
        ({}, False),
        ({"steps": 2, "via": Via.GPC}, False),
        ({"steps": 2, "made_by": MadeBy.AGENT}, False),
        ({"steps": 2, "made_by": MadeBy.PARENT, "method": "SIGNED_FORM"}, False),
        ({"steps": 2, "purposes": ("earn",)}, True),
        ({"steps": 2, "purposes": ("follow",)}, False),
        ({"steps": 2, "effective_at": NOON + 365 * DAY}, False),
    ],
    ids=[
        "two steps",
        "one click",
        "a signal",
        "an agent",
        "a parent",
        "for this",
        "for something else",
        "not yet",
    ],
)
def test_an_opt_in_counts_in_two_steps_by_the_person_for_this_purpose(
    shop: Shop, given: dict[str, object], counts: bool
) -> None:
    person = somebody()
    shop.chooses(person, Choice.OPT_OUT)
    shop.chooses(person, Choice.OPT_IN, **given)

    assert shop.may("sell_segment", person).reason is (Reason.OPTED_IN if counts else Reason.OPTED_OUT)


def test_the_last_word_counts(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.OPT_IN, steps=2)
    shop.chooses(person, Choice.OPT_IN_REFUSED)

    assert shop.may("sell_segment", person).reason is Reason.OPTED_OUT


MINE = {"steps": 2}
PARENTS = {"made_by": MadeBy.PARENT, "method": "SIGNED_FORM"}


@pytest.mark.parametrize(
    ("band", "opts_in", "reason"),
    [
        (AgeBand.UNDER_13, None, Reason.MINOR),
        (AgeBand.UNDER_13, MINE, Reason.MINOR),
        (AgeBand.UNDER_13, {"made_by": MadeBy.PARENT}, Reason.MINOR),
        (AgeBand.UNDER_13, PARENTS, Reason.OPTED_IN),
        (AgeBand.FROM_13_TO_15, None, Reason.MINOR),
        (AgeBand.FROM_13_TO_15, PARENTS, Reason.MINOR),
        (AgeBand.FROM_13_TO_15, MINE, Reason.OPTED_IN),
        (AgeBand.SIXTEEN_OR_OVER, None, Reason.NO_OPT_OUT),
    ],
)
def test_of_minors_nothing_is_sold_without_a_valid_opt_in(
    shop: Shop, band: AgeBand, opts_in: dict[str, object] | None, reason: Reason
) -> None:
    person = somebody()
    shop.tells(SubjectDescribed(subject=person, age_band=band, system="web_shop"))
    if opts_in is not None:
        shop.chooses(person, Choice.OPT_IN, **opts_in)

    assert shop.may("sell_segment", person).reason is reason
    assert shop.may("payment", person).allowed


def test_what_a_child_or_its_parent_chose_ends_with_the_thirteenth_year(new_shop: Shop) -> None:
    person = somebody()
    new_shop.tells(
        SubjectDescribed(subject=person, age_band=AgeBand.UNDER_13, band_until="2026-07", system="web_shop")
    )
    new_shop.chooses(person, Choice.OPT_IN, **PARENTS)
    new_shop.chooses(person, Choice.OPT_IN, **MINE)
    assert new_shop.may("sell_segment", person).reason is Reason.OPTED_IN
    new_shop.clock.now += 70 * DAY
    new_shop.exports()
    assert new_shop.may("sell_segment", person).reason is Reason.MINOR
    new_shop.chooses(person, Choice.OPT_IN, **MINE)
    assert new_shop.may("sell_segment", person).reason is Reason.OPTED_IN
    new_shop.clock.now = NOON.replace(year=2029, month=8)
    new_shop.exports()
    assert new_shop.may("sell_segment", person, recipient="partner", purposes=["send_offers"]).allowed


def test_a_limit_leaves_what_the_service_needs(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.LIMIT_SENSITIVE)

    assert shop.may("track", person).reason is Reason.LIMITED
    assert shop.may("track_delivery", person).allowed
    assert shop.may("sell_segment", person).allowed
    shop.chooses(person, Choice.CONSENT_GIVEN, purposes=("know_habits",))
    assert shop.may("track", person).reason is Reason.LIMITED
    shop.chooses(person, Choice.CONSENT_GIVEN, purposes=("know_habits",), steps=2)
    assert shop.may("track", person).allowed


def test_what_is_sensitive_beside_something_else_is_taken_to_be(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.LIMIT_SENSITIVE)

    assert shop.may("payment", person, purposes=["know_habits"]).reason is Reason.LIMITED
    assert shop.may("payment", person).allowed


def test_consent_that_is_withdrawn_forbids_its_purpose(shop: Shop) -> None:
    person, another = somebody(), somebody()
    shop.chooses(person, Choice.CONSENT_WITHDRAWN, purposes=("know_habits",))
    shop.chooses(another, Choice.CONSENT_WITHDRAWN)

    assert shop.may("track", person).reason is Reason.CONSENT_WITHDRAWN
    assert shop.may("payment", person).allowed
    assert shop.may("tell_partner", another).reason is Reason.CONSENT_WITHDRAWN
    assert shop.may("payment", another).allowed
    shop.chooses(person, Choice.CONSENT_GIVEN, purposes=("know_habits",))
    assert shop.may("track", person).allowed


def test_who_wants_no_marketing_is_left_alone(shop: Shop) -> None:
    person = somebody()
    shop.chooses(person, Choice.MARKETING_OPT_OUT)

    assert shop.may("offers", person).reason is Reason.MARKETING_OPTED_OUT
    assert shop.may("sell_segment", person).allowed


def test_what_was_taken_back_forbids_nothing(shop: Shop) -> None:
    person = somebody()
    made = shop.chooses(person, Choice.OPT_OUT)
    assert not shop.may("sell_segment", person)
    shop.tells(EventRetracted(subject=person, retracts=made, reason="WRONG_SUBJECT", system="web_shop"))

    assert shop.may("sell_segment", person).allowed


def test_of_who_was_erased_nothing_is_sold_until_they_opt_in(shop: Shop) -> None:
    person, kept = somebody(), somebody()
    for each, mode in ((person, ErasureMode.TOMBSTONE), (kept, ErasureMode.VAULT)):
        shop.chooses(each, Choice.OPT_IN, steps=2)
        shop.tells(SubjectErased(subject=each, through=shop.clock.now, mode=mode, system="web_shop"))

    assert shop.may("sell_segment", person).reason is Reason.ERASED
    assert shop.may("payment", person).allowed
    assert shop.may("sell_segment", kept).allowed
    shop.chooses(person, Choice.OPT_IN, steps=2)
    assert shop.may("sell_segment", person).allowed


def test_a_record_that_cannot_be_read_may_be_an_opt_out(shop: Shop) -> None:
    person = somebody()
    shop.log.append(shop.token(person).bytes, b"\xc3\x01nobody reads this")
    shop.exports()
    assert shop.web.may_share("sell_segment", subject=person).reason is Reason.UNREAD

    store = shop.projected()
    with store.cursor() as reader:
        rows = "select log_partition, log_offset, recorded_at from parked_row"
        refused = [Discarded(*row, shop.clock.now) for row in reader.execute(rows).fetchall()]
    shop.exports(discarded=refused)
    assert shop.web.may_share("sell_segment", subject=person).allowed


# Whom it binds


def test_what_is_said_to_be_the_same_person_is_bound_verified_or_not(shop: Shop) -> None:
    account, cookie, mail = somebody(), somebody("cookie"), somebody("email")
    shop.links(account, cookie)
    shop.links(account, f"{mail}@example.com", verified=False)
    shop.chooses(cookie, Choice.OPT_OUT, via=Via.GPC)

    assert {shop.may("show_ads", each).reason for each in (account, cookie, f"{mail}@example.com")} == {
        Reason.OPTED_OUT
    }


def test_a_device_binds_its_people_and_not_each_other(shop: Shop) -> None:
    ana, ben, device = somebody(), somebody(), somebody("device")
    shop.links(ana, device)
    shop.links(ben, device)
    shop.chooses(ana, Choice.OPT_OUT)

    assert shop.may("show_ads", device).reason is Reason.OPTED_OUT
    assert shop.may("show_ads", ben).allowed
    shop.chooses(device, Choice.OPT_OUT, via=Via.GPC)
    assert shop.may("show_ads", ben).reason is Reason.OPTED_OUT


def test_an_opt_in_allows_only_where_it_is_the_persons_for_certain(shop: Shop) -> None:
    account, cookie, declared = somebody(), somebody("cookie"), somebody("cookie")
    shop.links(account, cookie)
    shop.links(account, declared, verified=False)
    for each in (account, cookie, declared):
        shop.chooses(each, Choice.OPT_OUT)
    shop.chooses(cookie, Choice.OPT_IN, steps=2)

    assert shop.may("show_ads", cookie).reason is Reason.OPTED_IN
    assert shop.may("show_ads", account).reason is Reason.OPTED_IN
    assert shop.may("show_ads", declared).reason is Reason.OPTED_OUT


def test_who_was_unlinked_or_decided_to_be_somebody_else_is_free(shop: Shop) -> None:
    account, cookie, phone = somebody(), somebody("cookie"), somebody("cookie")
    shop.links(account, cookie)
    shop.links(account, phone)
    shop.chooses(account, Choice.OPT_OUT)
    assert not shop.may("show_ads", cookie)
    shop.tells(
        SubjectsUnlinked(subject=account, other=cookie, relation=Relation.SAME_PERSON, system="web_shop")
    )

    assert shop.may("show_ads", cookie).allowed
    pair = frozenset({shop.token(account), shop.token(phone)})
    shop.exports(decided={pair: Verdict.DIFFERENT_PEOPLE})
    assert shop.web.may_share("show_ads", subject=phone).allowed


# What is shared of everybody


def test_everybody_is_asked_for_one_by_one_once_somebody_objects(new_shop: Shop) -> None:
    sync, backup = "nightly_sync", "nightly_backup"
    assert new_shop.may(sync, None).allowed
    new_shop.chooses(somebody(), Choice.OPT_OUT)
    assert new_shop.may(sync, None).reason is Reason.EVERYBODY
    assert new_shop.may(backup, None).allowed
    new_shop.chooses(somebody(), Choice.CONSENT_WITHDRAWN, purposes=("take_payment",))
    assert new_shop.may(backup, None).reason is Reason.EVERYBODY


# How it answers


@pytest.mark.parametrize(
    "given",
    [
        {"sharing": "no_such_activity"},
        {"sharing": "sell_segment", "recipient": "nobody_knows"},
        {"sharing": "sell_segment", "recipient": POISON},
        {"sharing": "sell_segment", "elements": [POISON]},
        {"sharing": POISON},
        {"sharing": "sell_segment", "subject": POISON},
        {"sharing": "sell_segment", "subject": f"phone:{POISON}"},
        {"sharing": "sell_segment", "subject": None},
        {"sharing": "sell_segment", POISON: 1},
        {"sharing": "sell_segment", "consideration": POISON},
    ],
)
def test_what_the_policy_does_not_know_is_refused_in_words_that_name_nobody(
    shop: Shop, given: dict[str, object]
) -> None:
    shop.exports()
    told = shop.web.may_share(**{"subject": f"email:{POISON}", **given})  # type: ignore[arg-type]

    assert told.reason is Reason.NOT_IN_POLICY
    assert told.explanation
    assert "poisoned" not in repr(told)


def test_nothing_that_answers_shows_whom_it_is_about(shop: Shop) -> None:
    subject = f"email:{POISON}"
    shop.web.publish(ChoiceMade(subject=subject, choice=Choice.OPT_OUT, system="web_shop"))
    told = shop.may("sell_segment", subject)

    for each in (told, shop.web._permissions, shop.web._remembered, shop.web):
        assert "poisoned" not in repr(each)
        assert str(shop.token(subject)) not in repr(each)


def test_what_shares_nothing_is_not_asked_about(shop: Shop) -> None:
    assert shop.may("page_seen", somebody()).reason is Reason.NOT_A_SHARING
    assert shop.may("sell_segment", somebody(), outcome=Outcome.DENIED).reason is Reason.NOT_A_SHARING


def test_every_reason_is_explained_and_no_word_is_both() -> None:
    assert set(Reason) - set(EXPLAINED) == {Reason.NOT_IN_POLICY, Reason.NOT_TRUSTED}
    assert set(ALLOWS) <= set(EXPLAINED)
    assert set(Word) > ALLOWING
