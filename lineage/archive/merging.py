"""How does the number of files stay small? Ten small neighbours become one segment, ten of those the next.

A merged segment covers what it was made of. It is whole before those are removed, so that a merge cut short
leaves the same records, some of them twice; the reader takes the segment that reaches furthest.
"""

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from lineage.archive.form import WRITING, Segment, chain, path_of, segments
from lineage.archive.segments import row_groups, write_segment

NEIGHBOURS = 10


def merge_when_due(folder: Path, partition: int, complete: int) -> None:
    """Merge the last segments of a partition while ten of them are small; those of ``complete`` offsets stay.

    The caller owns the archive. Raises LogUnavailable, ArchiveDamaged.
    """
    while neighbours := due(chain(folder, partition), complete):
        path = path_of(folder, partition, neighbours[0].first, neighbours[-1].last)
        write_segment(path, (table for each in neighbours for table in row_groups(each.path)))
        for each in neighbours:
            each.path.unlink()


def due(found: Sequence[Segment], complete: int) -> list[Segment]:
    """The last ten or more segments of one order of magnitude, if there are so many; else none."""
    size = 1
    while size < complete:
        size = min(size * NEIGHBOURS, complete)
        small = _last_below(found, size)
        if len(small) >= NEIGHBOURS:
            return small[::-1]
    return []


def _last_below(found: Sequence[Segment], size: int) -> list[Segment]:
    return list(takewhile(lambda each: each.span < size, reversed(found)))


def tidy(folder: Path, partition: int) -> None:
    """Remove what a writer or a merge that was cut short has left. The caller owns the archive."""
    kept = {each.path for each in chain(folder, partition)}
    for each in segments(folder, partition):
        if each.path not in kept:
            each.path.unlink()
    for left in (folder / str(partition)).glob(f".*{WRITING}"):
        left.unlink()
