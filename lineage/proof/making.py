"""What does a new checkpoint say, and when is one due?

The trees grow from where the last checkpoint left them: only what was archived since is read. Their peaks are
kept beside it, unsigned; they count only where they make the very roots that were signed.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lineage.archive import manifest
from lineage.archive.form import Segment, chain, partitions
from lineage.errors import ArchiveDamaged
from lineage.proof import erased
from lineage.proof.chain import FOLDER, copy, latest, numbers, path_of, put
from lineage.proof.checkpoint import Checkpoint, Head, parse
from lineage.proof.hashing import Ahead, parents, raw
from lineage.proof.merkle import HASH_BYTES, Tree
from lineage.proof.note import Signer
from lineage.proof.stretch import Stretch

PEAKS: Final = "peaks.json"

MANY: Final = 98_304
"""Digests from which on it is worth the start of other threads and their statements."""


def checkpoint_when_due(
    archive: Path, signer: Signer, now: datetime, *, every: timedelta, copies: Path | None = None
) -> Checkpoint | None:
    """Sign what stands in the archive when the last checkpoint is so old and anything has changed since.

    ``copies``: a folder elsewhere that gets every checkpoint, too. Returns the new checkpoint or None. Raises
    ArchiveDamaged when the archive did not grow out of its last checkpoint, LogUnavailable when the disk
    does not take it.
    """
    before = latest(archive / FOLDER)
    if before is not None and now - before.time < every:
        return None
    return checkpoint(archive, signer, now, copies=copies)


def checkpoint(
    archive: Path, signer: Signer, now: datetime, *, copies: Path | None = None
) -> Checkpoint | None:
    """Sign what stands in the archive, unless the last checkpoint says the same. Raises as when due."""
    folder = archive / FOLDER
    is_settled, made = False, None
    while not is_settled:
        # Another process may put its checkpoint first, or merge the segments that are read.
        with suppress(FileExistsError, FileNotFoundError):
            made = _made(archive, signer, now)
            is_settled = True
    if copies is not None:
        copy(folder, copies)
    return made


def _made(archive: Path, signer: Signer, now: datetime) -> Checkpoint | None:
    folder = archive / FOLDER
    before = latest(folder)
    if before is None and (found := numbers(folder)):
        raise ArchiveDamaged(
            f"{path_of(folder, found[-1])} is no checkpoint any more, so there is none after it. Bring it "
            "back from where its copies are."
        )
    trees = _grown(archive, before)
    heads = {part: _head(archive, part, *grown) for part, grown in trees.items()}
    if not heads or (before is not None and before.heads == heads):
        return None
    number, digest = (1, None) if before is None else (before.number + 1, before.digest)
    note = signer.sign(Checkpoint(manifest.read(archive).log, number, now, digest, heads).text())
    put(folder, number, note)
    _keep(folder, trees)
    return parse(note)


def _grown(archive: Path, before: Checkpoint | None) -> dict[int, tuple[Tree, int]]:
    """Per partition the tree of its digests, and the last offset under it."""
    kept = _kept(archive / FOLDER, before)
    found = {}
    heads = {} if before is None else before.heads
    for part in partitions(archive):
        segments = chain(archive, part)
        if not segments:
            continue
        head, end = heads.get(part), segments[-1].last
        tree, last = kept.get(part, (Tree(), -1))
        if head is not None and last < 0:
            _extend(tree, segments, last, head.last)
            last = head.last
        if head is not None and (end < head.last or (tree.size, tree.root()) != (head.size, head.root)):
            assert before is not None  # noqa: S101 (its head was found)
            raise ArchiveDamaged(
                f"archive, partition {part}: it did not grow out of checkpoint {before.number}, so there "
                "is no new one. Run 'lineage verify' to see what was changed."
            )
        _extend(tree, segments, last, end)
        found[part] = tree, end
    for part in heads.keys() - found.keys():
        raise ArchiveDamaged(
            f"archive, partition {part}: checkpointed, and not there any more. Bring it back from a backup."
        )
    return found


def _extend(tree: Tree, segments: list[Segment], after: int, last: int) -> None:
    """Put the digests of the offsets after one, up to another, under the tree. Very many are hashed by all
    cores.
    """
    found = _digests([each for each in segments if after < each.last and each.first <= last], after, last)
    if last - after < MANY:
        for digests in found:
            tree.extend(digests)
        return
    with Ahead() as ahead:
        for stretch in ahead.of(lambda work: Stretch.of(*work, parents), _placed(found, tree.size)):
            stretch.under(tree, 0, len(stretch))


def _digests(segments: list[Segment], after: int, last: int) -> Iterator[bytes]:
    """Those of the offsets after one, up to another; of each row group one after the other."""
    for rows in _rows(segments, ["digest"]):
        new = pc.and_(pc.greater(rows["offset"], after), pc.less_equal(rows["offset"], last))
        yield b"".join(raw(chunk) for chunk in rows["digest"].filter(new).chunks)


def _placed(found: Iterator[bytes], at: int) -> Iterator[tuple[bytes, int]]:
    """Digests, as many at a time as are worth a statement, and how many leaves stand before them."""
    waiting: list[bytes] = []
    for digests in found:
        waiting.append(digests)
        if sum(map(len, waiting)) >= MANY * HASH_BYTES:
            whole, waiting = b"".join(waiting), []
            yield whole, at
            at += len(whole) // HASH_BYTES
    yield b"".join(waiting), at


def _head(archive: Path, part: int, tree: Tree, last: int) -> Head:
    gone = Tree()
    for rows in _rows(chain(archive, part), list(erased.COLUMNS[1:]), only_erased=True):
        ours = pc.and_(pc.is_valid(rows["erased_by"]), pc.less_equal(rows["offset"], last))
        gone.extend(erased.leaves(rows.filter(ours)))
    return Head(last, tree.size, tree.root(), gone.size, gone.root())


def _rows(segments: list[Segment], columns: list[str], only_erased: bool = False) -> Iterator[Any]:
    """The offsets and other columns of segments, a table for each row group."""
    for segment in segments:
        try:
            with pq.ParquetFile(segment.path) as file:
                by = file.schema_arrow.get_field_index("erased_by")
                for group in range(file.num_row_groups):
                    if only_erased:
                        described = file.metadata.row_group(group)
                        known = described.column(by).statistics
                        if known is not None and known.null_count == described.num_rows:
                            continue
                    yield file.read_row_group(group, columns=["offset", *columns])
        except FileNotFoundError:
            raise
        except (pa.ArrowException, OSError, LookupError) as error:
            raise ArchiveDamaged(
                f"archive: {segment.path.parent.name}/{segment.path.name} cannot be read "
                f"({type(error).__name__}). Run 'lineage verify'."
            ) from error


def _keep(folder: Path, trees: dict[int, tuple[Tree, int]]) -> None:
    kept = {
        part: {str(level): peak.hex() for level, peak in tree.peaks.items()}
        for part, (tree, _) in trees.items()
    }
    beside = folder / f".{PEAKS}"
    beside.write_text(json.dumps(kept), encoding="utf-8")
    beside.replace(folder / PEAKS)


def _kept(folder: Path, before: Checkpoint | None) -> dict[int, tuple[Tree, int]]:
    """The trees as the last checkpoint left them, those alone that make its roots."""
    found = {}
    if before is not None:
        with suppress(OSError, ValueError, AttributeError):
            for part, peaks in json.loads((folder / PEAKS).read_text(encoding="utf-8")).items():
                tree = Tree({int(level): bytes.fromhex(peak) for level, peak in peaks.items()})
                head = before.heads.get(int(part))
                if head is not None and (tree.size, tree.root()) == (head.size, head.root):
                    found[int(part)] = tree, head.last
    return found
