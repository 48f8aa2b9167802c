"""Do the schemas, the records in Python and what was released say the same?"""

import dataclasses
import json
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import fastavro
import pytest
from fastavro.schema import fingerprint as fastavro_fingerprint
from fastavro.schema import to_parsing_canonical_form

from lineage import events
from lineage.codec import UnknownSchema, decode, encode
from lineage.codec.release import texts
from lineage.codec.schemas import Registry, fingerprint, shipped
from lineage.events import EVENTS, NAMESPACE, EmitterHeader, Header
from lineage.jsonform import from_json, to_json
from lineage.resources import folder

SCHEMAS = folder("schemas")
FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.avsc")}
RECORDS = {name: schema for name, schema in FILES.items() if schema["type"] == "record"}
ENUMS = {name: schema for name, schema in FILES.items() if schema["type"] == "enum"}
FILLED = {"event_id", "occurred_at", "producer", "incarnation", "sequence"}
TIME = {"type": "long", "logicalType": "timestamp-micros"}

named = pytest.mark.parametrize("name", sorted(RECORDS))
each_event = pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)


def avro_type(kind: Any, name: str = "") -> Any:
    """What the schema must say for an annotation."""
    if get_origin(kind) in (Union, UnionType):
        parts = [part for part in get_args(kind) if part is not type(None)]
        if UUID in parts:
            inside: Any = "Uuid"
        else:
            inside = avro_type(parts[0])
        return ["null", inside] if type(None) in get_args(kind) and name not in FILLED else inside
    if get_origin(kind) is tuple:
        return {"type": "array", "items": avro_type(get_args(kind)[0])}
    if get_origin(kind) is dict:
        return {"type": "map", "values": avro_type(get_args(kind)[1])}
    if dataclasses.is_dataclass(kind) or issubclass(kind, StrEnum):
        return kind.__name__
    return {str: "string", bool: "boolean", int: "long", UUID: "Uuid"}.get(kind, TIME)


def own_fields(record: type) -> list[dataclasses.Field[Any]]:
    """The fields of a dataclass without those that stand in its header."""
    base = next(
        (base for base in (Header, EmitterHeader) if record in EVENTS and issubclass(record, base)), None
    )
    inherited = {each.name for each in dataclasses.fields(base)} if base else set()
    return [each for each in dataclasses.fields(record) if each.name not in inherited]


@named
def test_a_record_has_the_fields_of_its_dataclass_in_the_same_order(name: str) -> None:
    record = getattr(events, name)
    wanted = [each.name for each in own_fields(record)]
    if record in EVENTS:
        wanted = ["header", *wanted]
        head = RECORDS[name]["fields"][0]
        assert head["type"] == ("Header" if issubclass(record, Header) else "EmitterHeader")
    assert [field["name"] for field in RECORDS[name]["fields"]] == wanted


@named
def test_types_and_defaults_are_those_of_the_dataclass(name: str) -> None:
    record = getattr(events, name)
    hints = get_type_hints(record)
    said = {field["name"]: field for field in RECORDS[name]["fields"]}
    for each in own_fields(record):
        assert said[each.name]["type"] == avro_type(hints[each.name], each.name), each.name
        if each.default is dataclasses.MISSING or each.name in FILLED:
            assert "default" not in said[each.name], each.name
        else:
            default = list(each.default) if isinstance(each.default, tuple) else each.default
            assert said[each.name]["default"] == default, each.name


def test_every_dataclass_and_enum_has_a_file_and_every_file_a_name_in_python() -> None:
    public = {
        name
        for name, value in vars(events).items()
        if isinstance(value, type) and not name.startswith("_") and value.__module__ == events.__name__
    }
    assert public - {"Event"} == set(RECORDS) | set(ENUMS)  # Event is another name of EmitterHeader
    assert set(FILES) - public == {"Uuid"}
    assert FILES["Uuid"] == FILES["Uuid"] | {"type": "fixed", "size": 16}
    assert "logicalType" not in FILES["Uuid"]


RULED = {
    "Origin": "LIVE",
    "Operation": "USED",
    "Consideration": "UNKNOWN",
    "Occasion": "ORDINARY",
    "Outcome": "GRANTED",
    "DeletionReason": "ROUTINE",
    "DeletionMethod": "ERASED",
    "LinkEvidence": "DECLARED",
    "Relation": "HOUSEHOLD",
    "ErasureMode": "TOMBSTONE",
    "AgeBasis": "SIGNAL",
    "MadeBy": "SELF",
    "Via": "FORM",
    "HoldKind": "LEGAL",
    "NotificationOutcome": "SENT",
    "AgeBand": "UNDER_13",
    "Choice": "OPT_OUT",
    "NotifiedAbout": "STATEMENT",
}


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_an_enum_has_the_words_of_python_and_is_read_as_the_worst_case(name: str) -> None:
    assert ENUMS[name]["symbols"] == [str(member) for member in getattr(events, name)]
    assert ENUMS[name]["default"] == RULED[name]


def test_every_type_and_field_is_explained_and_times_say_their_unit() -> None:
    for name, schema in FILES.items():
        assert schema["namespace"] == NAMESPACE
        assert schema["name"] == name
        assert schema["doc"].endswith(".")
        for field in schema.get("fields", ()):
            assert field["doc"].endswith("."), f"{name}.{field['name']}"
            if field["type"] == TIME or field["type"] == ["null", TIME]:
                assert "microseconds" in field["doc"], f"{name}.{field['name']}"


@each_event
def test_the_fingerprint_is_that_of_fastavro(kind: type[EmitterHeader]) -> None:
    written = shipped().current(kind.__name__)
    little_endian = fastavro_fingerprint(to_parsing_canonical_form(dict(written.schema)), "CRC-64-AVRO")
    assert written.header == b"\xc3\x01" + bytes.fromhex(little_endian)


def test_the_fingerprint_of_int_is_the_one_that_avro_publishes() -> None:
    assert fingerprint({"type": "int"}) == "7275d51a3f395c8f"


def test_what_is_released_is_what_the_schemas_say_now() -> None:
    for name, text in texts(SCHEMAS).items():
        released = SCHEMAS / "released" / name
        assert released.is_file(), f"{name} is missing: run python -m lineage.codec.release"
        assert released.read_text(encoding="utf-8") == text, f"{name}: run python -m lineage.codec.release"


@pytest.mark.parametrize("path", sorted((SCHEMAS / "released").glob("*.avsc")), ids=lambda path: path.stem)
def test_a_released_schema_stands_alone_under_its_own_fingerprint(path: Any) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    fastavro.parse_schema(schema)
    assert path.stem == f"{schema['name'].removeprefix(NAMESPACE + '.')}-{fingerprint(schema)}"


@each_event
def test_the_example_is_a_true_event_and_survives_avro_and_json(kind: type[EmitterHeader]) -> None:
    line = json.loads((SCHEMAS / "examples" / f"{kind.__name__}.json").read_text(encoding="utf-8"))
    event = from_json(line)
    assert type(event) is kind
    assert decode(encode(event)) == event
    assert to_json(event) == line


def test_there_is_one_example_for_each_event() -> None:
    names = {path.stem for path in (SCHEMAS / "examples").iterdir()}
    assert names == {kind.__name__ for kind in EVENTS}


def test_the_readme_names_a_true_fingerprint() -> None:
    text = (SCHEMAS / "README.md").read_text(encoding="utf-8")
    written = shipped().current("Shared")
    assert f"Shared-{written.fingerprint}.avsc" in text
    assert written.header.hex(" ").upper() in text


def test_a_value_of_a_schema_never_released_is_told_from_damage(tmp_path: Any) -> None:
    value = b"\xc3\x01" + bytes(8) + b"\x00"
    with pytest.raises(UnknownSchema, match=r"^UNKNOWN_SCHEMA$"):
        decode(value)
    assert Registry(tmp_path).by_fingerprint(bytes(8)) is None


@each_event
def test_only_the_shapes_that_the_codec_knows_are_used(kind: type[EmitterHeader]) -> None:
    def look(node: Any, inside_list: bool) -> None:
        if isinstance(node, list):
            assert node[0] == "null", "a union is null and one type"
            assert len(node) == 2, "a union is null and one type"
            look(node[1], inside_list)
        elif isinstance(node, dict):
            assert node != TIME or not inside_list, "a block's times are checked outside of lists only"
            for field in node.get("fields", ()):
                look(field["type"], inside_list)
            for part in ("items", "values"):
                look(node.get(part), True)

    look(shipped().current(kind.__name__).schema, False)
