"""What does the database say, for one person or for thousands at once?

The thin edge of a report: which policy judges, how far the log is projected, and the rows of the questions.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import duckdb

from lineage.errors import LineageError
from lineage.policy import Policy, parse
from lineage.questions import statement
from lineage.questions.prepared import Prepared
from lineage.window import Window

Row = dict[str, Any]


class NoPolicy(LineageError):
    """Nothing says by which rules the facts are to be judged."""


@dataclass(frozen=True, slots=True)
class Projected:
    """How far the log is projected: the offset in each partition, and the instant this is an answer as of."""

    positions: dict[str, int]
    as_of: datetime
    provisional: bool


def projected(reader: duckdb.DuckDBPyConnection) -> Projected:
    """What the database has seen of the log.

    Raises:
        NoPolicy: nothing at all was projected.
    """
    rows = reader.execute(
        "select tracking_name, max(position), max(recorded_at) from position group by all order by 1"
    ).fetchall()
    if not rows:
        raise NoPolicy("The log is empty, so no policy has been adopted. Run: lineage policy adopt FOLDER")
    reached = [recorded_at for _, _, recorded_at in rows]
    return Projected(
        positions={name: offset for name, offset, _ in rows},
        as_of=max(reached),
        provisional=min(reached) < max(reached),
    )


def policy_in_force(reader: duckdb.DuckDBPyConnection) -> Policy:
    """The policy adopted last (rulings.md 9).

    Raises:
        NoPolicy: none was adopted, or the one adopted cannot be read.
    """
    found = reader.execute(
        "select files, problem from adopted_policy"
        " order by recorded_at desc, log_partition desc, log_offset desc limit 1"
    ).fetchone()
    if found is None:
        raise NoPolicy(
            "No policy has been adopted, so nothing can be judged. Run: lineage policy adopt FOLDER"
        )
    files, problem = found
    if problem is not None:
        raise NoPolicy(
            "The policy adopted last cannot be read. Run lineage policy check on its folder and adopt again."
        )
    return _parsed(files)


@lru_cache(maxsize=8)
def _parsed(files: str) -> Policy:
    return parse(json.loads(files))


def ask_for_people(
    reader: duckdb.DuckDBPyConnection,
    policy: Policy,
    people: Sequence[tuple[UUID, Window]],
    prepared: Prepared | None = None,
) -> list[Row]:
    """One row of ``answer.sql`` for each person, in the order asked; one statement however many they are.

    ``prepared``: the same question, planned already; faster for a few people.
    """
    asked = _asked(people)
    found = (
        reader.execute(statement("answer"), {"asked": asked, "policy": policy.digest})
        if prepared is None
        else prepared.ask(asked)
    )
    return sorted(_rows(found), key=lambda row: row["ask"])


def ask_for_log_gaps(
    reader: duckdb.DuckDBPyConnection, policy: Policy, windows: Sequence[Window]
) -> dict[Window, list[Row]]:
    """The rows of ``log_gap.sql`` for each window."""
    gaps: dict[Window, list[Row]] = defaultdict(list)
    asked = _asked([(None, window) for window in windows])
    for row in _rows(reader.execute(statement("log_gap"), {"asked": asked, "policy": policy.digest})):
        gaps[windows[row["ask"]]].append(row)
    return {window: gaps[window] for window in windows}


def _asked(about: Sequence[tuple[UUID | None, Window]]) -> list[Row]:
    return [
        {"ask": number, "subject": subject, "window_from": window.start, "window_to": window.end}
        for number, (subject, window) in enumerate(about)
    ]


def _rows(found: duckdb.DuckDBPyConnection) -> list[Row]:
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, values, strict=True)) for values in found.fetchall()]
