"""Do two records say the same? The comparison behind "a resent event adds nothing" (rulings.md 13).

Compared is everything that a record says, except who sent it in which life under which number, whether it was
told live, and what proves a claim: those may differ when the same fact is told again. Lists are read as sets.
"""

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
    plain = [name for name in CONTENT if name != "details"]
    loosely = doubtful.select(pl.all_horizontal([_equal_as_sets(name) for name in plain])).to_series()
    same = [
        equal and canonical(one) == canonical(other)
        for equal, one, other in zip(loosely, doubtful["details"], doubtful["details_other"], strict=True)
    ]
    return pl.concat([pairs.filter("same"), doubtful.with_columns(pl.Series("same", same, pl.Boolean))])


def _equal(name: str) -> pl.Expr:
    return pl.col(name).eq_missing(pl.col(f"{name}_other"))


def _equal_as_sets(name: str) -> pl.Expr:
    if not isinstance(FIELDS[name], pl.List):
        return _equal(name)
    one, other = pl.col(name), pl.col(f"{name}_other")
    return one.list.unique().list.sort().eq_missing(other.list.unique().list.sort())
