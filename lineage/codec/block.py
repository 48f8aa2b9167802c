"""How do many values of one schema become columns in one step? As a block of an Avro file, by polars-avro.

To the block the bytes before a body are one field more, ``head``: cutting them off would copy each body.

A damaged body could shift the fields of its neighbours. Each body is therefore followed by eight random
bytes, read back as a last field ``guard``: a body that ends anywhere but at its end shows. Times that no
datetime of Python can hold are taken by polars-avro; such a block is not clean either.

A block that is not clean says nothing about its records, unless it holds one.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import cached_property

import polars as pl

from lineage.codec.flat import Node, flat
from lineage.codec.frames import columns, fitting
from lineage.codec.schemas import Schema
from lineage.framing.block import file_head, rows_of_block

HEAD = "head"
GUARD = "guard"
GUARD_BYTES = 8

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MICROS = (datetime.min.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
LAST_MICROS = (datetime.max.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


class Block:
    """Reads blocks of values that one schema wrote, with so many bytes before each body."""

    def __init__(self, written: Schema, newest: Schema, head_bytes: int) -> None:
        self._head_bytes = head_bytes
        self._flat = flat(written)
        self._times = _times(self._flat)
        self._fitting = fitting(written, newest)
        self._columns = columns(newest)

    @cached_property
    def _head(self) -> bytes:
        head, guard = _bytes(HEAD, self._head_bytes), _bytes(GUARD, GUARD_BYTES)
        fields = [{"name": each["name"], "type": each["type"]} for each in self._flat["fields"]]
        guarded = {"type": "record", "name": "guarded", "fields": [head, *fields, guard]}
        return file_head(guarded)

    def rows(self, values: list[bytes]) -> pl.DataFrame | None:
        """The values as rows in their order, or None: not all of them are clean."""
        guard = os.urandom(GUARD_BYTES)
        rows = rows_of_block(self._head, len(values), guard.join([*values, b""]))
        if rows is None:
            return None
        if not (rows.get_column(GUARD) == pl.Series([guard])).all():
            return None
        return rows if self._times_hold(rows) else None

    def frame(self, parts: list[pl.DataFrame]) -> pl.DataFrame:
        """Rows, one part after the other, in the columns of the newest schema."""
        return pl.concat(parts).select(self._fitting) if parts else pl.DataFrame(schema=self._columns)

    def _times_hold(self, rows: pl.DataFrame) -> bool:
        for column, *inside in self._times:
            times = rows.get_column(column)
            if times.null_count() == rows.height:
                continue
            for name in inside:
                times = times.struct.field(name)
            micros = times.to_physical()
            if ((micros < FIRST_MICROS) | (micros > LAST_MICROS)).any():
                return False
        return True


def _bytes(name: str, size: int) -> Node:
    return {"name": name, "type": {"type": "fixed", "name": name, "size": size}}


def _times(record: Node) -> list[list[str]]:
    """The path of every time in a record. ``schemas/README.md`` bans times inside lists."""
    found = []
    for field in record["fields"]:
        node = field["type"][1] if isinstance(field["type"], list) else field["type"]
        if "logicalType" in node:
            found.append([field["name"]])
        elif node["type"] == "record":
            found.extend([field["name"], *path] for path in _times(node))
    return found
