"""What does the database get for these records? One batch, from records to rows, given what it knows
already.
"""

from collections.abc import Mapping

import polars as pl

from lineage.framing import NO_IDS, SchemaIds
from lineage.logs import Records
from lineage.projection.adoption import adopted
from lineage.projection.columns import REPORT_ROW, Rows
from lineage.projection.parking import Weighed, judge, weigh
from lineage.projection.project import project, reached


def weighed(records: Records, running: Mapping[int, int], ids: SchemaIds = NO_IDS) -> Weighed:
    """The records as columns, each looked at by itself. ``running``: per partition the greatest record
    time so far. ``ids``: what a schema registry's ids mean.
    """
    return weigh(project(records, running, ids))


def rows_of(batch: Weighed, known: pl.DataFrame, refusals: pl.DataFrame) -> Rows:
    """What one transaction writes. ``known`` and ``refusals`` are what the database has of the batch's
    identities: accepted events, and refused records.
    """
    judged = judge(batch, known, refusals)
    reports = batch.reports.join(batch.projected.reports, on="_row", how="inner").select(list(REPORT_ROW))
    return Rows(
        events=judged.accepted,
        repeats=judged.repeats,
        parked=judged.parked,
        settlements=judged.settlements,
        displaced=judged.displaced,
        runs=judged.runs,
        reports=reports,
        erased=batch.projected.erased,
        policies=adopted(batch.adoptions, batch.projected.policies),
        reached=reached(batch.projected),
    )
