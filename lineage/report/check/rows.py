"""What does one line of each block say? The types of its keys (design section 7)."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictStr

from lineage.policy.personal import looks_personal
from lineage.policy.tree import ID
from lineage.report.check.parts import Count, Digest, Instant, Negative, Part

Kind = Literal[
    "SALE",
    "SHARE",
    "BP_SERVICE_PROVIDER",
    "BP_CONTRACTOR",
    "BP_THIRD_PARTY",
    "LEGAL_OR_GOV",
    "CONSUMER_DIRECTED",
    "MERGER",
]


@lru_cache(maxsize=2048)  # the ids of a policy come again with every report; what is refused is not kept
def _no_value(text: str) -> str:
    if not ID.fullmatch(text) or looks_personal(text):
        raise ValueError("needs an id of the policy, never a value")
    return text


Word = Annotated[StrictStr, AfterValidator(_no_value)]
"""An element or purpose by its id."""


class Evidence(Part):
    count: Count
    digest: Digest
    first: list[StrictStr]
    last: list[StrictStr]


class Line(Part):
    """What every line of every block has: the events that back it, in the handler's copy."""

    evidence: Evidence | None = None


class Sensitive(Part):
    id: StrictStr
    statutory_name: StrictStr


class Told(Line):
    """A line about a category, with its dates and counts."""

    category: StrictStr
    statutory_name: StrictStr
    sensitive: list[Sensitive]
    first: Instant
    last: Instant
    events: Count
    occurrences: Count


class Collected(Told):
    elements: Annotated[list[Word], Field(min_length=1)]
    held: Literal["HELD", "DELETED", "UNKNOWN"]


class Source(Line):
    category: StrictStr
    wording: StrictStr


class Purpose(Line):
    purpose: Word
    statutory: list[StrictStr]
    wording: StrictStr | None
    reasons: Annotated[
        list[Literal["collecting", "using", "selling", "sharing", "disclosing"]],
        Field(alias="for", min_length=1),
    ]


class ThirdParty(Line):
    category: StrictStr
    wording: StrictStr
    kinds: Annotated[list[Kind], Field(min_length=1)]


class Pair(Told):
    elements: list[Word] = Field(default_factory=list)
    recipient_category: StrictStr
    recipient_wording: StrictStr
    kinds: Annotated[list[Kind], Field(min_length=1)]
    unreviewed: StrictBool


class Pairs(Part):
    pairs: list[Pair]
    statement: Negative | None


class Piece(Part):
    model_config = ConfigDict(extra="allow")

    element: Word
    show: StrictBool
    withheld: StrictStr | None
    statement: StrictStr | None
    held_in: list[StrictStr] | None = None


class Attachment(Part):
    digest: Digest


class Pieces(Part):
    items: list[Piece]
    attachment: Attachment | None
