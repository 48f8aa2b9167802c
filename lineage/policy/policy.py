"""What does the business declare, all in all?

A :class:`Policy` is immutable and known by its digest: the same files are the same policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from lineage.events import EmitterHeader
from lineage.policy.activities import fill
from lineage.policy.check import Checker
from lineage.policy.keeping import ArchiveRetention
from lineage.policy.models import Activity, Business, Notice, Parties, Promise, Purpose, RetentionRule
from lineage.policy.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Policy:
    """A business's declared side. ``warnings`` hold what is lawful YAML but will make answers worse."""

    digest: str
    files: Mapping[str, str] = field(repr=False)
    business: Business
    vocabulary: Vocabulary = field(repr=False)
    parties: Parties = field(default_factory=Parties, repr=False)
    purposes: Mapping[str, Purpose] = field(default_factory=dict, repr=False)
    activities: Mapping[str, Activity] = field(default_factory=dict, repr=False)
    notices: tuple[Notice, ...] = field(default=(), repr=False)
    retention: Mapping[str, RetentionRule] = field(default_factory=dict, repr=False)
    archive: ArchiveRetention | None = None
    promises: tuple[Promise, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = field(default=(), repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def purpose(self, id: str) -> Purpose | None:
        """A purpose by id, the business's own or the statute's; ``None`` when nobody declares it."""
        return self.purposes.get(id) or self.vocabulary.purposes.get(id)

    def problems(self, event: EmitterHeader) -> list[str]:
        """Why this event must not be published: one text a problem, naming the field and the remedy.

        Unknown words, no elements, a time without zone, a customer's data without the customer, and values in
        id fields that look personal (design section 4). Never shows what could be personal. Empty: publish.
        """
        return self._checker.problems(event)

    def fill(self, activity_id: str, subject: str | UUID | None = None, **given: object) -> EmitterHeader:
        """The event of an activity about a subject (``None`` for ``PopulationShared``); ``given`` wins.

        Raises ``Refused`` when the activity is unknown or the event would lack a field.
        """
        return fill(self.activities, activity_id, subject, given)

    @cached_property
    def _checker(self) -> Checker:
        recipients = self.parties.recipients
        customers = self.parties.customers.keys() | {
            each.customer for each in recipients.values() if each.customer
        }
        return Checker(
            elements=frozenset(self.vocabulary.elements.keys() | self.vocabulary.aliases.keys()),
            sources=frozenset(self.parties.sources),
            recipients=frozenset(recipients),
            customers=frozenset(customers),
            purposes=frozenset(self.purposes.keys() | self.vocabulary.purposes.keys()),
            activities=frozenset(self.activities),
            customer_systems=frozenset(
                each.id for each in self.business.systems.values() if each.customer_data
            ),
        )
