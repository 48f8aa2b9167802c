"""Do two records say the same? The comparison behind "a resent event adds nothing" (rulings.md 13).

Compared is everything that a record says, except who sent it in which life under which number, whether it was
told live, and what proves a claim: those may differ when the same fact is told again. Lists are read as sets.
"""

import polars as pl

from lineage.columns import FIELDS
from lineage.details import canonical

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
    plain = [name for name in CONTENT if name != "details"]
    pairs = pairs.with_columns(pl.all_horizontal([_equal(name) for name in plain]).alias("same"))
    spelt_apart = pairs["same"] & pairs["details"].ne_missing(pairs["details_other"])
    if not spelt_apart.any():
        return pairs
    told = [
        same and (not apart or canonical(one) == canonical(other))
        for same, apart, one, other in zip(
            pairs["same"], spelt_apart, pairs["details"], pairs["details_other"], strict=True
        )
    ]
    return pairs.with_columns(pl.Series("same", told, pl.Boolean))


def _equal(name: str) -> pl.Expr:
    one, other = pl.col(name), pl.col(f"{name}_other")
    if isinstance(FIELDS[name], pl.List):
        return one.list.unique().list.sort().eq_missing(other.list.unique().list.sort())
    return one.eq_missing(other)
