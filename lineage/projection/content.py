"""Do two records say the same? The comparison behind "a resent event adds nothing" (rulings.md 13).

Compared is everything that a record says, except who sent it in which life under which number, whether it was
told live, and what proves a claim: those may differ when the same fact is told again. Lists are read as sets.
"""

import json
from hashlib import sha256

import polars as pl

from lineage.projection.columns import FIELDS
from lineage.projection.details import canonical

IDENTITY = ["subject", "event_id"]
"""An event's identity; the subject of a PopulationShared is null."""

ORDER = ["recorded_at", "log_partition", "log_offset"]
"""The first in this order wins, whichever partition a record came through."""

PLACE = ["log_partition", "log_offset"]

NOT_CONTENT = frozenset(
    {"event_id", "subject", "producer", "incarnation", "sequence", "origin", "claim_evidence"}
)
CONTENT = tuple(name for name in FIELDS if name not in NOT_CONTENT)


def beside(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Each of ``rows`` beside each of ``others`` with its identity.

    The other's columns end in ``_other``; the column ``same`` tells whether both say the same.
    """
    pairs = rows.join(others, on=IDENTITY, how="inner", nulls_equal=True, suffix="_other", coalesce=True)
    pairs = pairs.with_columns(pl.all_horizontal([_equal(name) for name in CONTENT]).alias("same"))
    if pairs["same"].all():
        return pairs
    # Only what is not equal to the letter is compared with care: lists as sets, also those inside the
    # details.
    doubtful = pairs.filter(~pl.col("same"))
    theirs = doubtful.select(pl.col(f"{name}_other").alias(name) for name in CONTENT)
    return pl.concat(
        [
            pairs.filter("same"),
            doubtful.with_columns(content_of(doubtful).eq(content_of(theirs)).alias("same")),
        ]
    )


def content_of(events: pl.DataFrame) -> pl.Series:
    """SHA-256 of what each event says: equal for two that say the same, for the few that are compared later.

    The order of a list and of a record's fields in ``details`` does not count.
    """
    told = events.select(
        pl.col(name).to_physical() if FIELDS[name].is_temporal() else name for name in CONTENT
    )
    return pl.Series("content", [_digest(row) for row in told.iter_rows(named=True)], pl.Binary)


def _digest(told: dict[str, object]) -> bytes:
    said = {
        name: sorted(set(value)) if isinstance(value, list) else value
        for name, value in told.items()
        if value is not None and name != "details"
    }
    details = canonical(str(told["details"])) if told["details"] is not None else None
    return sha256(json.dumps([said, details], sort_keys=True, default=bytes.hex).encode()).digest()


def _equal(name: str) -> pl.Expr:
    return pl.col(name).eq_missing(pl.col(f"{name}_other"))
