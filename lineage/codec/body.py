"""How do the fields of an event become bytes quickly? What repeats is written once and then remembered.

The bytes of an Avro record are the bytes of its fields, one after the other. Of one event of a service ids,
times and numbers are its own; the words between them (elements, purposes, parties, system) are those of many
events. fastavro writes each such *run* of fields the first time, and its bytes serve from then on.
"""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import Any

from fastavro import parse_schema, schemaless_writer

from lineage.codec.flat import Node
from lineage.codec.record import way

Put = Callable[[Any], bytes]

WORDS = ("string", "enum")
"""What is remembered, alone and in lists. Ids and times are an event's own, and Python takes 1 for True."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

SMALL = 64  # numbers that are remembered: nearly every ``count`` is 1
REMEMBERED = 4096
"""Runs of one schema that are kept; their words come from a policy, and no policy is that large."""


def body_writer(schema: Node) -> Callable[[Any], bytes]:
    """What writes an event's fields by a flat schema.

    It raises AttributeError, TypeError, ValueError or OverflowError when one of them cannot be written.
    """
    puts: list[tuple[Callable[[Any], Any], Put]] = []
    for words, fields in groupby(schema["fields"], key=lambda field: _is_words(field["type"])):
        run = list(fields)
        if words:
            puts.append((attrgetter(*[field["name"] for field in run]), _remembered(run, len(puts))))
        else:
            puts += [(attrgetter(field["name"]), _own(field["type"])) for field in run]

    def write(event: Any) -> bytes:
        return b"".join([put(get(event)) for get, put in puts])

    return write


def written(schema: Node, value: Any) -> bytes:
    """One value by fastavro."""
    stream = BytesIO()
    schemaless_writer(stream, schema, value)
    return stream.getvalue()


def long(number: int) -> bytes:
    """Avro's long: zigzag, then seven bits a byte, the lowest first. For one number fastavro's writer costs
    several times as much. Raises OverflowError beyond 64 bits.
    """
    if not -(1 << 63) <= number < 1 << 63:
        raise OverflowError
    left = (number << 1) ^ (number >> 63)
    made = bytearray()
    while left > 0x7F:
        made.append(left & 0x7F | 0x80)
        left >>= 7
    made.append(left)
    return bytes(made)


def _is_words(node: Node) -> bool:
    bare = node[1] if isinstance(node, list) else node
    return (bare["items"] if bare["type"] == "array" else bare)["type"] in WORDS


def _own(node: Node) -> Put:
    if isinstance(node, list):
        put = _own(node[1])
        return lambda value: b"\x00" if value is None else b"\x02" + put(value)
    out = way(node).out or _same
    if node["type"] == "fixed":
        return out
    parsed = parse_schema(node)
    if node["type"] == "boolean":
        said = {each: written(parsed, each) for each in (False, True)}
        return lambda value: said[out(value)]
    if node.get("logicalType") == "timestamp-micros":
        return lambda value: long((out(value) - EPOCH) // MICROSECOND)
    if node["type"] != "long" or "logicalType" in node:
        return lambda value: written(parsed, out(value))
    small = [long(number) for number in range(SMALL)]

    def put_number(value: Any) -> bytes:
        number = out(value)
        return small[number] if 0 <= number < SMALL else long(number)

    return put_number


def _remembered(run: list[Node], number: int) -> Put:
    """Of several fields the tuple, of one field its value."""
    parsed = parse_schema({"type": "record", "name": f"run{number}", "fields": run})
    names = [field["name"] for field in run]
    outs = [way(field["type"]).out or _same for field in run]
    known: dict[Any, bytes] = {}

    def put(values: Any) -> bytes:
        try:
            return known[values]
        except (KeyError, TypeError):  # not met before; or a list where a tuple is meant: never remembered
            each = values if len(names) > 1 else (values,)
        made = written(parsed, {name: out(value) for name, out, value in zip(names, outs, each, strict=True)})
        if len(known) >= REMEMBERED:
            known.clear()
        with contextlib.suppress(TypeError):
            known[values] = made
        return made

    return put


def _same(value: Any) -> Any:
    return value
