"""Which values show all that a schema can say? Each word of an enum, null and not, a list empty and full.

Made, not drawn: what holds for these was tried with every word and every branch of the schema.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from lineage.codec.flat import Node
from lineage.codec.schemas import TYPES_WITH_NAMES, Schema

PLAIN: Mapping[str, list[Any]] = {
    "boolean": [True, False],
    "long": [1, 0, -(1 << 40)],
    "string": ["word", ""],
}
TIMES = [datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 6, 15, 17, 0, 0, 1, tzinfo=UTC)]


def expanded(schema: Schema) -> Node:
    """The schema with each use of a named type written out."""
    named: dict[str, Any] = {}

    def told(node: Any) -> Any:
        if isinstance(node, list):
            return [told(branch) for branch in node]
        if isinstance(node, str):
            return told(named[node]) if node in named else {"type": node}
        if node["type"] in TYPES_WITH_NAMES:
            named[node["name"]] = node
        made = dict(node)
        if node["type"] == "record":
            made["fields"] = [{**field, "type": told(field["type"])} for field in node["fields"]]
        for inside in ("items", "values"):
            if inside in node:
                made[inside] = told(node[inside])
        return made

    return told(schema)


def specimens(node: Node) -> list[Any]:
    """Values of an expanded schema, as fastavro takes and gives them."""
    if isinstance(node, list):
        return [value for branch in node for value in specimens(branch)]
    match node["type"]:
        case "null":
            return [None]
        case "enum":
            return list(node["symbols"])
        case "fixed":
            return [bytes(index % 256 for index in range(node["size"])), b"\xff" * node["size"]]
        case "array":
            return [specimens(node["items"]), []]
        case "map":
            return [{f"key {number}": value for number, value in enumerate(specimens(node["values"]))}, {}]
        case "record":
            return list(_records(node))
        case "long" if "logicalType" in node:
            return TIMES
    return PLAIN[node["type"]]


def _records(node: Node) -> Iterator[dict[str, Any]]:
    """As many as the field with the most values needs; the others begin anew."""
    values = {field["name"]: specimens(field["type"]) for field in node["fields"]}
    for number in range(max(map(len, values.values()))):
        yield {name: each[number % len(each)] for name, each in values.items()}
