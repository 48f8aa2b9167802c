"""What stands for each of very many records? Their leaf hashes, made by all columns at once.

The columns become the bytes that are hashed, and polars-hash hashes them outside of Python's lock, so that
threads work side by side. Byte for byte what :func:`lineage.archive.form.leaf_digest` says of each record.
"""

from array import array
from binascii import unhexlify
from struct import pack
from sys import byteorder
from typing import Any, Final

import polars as pl
import polars_hash as _  # noqa: F401 (it gives expressions their .chash)
import pyarrow as pa
import pyarrow.compute as pc

DIGEST_BYTES: Final = 32
HASHES: Final = pa.binary(DIGEST_BYTES)
NOTHING: Final = pa.scalar(b"", pa.large_binary())
MISSING: Final = -1
"""Stands for the length of what is not there."""


def leaves(partition: int, offset: Any, recorded_at: Any, key: Any, value: Any) -> Any:
    """The leaf hashes (pyarrow.FixedSizeBinaryArray) of the records of these columns (pyarrow.Array).

    Where an offset or an instant is missing its hash is that of any number.
    """
    if not len(offset):
        return pa.array([], HASHES)
    told = [_network_order(column, code) for column, code in ((offset, "q"), (recorded_at, "q"))]
    for column in (key, value):
        column = column.cast(pa.large_binary())  # some records of a megabyte are more than 32 bits count
        length = pc.cast(pc.fill_null(pc.binary_length(column), MISSING), pa.int32())
        told += _network_order(length, "i"), pc.fill_null(column, NOTHING)
    head = pa.scalar(pack(">xi", partition), pa.large_binary())
    return sha256_of(head, *told)


def sha256_of(*parts: Any) -> Any:
    """SHA-256 of what each row of these gives when joined, as pyarrow.FixedSizeBinaryArray.

    The parts are of large_binary: scalars, and arrays of one length that is not zero.
    """
    contents = pc.binary_join_element_wise(*parts, NOTHING)
    ours = pl.DataFrame({"content": pl.Series(contents)})
    made = ours.select(pl.col("content").chash.sha2_256()).to_series()  # type: ignore[attr-defined]
    letters = made.to_arrow(compat_level=pl.CompatLevel.oldest()).buffers()[2]
    return fixed(unhexlify(letters), DIGEST_BYTES)


def fixed(content: Any, width: int) -> Any:
    """So many bytes after the other as pyarrow.FixedSizeBinaryArray, of ``width`` bytes each."""
    raw = pa.py_buffer(content)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), raw.size // width, [None, raw])


def _network_order(numbers: Any, code: str) -> Any:
    """Each number with its most significant byte first. ``code``: of the array module."""
    ours = array(code)
    width = ours.itemsize
    begin = numbers.offset * width
    ours.frombytes(memoryview(numbers.buffers()[1])[begin : begin + len(numbers) * width])
    if byteorder == "little":
        ours.byteswap()
    return fixed(ours, width).cast(pa.large_binary())
