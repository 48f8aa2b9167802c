"""Which disclosures may nobody be told of? (rulings.md 28)"""

from dataclasses import dataclass

from evaluator.declared import Declared
from evaluator.judged import Verdict
from evaluator.times import micros
from evaluator.told import Fact


@dataclass(frozen=True)
class Orders:
    """The orders of silence about one person that are in force as of an instant."""

    holds: tuple[Fact, ...]
    as_of: int
    policy: Declared

    def hide(self, fact: Fact, element: str, verdict: Verdict) -> bool:
        """Whether this element of a disclosure is not to be told; a sale or a share always is."""
        if verdict.kinds != {"LEGAL_OR_GOV"}:
            return False
        ordered = fact["undisclosed_until"]
        return (ordered is not None and micros(ordered) > self.as_of) or any(
            hold["by"] == fact["recipient"]
            and (not hold["elements"] or element in map(self.policy.element, hold["elements"]))
            for hold in self.holds
        )


def orders(facts: list[Fact], as_of: int, policy: Declared) -> Orders:
    """``facts``: whatever happened under any token of the person."""
    lifted = [fact for fact in facts if fact["event"] == "HoldLifted"]

    def in_force(hold: Fact) -> bool:
        return (hold["until"] is None or micros(hold["until"]) > as_of) and not any(
            lift.order > hold.order and _same(lift, hold) for lift in lifted
        )

    placed = [f for f in facts if f["event"] == "HoldPlaced" and f["kind"] == "NONDISCLOSURE"]
    return Orders(tuple(hold for hold in placed if in_force(hold)), as_of, policy)


def _same(lift: Fact, hold: Fact) -> bool:
    return all(lift[key] == hold[key] for key in ("subject", "by", "document"))
