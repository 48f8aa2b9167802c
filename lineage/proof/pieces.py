"""What does a segment say of itself, without any other? The part of the look that all cores share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lineage.archive.form import SCHEMA, Segment
from lineage.codec import Undecodable, UnknownSchema, decode
from lineage.codec.schemas import shipped
from lineage.events import ErasureMode, SubjectErased
from lineage.framing.headers import HEADER_BYTES, REGISTRY_HEADER_BYTES, SchemaIds
from lineage.proof.finding import Finding, What, of_segment
from lineage.proof.hashing import changed, parents, raw
from lineage.proof.stretch import Stretch

ROWS: Final = 65_536
"""Records of a piece, at least, where a segment has so many: a statement takes milliseconds to begin."""


@dataclass(frozen=True, slots=True)
class Work:
    """A piece to look at: some row groups of a segment, and whether they are its last.

    ``at``: how many records of the partition stand before them, as the segments' descriptions say.
    """

    segment: Segment
    groups: tuple[int, ...]
    is_last: bool
    at: int


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """Some row groups of a segment, looked at. ``is_last``: no more of this segment follow.

    ``digests`` are leaves of the partition's tree; ``erased`` are the erased records (pyarrow.Table);
    ``erasures`` the ids of the erasures that stand here.
    """

    segment: Segment
    is_last: bool
    offsets: Any
    digests: Stretch
    erased: Any
    erasures: frozenset[bytes] = frozenset()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Unreadable:
    """A segment that is none."""

    segment: Segment
    findings: tuple[Finding, ...] = field(default=())


def looked_at(ids: SchemaIds, partition: int, work: Work) -> Piece | Unreadable:
    """One piece of a segment, with what is wrong about it alone.

    Raises FileNotFoundError when the segment is gone: it was merged meanwhile, or it is missing.
    """
    segment = work.segment
    try:
        with pq.ParquetFile(segment.path, page_checksum_verification=True) as file:
            if not file.schema_arrow.equals(SCHEMA):
                return _unreadable(partition, segment)
            bounds = [file.metadata.row_group(group).column(0).statistics for group in work.groups]
            counts = [file.metadata.row_group(group).num_rows for group in work.groups]
            rows = file.read_row_groups(list(work.groups), use_threads=False).combine_chunks()
            rows.validate(full=True)
        return _told(ids, partition, work, rows, bounds, counts)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, LookupError, ValueError):
        return _unreadable(partition, segment)


def _unreadable(partition: int, segment: Segment) -> Unreadable:
    found = of_segment(What.UNREADABLE, partition, segment, segment.first, segment.last)
    return Unreadable(segment, (found,))


def _told(
    ids: SchemaIds,
    partition: int,
    work: Work,
    rows: Any,
    bounds: list[Any],
    counts: list[int],
) -> Piece:
    segment, is_last = work.segment, work.is_last
    offsets = rows["offset"].combine_chunks()
    fault = partial(of_segment, partition=partition, segment=segment)
    found = [fault(what, first=offset, last=offset) for offset, what in changed(rows, partition)]
    if len(offsets):
        first, last = offsets[0].as_py(), offsets[-1].as_py()
        if not pc.all(pc.less(offsets[:-1], offsets[1:]), min_count=0).as_py():
            found.append(fault(What.DISORDERED, first=first, last=last))
        least, greatest = pc.min_max(offsets).as_py().values()
        if least < segment.first or greatest > segment.last or (is_last and greatest < segment.last):
            found.append(fault(What.MISNAMED, first=least, last=greatest))
    at = 0
    for told, count in zip(bounds, counts, strict=True):
        group = offsets[at : at + count]
        at += count
        if told is not None and told.has_min_max and count:
            true = pc.min_max(group).as_py()
            if (told.min, told.max) != (true["min"], true["max"]):
                found.append(fault(What.MISDESCRIBED, first=true["min"], last=true["max"]))
    return Piece(
        segment,
        is_last,
        offsets,
        Stretch.of(raw(rows["digest"].combine_chunks()), work.at, parents),
        rows.filter(pc.is_valid(rows["erased_by"])),
        _erasures(rows["value"], ids),
        tuple(found),
    )


def _erasures(values: Any, ids: SchemaIds) -> frozenset[bytes]:
    """The ids of the events among these values that take a person's lineage away."""
    known = _headers(ids)
    is_one = [
        pc.is_in(pc.binary_slice(values, 0, size), value_set=known)
        for size in (HEADER_BYTES, REGISTRY_HEADER_BYTES)
    ]
    found = set()
    for value in values.filter(pc.or_(*is_one)).to_pylist():
        try:
            event = decode(value, ids)
        except (Undecodable, UnknownSchema):
            continue
        if isinstance(event, SubjectErased) and event.mode is ErasureMode.TOMBSTONE and event.event_id:
            found.add(event.event_id.bytes)
    return frozenset(found)


@cache
def _headers(ids: SchemaIds) -> Any:
    printed = shipped().fingerprints()[SubjectErased.__name__]
    return pa.array([header for each in printed for header in ids.headers(each)], pa.binary())


def work_on(segments: Sequence[Segment]) -> Iterator[Work]:
    """The pieces of a partition's segments, in their order; of one that cannot be opened, or is gone, one
    piece: looking at it tells why.
    """
    at = 0
    for segment in segments:
        groups: list[int] = []
        rows = 0
        sizes = _sizes(segment)
        for group, size in enumerate(sizes):
            groups.append(group)
            rows += size
            if rows >= ROWS and group + 1 < len(sizes):
                yield Work(segment, tuple(groups), False, at)
                at, groups, rows = at + rows, [], 0
        yield Work(segment, tuple(groups), True, at)
        at += rows


def _sizes(segment: Segment) -> list[int]:
    """The rows of each row group; none when nobody can tell."""
    try:
        described = pq.read_metadata(segment.path)
        return [described.row_group(group).num_rows for group in range(described.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError):
        return []
