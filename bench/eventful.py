"""What if everything happened to a person? Told of some of the crowd, by a publisher.

Links and one taken apart, customers, corrections, deletions, an order of silence, a choice, sharings of
everybody; and, after the instant that is asked about, one more correction.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bench.crowd import BEGINS
from bench.year import SECRET, Shelf, prontotrak
from lineage import events
from lineage.events import Event
from lineage.logs import Records
from lineage.policy import Policy
from lineage.projection.batch import rows_of, weighed
from lineage.publish import Publisher
from lineage.publish.sending import new_event_id
from lineage.store import Store
from lineage.tokens import Pseudonymiser

TOPIC = "personal-data-events"
PARTITION = 6
"""One that the crowd does not use."""

TOLD = BEGINS + timedelta(days=381)
ASKED = TOLD + timedelta(hours=1)
"""As of when the people are asked about: all but the last correction is known by then."""

SHARINGS_OF_EVERYBODY = 6
LOGIN = {"relation": events.Relation.SAME_PERSON, "evidence": events.LinkEvidence.VERIFIED_LOGIN}


def tell(store: Store, people: Sequence[UUID]) -> int:
    """Project it all, beside what the store has. Returns how many events that were."""
    shelf, policy = Shelf(), prontotrak()
    retracted_late = [new_event_id() for _ in people]
    with Publisher(
        shelf, policy, Pseudonymiser(SECRET), "web", clock=lambda: TOLD, covers_from=BEGINS
    ) as publisher:
        for number in range(SHARINGS_OF_EVERYBODY):
            publisher.record("sync_ad_audience", occurred_at=day(30 + 40 * number))
        for person, late in zip(people, retracted_late, strict=True):
            for event in life(policy, person, late):
                publisher.publish(event)
        publisher.report()
        known = len(shelf.records)
        for person, late in zip(people, retracted_late, strict=True):
            publisher.publish(happened(person, events.EventRetracted, 290, retracts=late, reason="MISTAKE"))
    project(store, shelf, known)
    return len(shelf.records)


def life(policy: Policy, person: UUID, retracted_late: UUID) -> Iterator[Event]:
    """What is told of one person. ``retracted_late``: the id of the event that is taken back at last."""
    cookie, email, device = (f"{each}:{uuid4()}@bench.example" for each in ("cookie", "email", "device"))
    wrong, twice = new_event_id(), new_event_id()

    def does(activity: str, on: int, subject: UUID | str = person, **given: Any) -> Event:
        account = {"namespace": "account"} if subject == person else {}
        event: Event = policy.fill(activity, subject, occurred_at=day(on), **account, **given)
        return event

    def says(event: type[Event], on: int, /, **given: Any) -> Event:
        return happened(person, event, on, **given)

    yield says(events.SubjectsLinked, 20, other=cookie, **LOGIN)
    yield says(events.SubjectsLinked, 40, other=email, since=day(10), **LOGIN)
    yield says(events.SubjectsLinked, 60, other=device, **LOGIN)
    yield says(events.SubjectsUnlinked, 200, other=device, since=day(150), **LOGIN)
    for on in (12, 80, 140, 220, 300):
        yield does("observe_site_visit", on, cookie, system="marketing")
        yield does("show_ads_elsewhere", on + 1, cookie)
        yield does("send_newsletter", on + 2, email)
        yield does("observe_site_visit", on + 3, device)
    yield does("report_to_agency", 90, on_behalf_of="SHERIFF_NORTH")
    yield does("record_location_point", 91, on_behalf_of="COUNTY_PROBATION")
    yield says(events.ChoiceMade, 130, choice=events.Choice.OPT_OUT)
    silence = {"kind": events.HoldKind.NONDISCLOSURE, "by": "R_COURT", "document": "vault://order"}
    yield says(events.HoldPlaced, 100, **silence)
    yield does("answer_legal_process", 110, legal_document="vault://order")
    yield does("answer_legal_process", 120, recipient="R_LAWYERS", legal_document="vault://claim")
    yield does("take_payment", 270, event_id=wrong)
    yield does("take_payment", 271, supersedes=wrong)
    yield does("consult_case", 280, event_id=twice)
    yield says(events.EventRetracted, 281, retracts=twice, reason="MISTAKE")
    yield does("consult_case", 282, event_id=retracted_late)
    yield says(
        events.Deleted,
        350,
        elements=("card_pan", "billing_record"),
        reason=events.DeletionReason.REQUEST,
        system="billing",
    )
    yield says(
        events.RecipientNotified,
        351,
        recipient="R_PAY",
        about=events.NotifiedAbout.DELETION,
        elements=("card_pan",),
        outcome=events.NotificationOutcome.ACKNOWLEDGED,
    )


def happened(person: UUID, event: type[Event], on: int, /, **given: Any) -> Event:
    """An event of the person's account that no activity stands for."""
    about = {"subject": person, "namespace": "account", "system": "crm", "occurred_at": day(on)}
    return event(**(about | given))


def day(number: int) -> datetime:
    return BEGINS + timedelta(days=number)


def project(store: Store, shelf: Shelf, known: int) -> None:
    """As the projector does with a batch. ``known`` records were told before ASKED, the others after it."""
    size = len(shelf.records)
    times = [TOLD] * known + [ASKED + timedelta(hours=1)] * (size - known)
    records = Records(
        partition=[PARTITION] * size,
        offset=list(range(size)),
        recorded_at=[int(each.timestamp()) * 1_000_000 for each in times],
        key=[key for key, _ in shelf.records],
        value=[value for _, value in shelf.records],
    )
    batch = weighed(records, {})
    identities = batch.identities()
    rows = rows_of(batch, store.known(identities), store.refusals(identities))
    assert not len(rows.parked), "an event was refused"
    store.write(TOPIC, rows)
    store.cursor().execute("checkpoint")
