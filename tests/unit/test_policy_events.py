"""Which events does a policy let pass, and what does it fill in?"""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from lineage.errors import Refused
from lineage.events import (
    Accounting,
    Collected,
    Consideration,
    Deleted,
    EventRetracted,
    HipaaParticulars,
    HoldPlaced,
    NotifiedAbout,
    PopulationShared,
    ProducerReported,
    RecipientNotified,
    Shared,
    SubjectDescribed,
    Used,
)
from lineage.policy import parse

NO_ZONE = datetime(2026, 1, 1)  # noqa: DTZ001 (this is the mistake)

POLICY = parse(
    {
        "business.yaml": "name: X\nsystems:\n  web: {publishes: true}\n"
        "  ward: {publishes: true, customer_data: true}\n",
        "vocabulary.yaml": "elements:\n  tag: {categories: [A], aliases: [badge]}\n",
        "parties.yaml": "sources:\n  S: {category: SRC_EVENT}\nrecipients:\n"
        "  R: {category: RCP_PAYMENT, customer: SHERIFF}\ncustomers:\n  HOSPITAL:\n",
        "purposes.yaml": "purposes:\n  P: {statutory: [BP5_SERVICES]}\n",
        "activities.yaml": "activities:\n"
        "  sell: {event: Shared, recipient: R, elements: [tag], purposes: [P], system: web,\n"
        "         consideration: MONEY}\n"
        "  sync: {event: PopulationShared, recipient: R, elements: [tag], system: web}\n"
        "  tell: {event: Shared, elements: tag}\n",
    }
)


def collected(**given: object) -> Collected:
    fields: dict[str, object] = {
        "subject": uuid4(),
        "system": "web",
        "elements": ("tag",),
        "source": "S",
        "purposes": ("P", "BP5_SERVICES"),
    }
    return Collected(**{**fields, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "event",
    [
        collected(),
        collected(elements=("badge", "email_address"), held_in=f"crm://contacts/{uuid4()}", request="REQ-1"),
        collected(system="a_system_that_no_policy_names"),
        collected(
            system="ward", on_behalf_of="HOSPITAL", claim_evidence="a" * 7 + "0123456789" * 4 + "ab" * 8 + "c"
        ),
        collected(occurred_at=datetime(2026, 1, 1, tzinfo=UTC)),
        SubjectDescribed(subject="email:ana@example.com", customer="SHERIFF", kinds=("PARTICIPANT",)),
        RecipientNotified(subject=uuid4(), recipient="R", about=NotifiedAbout.DELETION),
        HoldPlaced(subject=uuid4(), by="R"),
        EventRetracted(subject=uuid4(), retracts=uuid4(), reason="WRONG_SUBJECT"),
        ProducerReported(
            last_sequence=1,
            covers_from=datetime(2026, 1, 1, tzinfo=UTC),
            covers_until=datetime(2026, 1, 2, tzinfo=UTC),
        ),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_well_formed_event_passes_again_and_again(event: object) -> None:
    assert POLICY.problems(event) == []  # type: ignore[arg-type]
    assert POLICY.problems(event) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (collected(elements=("email",)), "elements"),
        (collected(elements=()), "elements"),
        (Deleted(subject=uuid4(), elements=()), "elements"),
        (PopulationShared(system="web", elements=(), recipient="R"), "elements"),
        (collected(source="R"), "source"),
        (Shared(subject=uuid4(), elements=("tag",), recipient="S"), "recipient"),
        (collected(purposes=("Q",)), "purposes"),
        (collected(activity="walk"), "activity"),
        (collected(actor="stranger"), "actor"),
        (HoldPlaced(subject=uuid4(), by="stranger"), "by"),
        (SubjectDescribed(subject=uuid4(), customer="stranger"), "customer"),
        (collected(on_behalf_of="stranger"), "on_behalf_of"),
        (collected(system="ward"), "on_behalf_of"),
        (collected(occurred_at=NO_ZONE), "occurred_at"),
        (
            Deleted(subject=uuid4(), elements=("tag",), collected_before=NO_ZONE),
            "collected_before",
        ),
        (collected(held_in="ana@example.com"), "held_in"),
        (collected(request="call +14155550100"), "request"),
        (collected(request="4155550100"), "request"),
        (collected(request="415-555-0100"), "request"),
        (collected(system="123-45-6789"), "system"),
        (collected(claim_evidence="4111-1111-1111-1111"), "claim_evidence"),
        (collected(legal_basis="because she asked for it"), "legal_basis"),
        (collected(held_in="x" * 201), "held_in"),
        (collected(regimes=("HIPAA", "a note")), "regimes"),
        (collected(producer="ana@example.com"), "producer"),
        (collected(namespace="ana@example.com"), "namespace"),
        (
            Shared(
                subject=uuid4(),
                elements=("tag",),
                recipient="R",
                accounting=Accounting(hipaa=HipaaParticulars(basis="ana@example.com", description="LAB")),
            ),
            "accounting.hipaa.basis",
        ),
    ],
)
def test_what_must_not_be_published_is_told_by_its_field(event: Collected, field: str) -> None:
    told = POLICY.problems(event)
    assert [each.split(":")[0] for each in told] == [field]
    assert POLICY.problems(event) == told


@pytest.mark.parametrize("value", ["ana@example.com", "4155550100", "Ana Example", "123-45-6789"])
def test_no_problem_shows_a_value_that_may_be_personal(value: str) -> None:
    event = collected(
        elements=(value,),
        purposes=(value,),
        source=value,
        actor=value,
        activity=value,
        held_in=value,
        system=value,
    )
    told = POLICY.problems(event)
    fields = {each.split(":")[0] for each in told}
    assert fields == {"elements", "purposes", "source", "actor", "activity", "held_in", "system"}
    assert value not in "".join(told)


def test_lists_in_place_of_tuples_are_judged_all_the_same() -> None:
    assert POLICY.problems(collected(elements=["tag"], purposes=["P"])) == []
    assert len(POLICY.problems(collected(elements=["hat"], purposes=["P"]))) == 1


def test_an_activity_fills_its_event_and_the_caller_wins() -> None:
    event = POLICY.fill("sell", "account:42", consideration="NONE", purposes=["P", "BP2_SECURITY"])
    assert event == Shared(
        subject="account:42",
        system="web",
        elements=("tag",),
        recipient="R",
        purposes=("P", "BP2_SECURITY"),
        consideration=Consideration.NONE,
        activity="sell",
    )
    assert POLICY.fill("sell", uuid4()).consideration is Consideration.MONEY  # type: ignore[attr-defined]


def test_a_sync_of_everybody_has_no_subject() -> None:
    assert isinstance(POLICY.fill("sync"), PopulationShared)
    with pytest.raises(Refused, match="give no subject"):
        POLICY.fill("sync", "account:42")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: POLICY.fill("walk", "account:42"), "'walk' is not in activities.yaml"),
        (lambda: POLICY.fill("ana@example.com", "account:42"), r"\(a word that is no id\)"),
        (lambda: POLICY.fill("sell"), "give its subject"),
        (lambda: POLICY.fill("sell", "account:42", colour="red"), "no field 'colour'"),
        (
            lambda: POLICY.fill("sell", "account:42", consideration="GOLD"),
            "takes UNKNOWN, NONE",
        ),
        (lambda: POLICY.fill("tell", "account:42"), "needs recipient"),
        (lambda: POLICY.fill("tell", "account:42", undisclosed_until=NO_ZONE), "without zone"),
    ],
)
def test_a_call_that_cannot_be_filled_is_refused_with_the_remedy(call, told: str) -> None:
    with pytest.raises(Refused, match=told):
        call()


def test_an_enum_subclass_of_text_is_no_personal_value() -> None:
    used = Used(subject=uuid4(), elements=("tag",), purposes=("P",), consent="consent-2026-01")
    assert POLICY.problems(used) == []
