"""How are very many hashes made by all cores at once? By polars-hash, which works without Python's lock.

A record is too short for hashlib to let go of the lock, and each call costs more than the hash does.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Self, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from lineage.archive.leaves import fixed, leaves, sha256_of
from lineage.proof import merkle
from lineage.proof.finding import What
from lineage.proof.merkle import HASH_BYTES

FEW: Final = 512
"""Pairs that Python hashes before columns of them would be made."""

In = TypeVar("In")
Out = TypeVar("Out")


class Ahead:
    """Threads, as many as there are cores, that work on what comes next."""

    def __init__(self) -> None:
        self._cores = len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(self._cores)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def of(self, work: Callable[[In], Out], these: Iterable[In]) -> Iterator[Out]:
        """The results in the order of what they are of, while a core each works on one of the next."""
        waiting: deque[Future[Out]] = deque()
        try:
            for each in these:
                waiting.append(self._pool.submit(work, each))
                if len(waiting) > self._cores:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def changed(rows: Any, partition: int) -> list[tuple[int, What]]:
    """The records of a piece of a segment (pyarrow.Table) that are not what their digest stands for:
    offset, and what is wrong, by offset.
    """
    named = {name: rows[name].combine_chunks() for name in rows.column_names}
    told = ("offset", "recorded_at", "key", "value")
    was = leaves(partition, *(named[name] for name in told))
    differs = pc.not_equal(was, named["digest"])
    kept, numbered = (
        _any_of(named[name] for name in names)
        for names in (("key", "value"), ("producer", "incarnation", "sequence"))
    )
    erased = pc.is_valid(named["erased_by"])
    odd = pc.if_else(erased, kept, pc.or_(differs, numbered))
    found = (column.filter(odd).to_pylist() for column in (named["offset"], erased, differs))
    return sorted(
        (offset, What.ERASED_WITH_CONTENT if gone else What.CHANGED if other else What.NOT_ERASED)
        for offset, gone, other in zip(*found, strict=True)
    )


def _any_of(columns: Iterable[Any]) -> Any:
    """Where any of them holds anything."""
    first, *others = (pc.is_valid(column) for column in columns)
    for each in others:
        first = pc.or_(first, each)
    return first


def parents(children: bytes) -> bytes:
    """As :func:`lineage.proof.merkle.parents`."""
    pairs = len(children) // (2 * HASH_BYTES)
    if pairs < FEW:
        return merkle.parents(children)
    node = pa.scalar(merkle.NODE, pa.large_binary())
    two = fixed(children, 2 * HASH_BYTES).cast(pa.large_binary())
    return raw(sha256_of(node, two))


def raw(hashes: Any) -> bytes:
    """An array of hashes (pyarrow.FixedSizeBinaryArray) as their bytes, one after the other."""
    begin, size = hashes.offset * HASH_BYTES, len(hashes) * HASH_BYTES
    return b"" if size == 0 else bytes(hashes.buffers()[1][begin : begin + size])
