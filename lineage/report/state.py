"""What holds for everybody who is asked about at one moment: the policy, and how far the log is read?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import duckdb

from lineage.errors import LineageError
from lineage.identity import crowd_taken_out
from lineage.policy import Policy, parse
from lineage.questions.declared import Declared, declared


class NoPolicy(LineageError):
    """Nothing says by which rules the facts are to be judged."""


@dataclass(frozen=True, slots=True)
class Projected:
    """How far the log is projected: the offset in each partition, and the instant this is an answer as of.

    ``is_now``: everything projected counts. ``provisional``: a partition may still bring what was recorded by
    then. ``is_behind``: records are known to be there that nobody has projected, whatever they tell.
    """

    positions: dict[str, int]
    as_of: datetime
    provisional: bool
    is_now: bool = True
    is_behind: bool = False


def projected(
    reader: duckdb.DuckDBPyConnection, as_of: datetime | None = None, *, is_behind: bool = False
) -> Projected:
    """What the database has seen of the log, and as of when it is asked (rulings.md 8).

    Raises:
        NoPolicy: nothing at all was projected.
    """
    rows = sorted(reader.execute("select tracking_name, position, recorded_at from position").fetchall())
    if not rows:
        raise NoPolicy("The log is empty, so no policy has been adopted. Run: lineage policy adopt FOLDER")
    positions = {name: position for name, position, _ in rows}
    reached: dict[str, datetime] = {}
    for name, _, recorded_at in rows:
        reached[name] = max(recorded_at, reached.get(name, recorded_at))
    latest = max(reached.values())
    then = latest if as_of is None else as_of
    return Projected(
        positions=positions,
        as_of=then,
        provisional=is_behind or min(reached.values()) < then,
        is_now=then >= latest,
        is_behind=is_behind,
    )


def policy_in_force(reader: duckdb.DuckDBPyConnection, as_of: datetime | None = None) -> Policy:
    """The policy adopted last, as far as was known then (rulings.md 9).

    Raises:
        NoPolicy: none was adopted, or the one adopted cannot be read.
    """
    found = reader.execute(
        """
        select files, problem
        from adopted_policy
        where $as_of is null or recorded_at <= $as_of
        order by recorded_at desc, log_partition desc, log_offset desc
        limit 1
        """,
        {"as_of": as_of},
    ).fetchone()
    if found is None:
        raise NoPolicy(
            "No policy has been adopted, so nothing can be judged. Run: lineage policy adopt FOLDER"
            if as_of is None
            else "No policy had been adopted by then, so nothing can be judged. Choose a later --as-of."
        )
    files, problem = found
    if problem is not None:
        raise NoPolicy(
            "The policy adopted last cannot be read. Run lineage policy check on its folder and adopt again."
        )
    return parsed(files)


@lru_cache(maxsize=8)
def parsed(files: str) -> Policy:
    """The policy of an adoption, from its files as the database keeps them."""
    return parse(json.loads(files))


class Discarded(NamedTuple):
    """A refused record of which a person decided that it is no event: its gap ends ``settled_at``."""

    log_partition: int
    log_offset: int
    recorded_at: datetime
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """What holds for everybody asked at one moment: the policy, how far the log is read, what was taken back.

    ``unsearched``: systems left out of a search for pieces. ``silent``: questions that have no rows, whoever
    is asked about. ``discarded``: refused records that are no events.
    """

    policy: Policy
    declared: Declared
    projected: Projected
    crowd_taken_out: Sequence[UUID] = ()
    unsearched: Sequence[str] = ()
    silent: frozenset[str] = frozenset()
    discarded: Sequence[Discarded] = ()


def state_of(reader: duckdb.DuckDBPyConnection, reached: Projected, as_of: datetime | None = None) -> State:
    """The state as of an instant, by the policy that was in force then.

    Raises:
        NoPolicy: none was adopted by then, or the one adopted cannot be read.
    """
    policy = policy_in_force(reader, as_of)
    taken_out = crowd_taken_out(reader, reached.as_of)
    return State(policy, declared(policy), reached, taken_out)
