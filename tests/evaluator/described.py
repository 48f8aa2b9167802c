"""What is known of the person that decides how the law applies? (rulings.md 19 to 21, 25, 26)"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from evaluator.linked import Person
from evaluator.times import FOREVER, month_end
from evaluator.told import Fact

UNDER_16 = {"UNDER_13": 36, "FROM_13_TO_15": 0}
"""How many months after the end of the band somebody turns sixteen."""


@dataclass(frozen=True)
class Described:
    """``choices`` and ``descriptions`` are the person's own events, in order.

    ``ages``: per token, up to when it was known under sixteen.
    """

    person: Person
    choices: tuple[Fact, ...] = ()
    descriptions: tuple[Fact, ...] = ()
    ages: tuple[tuple[str, int], ...] = ()

    def opted_out(self, at: int) -> bool:
        return any(f["choice"] in ("OPT_OUT", "LIMIT_SENSITIVE") and f.span.start <= at for f in self.choices)

    def customer(self, at: int) -> str | None:
        """Whose customer the person was; the earliest description also holds before it."""
        named = [fact for fact in self.descriptions if fact["customer"]]
        return _last("customer", named, at) or _last("customer", named[:1])

    def residency(self, at: int) -> str | None:
        """Where the person was last said to live by an instant; None is unknown, and is answered."""
        return _last("residency", [fact for fact in self.descriptions if fact["residency"]], at)

    def under_16(self, at: int) -> bool:
        """Whether any token that is the person's at an instant was known under sixteen then."""
        mine = self.person.at(at)
        return any(token in mine and at < until for token, until in self.ages)


def _last(key: str, named: list[Fact], by: int = FOREVER) -> str | None:
    """What the last of some descriptions says that were made by an instant."""
    said: list[str] = [fact[key] for fact in named if fact.span.start <= by]
    return said[-1] if said else None


def ages(facts: list[Fact], zone: ZoneInfo) -> tuple[tuple[str, int], ...]:
    """(token, until) for every description as under sixteen; it holds for all that was before."""
    banded = sorted((f for f in facts if f["age_band"]), key=lambda fact: fact.order)
    found = []
    for number, fact in enumerate(banded):
        if fact["age_band"] not in UNDER_16:
            continue
        until = FOREVER
        if fact["band_until"]:
            until = month_end(fact["band_until"], zone, UNDER_16[fact["age_band"]])
        grown = [
            later.span.start
            for later in banded[number + 1 :]
            if later["subject"] == fact["subject"] and later["age_band"] == "SIXTEEN_OR_OVER"
        ]
        found.append((str(fact["subject"]), min([until, *grown])))
    return tuple(found)
