"""How are very many hashes made by all cores at once? By DuckDB, which works without Python's lock.

A record is too short for hashlib to let go of the lock; a statement hashes a hundred thousand records on the
core of whoever asks, and threads ask side by side. It costs as much processor time as hashlib does.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock, local
from typing import Any, Final, Self, TypeVar

import duckdb
import pyarrow as pa

from lineage.proof import merkle
from lineage.proof.merkle import HASH_BYTES
from lineage.store import sql

FEW: Final = 4_096
"""Pairs that Python hashes before a statement, which costs its start, would be ready."""


In = TypeVar("In")
Out = TypeVar("Out")


class Hashing:
    """Hashes of many records and nodes, by as many threads as there are cores: each has a connection."""

    def __init__(self) -> None:
        self._cores = len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(self._cores)
        self._database = duckdb.connect(config={"threads": 1})
        self._opened = [self._database]
        self._opening = Lock()
        self._own = local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        while self._opened:
            self._opened.pop().close()

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._own, "connection"):
            with self._opening:
                self._own.connection = self._database.cursor()
                self._opened.append(self._own.connection)
        found: duckdb.DuckDBPyConnection = self._own.connection
        return found

    def ahead(self, work: Callable[[In], Out], these: Iterable[In]) -> Iterator[Out]:
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

    def changed(self, piece: Any, partition: int) -> list[tuple[int, str]]:
        """The records of a piece of a segment (pyarrow.Table) that are not what their digest stands for:
        offset, and what is wrong.
        """
        ours = self._connection.register("piece", piece)
        return ours.execute(sql.text("changed.sql", __package__), {"partition": partition}).fetchall()

    def parents(self, children: bytes) -> bytes:
        """As :func:`lineage.proof.merkle.parents`."""
        pairs = len(children) // (2 * HASH_BYTES)
        if pairs < FEW:
            return merkle.parents(children)
        rows = pa.Array.from_buffers(pa.binary(2 * HASH_BYTES), pairs, [None, pa.py_buffer(children)])
        ours = self._connection.register("pair", pa.table({"pair": rows}))
        made = ours.sql(sql.text("parents.sql", __package__)).to_arrow_table()
        return b"".join(raw(chunk.cast(pa.binary(HASH_BYTES))) for chunk in made["parent"].chunks)


def raw(hashes: Any) -> bytes:
    """An array of hashes (pyarrow.FixedSizeBinaryArray) as their bytes, one after the other."""
    begin, size = hashes.offset * HASH_BYTES, len(hashes) * HASH_BYTES
    return b"" if size == 0 else bytes(hashes.buffers()[1][begin : begin + size])
