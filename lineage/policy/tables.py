"""How does a policy look as rows that SQL can join?

``rows`` gives one list of tuples per table of ``tables.sql``, in the order of its columns. Instants are text
in UTC (``2026-01-31T08:00:00.000000+00:00``, ``-infinity``, ``infinity``), which DuckDB casts by itself.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

from lineage.policy.dated import ALWAYS, Span, split, where_both
from lineage.policy.models import Contract, Element, Recipient
from lineage.policy.policy import Policy

Tuples = list[tuple[object, ...]]


def create_tables() -> str:
    """The ``create table`` statements."""
    return files("lineage.policy").joinpath("tables.sql").read_text(encoding="utf-8")


def rows(policy: Policy) -> dict[str, Tuples]:
    """Every row of a policy by table; the first column of each is the policy's digest."""
    made = {
        name: [(policy.digest, *row) for row in of]
        for name, of in (*_vocabulary(policy), *_parties(policy), *_business(policy))
    }
    made["policy_boundary"] = [(policy.digest, instant(each)) for each in boundaries(policy)]
    return made


def boundaries(policy: Policy) -> list[datetime]:
    """Every distinct finite instant at which a dated row begins or ends, in order (rulings.md 4)."""
    spans: list[Span] = [Span(notice.effective, None) for notice in policy.notices]
    for element in policy.vocabulary.elements.values():
        spans += [*element.categories.spans(), *element.sensitive.spans()]
    for source in policy.parties.sources.values():
        spans += source.category.spans()
    for purpose in policy.purposes.values():
        spans += purpose.statutory.spans()
    for recipient in policy.parties.recipients.values():
        spans += [*recipient.category.spans(), *recipient.control.spans(), *recipient.common_brand.spans()]
        for contract in recipient.contracts:
            spans += [contract.span, *contract.certified.spans()]
    for customer in policy.parties.customers.values():
        spans += [role.span for role in customer.roles]
        spans += [told.span for told in customer.instructions]
    return sorted({bound for span in spans for bound in span.bounds()})


def instant(value: datetime | None, otherwise: str = "-infinity") -> str:
    """An instant as the text that DuckDB reads."""
    if value is None:
        return otherwise
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def edges(span: Span) -> tuple[str, str]:
    """The ends of a span as the texts that DuckDB reads."""
    return instant(span.since), instant(span.until, "infinity")


def _vocabulary(policy: Policy) -> Iterator[tuple[str, Tuples]]:
    words = policy.vocabulary
    elements = words.elements.values()
    yield (
        "policy_element",
        [
            (
                each.id,
                each.withhold,
                words.withhold_statement(each.withhold) if each.withhold else None,
                each.free_content,
                each.wording,
            )
            for each in elements
        ],
    )
    yield "policy_element_alias", list(words.aliases.items())
    yield (
        "policy_element_category",
        [
            (each.id, category, *edges(span))
            for each in elements
            for span, categories in each.categories.pieces
            for category in categories
        ],
    )
    yield "policy_element_sensitive", [row for each in elements for row in _sensitive(each)]
    known = {**words.purposes, **policy.purposes}
    yield (
        "policy_purpose",
        [
            (each.id, list(statutory), each.wording, *edges(span))
            for each in known.values()
            for span, statutory in each.statutory.pieces
        ],
    )
    yield (
        "policy_purpose_scope",
        [
            (
                each.id,
                None if each.elements is None else list(each.elements),
                list(each.compatible_with),
                list(each.limit),
            )
            for each in known.values()
        ],
    )
    yield (
        "policy_statutory_purpose",
        [(id, id in words.business_purposes, id in words.cross_context) for id in words.purposes],
    )


def _sensitive(element: Element) -> Iterator[tuple[object, ...]]:
    for span, ids in element.sensitive.pieces:
        for spi in ids:
            yield (element.id, spi, None, *edges(span))
    for rule in element.sensitive_when:
        yield (element.id, rule.spi, list(rule.with_elements), *edges(ALWAYS))


def _parties(policy: Policy) -> Iterator[tuple[str, Tuples]]:
    recipients = policy.parties.recipients.values()
    customers = policy.parties.customers.values()
    yield (
        "policy_source",
        [
            (each.id, category, *edges(span))
            for each in policy.parties.sources.values()
            for span, category in each.category.pieces
        ],
    )
    yield (
        "policy_recipient",
        [(each.id, each.name, each.customer, each.address, each.country) for each in recipients],
    )
    yield (
        "policy_recipient_category",
        [(each.id, category, *edges(span)) for each in recipients for span, category in each.category.pieces],
    )
    yield (
        "policy_recipient_same_business",
        [
            (each.id, *edges(span))
            for each in recipients
            for span in where_both(each.control, each.common_brand)
        ],
    )
    yield (
        "policy_contract",
        [row for each in recipients for contract in each.contracts for row in contract_rows(each, contract)],
    )
    yield "policy_customer", [(each.id, each.kind) for each in customers]
    yield (
        "policy_customer_role",
        [(each.id, role.we_set_purposes, *edges(role.span)) for each in customers for role in each.roles],
    )
    yield (
        "policy_instruction",
        [
            (each.id, told.id, list(told.purposes), list(told.recipients), *edges(told.span))
            for each in customers
            for told in each.instructions
        ],
    )


def contract_rows(recipient: Recipient, contract: Contract) -> Iterator[tuple[object, ...]]:
    """A contract as rows of ``policy_contract``, cut where its certification changes."""
    cuts = [bound for span, _ in contract.certified.pieces for bound in span.bounds()]
    for span in split(contract.span, cuts):
        certified = any(value and span.meet(within) for within, value in contract.certified.pieces)
        yield (
            recipient.id,
            contract.id,
            contract.kind,
            contract.role,
            certified,
            list(contract.purposes),
            *edges(span),
        )


def _business(policy: Policy) -> Iterator[tuple[str, Tuples]]:
    business = policy.business
    yield (
        "policy_business",
        [(business.name, business.time_zone, business.is_ccpa_business, business.california_only)],
    )
    yield (
        "policy_system",
        [
            (
                each.id,
                each.publishes,
                each.attested_free is not None,
                each.holdings_known is not None,
                each.no_search is not None,
                each.customer_data,
                each.country,
                each.operated_by,
                each.no_search.record_types if each.no_search else None,
            )
            for each in business.systems.values()
        ],
    )
    producers = business.producers.values()
    yield (
        "policy_producer",
        [(each.id, instant(each.covers_from), each.heartbeat_minutes) for each in producers],
    )
    yield (
        "policy_producer_attested",
        [(each.id, *edges(vouched.span), vouched.who) for each in producers for vouched in each.attested],
    )
    yield (
        "policy_producer_closed",
        [
            (each.id, str(dead.incarnation), dead.last_sequence, dead.who)
            for each in producers
            for dead in each.closed
        ],
    )
    yield (
        "policy_retention",
        [
            (rule.id, list(rule.elements), list(rule.purposes), rule.days)
            for rule in policy.retention.values()
        ],
    )
