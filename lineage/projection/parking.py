"""Why is a record refused, and what becomes of the others of its batch? Accepted, known already, or parked.

Nothing is dropped and nothing is fatal. What a record becomes depends on the record, on the shipped schemas
and on the records before it, never on the policy nor on where a batch was cut: this module is given
everything that is known of the identities in the batch.
"""

from dataclasses import dataclass

import polars as pl

from lineage.codec import UNDECODABLE, UNKNOWN_SCHEMA
from lineage.projection.columns import (
    DISPLACED_ROW,
    EVENT_ROW,
    REPEAT_ROW,
    SEQUENCE_RUN,
    SETTLEMENT_ROW,
    empty,
)
from lineage.projection.content import IDENTITY, ORDER, PLACE, beside, content_of
from lineage.projection.project import ADOPTED, REPORTED, Projected
from lineage.projection.refused import parked_rows

KEY_MISMATCH = "KEY_MISMATCH"
INVALID_TIME = "INVALID_TIME"
FUTURE = "FUTURE"
OTHER_CONTENT = "OTHER_CONTENT"
REASONS = (UNKNOWN_SCHEMA, UNDECODABLE, KEY_MISMATCH, INVALID_TIME, FUTURE, OTHER_CONTENT)

CLOCK_TOLERANCE = pl.duration(minutes=5)
"""How far a producer's clock may run ahead of the log's (rulings.md 3)."""


@dataclass(frozen=True, slots=True, repr=False)
class Weighed:
    """A batch after the look at each record by itself.

    ``standing``: events that may be accepted; ``refused``: readable records with their ``reason``;
    ``reports`` and ``adoptions``: readable, unobjectionable records of these kinds.
    """

    projected: Projected
    standing: pl.DataFrame
    refused: pl.DataFrame
    reports: pl.DataFrame
    adoptions: pl.DataFrame

    def identities(self) -> pl.DataFrame:
        """The identities whose accepted events and open refusals :func:`judge` must be given."""
        return pl.concat([self.standing.select(IDENTITY), self.refused.select(IDENTITY)])


@dataclass(frozen=True, slots=True, repr=False)
class Judged:
    """What each record of a batch became."""

    accepted: pl.DataFrame
    repeats: pl.DataFrame
    parked: pl.DataFrame
    settlements: pl.DataFrame
    displaced: pl.DataFrame
    runs: pl.DataFrame


def weigh(projected: Projected) -> Weighed:
    """Each record by itself: its key, its times, its clock."""
    events = projected.events
    latest = pl.col("recorded_at") + CLOCK_TOLERANCE
    events = events.with_columns(
        pl.when(pl.col("_key").ne_missing(pl.col("_expected_key")))
        .then(pl.lit(KEY_MISMATCH))
        .when(~pl.col("_times_hold"))
        .then(pl.lit(INVALID_TIME))
        .when(
            (pl.col("occurred_until") < pl.col("occurred_at"))
            | (pl.col("ongoing").fill_null(False) & pl.col("occurred_until").is_not_null())
        )
        .then(pl.lit(INVALID_TIME))
        .when((pl.col("occurred_at") > latest) | (pl.col("occurred_until") > latest))
        .then(pl.lit(FUTURE))
        .alias("_reason")
    )
    sound = (
        events.filter(pl.col("_reason").is_null()) if events["_reason"].null_count() < len(events) else events
    )
    return Weighed(
        projected=projected,
        standing=sound.filter(~pl.col("event").is_in([REPORTED, ADOPTED])),
        refused=events.filter(pl.col("_reason").is_not_null()),
        reports=sound.filter(pl.col("event") == REPORTED),
        adoptions=sound.filter(pl.col("event") == ADOPTED),
    )


def judge(weighed: Weighed, known: pl.DataFrame, refusals: pl.DataFrame) -> Judged:
    """Each record beside what else is known under its identity.

    ``known``: the accepted events of the batch's identities; ``refusals``: the records refused so far under
    these identities, settled or not. The first in (recorded_at, partition,
    offset) is accepted; what says the same is a repeat; what says something else is parked.
    """
    standing = weighed.standing
    contested = _contested(standing, known)
    if contested is None:
        accepted, repeats, differing = standing, standing.clear(), standing.clear()
        displaced = empty(DISPLACED_ROW)
    else:
        won, repeats, differing, displaced = _contest(standing.filter(contested), known)
        accepted = standing.filter(~contested | standing["_row"].is_in(won.implode()))
    parked = parked_rows(weighed.projected, _refused(weighed, differing))
    return Judged(
        accepted=accepted.select(list(EVENT_ROW)),
        repeats=repeats.select(list(REPEAT_ROW)),
        parked=parked,
        settlements=_settlements(parked, refusals, known, accepted, displaced),
        displaced=displaced,
        runs=_runs(weighed),
    )


def _contested(standing: pl.DataFrame, known: pl.DataFrame) -> pl.Series | None:
    """Which rows share their identity with another; None when no row does, the common case, found cheaply."""
    ids = standing["event_id"]
    alike = ids.is_in(known["event_id"].implode())
    if ids.n_unique() < len(ids):
        alike |= ids.is_duplicated()
    if not alike.any():
        return None
    few = standing.filter(alike).select("_row", *IDENTITY)
    twice = few.filter(pl.struct(IDENTITY).is_duplicated())
    taken = few.join(known.select(IDENTITY), on=IDENTITY, how="semi", nulls_equal=True)
    return standing["_row"].is_in(pl.concat([twice, taken])["_row"].implode())


def _contest(
    contested: pl.DataFrame, known: pl.DataFrame
) -> tuple[pl.Series, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The ``_row`` of the accepted; repeated, differing; and what stood accepted so far but is recorded later
    than its rival.
    """
    rivals = known.select(list(EVENT_ROW)).join(contested, on=IDENTITY, how="semi", nulls_equal=True)
    first = (
        pl.concat([rivals, contested.select(list(EVENT_ROW))])
        .sort(ORDER)
        .unique(IDENTITY, keep="first", maintain_order=True)
    )
    accepted = contested.join(first, on=PLACE, how="semi").get_column("_row")
    others = beside(contested.join(first, on=PLACE, how="anti"), first)
    outdone = beside(rivals.join(first, on=PLACE, how="anti"), first)
    displaced = outdone.with_columns(content_of(outdone)).select(list(DISPLACED_ROW))
    return accepted, others.filter("same"), others.filter(~pl.col("same")), displaced


def _settlements(
    parked: pl.DataFrame,
    refusals: pl.DataFrame,
    known: pl.DataFrame,
    accepted: pl.DataFrame,
    displaced: pl.DataFrame,
) -> pl.DataFrame:
    """Refused records whose very content stands accepted, now or before: their gap ends when both were
    recorded. Where an accepted event is displaced, what it had settled is judged again.
    """
    columns = [*ORDER, *IDENTITY, "content"]
    shaken = known.join(displaced, on=PLACE, how="semi")
    to_judge = refusals.filter(~pl.col("settled"))
    if len(shaken):
        again = refusals.filter("settled").join(shaken, on=IDENTITY, how="semi", nulls_equal=True)
        to_judge = pl.concat([to_judge, again])
    to_judge = pl.concat([to_judge.select(columns), parked.select(columns)])
    if to_judge.is_empty():
        return empty(SETTLEMENT_ROW)
    standing = pl.concat(
        [
            known.join(displaced, on=PLACE, how="anti").select(list(EVENT_ROW)),
            accepted.select(list(EVENT_ROW)),
        ]
    ).join(to_judge, on=IDENTITY, how="semi", nulls_equal=True)
    pairs = to_judge.join(
        standing.with_columns(content_of(standing)).select("recorded_at", *IDENTITY, "content"),
        on=[*IDENTITY, "content"],
        how="inner",
        nulls_equal=True,
        suffix="_accepted",
    )
    return pairs.select(*PLACE, pl.max_horizontal("recorded_at", "recorded_at_accepted").alias("settled_at"))


def _refused(weighed: Weighed, differing: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [
            weighed.refused.with_columns(pl.col("_reason").alias("_why")),
            differing.select(weighed.refused.columns).with_columns(pl.lit(OTHER_CONTENT).alias("_why")),
        ]
    )


def _runs(weighed: Weighed) -> pl.DataFrame:
    """Islands of the numbers seen; a number counts whatever becomes of its record (rulings.md 37)."""
    life = ["producer", "incarnation"]
    told = weighed.projected.events.filter(~pl.col("event").is_in([REPORTED, ADOPTED]))
    numbered = pl.concat([each.select(*life, "sequence") for each in (told, weighed.projected.erased)])
    numbered = numbered.filter((pl.col("sequence") >= 1) & pl.col("incarnation").is_not_null())
    lives = numbered.group_by(life).agg(pl.col("sequence").unique().sort()).with_row_index("_life")
    seen = lives.select("_life", "sequence").explode("sequence")
    follows = (pl.col("sequence").diff() == 1) & (pl.col("_life").diff() == 0)
    begins = seen.select(~follows.fill_null(False)).to_series()
    ends = begins.shift(-1, fill_value=True)
    runs = seen.filter(begins).with_columns(first="sequence", last=seen["sequence"].filter(ends))
    runs = runs.join(lives.select("_life", *life), on="_life").select(list(SEQUENCE_RUN))
    return runs.sort(*life, "first")
