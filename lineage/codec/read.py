"""Are these bytes exactly one record of this schema, and which?

Libraries are lax with damage, each in its own way: fastavro lets a negative index pick a symbol from the end,
polars-avro takes any number for the branch of a union. Whether a record counts may not hang on which of them
saw it, so this reader decides. It takes all that the Avro specification allows (padded numbers, arrays in
several blocks, a block with its size) and equals fastavro on it. Beyond that it is as tolerant as the block
reader, so that the two agree: a union's branch that is not null's means the value, a boolean's byte that is
not 0 means true. Times must be such as Python can hold: years 1 to 9999.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lineage import events
from lineage.codec.schemas import Schema
from lineage.codec.write import EPOCH, MICROSECOND, flattened

Read = Callable[[bytes, int], tuple[Any, int]]
"""From where a value starts to the value and where it ends. Raises ValueError, or IndexError at the end."""

FIRST_MICROS = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST_MICROS = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
MAX_LONG_BYTES = 10


class Broken(ValueError):
    """Not a record of this schema."""


def read_long(body: bytes, at: int) -> tuple[int, int]:
    """The number at a position, and the position after it."""
    byte = body[at]
    at += 1
    value = byte & 0x7F
    shift = 7
    while byte > 0x7F:
        if shift == 7 * MAX_LONG_BYTES:
            raise Broken
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
    if value >> 64:
        raise Broken
    return (value >> 1) ^ -(value & 1), at


def _instant(body: bytes, at: int) -> tuple[datetime, int]:
    value, at = read_long(body, at)
    if not FIRST_MICROS <= value <= LAST_MICROS:
        raise Broken
    return EPOCH + value * MICROSECOND, at


def _boolean(body: bytes, at: int) -> tuple[bool, int]:
    return body[at] != 0, at + 1


def _text(body: bytes, at: int) -> tuple[str, int]:
    size, at = read_long(body, at)
    end = at + size
    if size < 0 or end > len(body):
        raise Broken
    return body[at:end].decode(), end  # UnicodeDecodeError is a ValueError


def _uuid(body: bytes, at: int) -> tuple[UUID, int]:
    return UUID(bytes=body[at : at + 16]), at + 16  # too few bytes: ValueError


def _enum(symbols: list[str], kind: type[StrEnum] | None) -> Read:
    words: list[str] = [kind(symbol) for symbol in symbols] if kind else symbols

    def read(body: bytes, at: int) -> tuple[str, int]:
        value, at = read_long(body, at)
        if not 0 <= value < len(words):
            raise Broken
        return words[value], at

    return read


def _optional(inside: Read) -> Read:
    def read(body: bytes, at: int) -> tuple[Any, int]:
        branch, at = read_long(body, at)
        return inside(body, at) if branch else (None, at)

    return read


def _blocks(item: Read) -> Callable[[bytes, int], tuple[list[Any], int]]:
    def read(body: bytes, at: int) -> tuple[list[Any], int]:
        values: list[Any] = []
        while True:
            count, at = read_long(body, at)
            if count == 0:
                return values, at
            if count < 0:  # the block's size in bytes follows; no reader goes by it, so it decides nothing
                count = -count
                _, at = read_long(body, at)
            if count > len(body) - at:  # an item takes a byte at least
                raise Broken
            for _ in range(count):
                value, at = item(body, at)
                values.append(value)

    return read


def _array(item: Read) -> Read:
    blocks = _blocks(item)

    def read(body: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        values, at = blocks(body, at)
        return tuple(values), at

    return read


def _map(inside: Read) -> Read:
    def pair(body: bytes, at: int) -> tuple[tuple[str, Any], int]:
        key, at = _text(body, at)
        value, at = inside(body, at)
        return (key, value), at

    blocks = _blocks(pair)

    def read(body: bytes, at: int) -> tuple[dict[str, Any], int]:
        values, at = blocks(body, at)
        return dict(values), at

    return read


def reader(schema: Schema) -> Callable[[bytes], events.EmitterHeader]:
    """A function from a body to the event that it is, exactly. It raises ValueError or IndexError."""
    named: dict[str, Read] = {}

    def build(node: Any) -> Read:
        if isinstance(node, list):
            return _optional(build(node[1]))
        if isinstance(node, str):
            return named[node] if node in named else build({"type": node})
        match node["type"]:
            case "boolean":
                return _boolean
            case "long":
                return _instant if node.get("logicalType") == "timestamp-micros" else read_long
            case "string":
                return _text
            case "array":
                return _array(build(node["items"]))
            case "map":
                return _map(build(node["values"]))
            case "fixed":
                made: Read = _uuid
            case "enum":
                made = _enum(node["symbols"], getattr(events, node["name"].rpartition(".")[2], None))
            case "record":
                made = record(node)
            case other:
                raise ValueError(f"an Avro type that lineage/codec/read.py does not know: {other!r}")
        named[node["name"]] = made
        return made

    def record(node: Any) -> Read:
        kind = getattr(events, node["name"].rpartition(".")[2])
        parts = [(field["name"], build(field["type"])) for field in flattened(node)]

        def read(body: bytes, at: int) -> tuple[Any, int]:
            given = {}
            for name, part in parts:
                given[name], at = part(body, at)
            return kind(**given), at  # a field that an older writer did not know takes its default

        return read

    whole = build(schema)

    def event(body: bytes) -> events.EmitterHeader:
        value: events.EmitterHeader
        value, end = whole(body, 0)
        if end != len(body):
            raise Broken
        return value

    return event
