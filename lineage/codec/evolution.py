"""Can all that was ever written be read by the schemas as they stand, and does it say the same?

Backward and transitive: each released version of an event is tried, not the last alone. Values that show all
that the version can say are written by it and read by the schema of today, by Avro's own resolution, and
compared: what was told must be there, of the same type and the same worth. Avro itself would let a reader
drop a field, or take a lost word of an enum for another one; a record of what happened must not.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from fastavro import parse_schema, schemaless_reader, schemaless_writer

from lineage.codec.flat import Node
from lineage.codec.kept import Fault, kept
from lineage.codec.schemas import Schema, inlined
from lineage.codec.specimens import expanded, specimens

Found = Iterator[tuple[str, str, str]]
"""Path of a field, what is wrong, what to do."""

NOTHING = object()
"""Where a schema has no default; null is one."""


def faults(root: Path) -> list[Fault]:
    """Everything in a folder of schemas that would make old values unreadable, or say something else.

    Empty when the schemas may be released. Specification: design, section 4; ``schemas/README.md``.
    """
    released, found = kept(root)
    for event, versions in sorted(released.items()):
        if not (root / f"{event}.avsc").is_file():
            fingerprint = versions[-1][0]
            found.append(Fault(event, fingerprint, "", f"{event}.avsc is gone", "bring it back"))
            continue
        newest = _readable(event, root)
        if newest is None:
            problem = f"{event}.avsc, or a file that it names, is no Avro schema"
            found.append(Fault(event, "", "", problem, "correct it"))
            continue
        found += [Fault(event, "", path, *said) for path, *said in _without_default(expanded(newest), "")]
        for fingerprint, written in versions:
            told = list(unread(written, newest))
            found += [Fault(event, fingerprint, path, problem, remedy) for path, problem, remedy in told]
    return found


def _readable(event: str, root: Path) -> dict[str, Any] | None:
    try:
        newest = inlined(event, root)
        parse_schema(newest)
    except Exception:  # of what is no schema the libraries say so in a dozen ways
        return None
    return newest if isinstance(newest, dict) else None


def unread(written: Schema, newest: Schema) -> Found:
    """What the newest schema does not read of what the other one wrote, or reads as something else."""
    told = list(_compared(expanded(written), expanded(newest), ""))
    yield from told
    if not told:
        yield from _tried(written, newest, specimens(expanded(written)), "")


def _compared(written: Node, newest: Node, path: str) -> Found:
    """Down to the parts without parts, so that what is wrong is told by its field."""
    kind = _kind(written)
    if kind != _kind(newest):
        yield (
            path,
            f"was {kind} and is {_kind(newest)}",
            "give it its type back, and add a new field for the new one",
        )
    elif isinstance(written, list):
        yield from _compared(written[1], newest[1], path)
    elif kind == "record":
        yield from _fields(written, newest, path)
    elif kind in ("array", "map"):
        inside = "items" if kind == "array" else "values"
        yield from _compared(written[inside], newest[inside], path)
    else:
        if kind == "enum":
            yield from _default("the enum's default", written, newest, path)
        yield from _tried(written, newest, specimens(written), path)


def _fields(written: Node, newest: Node, path: str) -> Found:
    if _name(written) != _name(newest):
        yield path, f"its record {_name(written)} is {_name(newest)} now", "give it its name back"
    before = {field["name"]: field for field in written["fields"]}
    now = {field["name"]: field for field in newest["fields"]}
    for name, field in before.items():
        place = _under(path, name)
        if name not in now:
            yield place, "is gone, and what was told in it with it", "put the field back"
            continue
        yield from _default("its default", field, now[name], place)
        yield from _compared(field["type"], now[name]["type"], place)
    for name, field in now.items():
        if name not in before and "default" not in field:
            yield (
                _under(path, name),
                "is new, with no default for the values from before",
                "give it a default",
            )


def _default(whose: str, written: Node, newest: Node, path: str) -> Found:
    before, now = written.get("default", NOTHING), newest.get("default", NOTHING)
    if before is not NOTHING and now is NOTHING:
        yield path, f"{whose} is gone", "put it back: older or newer values are read by it"
    elif before is not NOTHING and (before != now or type(before) is not type(now)):
        yield path, f"{whose} is another one", "put the released one back: what was read by it may not change"


def _without_default(newest: Node, path: str) -> Found:
    """Enums that could not grow: who reads by them later words needs a default to take them for."""
    if isinstance(newest, list):
        yield from _without_default(newest[1], path)
    elif newest["type"] == "enum" and newest.get("default") not in newest["symbols"]:
        yield path, "the enum has no default among its words", "give it one, the worst case"
    for field in newest.get("fields", ()) if isinstance(newest, dict) else ():
        yield from _without_default(field["type"], _under(path, field["name"]))
    for inside in ("items", "values"):
        if isinstance(newest, dict) and inside in newest:
            yield from _without_default(newest[inside], path)


def _tried(written: Schema, newest: Schema, values: list[Any], path: str) -> Found:
    """By Avro's resolution: written by the one, read by the other."""
    writer, reader = parse_schema(written), parse_schema(newest)
    for value in values:
        stream = BytesIO()
        schemaless_writer(stream, writer, value)
        stream.seek(0)
        try:
            read: object = schemaless_reader(stream, writer, reader)
        except Exception:  # fastavro has no one error for what does not resolve
            read = NOTHING
        if not _says(read, value):
            what = f"the word {value}" if _kind(written) == "enum" else "a value of before"
            became = "cannot be read" if read is NOTHING else "is read as something else"
            yield path, f"{what} {became}", "put back what was released; add beside it what is new"


def _says(read: Any, told: Any) -> bool:
    """Does what is read say all that was told? It may hold more: the defaults of newer fields."""
    if isinstance(told, dict) and isinstance(read, dict):
        return all(name in read and _says(read[name], value) for name, value in told.items())
    if isinstance(told, list) and isinstance(read, list):
        return len(told) == len(read) and all(map(_says, read, told))
    return type(read) is type(told) and bool(read == told)


def _kind(node: Node) -> str:
    """The shape of a type, in words."""
    if isinstance(node, list):
        return " or ".join(branch if isinstance(branch, str) else _kind(branch) for branch in node)
    unit = f" ({node['logicalType']})" if "logicalType" in node else ""
    size = f" of {node['size']} bytes" if node["type"] == "fixed" else ""
    return f"{node['type']}{size}{unit}"


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _name(node: Node) -> str:
    return str(node["name"]).rpartition(".")[2]
