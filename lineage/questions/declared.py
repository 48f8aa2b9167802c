"""What does the policy that judges say of each word that an event may use, as constants of the questions?

A question asks the policy about every word of every event. Joined as tables that were ten joins, each with a
price of its own however small the policy; as constants in the text of the question they are looked up in
place. What is said of a word stands in the second list of a pair at the place of the word in the first.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lineage.policy import Policy
from lineage.policy.dated import Dated, Span, where_both
from lineage.policy.models import Customer, Element, Recipient
from lineage.policy.tables import boundaries, contract_rows, edges, instant

Said = dict[str, object]

UNMAPPED = "UNMAPPED"

_SPAN = "valid_from timestamptz, valid_until timestamptz"
_KINDS = {
    "words": "text[]",
    "meanings": f"struct(element text, categories struct(category text, {_SPAN})[])[]",
    "purposes": "text[]",
    "purpose_meanings": f"struct(statutory text[], {_SPAN})[][]",
    "sources": "text[]",
    "source_categories": f"struct(category text, {_SPAN})[][]",
    "recipients": "text[]",
    "parties": f"""struct(
        customer text,
        categories struct(category text, {_SPAN})[],
        same_business struct({_SPAN})[],
        contracts struct(
            contract text, kind text, role text, certified bool, purposes text[], {_SPAN}
        )[]
    )[]""",
    "customers": "text[]",
    "clients": f"""struct(
        roles struct(we_set_purposes bool, {_SPAN})[],
        instructions struct(instruction text, purposes text[], recipients text[], {_SPAN})[]
    )[]""",
    "systems": "text[]",
    "system_traits": "struct(is_in_sight bool, holdings_known bool)[]",
    "boundaries": "timestamptz[]",
}


@dataclass(frozen=True, slots=True)
class Declared:
    """The constants of a policy (its digest), by name, each as SQL text with its type."""

    policy: str
    constants: Mapping[str, str] = field(compare=False, repr=False)


NOTHING = Declared("", {})


def declared(policy: Policy) -> Declared:
    """What this policy says."""
    words, parties, systems = policy.vocabulary, policy.parties, policy.business.systems
    meanings = {each.id: _element(each) for each in words.elements.values()}
    meanings |= {alias: meanings[element] for alias, element in words.aliases.items()}
    purposes = {**words.purposes, **policy.purposes}
    said: dict[str, Iterable[object]] = {
        "words": meanings.keys(),
        "meanings": meanings.values(),
        "purposes": purposes.keys(),
        "purpose_meanings": [_pieces("statutory", each.statutory) for each in purposes.values()],
        "sources": parties.sources.keys(),
        "source_categories": [_pieces("category", each.category) for each in parties.sources.values()],
        "recipients": parties.recipients.keys(),
        "parties": [_party(each) for each in parties.recipients.values()],
        "customers": parties.customers.keys(),
        "clients": [_client(each) for each in parties.customers.values()],
        "systems": systems.keys(),
        "system_traits": [
            {
                "is_in_sight": each.publishes or each.attested_free is not None,
                "holdings_known": each.holdings_known is not None,
            }
            for each in systems.values()
        ],
        "boundaries": [instant(each) for each in boundaries(policy)],
    }
    return Declared(
        policy.digest, {name: f"({literal(list(values))}::{_KINDS[name]})" for name, values in said.items()}
    )


def literal(value: object) -> str:
    """A value of any depth as SQL text, to be cast to its type. Instants and ids become text."""
    return "'" + json.dumps(value, default=str).replace("'", "''") + "'::json"


def _element(element: Element) -> Said:
    """For a time without categories an element that is known is UNMAPPED."""
    filed, reached = [], None
    for span, categories in element.categories.pieces:
        if categories:
            if span.since is not None and span.since != reached:
                filed.append({"category": UNMAPPED, **_dated(Span(reached, span.since))})
            filed += [{"category": each, **_dated(span)} for each in categories]
            reached = span.until
            if reached is None:
                break
    else:
        filed.append({"category": UNMAPPED, **_dated(Span(reached, None))})
    return {"element": element.id, "categories": filed}


def _party(recipient: Recipient) -> Said:
    contracts = [row for contract in recipient.contracts for row in contract_rows(recipient, contract)]
    names = ("contract", "kind", "role", "certified", "purposes", "valid_from", "valid_until")
    return {
        "customer": recipient.customer,
        "categories": _pieces("category", recipient.category),
        "same_business": [_dated(span) for span in where_both(recipient.control, recipient.common_brand)],
        "contracts": [dict(zip(names, row[1:], strict=True)) for row in contracts],
    }


def _client(customer: Customer) -> Said:
    return {
        "roles": [{"we_set_purposes": each.we_set_purposes, **_dated(each.span)} for each in customer.roles],
        "instructions": [
            {
                "instruction": each.id,
                "purposes": each.purposes,
                "recipients": each.recipients,
                **_dated(each.span),
            }
            for each in customer.instructions
        ],
    }


def _pieces(name: str, value: Dated[str] | Dated[tuple[str, ...]]) -> list[Said]:
    return [{name: each, **_dated(span)} for span, each in value.pieces]


def _dated(span: Span) -> Said:
    since, until = edges(span)
    return {"valid_from": since, "valid_until": until}
