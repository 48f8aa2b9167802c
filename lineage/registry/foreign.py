"""Is a schema that somebody registered one of ours? Other tools print a schema in other words.

They leave out texts, and of a name the namespace where it is the one around. The fingerprint does not mind;
but it does not see a time's unit either, so that is compared beside it.
"""

import json
from typing import Any

from fastavro import parse_schema

from lineage.codec.schemas import Registry, fingerprint
from lineage.codec.specimens import expanded


def released_as(text: str, registry: Registry) -> str | None:
    """The fingerprint of the released schema that writes the same bytes with the same meaning, else None."""
    try:
        schema = json.loads(text)
        if not isinstance(schema, dict):
            return None
        printed = fingerprint(schema)
        parsed = parse_schema(schema)
    except Exception:  # of what is no schema the libraries say so in a dozen ways
        return None
    known = registry.by_fingerprint(bytes.fromhex(printed)[::-1])
    if known is None or _units(expanded(parsed)) != _units(expanded(known.schema)):
        return None
    return printed


def _units(node: Any) -> list[str | None]:
    """The logical type of every part, in the order of the parts."""
    if isinstance(node, list):
        return [unit for branch in node for unit in _units(branch)]
    if not isinstance(node, dict):
        return []
    parts = [field["type"] for field in node.get("fields", ())]
    parts += [node[inside] for inside in ("items", "values") if inside in node]
    return [node.get("logicalType"), *(unit for part in parts for unit in _units(part))]
