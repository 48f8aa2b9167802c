"""Whatever somebody writes into the topic: is each record projected, or parked with a reason?"""

import random
from pathlib import Path

from garbled import Garbler
from projecting import a_store, column, project_batch
from records import records

from lineage.projection.parking import REASONS

RECORDS, BATCH = 20_000, 2_500


def test_twenty_thousand_garbled_records_are_all_accounted_for(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    garbler = Garbler(seed)
    with a_store(tmp_path) as store:
        for first in range(0, RECORDS, BATCH):
            rows = project_batch(store, records(garbler.records(BATCH), first=first))
            became = (rows.events, rows.repeats, rows.parked, rows.reports, rows.policies)
            assert sum(map(len, became)) == BATCH, f"seed {seed}"
        reasons = column(store, "select distinct reason from parked_row")
        places = column(store, "select log_offset from event_row union select log_offset from parked_row")
    assert set(map(str, reasons)) <= set(REASONS)
    assert len(reasons) > 3, f"seed {seed}"
    assert len(places) > RECORDS // 2
