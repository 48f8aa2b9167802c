"""How is a schema told to the libraries? Flat: the same bytes, and nothing that they stumble over.

The fields of the header stand at the top, where Avro puts their bytes anyway. Every use of a named type is
written out, in a namespace of its own: polars-avro 0.13 does not resolve a name that is used twice.
"""

from collections.abc import Mapping
from itertools import count
from typing import Any

from lineage.codec.schemas import TYPES_WITH_NAMES, Schema

Node = Any  # a type inside a flat schema: an object with "type", or ["null", such an object]
KEPT = ("type", "size", "symbols", "logicalType")


def flat(schema: Schema) -> dict[str, Any]:
    """A schema for the same bytes: header fields first, no type by name, no texts."""
    numbers = count()
    named: dict[str, Any] = {}

    def told(node: Any) -> Node:
        if isinstance(node, list):
            return [branch if branch == "null" else told(branch) for branch in node]
        if isinstance(node, str):
            return told(named[node]) if node in named else {"type": node}
        made = {key: node[key] for key in KEPT if key in node}
        if node["type"] in TYPES_WITH_NAMES:
            named[node["name"]] = node
            made["name"] = node["name"].rpartition(".")[2]
            made["namespace"] = f"use{next(numbers)}"
        if node["type"] == "record":
            made["fields"] = [field(each) for each in node["fields"]]
        for inside in ("items", "values"):
            if inside in node:
                made[inside] = told(node[inside])
        return made

    def field(each: Mapping[str, Any]) -> dict[str, Any]:
        default = {"default": each["default"]} if "default" in each else {}
        return {"name": each["name"], "type": told(each["type"]), **default}

    whole: dict[str, Any] = told(schema)
    whole["fields"] = list(_lifted(whole))
    return whole


def _lifted(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in record["fields"]:
        found.extend(_lifted(each["type"]) if each["name"] == "header" else [each])
    return found
