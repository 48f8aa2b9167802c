"""What did a business do with personal data before it began to tell? Its own files say; mappings make events.

All rows of all mappings are checked before anything is sent. An event's id comes from its time and its row
key, so that running a backfill again adds nothing. The events are marked RECONSTRUCTED, and their incarnation
is closed by a report that covers no time: files of the past prove no completeness.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from lineage.backfill.mapping import DataFolder, Mapping, Row
from lineage.errors import Refused
from lineage.events import Event, Header, Origin, PopulationShared, filled
from lineage.jsonform import from_json
from lineage.logs import Log
from lineage.publish.checking import Check
from lineage.publish.completing import completed
from lineage.publish.sending import Clock, Incarnation, Sender, faults, now_utc
from lineage.tokens import Pseudonymiser

MAX_PROBLEMS: Final = 100  # a wrong mapping is wrong in every row: a screenful shows how
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

OnRow = Callable[[Mapping, int], None]


class BackfillRefused(Refused):
    """Rows are not in order; nothing was sent. ``problems`` holds the first of them, ``count`` says how
    many.
    """

    def __init__(self, problems: list[str], count: int) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.count = count


def row_event_id(pseudonymiser: Pseudonymiser, mapping: str, key: str, occurred_at: datetime) -> UUID:
    """The id of a row's event: UUID version 7 of its time, with bits of a keyed hash in place of chance.

    Keyed as subject tokens are, because a row key may itself be an identifier, and ids are not secret.
    """
    milliseconds = (occurred_at - _EPOCH) // _MILLISECOND
    if milliseconds < 0:
        raise Refused("occurred_at: lies before 1970")
    # Written as JSON: no two keys then become one when the identifier is brought to its one form.
    chance = pseudonymiser.token(f"row:{mapping}/{json.dumps(key)}")[0].int
    return UUID(
        int=milliseconds << 80
        | 0x7 << 76
        | (chance >> 112 & 0xFFF) << 64
        | 0b10 << 62
        | chance & (1 << 62) - 1
    )


@dataclass(slots=True)
class Backfill:
    """Runs mappings over a data folder into a log. ``check`` names what the policy finds wrong with an
    event.
    """

    log: Log
    pseudonymiser: Pseudonymiser
    check: Check
    producer: str
    data: Path
    on_row: OnRow = field(default=lambda mapping, number: None)
    clock: Clock = now_utc

    def checked(self, mappings: Sequence[Mapping]) -> dict[str, int]:
        """How many events each mapping makes. Raises BackfillRefused with the rows that are not in order,
        Refused when a mapping itself is not; sends nothing."""
        folder = DataFolder(self.data)
        names = [mapping.name for mapping in mappings]
        if len(set(names)) < len(names):
            raise Refused("two mappings have one name; the name tells their events apart")
        counts = {mapping.name: folder.count(mapping) for mapping in mappings}
        problems: list[str] = []
        found = 0
        for mapping in mappings:
            for row in folder.rows(mapping):
                try:
                    self._event(mapping, row)
                except Refused as error:
                    found += 1
                    if len(problems) < MAX_PROBLEMS:
                        problems.append(f"{mapping.name} row {row.number}: {error}")
                self.on_row(mapping, row.number)
        if problems:
            raise BackfillRefused(problems, found)
        return counts

    def send(self, mappings: Sequence[Mapping]) -> int:
        """Send the events of mappings that were checked; returns how many. Raises DeliveryFailed or
        LogUnavailable: run it again then, what had arrived adds nothing."""
        folder = DataFolder(self.data)
        sender = Sender(self.log)
        incarnation = Incarnation(self.producer)
        for mapping in mappings:
            for row in folder.rows(mapping):
                event, changes = self._event(mapping, row)
                changes["producer"] = self.producer
                changes["incarnation"] = incarnation.id
                changes["sequence"] = incarnation.last + 1
                sender.send(filled(event, changes))
                incarnation.last += 1
                self.on_row(mapping, row.number)
        now = self.clock()
        sender.send(incarnation.report(now, now, closing=True))
        sender.flush()
        return incarnation.last

    def _event(self, mapping: Mapping, row: Row) -> tuple[Event, dict[str, Any]]:
        """The event that a row tells, and what is filled in. Raises Refused naming what is wrong with the
        row.
        """
        if not row.key:
            raise Refused("row_key: is empty")
        event = from_json(row.fields)
        if not isinstance(event, Header | PopulationShared):
            raise Refused("event: no mapping makes events of this type")
        if event.occurred_at is None:
            raise Refused("occurred_at: is missing")
        problems = faults(event) + self.check(event)
        if problems:
            raise Refused("; ".join(problems))
        changes = completed(event, self.pseudonymiser, event.occurred_at)
        changes["origin"] = Origin.RECONSTRUCTED
        changes["event_id"] = row_event_id(self.pseudonymiser, mapping.name, row.key, event.occurred_at)
        return event, changes
