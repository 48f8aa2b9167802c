"""How do many bodies of one schema become columns in one step? As a block of an Avro file, by polars-avro.

What was found by trying polars-avro 0.13, and how it is met here:

* It re-synchronises silently after a stray byte, so a damaged body could shift the fields of its neighbours.
  Each body is followed by eight random bytes, read back as a last field ``guard``: a body that ends anywhere
  but at its end shows.
* It never returns when bytes are left in a block after the last record. The block therefore promises far more
  records than it holds, and exactly as many as it holds are asked for, in one batch (hence ``AvroSource``:
  the public ``read_avro`` asks for more).
* A named type used twice does not resolve. The schema it gets is not the writer's own text but one that means
  the same bytes: header fields at the top, every use of a named type written out under a name of its own.
* Damage arises as AvroError, as SystemError, as a panic of its runtime. Each means the same: not this way.

A block that is not clean says nothing about its records: the caller reads them one by one.
"""

import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from io import BytesIO
from itertools import count
from typing import Any, BinaryIO

import polars as pl
from polars_avro import AvroError
from polars_avro._avro_rs import AvroSource

from lineage.codec.read import FIRST_MICROS, LAST_MICROS
from lineage.codec.schemas import TYPES_WITH_NAMES, Schema
from lineage.codec.write import flattened, write_long

PROMISED = 1 << 32
"""Records that a block claims beyond those it holds; any number larger than a batch would do."""

GUARD = "guard"
GUARD_BYTES = 8


class Block:
    """Reads blocks of one schema into frames of given columns."""

    def __init__(self, schema: Schema, columns: Mapping[str, pl.DataType]) -> None:
        self._schema = schema
        self._columns = columns

    @cached_property
    def _head(self) -> bytes:
        text = json.dumps(equivalent(self._schema)).encode()
        key = b"avro.schema"
        return b"".join(
            [b"Obj\x01", write_long(1), write_long(len(key)), key, write_long(len(text)), text, b"\x00"]
        )

    @cached_property
    def _sound(self) -> pl.Expr:
        """True when every time of the frame is one that the strict reader takes."""
        times = [path.to_physical() for path in _times(flattened(self._schema))]
        return pl.all_horizontal(
            [time.is_between(FIRST_MICROS, LAST_MICROS).fill_null(True).all() for time in times]
        )

    def frame(self, bodies: list[bytes]) -> pl.DataFrame | None:
        """The bodies as rows in their order, or None: not all of them are clean."""
        guard = os.urandom(GUARD_BYTES)
        rows = self._rows(bodies, guard)
        if rows is None or rows.height != len(bodies):
            return None
        if not rows.select((pl.col(GUARD) == guard).all() & self._sound).item():
            return None
        return rows.select(pl.col(name).cast(kind) for name, kind in self._columns.items())

    def _rows(self, bodies: list[bytes], guard: bytes) -> pl.DataFrame | None:
        data = guard.join([*bodies, b""])
        sync = os.urandom(16)
        size = [write_long(len(bodies) + PROMISED), write_long(len(data))]
        file = BytesIO(b"".join([self._head, sync, *size, data, sync]))

        def opened() -> AbstractContextManager[BinaryIO]:
            file.seek(0)
            return nullcontext(file)

        try:
            return pl.DataFrame(next(AvroSource([opened], False, False).batch_iter(len(bodies), None)))
        except (AvroError, SystemError, StopIteration, pl.exceptions.PolarsError):
            return None
        except BaseException as problem:
            if type(problem).__name__ != "PanicException":  # the class is private to the extension module
                raise
            return None


def _times(fields: list[Mapping[str, Any]]) -> list[pl.Expr]:
    """Every time in a record, also inside nested records. Times inside lists would need strict reading."""
    found = []

    def look(node: Any, path: pl.Expr) -> None:
        if isinstance(node, list):
            look(node[1], path)
        elif isinstance(node, Mapping) and node.get("logicalType") == "timestamp-micros":
            found.append(path)
        elif isinstance(node, Mapping) and node["type"] == "record":
            for field in node["fields"]:
                look(field["type"], path.struct.field(field["name"]))

    for field in fields:
        look(field["type"], pl.col(field["name"]))
    return found


def equivalent(schema: Schema) -> dict[str, Any]:
    """A schema for the same bytes followed by a guard: header flattened, no name used twice."""
    numbers = count()
    named: dict[str, Any] = {}

    def copy(node: Any) -> Any:
        if isinstance(node, list):
            return [copy(branch) for branch in node]
        if isinstance(node, str):
            return copy(named[node]) if node in named else node
        made = {key: node[key] for key in ("type", "size", "symbols", "logicalType") if key in node}
        if node["type"] in TYPES_WITH_NAMES:
            named[node["name"]] = node
            made["name"] = f"type{next(numbers)}"
        if node["type"] == "record":
            made["fields"] = [{"name": each["name"], "type": copy(each["type"])} for each in node["fields"]]
        for inside in ("items", "values"):
            if inside in node:
                made[inside] = copy(node[inside])
        return made

    fields = [{"name": each["name"], "type": copy(each["type"])} for each in flattened(schema)]
    fields.append({"name": GUARD, "type": {"type": "fixed", "name": GUARD, "size": GUARD_BYTES}})
    return {"type": "record", "name": "guarded", "fields": fields}
