"""What happened to this person's data, one event after the other?"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import duckdb

from lineage.questions import statement
from lineage.report.asking import policy_in_force

ALL_TIME = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


def timeline(reader: duckdb.DuckDBPyConnection, subject: UUID) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of ``timeline.sql``, the earliest event first.

    Raises:
        NoPolicy: no policy that can be read was ever adopted.
    """
    policy = policy_in_force(reader)
    begin, end = ALL_TIME
    asked = [{"ask": 0, "subject": subject, "window_from": begin, "window_to": end}]
    cursor = reader.execute(statement("timeline"), {"asked": asked, "policy": policy.digest})
    return [column[0] for column in cursor.description or ()], cursor.fetchall()
