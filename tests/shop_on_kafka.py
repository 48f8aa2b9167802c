"""A shop whose log is a topic of a real Kafka: it publishes, projects and answers.

All that happens lies in 2025: a broker stamps records by its own clock, and what lies in the future of that
clock would be refused.
"""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from lineage import events
from lineage.logs.kafka import KafkaLog
from lineage.policy import parse
from lineage.projector import Projector
from lineage.publish import Publisher
from lineage.publish.adopting import adopt
from lineage.report import Reporter, Request
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret

OPENED = datetime(2020, 1, 1, 8, tzinfo=UTC)
RECEIVED = datetime(2025, 12, 1, 18, tzinfo=UTC)
"""When every request comes: its window begins on 1 December 2024 at 08:00 UTC."""

POLICY = parse(
    {
        "business.yaml": """
name: A shop with a topic
systems: {shop: {publishes: true}}
producers: {shop: {systems: [shop], from: 2020-01-01}}
""",
        "parties.yaml": """
sources: {the_person: {category: SRC_CONSUMER_DIRECT}}
recipients:
  card_company:
    category: RCP_PAYMENT
    contracts: [{id: pay, kind: R7051, as: SERVICE_PROVIDER, from: 2024-01-01, purposes: [payment]}]
  counter:
    category: RCP_DATA_ANALYTICS
    contracts:
      - {id: count, kind: R7051, as: SERVICE_PROVIDER, from: 2024-01-01, until: 2025-07-01, purposes: [count]}
customers:
  clinic:
    instructions: [{id: care, from: 2024-01-01, purposes: [service], recipients: [card_company]}]
  county:
    kind: GOVERNMENT
    roles: [{from: 2025-07-01, we_set_purposes: true}]
    instructions: [{id: watch, from: 2024-01-01, purposes: [service], recipients: []}]
""",
        "purposes.yaml": """
purposes:
  service: {statutory: [BP5_SERVICES]}
  payment: {statutory: [BP5_SERVICES]}
  count: {statutory: [BP5_SERVICES]}
""",
    }
)


class Shop:
    """It has adopted its policy into a topic of three partitions, and told nothing yet."""

    def __init__(self, log: KafkaLog, store: Store) -> None:
        self._log, self._store = log, store
        self._pseudonymiser = Pseudonymiser(Secret.from_hex(token_hex(32)))
        log.ensure_topic(partitions=3)
        adopt(POLICY, log)

    def tells(self, *told: events.Event) -> list[UUID]:
        """One life of a publisher that knows all since the shop opened. Returns the events' ids."""
        with Publisher(self._log, POLICY, self._pseudonymiser, "shop", covers_from=OPENED) as publisher:
            return [publisher.publish(event) for event in told]

    def answers(self, person: str, *, as_of: str | None = None, **asked: Any) -> dict[str, Any]:
        """The answer to a request of the person, once everything told is projected."""
        Projector(self._log, self._store).catch_up()
        subject, _ = self._pseudonymiser.token(person)
        with self._store.cursor() as reader:
            [answer] = Reporter(reader).report(
                [Request(subject=subject, received=RECEIVED, **asked)], as_of=at(as_of) if as_of else None
            )
        return answer

    def partitions_used(self) -> int:
        """Over how many partitions what is told of people lies, as far as it is projected."""
        with self._store.cursor() as reader:
            [[found]] = reader.execute("select count(distinct log_partition) from event_row").fetchall()
        return int(found)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def named(namespace: str) -> str:
    """An identifier that nobody had before."""
    return f"{namespace}:{token_hex(8)}"


def collected(person: str, element: str, occurred_at: str, **given: Any) -> events.Collected:
    return events.Collected(
        subject=person,
        elements=(element,),
        source="the_person",
        purposes=("service",),
        occurred_at=at(occurred_at),
        system="shop",
        **given,
    )


def shared(
    person: str, element: str, recipient: str, purpose: str, occurred_at: str, **given: Any
) -> events.Shared:
    """Nothing was received for it."""
    return events.Shared(
        subject=person,
        elements=(element,),
        recipient=recipient,
        purposes=(purpose,),
        consideration=events.Consideration.NONE,
        occurred_at=at(occurred_at),
        system="shop",
        **given,
    )


def login(account: str, browser: str, occurred_at: str) -> events.SubjectsLinked:
    """Somebody logged in, which shows whose browser it is."""
    return events.SubjectsLinked(
        subject=account,
        other=browser,
        relation=events.Relation.SAME_PERSON,
        evidence=events.LinkEvidence.VERIFIED_LOGIN,
        occurred_at=at(occurred_at),
        system="shop",
    )


def not_theirs(account: str, browser: str, occurred_at: str) -> events.SubjectsUnlinked:
    """It was found that the login was somebody else's."""
    return events.SubjectsUnlinked(
        subject=browser,
        other=account,
        relation=events.Relation.SAME_PERSON,
        occurred_at=at(occurred_at),
        system="shop",
    )
