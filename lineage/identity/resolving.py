"""Asks the database for the histories that tell who some people are, ring by ring of linked tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb

from lineage.identity.corrections import Said, taken_out
from lineage.identity.decided import NOTHING, Decided
from lineage.identity.histories import Histories
from lineage.identity.members import Family, Stopped, Who
from lineage.identity.rotated import Identifiers


def resolve(
    reader: duckdb.DuckDBPyConnection,
    asked: Sequence[UUID],
    as_of: datetime,
    zone: ZoneInfo,
    decided: Decided = NOTHING,
) -> tuple[list[Who | Stopped], list[tuple[UUID, UUID]]]:
    """Who each of these tokens is, in order; and which events, by subject and id, do not count any more.

    ``decided``: what people decided about pairs of tokens; it goes before what the log tells of them.
    """
    histories = Histories(reader, as_of, zone, decided)
    histories.load(asked)
    families = [_closure(histories, each) for each in asked]
    while wanted := {each for family in families for each in family if not histories.has(each)}:
        histories.load(wanted)
        families = [_closure(histories, each) for each in asked]
    if rotated := histories.rotated():
        identifiers = Identifiers(histories, rotated, decided)
        who = [identifiers.who(each, family) for each, family in zip(asked, families, strict=True)]
        return who, identifiers.taken_out()
    who = [
        Family({one: histories.tokens[one] for one in family}, decided).who(each)
        for each, family in zip(asked, families, strict=True)
    ]
    return who, [(each.subject, out) for each in histories.tokens.values() for out in sorted(each.out)]


def crowd_taken_out(reader: duckdb.DuckDBPyConnection, as_of: datetime) -> list[UUID]:
    """The ids of the sharings of everybody that were replaced; without a subject none can be retracted."""
    rows = reader.execute(
        """
        select event_id, recorded_at, supersedes
        from event_row
        where subject is null and event = 'PopulationShared' and recorded_at <= $as_of
        """,
        {"as_of": as_of},
    ).fetchall()
    if all(supersedes is None for _, _, supersedes in rows):
        return []
    return sorted(
        taken_out([Said(event_id, "PopulationShared", at, supersedes) for event_id, at, supersedes in rows])
    )


def _closure(histories: Histories, asked: UUID) -> set[UUID]:
    """Every token that may matter: all that is linked, but what lies behind devices, and who holds those."""
    is_own, all_asked = {asked: True}, {asked}
    to_pass = [asked]
    while to_pass:
        one = to_pass.pop()
        own = is_own[one] and (one in all_asked or not histories.is_device(one))
        for other in histories.neighbours(one) if histories.has(one) else ():
            is_twin = other in histories.twins(one)
            if is_twin and one in all_asked:
                all_asked.add(other)
            if histories.is_device(other) and not own and not is_twin:
                continue  # what strangers hold beside
            others_own = is_own[one] if is_twin else own
            if other not in is_own or (others_own and not is_own[other]):
                is_own[other] = others_own
                to_pass.append(other)
    return set(is_own)
