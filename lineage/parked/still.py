"""Which refused records are open, as of the instant up to which the log is read?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import duckdb

from lineage.questions import statement
from lineage.report.state import Discarded, projected

COLUMNS: Final = (
    *("place", "reason", "producer", "incarnation", "sequence", "recorded_at"),
    *("partition", "offset", "concerns"),
)


@dataclass(frozen=True, slots=True)
class Still:
    """An open refused record; ``concerns``: how many people it may speak of, None: anybody."""

    reason: str
    producer: str | None
    incarnation: UUID | None
    sequence: int | None
    recorded_at: datetime
    partition: int
    offset: int
    concerns: int | None

    def row(self) -> tuple[Any, ...]:
        """As COLUMNS name it."""
        return (
            f"{self.partition}/{self.offset}",
            self.reason,
            self.producer,
            self.incarnation,
            self.sequence,
            self.recorded_at,
            self.partition,
            self.offset,
            in_words(self.concerns),
        )


def in_words(concerns: int | None) -> str:
    """Of how many people a record may speak."""
    return {None: "everybody", 1: "one person"}.get(concerns, f"{concerns} people")


def still_refused(
    reader: duckdb.DuckDBPyConnection, discarded: Sequence[Discarded] = (), as_of: datetime | None = None
) -> list[Still]:
    """The open ones in the order in which they were recorded; as of now, or of an earlier instant.

    Raises:
        NoPolicy: nothing at all was projected.
    """
    given = {
        "discarded": [each._asdict() for each in discarded],
        "as_of": projected(reader, as_of).as_of,
    }
    found = reader.execute(statement("still_refused"), given).fetchall()
    return [Still(*told) for told in found]
