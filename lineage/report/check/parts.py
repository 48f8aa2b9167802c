"""What does an answer say beside its lines? The types under the keys of design section 7.

The models take what the design fixes and pass over additions. What only one of the two copies has is optional
here; who may see it is for :mod:`lineage.report.check.copies`.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from lineage.report.canonical import instant

Block = Literal["collected", "sources", "purposes", "third_parties", "sold_or_shared", "disclosed", "pieces"]
Negative = Literal["NONE", "COVERAGE_INCOMPLETE"]
Reason = Literal[
    "NO_MATCH",
    "ERASED",
    "PARKED",
    "LAG",
    "SEQUENCE",
    "SILENT",
    "UNPUBLISHED_SYSTEM",
    "UNKNOWN_WORD",
    "LINK_UNSURE",
    "HOLDING_UNKNOWN",
]


def _as_we_write_it(text: str) -> str:
    try:
        same = instant(datetime.fromisoformat(text)) == text
    except ValueError:
        same = False
    if not same:
        raise ValueError("needs an instant in UTC with six digits and Z")
    return text


Instant = Annotated[StrictStr, AfterValidator(_as_we_write_it)]
"""Text; as all are written alike, their order as texts is their order in time."""
Count = Annotated[StrictInt, Field(ge=0)]
Digest = Annotated[StrictStr, Field(pattern="^[0-9a-f]{64}$")]
Uuid = Annotated[StrictStr, Field(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Asked(Part):
    id: StrictStr | None
    received_at: StrictStr
    residency: StrictStr | None
    verification: Literal["V0_NONE", "V1_REASONABLE", "V2_HIGH", "V_ACCOUNT"]
    supplement_of: StrictStr | None


class Subject(Part):
    token: Uuid | None = None
    linked: list[Uuid] = Field(default_factory=list)


class Refusal(Part):
    reason: StrictStr | None = None
    facts: StrictStr | None = None


class Period(Part):
    begin: Instant = Field(alias="from")
    end: Instant = Field(alias="to")
    time_zone: StrictStr
    basis: Literal["twelve_months", "range", "everything"]
    refusal: Refusal | None


class Gap(Part):
    reason: Reason
    producer: StrictStr | None = None
    system: StrictStr | None = None
    begin: Instant | None = Field(alias="from")
    end: Instant | None = Field(alias="to")


class Coverage(Part):
    begin: Instant | None = Field(alias="from")
    complete: StrictBool
    gaps: list[Gap]


class Denial(Part):
    block: Block | None
    code: StrictStr
    basis: StrictStr
    statement: StrictStr
    facts: StrictStr | None = None


class NotSearched(Part):
    record_types: StrictStr
    statement: StrictStr


class Exclusion(Part):
    code: StrictStr
    count: Count | None = None
    statement: StrictStr


class Statement(Part):
    code: StrictStr
    block: Block | None
    statement: StrictStr


class Review(Part):
    """An event that a handler has to look at."""

    event_id: Uuid
    reason: StrictStr


class Versions(Part):
    policy: StrictStr
    vocabulary: StrictStr
    schemas: StrictStr
    calendars: StrictStr | None
    software: StrictStr
    checkpoint: StrictStr | None = None


class BlockStatus(Part):
    collected: Literal["answered", "denied", "not_requested"]
    sources: Literal["answered", "denied", "not_requested"]
    purposes: Literal["answered", "denied", "not_requested"]
    third_parties: Literal["answered", "denied", "not_requested"]
    sold_or_shared: Literal["answered", "denied", "not_requested"]
    disclosed: Literal["answered", "denied", "not_requested"]
    pieces: Literal["answered", "denied", "not_requested"]

    def of(self, block: str) -> str:
        return str(getattr(self, block))


class BlockStatements(Part):
    """What stands for the blocks that are no lists of pairs."""

    collected: Negative | None
    sources: Negative | None
    purposes: Negative | None
    third_parties: Negative | None
    pieces: Negative | None
