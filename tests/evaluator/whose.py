"""Whose event is it: ours, a customer's, another party's, or outside the law? (rulings.md 14, 23 to 25)"""

from evaluator.declared import Declared
from evaluator.told import Fact

EXEMPT = {
    "HIPAA_PHI",
    "CMIA",
    "FCRA",
    "GLBA",
    "DPPA",
    "PUBLIC",
    "DEIDENTIFIED",
    "AGGREGATE",
    "HOUSEHOLD",
    "CLINICAL_TRIAL",
    "OUTSIDE_CA",
    "NON_CONSUMER",
}
DATA = ("Collected", "Used", "Shared", "Corrected", "Deleted", "PopulationShared")
NOT_OURS = "NOT_OURS"
"""Another party's own doing: left out, and no exclusion that anybody is told of."""


def excluded(fact: Fact, at: int, policy: Declared) -> str | None:
    """Why a fact exists for no block at an instant; None when it does."""
    if fact["event"] not in DATA:
        return None
    exemption = fact["exemption"]
    if exemption in EXEMPT and fact["claim_evidence"]:
        code = {"HOUSEHOLD": "DN_HOUSEHOLD", "NON_CONSUMER": "DN_NOT_CONSUMER"}
        return code.get(exemption, f"DN_EXEMPT_{exemption}")
    if fact["actor"] and not _contracts(fact["actor"], at, policy):
        return NOT_OURS
    if fact["on_behalf_of"] and _customers(fact, at, policy):
        return "DN_SP_ROLE"
    return None


def lapsed(fact: Fact, at: int, policy: Declared) -> bool:
    """Whether an actor went on after its last contract with us had ended."""
    return bool(fact["actor"]) and not any(
        policy.in_force(row, at) for row in _contracts(fact["actor"], at, policy)
    )


def _contracts(actor: str, at: int, policy: Declared) -> list[dict[str, object]]:
    """The R 7051 contracts that an actor holds or held before; certified or not."""
    rows = policy.recipients.get(actor, {}).get("contracts") or []
    return [row for row in rows if row["kind"] == "R7051" and policy.bound(row, "from") <= at]


def _customers(fact: Fact, at: int, policy: Declared) -> bool:
    customer = policy.customers.get(fact["on_behalf_of"])
    if customer is None:
        return True  # an unknown customer: we are its processor
    roles = [row for row in (customer or {}).get("roles") or [] if policy.in_force(row, at)]
    if any(row.get("we_set_purposes") == "true" for row in roles):
        return False
    if fact["event"] in ("Deleted", "Corrected"):
        return True
    return any(
        (not fact["instruction"] or row.get("id") == fact["instruction"])
        and policy.in_force(row, at)
        and set(fact["purposes"]) <= set(row.get("purposes") or [])
        and ("recipient" not in fact.event or fact["recipient"] in (row.get("recipients") or []))
        for row in customer.get("instructions") or []
    )
