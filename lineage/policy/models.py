"""What does a business declare? The rows of a policy, read, checked and resolved to UTC.

Every row is frozen. Names that a policy leaves out fall back to the id; what it leaves out otherwise is
``None``, empty, or false, and means the worst case when facts are judged (no contract, no certification).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lineage.events import EmitterHeader
from lineage.policy.dated import Dated, Span


@dataclass(frozen=True, slots=True)
class Attestation:
    """Somebody vouches for something: who, and when (as written)."""

    who: str
    when: str


@dataclass(frozen=True, slots=True)
class NoSearch:
    """A system left out of a search because all four tests of R 7024(c) hold; the record types are told."""

    record_types: str


@dataclass(frozen=True, slots=True)
class Connector:
    """Where one person's values are read for a copy of specific pieces (``lineage.policy.connector``).

    ``kind``: sql or files. ``address``: the environment variable that holds the database's URL, or a folder.
    ``table``: table, view or file. ``key``: the column whose value a pointer names after ``pointers``; its
    ``key_type`` is text, integer or uuid.
    ``columns``: the columns of each element that may be shown; a withheld one has none.
    """

    kind: str
    address: str
    table: str
    key: str
    key_type: str
    pointers: str
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class System:
    """A system of record (rulings.md 33, 39)."""

    id: str
    country: str | None = None
    operated_by: str | None = None
    customer_data: bool = False
    publishes: bool = False
    attested_free: Attestation | None = None
    holdings_known: Attestation | None = None
    no_search: NoSearch | None = None
    connector: Connector | None = None


@dataclass(frozen=True, slots=True)
class Attested:
    """A stretch of a producer's time for which a named person vouches (rulings.md 38)."""

    span: Span
    who: str


@dataclass(frozen=True, slots=True)
class ClosedIncarnation:
    """A dead incarnation: a named person says which number was its last."""

    incarnation: UUID
    last_sequence: int
    who: str


@dataclass(frozen=True, slots=True)
class Producer:
    """Who emits, for which systems, and since when its events are complete."""

    id: str
    systems: tuple[str, ...] = ()
    covers_from: datetime | None = None
    heartbeat_minutes: int | None = None
    attested: tuple[Attested, ...] = ()
    closed: tuple[ClosedIncarnation, ...] = ()


@dataclass(frozen=True, slots=True)
class Business:
    """The business itself. ``contacts``, ``calendars`` and ``channels`` are free data, as written."""

    name: str
    time_zone: str = "America/Los_Angeles"
    is_ccpa_business: bool = True
    california_only: bool = False
    contacts: object = None
    calendars: Mapping[str, object] = field(default_factory=dict)
    channels: object = None
    systems: Mapping[str, System] = field(default_factory=dict)
    producers: Mapping[str, Producer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SensitiveWhen:
    """An element becomes sensitive once one of ``with_elements`` lies in the same system (rulings.md 30)."""

    spi: str
    with_elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """A kind of datum: the statute's categories it belongs to, and how its value behaves in an answer."""

    id: str
    categories: Dated[tuple[str, ...]] = field(default_factory=Dated)
    sensitive: Dated[tuple[str, ...]] = field(default_factory=Dated)
    sensitive_when: tuple[SensitiveWhen, ...] = ()
    withhold: str | None = None
    free_content: bool = False
    aliases: tuple[str, ...] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    name: str
    category: Dated[str] = field(default_factory=Dated)


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract with a recipient: R 7051 (``role`` provider or contractor) or R 7053 (third party)."""

    id: str
    kind: str
    role: str | None
    span: Span
    purposes: tuple[str, ...]
    certified: Dated[bool]
    safeguard: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A named legal entity. ``control``: it controls us or we control it; a sister company does not count."""

    id: str
    name: str
    category: Dated[str] = field(default_factory=Dated)
    address: str | None = None
    country: str | None = None
    control: Dated[bool] = field(default_factory=Dated)
    common_brand: Dated[bool] = field(default_factory=Dated)
    customer: str | None = None
    contracts: tuple[Contract, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleRow:
    """Who decides about a customer's data for a time."""

    span: Span
    we_set_purposes: bool


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a customer told us to do with its data, and to whom it may go (none named: to nobody)."""

    id: str
    span: Span
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    name: str
    kind: str | None = None
    regimes: tuple[str, ...] = ()
    roles: tuple[RoleRow, ...] = ()
    instructions: tuple[Instruction, ...] = ()


@dataclass(frozen=True, slots=True)
class Parties:
    sources: Mapping[str, Source] = field(default_factory=dict)
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    customers: Mapping[str, Customer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose of the business, mapped to the statute's. ``elements``: its needs (``None``: not said)."""

    id: str
    statutory: Dated[tuple[str, ...]] = field(default_factory=Dated)
    limit: tuple[str, ...] = ()
    elements: tuple[str, ...] | None = None
    compatible_with: tuple[str, ...] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """A named thing that a service does. ``says``: its event, as far as the policy tells it; ``lacking``: the
    fields that every call must give.
    """

    id: str
    event: str
    says: EmitterHeader
    lacking: frozenset[str] = frozenset()
    rollup: str = "none"
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A published notice: what people were told from ``effective`` on. ``None``: the notice does not say."""

    version: str
    effective: datetime | None = None
    applies_to: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    sold: object = None
    disclosed: object = None
    retention: object = None


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How many days these elements may be kept for these purposes (empty: for any)."""

    id: str
    elements: tuple[str, ...]
    purposes: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised; ``query`` is SQL over the views and returns the ids of events that break it."""

    id: str
    says: str
    query: str | None = None
    severity: str = "warning"
