"""What does fastavro get of an event, and what becomes of what it gives back? Dicts, by the schema's types.

fastavro writes some wrong values without a word: a time without zone as this machine's own, ``None`` as
false, 1.5 as 1, a text as the list of its letters. Each would stand in the log for ever, so what turns an
event into a record refuses them. Everything else that is wrong fastavro refuses by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from lineage import events
from lineage.codec.flat import Node

Convert = Callable[[Any], Any]

NULL = ("null", None)
"""A null that names its branch of the union: fastavro else tries the branches, and takes twice as long."""


@dataclass(frozen=True, slots=True)
class Way:
    """From a value of ``lineage.events`` to fastavro's, and back; None where the two are the same.

    ``out`` raises TypeError or AttributeError for a value of a wrong type.
    """

    out: Convert | None = None
    back: Convert | None = None


def way(node: Node) -> Way:
    """The way of one type of a flat schema, made once and then used for every value."""
    if isinstance(node, list):
        inside = way(node[1])
        return Way(_optional(inside.out), _optional_back(inside.back))
    match node["type"]:
        case "boolean":
            return Way(out=_truth)
        case "long":
            return Way(out=_instant if "logicalType" in node else _number)
        case "fixed":
            return Way(out=_id_bytes, back=_id)
        case "enum":
            return Way(back=getattr(events, node["name"]))
        case "array":
            return _listed(way(node["items"]))
        case "record":
            return Way(*record(node))
    return Way()


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise TypeError


def _number(value: Any) -> int:
    if type(value) is int:
        return value
    raise TypeError


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    raise TypeError


def _id_bytes(value: Any) -> bytes:
    if isinstance(value, UUID):  # an identifier that nobody turned into a token must not travel
        return value.bytes
    raise TypeError


def _id(raw: bytes) -> UUID:
    return UUID(bytes=raw)


def _optional(inside: Convert | None) -> Convert:
    if inside is None:
        return lambda value: NULL if value is None else value
    return lambda value: NULL if value is None else inside(value)


def _optional_back(inside: Convert | None) -> Convert | None:
    return None if inside is None else lambda value: None if value is None else inside(value)


def _listed(item: Way) -> Way:
    def out(values: Any) -> Any:
        if not isinstance(values, tuple | list):
            raise TypeError
        return list(values) if item.out is None else [item.out(value) for value in values]

    def back(values: list[Any]) -> tuple[Any, ...]:
        return tuple(values) if item.back is None else tuple([item.back(value) for value in values])

    return Way(out, back)


def record(node: Node) -> tuple[Convert, Convert]:
    """Both ways of a whole record: its dataclass to a dict by field name, and back."""
    kind = getattr(events, node["name"])
    names = [field["name"] for field in node["fields"]]
    ways = [(field["name"], way(field["type"])) for field in node["fields"]]
    outs = [(name, each.out) for name, each in ways if each.out is not None]
    backs = [(name, each.back) for name, each in ways if each.back is not None]
    values_of = attrgetter(*names)

    def out(value: Any) -> dict[str, Any]:
        told = dict(zip(names, values_of(value), strict=True))
        for name, convert in outs:
            told[name] = convert(told[name])
        return told

    def back(told: dict[str, Any]) -> Any:
        given = dict(told)
        for name, convert in backs:
            given[name] = convert(given[name])
        return kind(**given)  # a field that an older writer did not know takes its default

    return out, back
