"""law D.8: what is still told of data that was deleted?"""

from business import RQ, Business, at, categories, kinds, pairs
from worlds import a_subject

from lineage.events import (
    Deleted,
    DeletionReason,
    ErasureMode,
    NotifiedAbout,
    Operation,
    RecipientNotified,
    SubjectErased,
    Used,
)
from lineage.events import NotificationOutcome as Outcome


def test_del01_what_was_deleted_in_the_window_is_still_answered_and_no_longer_held(
    business: Business,
) -> None:
    business.collects("card_pan", "2025-12-01T12:00Z", purposes=("payment",))
    business.tells(Deleted, "2026-03-01T12:00Z", elements=("card_pan",), reason=DeletionReason.REQUEST)

    answer = business.answer()

    assert [(line["category"], line["held"]) for line in answer["collected"]] == [
        ("PI_B_CUSTOMER_RECORDS", "DELETED")
    ]
    assert answer["pieces"]["items"] == []


def test_del03_behind_a_vault_the_categories_are_answered_and_no_piece_is(business: Business) -> None:
    business.collects("card_pan", "2025-12-01T12:00Z", purposes=("payment",))
    business.shares("card_pan", "R_PAY", "payment", "2025-12-02T12:00Z")
    deleted = "2026-03-01T12:00Z"
    business.tells(SubjectErased, deleted, through=at(deleted), mode=ErasureMode.VAULT)
    business.tells(
        RecipientNotified,
        deleted,
        recipient="R_PAY",
        about=NotifiedAbout.DELETION,
        elements=("card_pan",),
        outcome=Outcome.ACKNOWLEDGED,
    )

    answer = business.answer()

    assert categories(answer) == {"B"}
    assert [line["held"] for line in answer["collected"]] == ["DELETED"]
    assert [line["category"] for line in answer["sources"]] == ["SRC_CONSUMER_DIRECT"]
    assert [line["purpose"] for line in answer["purposes"]] == ["payment"]
    assert pairs(answer, "disclosed") == {("B", "RCP_PAYMENT")}
    assert kinds(answer, "disclosed") == {"BP_SERVICE_PROVIDER"}
    assert answer["pieces"]["items"] == []
    assert answer["coverage"]["complete"]


def test_del03_what_was_collected_after_the_vault_closed_is_held_again(business: Business) -> None:
    business.collects("card_pan", "2025-12-01T12:00Z", purposes=("payment",))
    business.tells(
        SubjectErased, "2026-03-01T12:00Z", through=at("2026-03-01T12:00Z"), mode=ErasureMode.VAULT
    )
    business.collects("card_pan", "2026-04-01T12:00Z", purposes=("payment",))

    answer = business.answer()

    assert [line["held"] for line in answer["collected"]] == ["HELD"]
    assert [item["element"] for item in answer["pieces"]["items"]] == ["card_pan"]


def test_del03_what_is_still_being_collected_when_the_vault_closes_is_held(business: Business) -> None:
    business.collects("card_pan", "2025-12-01T12:00Z", purposes=("payment",), ongoing=True)
    business.tells(SubjectErased, "2026-06-01T12:00Z", through=at(RQ), mode=ErasureMode.VAULT)

    assert [line["held"] for line in business.answer()["collected"]] == ["HELD"]


def test_del03_what_was_begun_before_the_vault_closed_is_no_piece_whosever_it_was_then(
    business: Business,
) -> None:
    phone = a_subject()
    given = {"subject": phone, "namespace": "phone", "purposes": ("payment",)}
    business.collects("card_pan", "2025-12-01T12:00Z", occurred_until=at("2026-04-01T12:00Z"), **given)
    business.links(phone, "2026-03-01T12:00Z", namespace="phone", since=at("2026-03-01T12:00Z"))
    closed = {"through": at("2026-03-01T12:00Z"), "mode": ErasureMode.VAULT}
    business.tells(SubjectErased, "2026-03-01T12:00Z", subject=phone, namespace="phone", **closed)

    answer = business.answer()

    assert categories(answer) == {"B"}
    assert answer["pieces"]["items"] == []


def test_del03_what_is_put_back_after_the_vault_closed_is_a_piece_again(business: Business) -> None:
    business.collects("card_pan", "2025-12-01T12:00Z", purposes=("payment",))
    business.tells(
        SubjectErased, "2026-03-01T12:00Z", through=at("2026-03-01T12:00Z"), mode=ErasureMode.VAULT
    )
    business.tells(
        Used,
        "2026-04-01T12:00Z",
        elements=("card_pan",),
        purposes=("payment",),
        operation=Operation.RESTORED,
    )

    assert [item["element"] for item in business.answer()["pieces"]["items"]] == ["card_pan"]
