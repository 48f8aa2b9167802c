"""Is this the log whose beginning is archived? It reaches as far, nothing is missing between, and at the last
archived offset stands the very record that was archived.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from lineage.archive.form import Segment, chain, leaf_digest
from lineage.archive.manifest import Manifest, Part
from lineage.archive.segments import row_groups
from lineage.errors import ArchiveDamaged, LogChanged, LogUnavailable
from lineage.logs import Log

PATIENCE_SECONDS = 60.0
ANOTHER = "Correct the settings; or put the archive aside and begin a new one from what this log has."

Bounds = Mapping[int, tuple[int, int]]
Chains = Mapping[int, list[Segment]]


def check(
    folder: Path, manifest: Manifest, log: Log, chains: Chains, *, patience_seconds: float = PATIENCE_SECONDS
) -> Bounds:
    """The log's own bounds, once it is known to be the archive's tail.

    Raises LogChanged when it is not, ArchiveDamaged when the archive has lost its end, LogUnavailable.
    """
    tail = manifest.tail
    if tail.topic != log.name and any(each.topic == log.name for each in manifest.topics):
        raise LogChanged(
            f"the log went on in {tail.topic}, the settings still name {log.name}, which is archived. "
            f"Set kafka_topic to {tail.topic}; and log, where that is elsewhere."
        )
    if tail.topic != log.name:
        raise LogChanged(
            f"the archive is of the topic {tail.topic}, the settings name {log.name}. If the log goes on "
            f"there, run 'lineage archive continue {log.name}' while the settings still name {tail.topic}; "
            "if not, correct them."
        )
    bounds = log.bounds()
    expected: dict[int, tuple[int, bytes]] = {}
    for part in sorted(chains.keys() | bounds.keys() | tail.starts.keys()):
        found = chains.get(part, [])
        end = found[-1].last + 1 if found else None
        _check_reach(log.name, part, tail.start(part), end, bounds.get(part))
        if end is not None and tail.start(part) + bounds[part][0] < end:
            last = found[-1]
            expected[part] = end - 1, _digest_at(last, end - 1)
    _know_again(log, tail, expected, patience_seconds)
    _know_the_one_before(log, manifest, chains, bounds, patience_seconds)
    return bounds


def _check_reach(name: str, part: int, start: int, end: int | None, bounds: tuple[int, int] | None) -> None:
    where = f"{name}/{part}"
    if (end or 0) < start:
        raise ArchiveDamaged(
            f"archive, partition {part}: it ends before {start}, where {name} goes on. Bring the missing "
            "segments back from a backup."
        )
    if end is None:
        return
    if bounds is None:
        raise LogChanged(
            f"{where} is archived and is not in the log: a topic keeps its partitions. {ANOTHER}"
        )
    if start + bounds[1] < end:
        raise LogChanged(
            f"{where} ends at {start + bounds[1]} but is archived up to {end - 1}: the topic was made anew "
            f"or cut off. {ANOTHER}"
        )
    if start + bounds[0] > end:
        raise LogChanged(
            f"{where} begins at {start + bounds[0]}, the next record to archive would be {end}: those "
            f"between were deleted before they were archived. {ANOTHER}"
        )


def _digest_at(segment: Segment, offset: int) -> bytes:
    for table in row_groups(segment.path, ["offset", "digest"], first=offset):
        offsets = table["offset"].to_pylist()
        if offset in offsets:
            digest: bytes = table["digest"][offsets.index(offset)].as_py()
            return digest
    raise ArchiveDamaged(
        f"archive: {segment.path.parent.name}/{segment.path.name} has no record {offset}. Bring it "
        "back from a backup."
    )


def _know_again(
    log: Log, tail: Part, expected: Mapping[int, tuple[int, bytes]], patience_seconds: float
) -> None:
    """Raises LogChanged where another record stands than the archived one of this offset and digest."""
    until = time.monotonic() + patience_seconds
    left = dict(expected)
    while left:
        if time.monotonic() > until:
            raise LogUnavailable(f"{log.name}, partitions {sorted(left)}: no record is handed out; try again")
        positions = {part: offset - tail.start(part) for part, (offset, _) in left.items()}
        records = log.read(positions, limit=len(left), wait_seconds=1.0)
        for part, offset, at, key, value in zip(
            records.partition, records.offset, records.recorded_at, records.key, records.value, strict=True
        ):
            if part not in left:
                continue
            place, digest = left.pop(part)
            if offset != positions[part] or leaf_digest(part, place, at, key, value) != digest:
                raise LogChanged(
                    f"{log.name}/{part} has another record at {offset} than the one archived: the topic was "
                    f"made anew. {ANOTHER}"
                )


def _know_the_one_before(
    log: Log, manifest: Manifest, chains: Chains, bounds: Bounds, patience_seconds: float
) -> None:
    """Raises LogChanged when the log is the topic before: nothing of the tail may be archived yet to tell."""
    if len(manifest.topics) < 2:
        return
    before, tail = manifest.topics[-2:]
    for part, (first, end) in bounds.items():
        begun = chains[part][-1].last + 1 > tail.start(part) if part in chains else True
        if begun or first > 0 or end == 0:
            continue
        holds = [each for each in chains[part] if each.first <= before.start(part) <= each.last]
        try:
            known = _digest_at(holds[0], before.start(part)) if holds else None
        except ArchiveDamaged:
            known = None  # an offset that no record has
        if known is None:
            continue
        try:
            _know_again(log, before, {part: (before.start(part), known)}, patience_seconds)
        except LogChanged:
            continue
        raise LogChanged(
            f"{log.name}/{part} begins with the records of {before.topic}, which are archived already: the "
            "settings still point to the old log. Correct them."
        )


def chains_of(folder: Path, partitions: list[int]) -> dict[int, list[Segment]]:
    """The segments of each of these partitions that has any. Raises ArchiveDamaged."""
    return {part: found for part in partitions if (found := chain(folder, part))}
