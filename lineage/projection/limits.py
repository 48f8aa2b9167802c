"""How many records may be refused before a person has to look? A deploy that breaks everything stops.

Counted are the records refused among 10,000 consecutive offsets of a partition, wherever they begin. That is
a property of the log: it is the same however the log was cut into batches, and after a restart. Only where
the projector then stands, at the beginning of the batch in which too many were met, depends on the cut.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from lineage.errors import TooManyParked
from lineage.projection.content import PLACE

WITHIN: Final = 10_000
"""Consecutive offsets of a partition among which refused records are counted together."""

_NAMED: Final = 5  # producers that the message names
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A person's decision to go on though up to ``most`` records are refused among these offsets.

    ``offsets``: partition -> first and last, both inclusive. When more are refused there, it covers none.
    """

    most: int
    offsets: Mapping[int, tuple[int, int]]


def none_accepted() -> Sequence[Acceptance]:
    """Nobody has accepted anything."""
    return ()


@dataclass(frozen=True, slots=True)
class ParkedLimit:
    """At most ``most`` refused records ``within`` so many offsets, besides those that people accepted.

    ``accepted``: asked only when there are more.
    """

    most: int
    accepted: Callable[[], Sequence[Acceptance]] = none_accepted
    within: int = WITHIN

    def check(self, parked: pl.DataFrame, before: pl.DataFrame) -> None:
        """Before a batch is written: ``parked`` are its refused records, ``before`` the places of all so far.

        Raises:
            TooManyParked: too many of them stand together.
        """
        places = pl.concat([before.select(PLACE), parked.select(PLACE)])
        if self._worst(places, parked)[0] <= self.most:
            return
        for each in self.accepted():
            covered = _covered(each)
            if places.filter(covered).height <= each.most:
                places, parked = places.filter(~covered), parked.filter(~covered)
        refused, partition, offset = self._worst(places, parked)
        if refused > self.most:
            raise TooManyParked(self._said(parked, refused, partition, offset))

    def _worst(self, places: pl.DataFrame, parked: pl.DataFrame) -> tuple[int, int, int]:
        """Where most refused records stand together up to one of ``parked``: how many, and its place."""
        together = (
            places.sort(PLACE)
            .rolling("log_offset", period=f"{self.within}i", group_by="log_partition")
            .agg(pl.len().alias("refused"))
            .join(parked.select(PLACE), on=PLACE, how="semi")
            .sort("refused", *PLACE, descending=[True, False, False])
        )
        if together.is_empty():
            return 0, 0, 0
        refused, partition, offset = together.select("refused", *PLACE).row(0)
        return refused, partition, offset

    def _said(self, parked: pl.DataFrame, refused: int, partition: int, offset: int) -> str:
        reasons = Counter(parked["reason"].to_list())
        producers = Counter(_shown(each) for each in parked["producer"].to_list())
        return (
            f"{refused} of the records {partition}/{max(0, offset - self.within + 1)} to "
            f"{partition}/{offset} would be parked; parked_limit is {self.most}. Nothing of this batch was "
            f"written. It would park {parked.height}: {_counted(reasons)}; told by {_counted(producers)}. "
            "Stop the producer that sends them, or install the version of lineage that can read them, and go "
            "on. If they are to be parked all the same: "
            "lineage project --accept-parked COUNT --reason CODE."
        )


def _covered(accepted: Acceptance) -> pl.Expr:
    part, offset = pl.col("log_partition"), pl.col("log_offset")
    return pl.any_horizontal(
        pl.lit(False),
        *((part == each) & offset.is_between(*ends) for each, ends in accepted.offsets.items()),
    )


def _shown(producer: str | None) -> str:
    """A producer's name as far as it can be read and is one: a broken record may hold anything there."""
    return producer if producer is not None and _NAME.fullmatch(producer) else "unreadable producers"


def _counted(found: Counter[str]) -> str:
    named = ", ".join(f"{name} {count}" for name, count in found.most_common(_NAMED))
    others = len(found) - _NAMED
    return f"{named} and {others} more" if others > 0 else named
