"""How does the archive forget a person? The segments that hold their records are written anew, without them.

Key and value go. The digest stays, and the number that the producer gave the event: the log can still be
proven whole, and nobody else's answer gets a gap. A segment keeps its name, and a crash leaves the old file
or the new one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lineage.archive.columns import KEPT
from lineage.archive.form import SCHEMA, Segment, chain, partitions
from lineage.archive.looking import undisturbed
from lineage.archive.merging import tidy
from lineage.archive.owning import changing
from lineage.archive.segments import row_groups, write_segment

Place = tuple[int, int]
"""A record's partition and offset."""


@dataclass(frozen=True, slots=True, repr=False)
class Mark:
    """What is written in the place of an erased record. ``by``: the id of the erasure or of the expiry."""

    producer: str | None
    incarnation: bytes | None
    sequence: int | None
    by: bytes


def erase(folder: Path, marks: Mapping[Place, Mark]) -> int:
    """Take the records at these places out of the archive; how many were still there.

    What is not archived yet is left: it is erased the next time. The archiver may go on meanwhile. Raises
    ArchiveDamaged, LogUnavailable when the disk takes nothing.
    """
    by_part: dict[int, dict[int, Mark]] = {}
    for (partition, offset), mark in marks.items():
        by_part.setdefault(partition, {})[offset] = mark

    def of(part: int) -> Callable[[Segment], Mapping[int, Mark]]:
        return lambda _: by_part[part]

    return sum(take_out(folder, part, of(part)) for part in partitions(folder) if part in by_part)


def take_out(folder: Path, part: int, wanted: Callable[[Segment], Mapping[int, Mark]]) -> int:
    """Take out what ``wanted`` tells of each segment of a partition; how many were still there."""
    erased = 0
    with changing(folder):
        tidy(folder, part)  # of a merge that was cut short, copies of the records are left
        for segment in chain(folder, part):
            erased += _erase_in(segment, wanted(segment))
    return erased


def left_to_erase(folder: Path, marks: Mapping[Place, Mark]) -> int:
    """How many records at these places still stand in the archive. Raises ArchiveDamaged."""
    return sum(undisturbed(folder, partial(_left_of, folder, part, marks)) for part in partitions(folder))


def _left_of(folder: Path, part: int, marks: Mapping[Place, Mark]) -> int:
    wanted = {offset: mark for (partition, offset), mark in marks.items() if partition == part}
    return sum(_left_in(segment, wanted) for segment in chain(folder, part)) if wanted else 0


def _left_in(segment: Segment, wanted: Mapping[int, Mark]) -> int:
    if not any(segment.first <= offset <= segment.last for offset in wanted):
        return 0
    return sum(
        offset in wanted and by is None
        for table in row_groups(segment.path, ["offset", "erased_by"])
        for offset, by in zip(table["offset"].to_pylist(), table["erased_by"].to_pylist(), strict=True)
    )


def _erase_in(segment: Segment, wanted: Mapping[int, Mark]) -> int:
    """Rewrite one segment, if it holds any of these that is not erased yet."""
    if left := _left_in(segment, wanted):
        write_segment(segment.path, _without(segment, wanted))
    return left


def _without(segment: Segment, wanted: Mapping[int, Mark]) -> Iterator[pa.Table]:
    for table in row_groups(segment.path):
        known = table["erased_by"].to_pylist()
        marks = [
            wanted.get(offset) if by is None else None
            for offset, by in zip(table["offset"].to_pylist(), known, strict=True)
        ]
        yield _marked(table, marks) if any(marks) else table


def _marked(table: pa.Table, marks: list[Mark | None]) -> pa.Table:
    """The rows with nothing but their digest, and the mark, where there is one."""
    is_marked = pa.array([mark is not None for mark in marks])
    for name in ("key", "value"):
        kind = SCHEMA.field(name).type
        table = _with(table, name, pc.if_else(is_marked, pa.scalar(None, kind), table[name]))
    told = ("producer", "incarnation", "sequence", "by")
    for name, field in zip(KEPT, told, strict=True):
        marked = pa.array([mark and getattr(mark, field) for mark in marks], SCHEMA.field(name).type)
        table = _with(table, name, pc.if_else(is_marked, marked, table[name]))
    return table


def _with(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(SCHEMA.names.index(name), SCHEMA.field(name), column)
