"""Which keys does an answer have? (design section 7)"""

from functools import cached_property
from typing import Any, Literal

from pydantic import Field, StrictBool, StrictInt

from lineage.report.check.parts import (
    Asked,
    BlockStatements,
    BlockStatus,
    Coverage,
    Denial,
    Digest,
    Exclusion,
    Instant,
    NotSearched,
    Part,
    Period,
    Review,
    Statement,
    Subject,
    Versions,
)
from lineage.report.check.rows import Collected, Line, Pair, Pairs, Pieces, Purpose, Source, ThirdParty, Word

LISTS = ("collected", "sources", "purposes", "third_parties")
"""Blocks that are plain lists."""
PAIRS = ("sold_or_shared", "disclosed")
"""Blocks of pairs, each with a statement of its own."""
BLOCKS = (*LISTS, *PAIRS, "pieces")

Steps = tuple[str | int, ...]


class Document(Part):
    """One answer to a request to know."""

    schema_: Literal["ccpa.know/1"] = Field(alias="schema")
    for_release: StrictBool
    request: Asked
    regime: Literal["CCPA"] | None
    subject: Subject = Subject()
    window: Period
    as_of: Instant
    provisional: StrictBool
    coverage: Coverage
    block_status: BlockStatus
    collected: list[Collected]
    sources: list[Source]
    purposes: list[Purpose]
    third_parties: list[ThirdParty]
    sold_or_shared: Pairs
    disclosed: Pairs
    pieces: Pieces
    held_collected_earlier: list[Word]
    block_statements: BlockStatements
    denials: list[Denial]
    not_searched: list[NotSearched]
    exclusions: list[Exclusion]
    under_order: list[Pair] = Field(default_factory=list)
    for_review: list[Review] = Field(default_factory=list)
    statements: list[Statement]
    versions: Versions
    positions: dict[str, StrictInt] | None = None
    answer_digest: Digest
    digest: Digest

    def rows(self, block: str) -> list[Any]:
        """The lines, pairs or items of a block."""
        match block:
            case "sold_or_shared" | "disclosed":
                return list(getattr(self, block).pairs)
            case "pieces":
                return list(self.pieces.items)
        return list(getattr(self, block))

    @cached_property
    def lines(self) -> tuple[tuple[Steps, Line], ...]:
        """Every line of the six blocks of categories, with the steps to it."""
        return (
            *(((block, at), line) for block in LISTS for at, line in enumerate(self.rows(block))),
            *(((block, "pairs", at), line) for block in PAIRS for at, line in enumerate(self.rows(block))),
        )

    def negative(self, block: str) -> str | None:
        """NONE, COVERAGE_INCOMPLETE or nothing, wherever it stands for that block."""
        found = getattr(self, block).statement if block in PAIRS else getattr(self.block_statements, block)
        return None if found is None else str(found)
