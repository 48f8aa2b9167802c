"""What happened to this person's data, one event after the other?"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb

from lineage.errors import Refused
from lineage.identity import NOTHING, Decided, Stopped, resolve
from lineage.report.asking import ask_for_timeline
from lineage.report.given import NOT_REVIEWED, Person, Reviews, reviewed
from lineage.report.state import projected, state_of
from lineage.window import EARLIEST_DAY, Window, midnight

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)


def timeline(
    reader: duckdb.DuckDBPyConnection,
    subject: UUID,
    decided: Decided = NOTHING,
    reviews: Reviews = NOT_REVIEWED,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of ``timeline.sql``, the earliest event first, of all tokens of the person.

    ``decided``: what people decided about links; ``reviews``: about events.

    Raises:
        NoPolicy: no policy that can be read was ever adopted.
        Refused: two accounts are one person at one instant: nobody can tell whose the events are.
    """
    state = state_of(reader, projected(reader))
    zone = ZoneInfo(state.policy.business.time_zone)
    [who], taken_out = resolve(reader, [subject], state.projected.as_of, zone, decided)
    if isinstance(who, Stopped):
        raise Refused(
            "Two accounts are linked as one person at one time. Undo the wrong link, then ask again."
        )
    ever = Window(FIRST, LAST, FIRST, midnight(EARLIEST_DAY, zone), zone.key)
    return ask_for_timeline(reader, state, Person(who, ever, reviewed(who, reviews)), taken_out)
