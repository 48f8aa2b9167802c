"""Does anything that is written into the topic stop the projection? A million records by chance, timed."""

import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, Spent

BATCH = 20_000
SEED = 2026


def measure(count: int) -> list[Figure]:
    """Every record is projected or parked with a reason; raises AssertionError when one is neither.

    A damaged value costs about 1 ms of processor time (docs/decisions/avro-one-by-one-and-in-blocks.md).
    """
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from garbled import Garbler  # type: ignore[import-not-found]  # of tests/, found at run time
    from projecting import a_store, project_batch  # type: ignore[import-not-found]
    from records import records  # type: ignore[import-not-found]

    garbler, parked, spent = Garbler(SEED), 0, 0.0
    with tempfile.TemporaryDirectory() as folder, a_store(Path(folder)) as store:
        for first in range(0, count, BATCH):
            batch = records(garbler.records(min(BATCH, count - first)), first=first)
            begun = Spent.now()
            rows = project_batch(store, batch)
            spent += Spent.since(begun).processor
            became = (rows.events, rows.repeats, rows.parked, rows.reports, rows.policies)
            assert sum(map(len, became)) == len(batch), f"records {first} to {first + len(batch)}"
            parked += len(rows.parked)
    beside = f"{count:,} records, seed {SEED}: none lost, {parked:,} parked; {spent:.0f} s of processor time"
    return [Figure("garbled records that stopped the projection", 0, beside, below=1, unit="")]
