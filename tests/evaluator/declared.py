"""What did the business declare, and what does the statute's vocabulary say? Plain YAML, read afresh."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from evaluator.times import ALWAYS, FOREVER, boundary

STATUTE = Path(__file__).parents[2] / "lineage" / "policy" / "statute"
CROSS_CONTEXT = "PUR_CROSS_CONTEXT_ADS"
BUSINESS_PURPOSES = {
    "BP1_AD_AUDIT",
    "BP2_SECURITY",
    "BP3_DEBUG",
    "BP4_TRANSIENT",
    "BP5_SERVICES",
    "BP6_ADS_NON_CROSS",
    "BP7_INTERNAL_RESEARCH",
    "BP8_QUALITY_SAFETY",
}


@cache
def _read(text: str) -> dict[str, Any]:
    return yaml.load(text, yaml.CBaseLoader) or {}  # noqa: S506 (BaseLoader builds nothing but text)


@cache
def _statute(name: str, key: str) -> dict[str, Any]:
    table: dict[str, Any] = _read((STATUTE / f"{name}.yaml").read_text(encoding="utf-8"))[key]
    return table


class Declared:
    """A policy that can be asked what was in force at an instant. Everything is text, as YAML has it."""

    def __init__(self, files: Mapping[str, str]) -> None:
        tops = {name: _read(text) for name, text in files.items()}
        business, parties = tops.get("business.yaml", {}), tops.get("parties.yaml", {})
        self.zone = ZoneInfo(business.get("time_zone", "America/Los_Angeles"))
        self.systems: dict[str, Any] = business.get("systems") or {}
        self.producers: dict[str, Any] = business.get("producers") or {}
        self.sources: dict[str, Any] = parties.get("sources") or {}
        self.recipients: dict[str, Any] = parties.get("recipients") or {}
        self.customers: dict[str, Any] = parties.get("customers") or {}
        self.regime = "CCPA" if business.get("is_ccpa_business", "true") == "true" else None
        self.california_only = business.get("california_only") == "true"
        self.purposes: dict[str, Any] = tops.get("purposes.yaml", {}).get("purposes") or {}
        own = tops.get("vocabulary.yaml", {}).get("elements") or {}
        shipped = _statute("elements", "elements")
        self.elements = {id: {**shipped.get(id, {}), **own.get(id, {})} for id in {**shipped, **own}}
        self.aliases = {a: id for id, row in self.elements.items() for a in row.get("aliases", [])}
        self.boundaries = sorted(set(_bounds(list(tops.values()), self.zone)))

    def bound(self, row: Mapping[str, Any], key: str) -> int:
        if key in row:
            return boundary(row[key], self.zone)
        return ALWAYS if key == "from" else FOREVER

    def in_force(self, row: Mapping[str, Any], at: int) -> bool:
        return self.bound(row, "from") <= at < self.bound(row, "until")

    def at(self, value: Any, at: int) -> Any:
        """A plain value, or the one of a dated list that holds at an instant (rulings.md 1)."""
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return next((row["value"] for row in value if self.in_force(row, at)), None)
        return value

    def element(self, word: str) -> str:
        return str(self.aliases.get(word, word))

    def categories(self, element: str, at: int) -> list[str]:
        if element not in self.elements:
            return ["UNMAPPED"]
        return list(self.at(self.elements[element].get("categories"), at) or ["UNMAPPED"])

    def sensitive(self, element: str, at: int) -> set[str]:
        return set(self.at(self.elements.get(element, {}).get("sensitive"), at) or [])

    def sensitive_when(self, element: str) -> list[tuple[str, set[str]]]:
        rules = self.elements.get(element, {}).get("sensitive_when") or {}
        return [(spi, {self.element(word) for word in rule["with"]}) for spi, rule in rules.items()]

    def withhold(self, element: str) -> str | None:
        code: str | None = self.elements.get(element, {}).get("withhold")
        return code

    def source_category(self, source: str, at: int) -> str:
        return str(self.at(self.sources.get(source, {}).get("category"), at) or "SRC_UNKNOWN")

    def recipient_category(self, recipient: str, at: int) -> str:
        return str(self.at(self.recipients.get(recipient, {}).get("category"), at) or "RCP_UNKNOWN")

    def same_business(self, recipient: str, at: int) -> bool:
        row = self.recipients.get(recipient, {})
        return all(self.at(row.get(key), at) == "true" for key in ("control", "common_brand"))

    def contracts(self, recipient: str, kind: str, at: int) -> list[dict[str, Any]]:
        rows = self.recipients.get(recipient, {}).get("contracts") or []
        return [row for row in rows if row["kind"] == kind and self.in_force(row, at)]

    def statutory(self, purpose: str, at: int) -> set[str]:
        """What a purpose is mapped to; a statutory id means itself, an unknown word nothing."""
        if purpose in self.purposes:
            return set(self.at(self.purposes[purpose].get("statutory"), at) or [])
        return {purpose} if purpose in _statute("purposes", "purposes") else set()

    def names(self, contract: Mapping[str, Any], purpose: str, at: int) -> bool:
        """Contracts name purposes by our ids or by statutory ids (rulings.md 26)."""
        return bool({purpose, *self.statutory(purpose, at)} & set(contract.get("purposes", [])))

    def knows_purpose(self, purpose: str) -> bool:
        return purpose in self.purposes or purpose in _statute("purposes", "purposes")

    def publishes(self, system: str) -> bool:
        """Whether a system publishes or is attested free of personal data (rulings.md 39)."""
        row = self.systems.get(system, {})
        return row.get("publishes") == "true" or isinstance(row.get("attested_free"), dict)

    def holdings_known(self, system: str) -> bool:
        """Whether somebody attests that all is told of what a system holds (rulings.md 33)."""
        return isinstance(self.systems.get(system, {}).get("holdings_known"), dict)

    def unsearched(self) -> dict[str, str]:
        """The record types of each system that is not searched (law.md A.6, rule 9)."""
        rows = {system: row.get("no_search") for system, row in self.systems.items()}
        return {system: row["record_types"] for system, row in rows.items() if row}


def _bounds(tree: Any, zone: ZoneInfo) -> list[int]:
    """Every from, until and effective of a tree. A cut too many changes nothing."""
    if isinstance(tree, list):
        return [at for each in tree for at in _bounds(each, zone)]
    if not isinstance(tree, dict):
        return []
    own = [
        boundary(tree[key], zone) for key in ("from", "until", "effective") if isinstance(tree.get(key), str)
    ]
    return own + _bounds(list(tree.values()), zone)
