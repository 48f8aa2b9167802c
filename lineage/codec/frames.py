"""What columns does an event have, once decoded? One per Avro field, the header's first.

Words of enums are String, ids Binary (16 bytes), times Datetime in microseconds UTC, lists List, nested
records Struct, the files of a policy a List of Structs ``key`` and ``value``. The columns are those of the
newest schema; a field that an older writer did not know holds its default.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import polars as pl

from lineage.codec.schemas import Schema
from lineage.codec.write import flattened
from lineage.events import EmitterHeader

PLAIN: dict[str, pl.DataType] = {
    "boolean": pl.Boolean(),
    "long": pl.Int64(),
    "string": pl.String(),
    "enum": pl.String(),
    "fixed": pl.Binary(),
}


def columns(schema: Schema) -> dict[str, pl.DataType]:
    """Column name to type, in the order of the schema."""
    named: dict[str, pl.DataType] = {}

    def kind(node: Any) -> pl.DataType:
        if isinstance(node, list):
            return kind(node[1])
        if isinstance(node, str):
            return named[node] if node in named else PLAIN[node]
        made: pl.DataType
        match node["type"]:
            case "array":
                return pl.List(kind(node["items"]))
            case "map":
                return pl.List(pl.Struct({"key": pl.String(), "value": kind(node["values"])}))
            case "long" if "logicalType" in node:
                return pl.Datetime("us", "UTC")
            case "record":
                made = pl.Struct({each["name"]: kind(each["type"]) for each in node["fields"]})
            case plain:
                made = PLAIN[plain]
        if "name" in node:
            named[node["name"]] = made
        return made

    return {each["name"]: kind(each["type"]) for each in flattened(schema)}


def frame_of(events: list[EmitterHeader], wanted: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The same frame that a block gives, made from events read one by one."""
    rows = [[_plain(getattr(event, name)) for name in wanted] for event in events]
    return pl.DataFrame(rows, schema=dict(wanted), orient="row")


def _plain(value: Any) -> Any:
    match value:
        case UUID():
            return value.bytes
        case StrEnum():
            return str(value)
        case tuple():
            return [_plain(each) for each in value]
        case dict():
            return [{"key": key, "value": each} for key, each in value.items()]
        case datetime():
            return value
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value
