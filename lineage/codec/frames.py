"""What columns does an event have, once decoded? One per Avro field, the header's first.

Words of enums are String, ids Binary (16 bytes), times Datetime in microseconds UTC, lists List, nested
records Struct, the files of a policy a List of Structs ``key`` and ``value``. The columns are those of the
newest schema; a field that an older writer did not know holds its default.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from lineage.codec.flat import Node, flat
from lineage.codec.schemas import Schema

PLAIN: dict[str, pl.DataType] = {
    "boolean": pl.Boolean(),
    "long": pl.Int64(),
    "string": pl.String(),
    "enum": pl.String(),
    "fixed": pl.Binary(),
}


def columns(schema: Schema) -> dict[str, pl.DataType]:
    """Column name to type, in the order of the schema."""
    return {field["name"]: _kind(field["type"]) for field in flat(schema)["fields"]}


def _kind(node: Node) -> pl.DataType:
    if isinstance(node, list):
        return _kind(node[1])
    match node["type"]:
        case "array":
            return pl.List(_kind(node["items"]))
        case "map":
            return pl.List(pl.Struct({"key": pl.String(), "value": _kind(node["values"])}))
        case "long" if "logicalType" in node:
            return pl.Datetime("us", "UTC")
        case "record":
            return pl.Struct({field["name"]: _kind(field["type"]) for field in node["fields"]})
    return PLAIN[node["type"]]


def fitting(written: Schema, newest: Schema) -> list[pl.Expr]:
    """What makes the columns of the newest schema out of columns as an older one wrote them."""
    return _fields(flat(written), flat(newest), pl.col)


def _fields(written: Node, newest: Node, value_of: Callable[[str], pl.Expr]) -> list[pl.Expr]:
    known = {field["name"]: field["type"] for field in written["fields"]}
    return [
        (
            _value(value_of(field["name"]), known[field["name"]], field["type"])
            if field["name"] in known
            else pl.lit(pl.Series([field["default"]], dtype=_kind(field["type"]))).first()
        ).alias(field["name"])
        for field in newest["fields"]
    ]


def _value(value: pl.Expr, written: Node, newest: Node) -> pl.Expr:
    if isinstance(newest, list):
        return _value(value, written[1], newest[1])
    if _kind(written) == _kind(newest):
        return value.cast(_kind(newest))
    if newest["type"] == "array":
        return value.list.eval(_value(pl.element(), written["items"], newest["items"]))
    return pl.when(value.is_not_null()).then(pl.struct(_fields(written, newest, value.struct.field)))


def frame_of(records: Iterable[Mapping[str, Any]], newest: Schema) -> pl.DataFrame:
    """The same columns from records that fastavro read. Maps stand at the top of a record only."""
    fields = flat(newest)["fields"]
    rows = [
        [_told(field["type"], record.get(field["name"], field.get("default"))) for field in fields]
        for record in records
    ]
    return pl.DataFrame(rows, schema=columns(newest), orient="row")


def _told(node: Node, value: Any) -> Any:
    if isinstance(node, dict) and node["type"] == "map":
        return [{"key": key, "value": inside} for key, inside in value.items()]
    return value
