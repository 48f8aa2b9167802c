"""How do very many Avro records become columns in one step? As a block of an Avro file, by polars-avro.

What was found by trying polars-avro 0.13, and how it is met here:

* It never returns when bytes are left in a block after the last record. The block therefore promises far more
  records than it holds, and exactly as many as it holds are asked for, in one batch (hence ``AvroSource``:
  the public ``read_avro`` asks for more).
* Damage arises as AvroError, as SystemError, as a panic of its runtime. Each means the same: not clean.
* It re-synchronises silently after a stray byte. Who asks has to know by something else that each record
  ended where it should.
"""

import json
import os
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import Any, BinaryIO, Final

import polars as pl
from fastavro import schemaless_writer
from polars_avro import AvroError
from polars_avro._avro_rs import AvroSource

PROMISED: Final = 1 << 32
"""Records that a block claims beyond those it holds; any number larger than a batch would do."""


def file_head(schema: Any) -> bytes:
    """What a file begins with whose records this schema wrote."""
    told = {"avro.schema": json.dumps(schema).encode()}
    return b"Obj\x01" + _avro({"type": "map", "values": "bytes"}, told)


def rows_of_block(head: bytes, count: int, data: bytes) -> pl.DataFrame | None:
    """The records that stand in ``data`` one after the other, at least one; None where it is not clean."""
    sync = os.urandom(16)
    size = [_avro("long", count + PROMISED), _avro("long", len(data))]
    file = BytesIO(b"".join([head, sync, *size, data, sync]))

    def opened() -> AbstractContextManager[BinaryIO]:
        file.seek(0)
        return nullcontext(file)

    try:
        rows = pl.DataFrame(next(AvroSource([opened], False, False).batch_iter(count, None)))
    except (AvroError, SystemError, StopIteration, pl.exceptions.PolarsError):
        return None
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # the class is private to the extension module
            raise
        return None
    return rows if rows.height == count else None


def _avro(schema: Any, value: Any) -> bytes:
    out = BytesIO()
    schemaless_writer(out, schema, value)
    return out.getvalue()
