"""Does the archive still hold every record as it was archived, and none besides? A look at all of it.

Each record must say what its digest stands for, and the digests up to each checkpoint must make its root. So
what was changed is found by offset, and what is missing, added or rewritten digest and all by the checkpoints
between which it lies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from lineage.archive import expiring
from lineage.archive.form import Segment, partitions, segments
from lineage.framing import NO_IDS, SchemaIds
from lineage.proof.checkpoint import Checkpoint
from lineage.proof.finding import Finding, What, of_range, of_segment
from lineage.proof.following import Following
from lineage.proof.hashing import Ahead
from lineage.proof.pieces import Piece, Unreadable, Work, looked_at, work_on

TRIES: Final = 5
"""How often a partition is begun again when its segments are merged under the look."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look found. ``covered``: how many of the records the last checkpoint stands for.

    ``erased_since``: how many were erased after the last checkpoint, so that no signature covers what stands
    in their place.
    """

    findings: tuple[Finding, ...]
    records: int
    covered: int
    erased: int
    erased_since: int


def verify(
    archive: Path,
    checkpoints: Sequence[Checkpoint],
    on_records: Callable[[int], None] = lambda _: None,
    ids: SchemaIds = NO_IDS,
) -> Verdict:
    """Look at every record of the archive, beside checkpoints that are believed, oldest first.

    ``on_records`` is told how many more were looked at. ``ids``: of a schema registry.
    """
    heads = checkpoints[-1].heads if checkpoints else {}
    with Ahead() as ahead:
        followed = _followed(
            archive, sorted({*partitions(archive), *heads}), checkpoints, ahead, ids, on_records
        )
    findings = [found for each in followed for found in each.findings]
    if not checkpoints:
        says = "no checkpoint covers the archive; 'lineage checkpoint' makes one"
        findings.append(Finding(What.NO_CHECKPOINT, says))
    standing = expiring.known(archive).union(*(each.erasures for each in followed))
    for each in followed:
        findings += each.erased_by_nothing(standing)
    return Verdict(
        tuple(findings),
        records=sum(each.records for each in followed),
        covered=sum(head.size for head in heads.values()),
        erased=sum(each.erased for each in followed),
        erased_since=sum(each.erased_since for each in followed),
    )


def _followed(
    archive: Path,
    parts: Sequence[int],
    checkpoints: Sequence[Checkpoint],
    ahead: Ahead,
    ids: SchemaIds,
    on_records: Callable[[int], None],
) -> list[Following]:
    """All partitions to their ends, in order. One that is merged under the look is begun again."""
    done: dict[int, Following] = {}
    for _ in range(TRIES):
        begun = {part: _begun(archive, part, checkpoints) for part in parts if part not in done}
        work = (
            (part, each) for part, following in list(begun.items()) for each in work_on(following.segments)
        )
        for part, piece in ahead.of(partial(_looked_at, ids), work):
            following = begun.get(part)
            if following is None:
                continue
            before = following.records
            if piece is None:
                on_records(-before)  # what was read is read again, from what is there then
                del begun[part]
                continue
            following.take(piece)
            on_records(following.records - before)
        for following in begun.values():
            following.end()
        done |= begun
    return [done.get(part) or _vanishing(part) for part in parts]


def _looked_at(ids: SchemaIds, asked: tuple[int, Work]) -> tuple[int, Piece | Unreadable | None]:
    """The partition, and what a piece of it says; None when its segment is gone."""
    part, work = asked
    try:
        return part, looked_at(ids, part, work)
    except FileNotFoundError:
        return part, None


def _begun(archive: Path, part: int, checkpoints: Sequence[Checkpoint]) -> Following:
    found, holes = standing(archive, part)
    following = Following(part, found, checkpoints)
    following.findings += holes
    return following


def _vanishing(part: int) -> Following:
    following = Following(part, [], [])
    following.findings.append(
        Finding(What.UNREADABLE, f"partition {part}: its segments vanish while they are read; try again")
    )
    return following


def standing(archive: Path, part: int) -> tuple[list[Segment], list[Finding]]:
    """The segments that are the partition, and what is wrong with how they follow each other."""
    chosen: list[Segment] = []
    found = []
    for each in segments(archive, part):
        if chosen and each.last <= chosen[-1].last:
            continue  # merged into the one before
        if chosen and each.first == chosen[-1].first:
            chosen[-1] = each
            continue
        end = chosen[-1].last if chosen else each.first - 1
        if each.first > end + 1:
            hole = end + 1, each.first - 1
            found.append(of_range(What.HOLE, part, [], *hole, "by the names of the segments"))
        elif each.first <= end:
            found.append(of_segment(What.MISNAMED, part, each, each.first, end))
        chosen.append(each)
    return chosen, found
