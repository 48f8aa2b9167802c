"""Do the files of a policy agree with each other?

A word that one file uses and no file declares is an error: answers would show it as ``UNMAPPED``.
What is declared but says too little is only a warning, for it is judged as the worst case and never lost.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from lineage.policy.activities import counted_apart
from lineage.policy.connector import connectors_agree
from lineage.policy.tree import Problems, Value, shown

if TYPE_CHECKING:
    from lineage.policy.policy import Policy


def cross_references(policy: "Policy", tops: Mapping[str, Value], problems: Problems) -> None:
    """Add a problem for each word that is used and not declared, at the line that uses it."""
    words, parties = policy.vocabulary, policy.parties
    elements = words.elements.keys() | words.aliases.keys()
    purposes = policy.purposes.keys() | words.purposes.keys()
    customers = parties.customers.keys() | {
        each.customer for each in parties.recipients.values() if each.customer
    }
    anybody = parties.sources.keys() | parties.recipients.keys() | customers
    systems = policy.business.systems.keys()
    categories = words.categories.keys() | words.sensitive.keys()

    activity: dict[str, Collection[str]] = {
        "elements": elements,
        "purposes": purposes,
        "source": parties.sources.keys(),
        "recipient": parties.recipients.keys(),
        "system": systems,
        "actor": anybody,
        "by": anybody,
        "on_behalf_of": customers,
        "customer": customers,
    }
    for file, path, known in (
        *(("activities.yaml", ("activities", "*", key), of) for key, of in activity.items()),
        ("parties.yaml", ("recipients", "*", "contracts", "*", "purposes"), purposes),
        ("parties.yaml", ("customers", "*", "instructions", "*", "purposes"), purposes),
        ("parties.yaml", ("customers", "*", "instructions", "*", "recipients"), parties.recipients.keys()),
        ("purposes.yaml", ("purposes", "*", "elements"), elements),
        ("purposes.yaml", ("purposes", "*", "compatible_with"), purposes),
        ("notices.yaml", ("notices", "*", "elements"), elements),
        ("notices.yaml", ("notices", "*", "purposes"), purposes),
        ("notices.yaml", ("notices", "*", "categories"), categories),
        ("notices.yaml", ("notices", "*", "sources"), parties.sources.keys() | words.sources.keys()),
        ("notices.yaml", ("notices", "*", "recipients"), parties.recipients.keys() | words.recipients.keys()),
        ("retention.yaml", ("rules", "*", "elements"), elements),
        ("retention.yaml", ("rules", "*", "purposes"), purposes),
    ):
        for value in _reach(tops[file], path):
            for word, place in _words(value):
                if word not in known:
                    what = f"names {shown(word)}, which neither ships nor stands in a file of the policy"
                    place.wrong(problems, f"{what}{_near(word, known)}")
    connectors_agree(policy, tops["business.yaml"], problems)


def _near(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"; did you mean {shown(near[0])}?" if near else ""


def _reach(value: Value, path: tuple[str, ...]) -> Iterator[Value]:
    """Every value at a path; ``*`` is any key or any item."""
    if not path:
        yield value
        return
    step, rest = path[0], path[1:]
    inner: Iterable[Value]
    if isinstance(value.content, dict):
        inner = value.content.values() if step == "*" else filter(None, [value.content.get(step)])
    else:
        inner = value.content if step == "*" and isinstance(value.content, list) else []
    for each in inner:
        yield from _reach(each, rest)


def _words(value: Value) -> Iterator[tuple[str, Value]]:
    for each in value.content if isinstance(value.content, list) else [value]:
        if isinstance(each.content, str):
            yield each.content.strip(), each


def warnings(policy: "Policy") -> Iterator[str]:
    """What is allowed but judged as the worst case; for the person who runs ``lineage policy check``."""
    for element in policy.vocabulary.elements.values():
        if not element.categories.pieces:
            yield f"vocabulary.yaml: elements.{element.id}: has no categories; answers show it as UNMAPPED"
    for source in policy.parties.sources.values():
        if not source.category.pieces:
            yield f"parties.yaml: sources.{source.id}: has no category; answers show it as SRC_UNKNOWN"
    for recipient in policy.parties.recipients.values():
        if not recipient.category.pieces:
            yield f"parties.yaml: recipients.{recipient.id}: has no category; answers show it as RCP_UNKNOWN"
        if recipient.customer and recipient.customer not in policy.parties.customers:
            yield f"parties.yaml: recipients.{recipient.id}.customer: is no row of customers"
        for contract in recipient.contracts:
            if contract.kind == "R7053" and contract.role not in (None, "THIRD_PARTY"):
                yield f"parties.yaml: recipients.{recipient.id}: an R7053 contract makes no {contract.role}"
            if contract.kind == "R7051" and contract.role in (None, "THIRD_PARTY"):
                yield f"parties.yaml: recipients.{recipient.id}: an R7051 contract without a role"
    for purpose in policy.purposes.values():
        if not purpose.statutory.pieces:
            yield f"purposes.yaml: purposes.{purpose.id}: maps to no statutory purpose"
    for system in policy.business.systems.values():
        if not system.publishes and not system.attested_free:
            yield f"business.yaml: systems.{system.id}: neither publishes nor is attested_free"
    for activity in policy.activities.values():
        if activity.rollup != "none" and (why := counted_apart(activity.says)):
            yield f"activities.yaml: activities.{activity.id}.rollup: {why}"
