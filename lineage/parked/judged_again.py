"""What are refused records to this version of the package? Judged again, as a rebuild would.

Parking is a function of the record, of what stands before it, and of the shipped schemas; a newer version may
know a schema that an older one refused. Each record is weighed at its own place and time in the log. So the
answers are those that the whole log, projected anew, would give; also answers as of an earlier instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from lineage.framing import NO_IDS, SchemaIds
from lineage.logs import Records
from lineage.projection.batch import rows_of, weighed
from lineage.projection.columns import Rows
from lineage.projection.content import PLACE
from lineage.store import Store

CHUNK: Final = 10_000
"""Records judged in one transaction."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one record is now: ``ACCEPTED``, ``REPEAT``, or the reason for which it stays parked."""

    partition: int
    offset: int
    became: str

    @property
    def is_parked(self) -> bool:
        return self.became not in ("ACCEPTED", "REPEAT")


def judge_again(store: Store, places: Sequence[tuple[int, int]], ids: SchemaIds = NO_IDS) -> list[Outcome]:
    """Judge the refused records at these places (partition, offset) anew; what each became, in their order.

    ``ids``: what a schema registry's ids mean.

    Places where no refused record stands are passed over, and records that stood accepted until an earlier
    one took their place. Many are judged in several transactions; whoever is interrupted does it again.
    """
    ordered = sorted(set(places))
    chunks = (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
    return [outcome for chunk in chunks for outcome in _judge_again(store, chunk, ids)]


def _judge_again(store: Store, places: Sequence[tuple[int, int]], ids: SchemaIds) -> list[Outcome]:
    records = store.refused_records(_places(*zip(*places, strict=True)))
    if not len(records):
        return []
    found = _places(records.partition, records.offset)
    batch = weighed(records, {}, ids)
    identities = batch.identities()
    others = store.refusals(identities).join(found, on=PLACE, how="anti")
    rows = replace(rows_of(batch, store.known(identities), others), reached=())
    store.put_in_place(rows, found)
    return _outcomes(records, rows)


def _places(partitions: Sequence[int], offsets: Sequence[int]) -> pl.DataFrame:
    return pl.DataFrame(
        [pl.Series("log_partition", partitions, pl.Int32), pl.Series("log_offset", offsets, pl.Int64)]
    )


def _outcomes(records: Records, rows: Rows) -> list[Outcome]:
    became = dict(zip(rows.parked.select(PLACE).rows(), rows.parked["reason"].to_list(), strict=True))
    became |= dict.fromkeys(rows.repeats.select(PLACE).rows(), "REPEAT")
    return [
        Outcome(*place, became.get(place, "ACCEPTED"))
        for place in zip(records.partition, records.offset, strict=True)
    ]
