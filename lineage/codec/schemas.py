"""Which bytes mean which record? The shipped Avro schemas, and the fingerprints that name them.

``schemas/<Name>.avsc`` holds one named type a file. ``schemas/released/<Event>-<fingerprint>.avsc`` holds,
whole and without references, every writer schema that was ever released: a value in the log names one of them
by its fingerprint. The fingerprint is CRC-64-AVRO of the parsing canonical form (Avro specification, "Schema
Fingerprints"), written as the 16 hex digits of the number.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastavro.schema import fingerprint as crc
from fastavro.schema import to_parsing_canonical_form

from lineage.events import NAMESPACE
from lineage.framing.headers import single_object_header
from lineage.resources import folder

TYPES_WITH_NAMES = frozenset({"record", "enum", "fixed"})
Schema = Any  # Avro schemas are JSON: an object, a list (a union) or a name


@dataclass(frozen=True)
class WriterSchema:
    """One released schema: the event it writes, its own text as an object, and its fingerprint."""

    event: str
    schema: Mapping[str, Any]
    fingerprint: str

    @property
    def header(self) -> bytes:
        """The ten bytes before the body: the marker and the fingerprint, least significant byte first."""
        return single_object_header(self.fingerprint)


class Registry:
    """The schemas in a folder. Files are read when they are first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._released: dict[bytes, Path] = {}
        for path in sorted((root / "released").glob("*.avsc")):
            printed = path.stem.rpartition("-")[2]
            self._released[bytes.fromhex(printed)[::-1]] = path
        self._known: dict[bytes, WriterSchema] = {}
        self._current: dict[str, WriterSchema] = {}

    def current(self, event: str) -> WriterSchema:
        """What this version of the package writes for an event: its ``.avsc``, all references filled in."""
        if event not in self._current:
            schema = inlined(event, self._root)
            self._current[event] = WriterSchema(event, schema, fingerprint(schema))
        return self._current[event]

    def by_fingerprint(self, raw: bytes) -> WriterSchema | None:
        """The released schema that eight bytes of a single-object header name, or None: not known here."""
        if raw not in self._known:
            path = self._released.get(raw)
            if path is None:
                return None
            schema = json.loads(path.read_text(encoding="utf-8"))
            self._known[raw] = WriterSchema(schema["name"].rpartition(".")[2], schema, raw[::-1].hex())
        return self._known[raw]

    def fingerprints(self) -> dict[str, list[str]]:
        """Event name to the fingerprints of all its released schemas, sorted."""
        found: dict[str, list[str]] = {}
        for path in self._released.values():
            event, _, printed = path.stem.rpartition("-")
            found.setdefault(event, []).append(printed)
        return {event: sorted(printed) for event, printed in sorted(found.items())}


@cache
def shipped() -> Registry:
    """The schemas that came with this package."""
    return Registry(folder("schemas"))


def fingerprint(schema: Mapping[str, Any]) -> str:
    """CRC-64-AVRO of the parsing canonical form, as the 16 hex digits of the number."""
    little_endian: str = crc(to_parsing_canonical_form(dict(schema)), "CRC-64-AVRO")
    return bytes.fromhex(little_endian)[::-1].hex()


def inlined(name: str, root: Path) -> dict[str, Any]:
    """The named type with every reference to another file filled in where it is first used."""
    seen: set[str] = set()

    def fill(node: Schema) -> Schema:
        if isinstance(node, list):
            return [fill(branch) for branch in node]
        if isinstance(node, str):
            path = root / f"{node}.avsc"
            full = f"{NAMESPACE}.{node}"
            if not path.is_file():
                return node
            return full if full in seen else fill(json.loads(path.read_text(encoding="utf-8")))
        filled = dict(node)
        if node["type"] in TYPES_WITH_NAMES:
            filled["name"] = f"{filled.pop('namespace')}.{node['name']}"
            seen.add(filled["name"])
        if node["type"] == "record":
            filled["fields"] = [{**field, "type": fill(field["type"])} for field in node["fields"]]
        for inside in ("items", "values"):
            if inside in node:
                filled[inside] = fill(node[inside])
        return filled

    whole: dict[str, Any] = fill(name)
    return whole
