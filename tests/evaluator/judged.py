"""What does the law call a sharing? The ten steps of law.md A.3, read with rulings.md 24 to 27 and 29."""

from dataclasses import dataclass

from evaluator.declared import BUSINESS_PURPOSES, CROSS_CONTEXT, Declared
from evaluator.described import Described
from evaluator.told import Fact
from evaluator.whose import lapsed

NEEDS_EVIDENCE = ("CONSUMER_DIRECTED", "SWITCHING", "OPT_OUT_SIGNAL", "MERGER")
NEEDS_DOCUMENT = ("LEGAL_PROCESS", "EMERGENCY")
NOWHERE = {"INTERNAL", "SWITCHING", "OPT_OUT_SIGNAL"}
PROVIDERS = {"BP_SERVICE_PROVIDER", "BP_CONTRACTOR"}
THIRD_PARTY_KINDS = {"SALE", "SHARE", "BP_THIRD_PARTY", "LEGAL_OR_GOV", "CONSUMER_DIRECTED", "MERGER"}


@dataclass(frozen=True)
class Verdict:
    """``provider``: step 8 would hold, so that the recipient is a valid provider for all purposes.

    ``onward``: another party made the disclosure; to a provider it adds no line (rulings.md 24).
    """

    kinds: frozenset[str]
    unreviewed: bool
    provider: bool
    business: bool
    onward: bool

    @property
    def listed(self) -> bool:
        return not self.kinds <= (NOWHERE | PROVIDERS if self.onward else NOWHERE)

    @property
    def sold_or_shared(self) -> frozenset[str]:
        return self.kinds & {"SALE", "SHARE"}

    @property
    def disclosed(self) -> bool:
        return self.listed and (self.business or "BP_THIRD_PARTY" in self.kinds)

    @property
    def third_party_kinds(self) -> frozenset[str]:
        return frozenset() if self.provider else self.kinds & THIRD_PARTY_KINDS


def judge(fact: Fact, element: str, at: int, policy: Declared, person: Described) -> Verdict:
    """The verdict on one element of a granted sharing, by what was in force at an instant."""
    recipient, purposes, consideration = fact["recipient"], set(fact["purposes"]), fact["consideration"]
    mapped = {purpose: policy.statutory(purpose, at) for purpose in purposes}
    business = any(statutory & BUSINESS_PURPOSES for statutory in mapped.values())
    occasion = _proven(fact, element, at, policy, person)
    unproven = occasion != fact["occasion"] or lapsed(fact, at, policy)
    onward = bool(fact["actor"])
    legal = occasion in NEEDS_DOCUMENT
    cross = any(CROSS_CONTEXT in statutory for statutory in mapped.values())
    matched = not legal and _list_matching(fact, mapped, at, policy)
    provider = None if cross or matched else _provider(recipient, mapped, at, policy)

    def verdict(kinds: set[str], unreviewed: bool = False) -> Verdict:
        return Verdict(frozenset(kinds), unreviewed or unproven, provider is not None, business, onward)

    if policy.same_business(recipient, at):  # step 1
        return verdict({"INTERNAL"})
    if occasion in NEEDS_EVIDENCE:  # steps 2 to 4
        return verdict({occasion})
    kinds = {"LEGAL_OR_GOV"} if legal else set()  # step 5
    if cross or matched:  # step 6
        kinds.add("SHARE")
    unreviewed = matched
    value = consideration in ("MONEY", "OTHER_VALUE") or (consideration == "UNKNOWN" and not legal)
    if value and provider is None:  # step 7
        kinds.add("SALE")
        unreviewed = unreviewed or consideration == "UNKNOWN"
    if kinds:
        return verdict(kinds, unreviewed)
    if provider is not None:  # step 8
        return verdict({provider})
    if _third_party(recipient, purposes, consideration, at, policy, person):  # step 9
        return verdict({"BP_THIRD_PARTY"})
    return verdict({"SALE"}, True)  # step 10: the worst case


def _proven(fact: Fact, element: str, at: int, policy: Declared, person: Described) -> str:
    """The occasion that is proven; else it is an ordinary one (rulings.md 25)."""
    occasion: str = fact["occasion"]
    if occasion in NEEDS_EVIDENCE and not fact["claim_evidence"]:
        return "ORDINARY"
    if occasion in NEEDS_DOCUMENT and not fact["legal_document"]:
        return "ORDINARY"
    if occasion == "OPT_OUT_SIGNAL":
        identifier = "PI_A_IDENTIFIERS" in policy.categories(element, at)
        return occasion if identifier and person.opted_out(at) else "ORDINARY"
    return occasion


def _list_matching(fact: Fact, mapped: dict[str, set[str]], at: int, policy: Declared) -> bool:
    """Advertising with an identifier at an ad or social network is list matching (rulings.md 26)."""
    return (
        any("BP6_ADS_NON_CROSS" in statutory for statutory in mapped.values())
        and policy.recipient_category(fact["recipient"], at) in ("RCP_AD_NETWORK", "RCP_SOCIAL_NETWORK")
        and not fact["claim_evidence"]
        and any("PI_A_IDENTIFIERS" in policy.categories(policy.element(e), at) for e in fact["elements"])
    )


def _provider(recipient: str, mapped: dict[str, set[str]], at: int, policy: Declared) -> str | None:
    """Step 8, whatever was found before it: the kind of provider that all purposes allow."""
    rows = policy.contracts(recipient, "R7051", at)
    providers = [row for row in rows if row.get("as") == "SERVICE_PROVIDER"]
    contractors = [
        r for r in rows if r.get("as") == "CONTRACTOR" and policy.at(r.get("certified"), at) == "true"
    ]

    def named(purpose: str, contracts: list[dict[str, object]]) -> bool:
        return any(policy.names(row, purpose, at) for row in contracts)

    if not mapped or not all(statutory & BUSINESS_PURPOSES for statutory in mapped.values()):
        return None
    if all(named(purpose, providers) for purpose in mapped):
        return "BP_SERVICE_PROVIDER"
    return "BP_CONTRACTOR" if all(named(purpose, providers + contractors) for purpose in mapped) else None


def _third_party(
    recipient: str, purposes: set[str], consideration: str, at: int, policy: Declared, person: Described
) -> bool:
    """Step 9: nothing received, and a contract for every purpose or the person's own customer."""
    if consideration != "NONE" or not purposes:
        return False
    rows = policy.contracts(recipient, "R7053", at)
    customer = policy.recipients.get(recipient, {}).get("customer")
    return all(any(policy.names(row, purpose, at) for row in rows) for purpose in purposes) or (
        customer is not None and customer == person.customer(at)
    )
