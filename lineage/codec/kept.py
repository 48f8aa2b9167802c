"""Is every schema that was ever released still there, and as it was?

``schemas/releases.txt`` has a line for each, in the order of their release: the file's name and the SHA-256
of what it says, texts for people left out. A fingerprint alone would not tell that somebody changed the unit
of a time or a default: the parsing canonical form leaves both out.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lineage.codec.schemas import fingerprint

LIST = "releases.txt"
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why values of one released schema cannot be relied on any more, and what to do about it."""

    event: str
    released: str
    """The fingerprint of the released schema; empty where none is concerned."""
    field: str
    """The path of the field, with dots; empty for the whole schema."""
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = ".".join(part for part in (self.event, self.field) if part)
        release = f" (released {self.released})" if self.released else ""
        return f"{place}{release}: {self.problem}; {self.remedy}"


def listed(root: Path) -> dict[str, str]:
    """Name of a released schema, such as ``Shared-ce57f276d369a8cc``, to its digest, the oldest first."""
    path = root / LIST
    if not path.is_file():
        return {}
    lines = (line.partition(" ") for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {name: said.strip() for name, _, said in lines}


def digest(schema: Any) -> str:
    """SHA-256 of a schema as sorted JSON, without the texts for people."""
    return sha256(json.dumps(_bare(schema), sort_keys=True).encode()).hexdigest()


def _bare(node: Any) -> Any:
    if isinstance(node, list):
        return [_bare(each) for each in node]
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if key != "doc"}
    return node


def kept(root: Path) -> tuple[dict[str, list[tuple[str, Any]]], list[Fault]]:
    """Event to fingerprint and schema of each release that is whole, oldest first; and what is wrong with
    the others.
    """
    order = listed(root)
    files = {path.stem: path for path in sorted((root / RELEASED).glob("*.avsc"))}
    whole: dict[str, list[tuple[str, Any]]] = {}
    faults = []
    for name in [*order, *(name for name in files if name not in order)]:
        event, _, printed = name.rpartition("-")
        problem, remedy, schema = _looked_at(name, files.get(name), order.get(name))
        if problem:
            faults.append(Fault(event, printed, "", problem, remedy))
        else:
            whole.setdefault(event, []).append((printed, schema))
    return whole, faults


def _looked_at(name: str, path: Path | None, said: str | None) -> tuple[str, str, Any]:
    back = f"the log holds values of it: bring {RELEASED}/{name}.avsc back as it was released"
    if path is None:
        return "the released file was removed", back, None
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        printed = f"{schema['name'].rpartition('.')[2]}-{fingerprint(schema)}"
    except Exception:  # a file that is no schema: the libraries have a dozen ways to say so
        return "the released file is no Avro schema any more", back, None
    if printed != name:
        return f"the released file was edited: it is the schema {printed} now", back, None
    if said is None:
        return f"{LIST} does not name it", "run python -m lineage.codec.release", None
    if said != digest(schema):
        return "the released file was edited: a default, a unit or an order is not as it was", back, None
    return "", "", schema
