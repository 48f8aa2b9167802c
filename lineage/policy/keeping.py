"""For how long does the archive keep a fact? As many days as the policy says, no fewer than a law asks for.

Without the key ``archive`` in ``retention.yaml`` nothing ever goes for its age.

    archive: {days: 1096, regimes: {HIPAA: 2557}}
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lineage.policy.rows import Row
from lineage.policy.scalars import read_flag, read_text, read_whole
from lineage.policy.tree import ID

EVERYBODY = "CCPA"
"""The regime whose floor holds for every event."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The fewest days that a regime wants a fact to be kept; None: for good. ``because``: its source."""

    days: int | None
    because: str


@dataclass(frozen=True, slots=True)
class ArchiveRetention:
    """``days`` for every fact, and of one that is told under a regime at least those of the regime.

    ``regimes`` has each regime that is known, the policy's own and the statute's; None: for good.
    """

    days: int
    regimes: Mapping[str, int | None]


def floors(row: Row) -> dict[str, Floor]:
    """The statute's own, from ``record_keeping.yaml``."""
    found = {}
    for regime, each in row.named("regimes").items():
        days = None if each.get("for_good", read_flag) else each.need("days", read_whole, 0)
        found[regime] = Floor(days, each.need("because", read_text, ""))
        each.finish()
    return found


def archive_retention(row: Row, known: Mapping[str, Floor]) -> ArchiveRetention | None:
    """What ``retention.yaml`` says of the archive; ``None`` when it says nothing."""
    inner = row.child("archive")
    if inner is None:
        return None
    inner.need("days", read_whole, 0)
    days = _days(inner, "days", known[EVERYBODY])
    regimes = {regime: floor.days for regime, floor in known.items()}
    if (own := inner.child("regimes")) is not None:
        for regime in own.items:
            if not ID.fullmatch(regime):
                own.wrong("holds an id with characters that ids do not have")
            elif (kept := _days(own, regime, known.get(regime))) is not None:
                regimes[regime] = kept
    inner.finish()
    return ArchiveRetention(days or 0, regimes)


def _days(row: Row, key: str, floor: Floor | None) -> int | None:
    """None, with a problem told, for what is no number or goes below the floor."""
    days = row.get(key, read_whole)
    if floor is not None and floor.days is None:
        row.wrong(f"is kept for good, whatever a policy says: {floor.because}; leave it out", key)
        return None
    if days is not None and floor is not None and floor.days is not None and days < floor.days:
        row.wrong(f"needs {floor.days} days or more: {floor.because}", key)
        return None
    return days
