"""What became of this person's data, element by element?"""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from lineage.policy import Policy
from lineage.report.canonical import instant
from lineage.report.given import Row

NOT_A_PIECE = (
    "NOT_A_PIECE"  # made for security: its category is told, itself it is not (§1798.130(a)(3)(B)(iii))
)


UNDER_16 = "SPI_UNDER16"


class Kept:
    """The rows of ``holding.sql`` of one person, under one policy.

    ``with_providers``: the categories that a provider has not confirmed to have deleted.
    """

    def __init__(self, holdings: Sequence[Row], with_providers: Collection[str], policy: Policy) -> None:
        self.policy = policy
        self._with_providers = with_providers
        self._holdings = holdings
        self._beside: dict[str, set[str]] = {}
        for holding in holdings:
            for system in holding["systems"]:
                self._beside.setdefault(system, set()).add(holding["element"])

    def held(self, category: str) -> str:
        """HELD, UNKNOWN or DELETED at the window's end (rulings.md 32). When in doubt, never DELETED."""
        rows = [row for row in self._holdings if category in row["categories"]]
        if any(row["is_held"] for row in rows):
            return "HELD"
        if not rows or category in self._with_providers:
            return "UNKNOWN"
        return "UNKNOWN" if any(row["is_unknown"] or row["is_out_of_sight"] for row in rows) else "DELETED"

    def sensitive(self, line: Row) -> list[str]:
        """The sensitive terms of a line's elements (§1798.140(ae); rulings.md 30).

        Some elements are sensitive only once another has been put into the same system.
        """
        found: set[str] = {UNDER_16} if line["is_under_16"] else set()
        for element in line["words"]:
            known = self.policy.vocabulary.elements.get(element)
            if known is None:
                continue
            for span, terms in known.sensitive.pieces:
                if (span.since is None or instant(span.since) <= line["last_at"]) and (
                    span.until is None or line["first_at"] < instant(span.until)
                ):
                    found.update(terms)
            for when in known.sensitive_when:
                beside = {self.policy.vocabulary.aliases.get(word, word) for word in when.with_elements}
                if any(element in there and not there.isdisjoint(beside) for there in self._beside.values()):
                    found.add(when.spi)
        return sorted(found)

    def pieces(self, collected: Collection[str]) -> list[dict[str, Any]]:
        """Which kinds of data would be shown, and which only named (law.md A.8; R 7024(d)). Never a value."""
        return [
            self._piece(element, holding)
            for element, holding in self._kept.items()
            if element in collected and holding["is_piece"] and self._withheld(element) != NOT_A_PIECE
        ]

    def collected_earlier(self, collected: Collection[str]) -> list[str]:
        """What is held, or may be, from before the window, and was not collected in it (DD-09)."""
        return [
            element
            for element, holding in self._kept.items()
            if holding["is_collected_earlier"] and element not in collected
        ]

    @cached_property
    def _kept(self) -> dict[str, dict[str, Any]]:
        kept: dict[str, dict[str, Any]] = {}
        for row in self._holdings:
            if row["is_held"] or row["is_unknown"]:
                one = kept.setdefault(
                    row["element"], {"held_in": set(), "is_collected_earlier": False, "is_piece": False}
                )
                one["held_in"] |= set(row["held_in"] or ())
                one["is_piece"] |= row["is_piece"]
        for row in self._holdings:
            if row["element"] in kept:
                kept[row["element"]]["is_collected_earlier"] |= row["is_collected_earlier"]
        return kept

    def _piece(self, element: str, holding: dict[str, Any]) -> dict[str, Any]:
        code = self._withheld(element)
        return {
            "element": element,
            "show": code is None,
            "withheld": code,
            "statement": self.policy.vocabulary.withhold_statement(code) if code else None,
            "held_in": sorted(holding["held_in"]),
        }

    def _withheld(self, element: str) -> str | None:
        known = self.policy.vocabulary.elements.get(element)
        return known.withhold if known else None
