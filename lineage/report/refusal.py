"""Why is a longer period than the twelve months not answered? (law.md A.7, W-12; R 7024(h), R 7001)

Only because it is impossible, or takes disproportionate effort; and the person is told the facts, for the
assertion alone is unlawful.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lineage.errors import Refused
from lineage.policy.personal import looks_personal

FEWEST_FACTS: Final = 5
"""Words beyond the law's own that an explanation has at least; fewer can only repeat the assertion."""

BARE: Final = (
    "Gives no facts beyond the assertion. Say what makes it so: which records, where they lie, what it takes."
)

_ASSERTION: Final = frozenset(
    re.findall(
        r"\w+",
        """
        disproportionate disproportionately effort efforts impossible impossibility impracticable
        infeasible feasible undue unduly burden burdensome excessive excessively unreasonable unreasonably
        reasonable cost costs costly expensive work resources time too much many more very great large
        significant substantial considerable would could should will can may might must be been being is
        are was were it its this that these those the a an of for to in on at by with as and or not no nor
        so because due since therefore hence thus require requires required requiring involve involves
        involved take takes taking cause causes mean means constitute constitutes amount amounts request
        requests requested requester consumer consumers person data information personal answer answering
        response respond responding provide providing comply complying compliance period window longer
        older extended extension twelve months we us our you your they their have has had do does did
        business company ccpa law section regulation regulations under within which from than all any
        refused refuse denied deny reject rejected cannot unable able possible considered deemed
        determined clearly outweigh outweighs benefit
        """,
    )
)


class Reason(StrEnum):
    """The two reasons that the law knows."""

    IMPOSSIBLE = "IMPOSSIBLE"
    DISPROPORTIONATE = "DISPROPORTIONATE"

    @property
    def denial(self) -> str:
        """The code of law.md A.20."""
        return f"DN_{self.value}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A longer period was asked for, and is refused. ``facts``: what the person is told, in their copy.

    Raises:
        Refused: the facts only repeat the assertion, or hold what looks like somebody's datum.
    """

    reason: Reason
    facts: str

    def __post_init__(self) -> None:
        if not is_explained(self.facts):
            raise Refused(f"The refusal of a longer period is not explained (R 7024(h)). {BARE}")
        if any(looks_personal(word) for word in self.facts.split()):
            raise Refused(
                "The facts of a refusal hold what looks like an address or a number of somebody. Tell of the "
                "records, not of the person."
            )

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Refusal":
        """The refusal again, from how an answer has it. Raises Refused; ValueError for an unknown reason."""
        return cls(Reason(told["reason"]), told["facts"])

    def told(self) -> dict[str, str]:
        """As it stands in ``window.refusal`` of an answer."""
        return {"reason": self.reason.value, "facts": self.facts}


def is_explained(facts: str | None) -> bool:
    """Whether a refusal's facts say more than the law's own words for it. Whether they are true and enough
    remains for a person to judge.

    >>> is_explained("This would require a disproportionate effort for our company.")
    False
    >>> is_explained("Orders before 2024 lie on tapes; reading one takes a technician six hours.")
    True
    """
    said = set(re.findall(r"[^\W_]+", (facts or "").lower())) - _ASSERTION
    return len(said) >= FEWEST_FACTS
