"""What does the log tell of a system, day by day? Events that count: not those replaced or retracted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import duckdb

from lineage.identity.corrections import Said, taken_out
from lineage.questions import statement


def counted_in_log(
    reader: duckdb.DuckDBPyConnection,
    system: str,
    time_zone: str,
    as_of: datetime,
    events: Sequence[str] = (),
) -> Mapping[date, int]:
    """Day -> occurrences of events of the system, by the day on which they happened in that time zone.

    ``events``: the kinds that count, all of them when none is named. An event that stands for several
    occurrences (``count``) counts as many. A correction is seen where it stands under the token of what it
    corrects.
    """
    given = {
        "system": system,
        "time_zone": time_zone,
        "as_of": as_of,
        "events": list(events),
        "taken_out": _taken_out(reader, as_of),
    }
    return dict(reader.execute(statement("told_by_day"), given).fetchall())


def _taken_out(reader: duckdb.DuckDBPyConnection, as_of: datetime) -> list[dict[str, Any]]:
    said: dict[UUID | None, list[Said]] = defaultdict(list)
    for subject, *told in reader.execute(statement("correction"), {"as_of": as_of}).fetchall():
        said[subject].append(Said(*told))
    return [
        {"subject": subject, "event_id": event_id}
        for subject, events in said.items()
        for event_id in sorted(taken_out(events))
    ]
