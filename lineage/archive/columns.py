"""How do records become the columns of a segment, and columns records again? With their digests, in bulk."""

from collections.abc import Iterable, Iterator
from itertools import groupby, repeat

import pyarrow as pa

from lineage.archive.form import SCHEMA
from lineage.archive.leaves import leaves
from lineage.archive.manifest import Part
from lineage.logs import Erased, Records

KEPT = ("producer", "incarnation", "sequence", "erased_by")
"""The columns that are empty but of an erased record."""


def tables(records: Records, tail: Part) -> dict[int, pa.Table]:
    """Per partition the records as a segment has them, at the archive's offsets."""
    parts: dict[int, list[pa.Table]] = {}
    for part, rows in runs(records.partition):
        start = tail.start(part)
        offset = [each + start for each in records.offset[rows]] if start else records.offset[rows]
        told = offset, records.recorded_at[rows], records.key[rows], records.value[rows]
        columns = [
            pa.array(column, SCHEMA.field(name).type)
            for name, column in zip(SCHEMA.names, told, strict=False)
        ]
        columns.append(leaves(part, *columns))
        columns += [pa.nulls(len(offset), SCHEMA.field(name).type) for name in KEPT]
        parts.setdefault(part, []).append(pa.Table.from_arrays(columns, schema=SCHEMA))
    return {part: pa.concat_tables(found) for part, found in parts.items()}


def runs(partitions: list[int]) -> Iterator[tuple[int, slice]]:
    """Where records of one partition follow each other: the partition, and which rows."""
    start = 0
    for part, group in groupby(partitions):
        end = start + len(list(group))
        yield part, slice(start, end)
        start = end


def records_of(found: Iterable[tuple[int, pa.Table]]) -> Records:
    """The records of tables, each with its partition; of an erased one what is left of it."""
    records = Records()
    for part, table in found:
        if table["erased_by"].null_count < len(table):
            records.erased.update(_erased(table, len(records)))
        records.partition.extend(repeat(part, len(table)))
        records.offset.extend(table["offset"].to_pylist())
        records.recorded_at.extend(table["recorded_at"].to_pylist())
        records.key.extend(table["key"].to_pylist())
        records.value.extend(table["value"].to_pylist())
    return records


def _erased(table: pa.Table, before: int) -> dict[int, Erased]:
    columns = (
        table[name].to_pylist() for name in ("digest", "erased_by", "producer", "incarnation", "sequence")
    )
    return {
        row: Erased(*kept)
        for row, kept in enumerate(zip(*columns, strict=True), start=before)
        if kept[1] is not None
    }
