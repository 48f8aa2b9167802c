"""Which records must the archive forget? Those that the erasures in the log take out."""

import json
from datetime import datetime

import duckdb

from lineage.archive.erasing import Mark, Place
from lineage.store.sql import text


def to_erase(reader: duckdb.DuckDBPyConnection) -> dict[Place, Mark]:
    """The place of every record that a SubjectErased of mode TOMBSTONE takes out, with what stays of it.

    That is what occurred before ``through``, whenever it was recorded, but for links, descriptions and
    erasures (rulings.md 22), with its repeats; and what was refused of that person alone before the erasure
    was recorded. A vault erases nothing.
    """
    told = reader.execute(
        """
        select subject, event_id, recorded_at, log_partition, log_offset, details
        from event_row
        where event = 'SubjectErased'
        """
    ).fetchall()
    erasures = []
    for *place, details in told:
        said = json.loads(details)
        if said.get("mode", "TOMBSTONE") != "VAULT":
            given = dict(zip(("subject", "event_id", "recorded_at", "part", "place"), place, strict=True))
            erasures.append(given | {"through": datetime.fromisoformat(said["through"])})
    if not erasures:
        return {}
    rows = reader.execute(text("erasures.sql"), {"erasures": erasures}).fetchall()
    return {
        (partition, offset): Mark(producer, incarnation and incarnation.bytes, sequence, by.bytes)
        for partition, offset, producer, incarnation, sequence, by in rows
    }
