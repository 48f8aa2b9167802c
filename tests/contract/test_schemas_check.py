"""Is a change refused that would lose what old events say, and is every other one let through?"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lineage.cli import main
from lineage.codec.batch import Decoder
from lineage.codec.body import written as avro
from lineage.codec.evolution import faults, unread
from lineage.codec.kept import LIST, listed
from lineage.codec.release import release
from lineage.codec.schemas import Registry
from lineage.codec.specimens import expanded, specimens
from lineage.errors import Refused
from lineage.resources import folder

Node = dict[str, Any]
Change = Callable[[Node], None]


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """The shipped schemas, in a folder where they may be changed."""
    there = tmp_path / "schemas"
    shutil.copytree(folder("schemas"), there)
    return there


def change(schemas: Path, name: str, how: Change) -> None:
    path = schemas / f"{name}.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    how(schema)
    path.write_text(json.dumps(schema), encoding="utf-8")


def field(schema: Node, name: str) -> Node:
    (found,) = (each for each in schema["fields"] if each["name"] == name)
    return found


def without(name: str) -> Change:
    def how(schema: Node) -> None:
        schema["fields"].remove(field(schema, name))

    return how


def with_field(kind: Any, **default: Any) -> Change:
    return lambda schema: schema["fields"].append({"name": "later", "doc": "Later.", "type": kind, **default})


def with_word(schema: Node) -> None:
    schema["symbols"].append("LATER")


def without_word_and_default(schema: Node) -> None:
    schema["symbols"].remove("CONSULTED")
    del schema["default"]


def said(schemas: Path) -> set[tuple[str, str, str]]:
    return {(each.event, each.field, each.problem) for each in faults(schemas)}


def written_before(schemas: Path) -> list[bytes]:
    """Values that every schema released so far has written, with each of its words and branches."""
    registry = Registry(schemas)
    found = []
    for fingerprints in registry.fingerprints().values():
        for fingerprint in fingerprints:
            schema = registry.by_fingerprint(bytes.fromhex(fingerprint)[::-1])
            assert schema is not None
            for value in specimens(expanded(schema.schema)):
                found.append(schema.header + avro(dict(schema.schema), value))
    return found


def test_what_ships_can_read_all_that_was_ever_released() -> None:
    assert faults(folder("schemas")) == []


ALLOWED: dict[str, list[tuple[str, Change]]] = {
    "a field with a default": [("Shared", with_field(["null", "string"], default=None))],
    "a list with a default": [
        ("Collected", with_field({"type": "array", "items": "string"}, default=[])),
    ],
    "a field of the header": [("Header", with_field("string", default=""))],
    "a word more in an enum": [("Occasion", with_word), ("Origin", with_word)],
    "a field more in a nested record": [("Decision", with_field("boolean", default=False))],
    "a field more in records of a list": [("KeptCount", with_field(["null", "string"], default=None))],
    "better words": [("Uuid", lambda schema: schema.update(doc="Sixteen bytes."))],
}


@pytest.mark.parametrize("what", ALLOWED)
def test_what_adds_is_let_through_and_the_projection_reads_the_values_of_before(
    schemas: Path, what: str
) -> None:
    values = written_before(schemas)
    for name, how in ALLOWED[what]:
        change(schemas, name, how)

    assert faults(schemas) == []
    assert release(schemas) != []
    assert faults(schemas) == []
    decoded = Decoder(Registry(schemas)).decode(values)
    assert decoded.refused == []
    assert sum(len(rows) for rows, _ in decoded.frames.values()) == len(values)


GONE = "is gone, and what was told in it with it"
REFUSED: dict[str, tuple[str, Change, tuple[str, str, str]]] = {
    "a field is gone": ("Shared", without("operator"), ("Shared", "operator", GONE)),
    "a field of the header is gone": ("Header", without("activity"), ("Used", "header.activity", GONE)),
    "a field of a nested record is gone": (
        "Decision",
        without("outcome"),
        ("Used", "decision.outcome", GONE),
    ),
    "a field of the records of a list is gone": (
        "KeptCount",
        without("month"),
        ("SubjectErased", "kept.month", GONE),
    ),
    "a field is renamed": (
        "Deleted",
        lambda schema: field(schema, "collected_before").update(name="before"),
        ("Deleted", "collected_before", GONE),
    ),
    "a new field has no default": (
        "Deleted",
        with_field("string"),
        ("Deleted", "later", "is new, with no default for the values from before"),
    ),
    "a default is gone": (
        "Shared",
        lambda schema: field(schema, "operator").pop("default"),
        ("Shared", "operator", "its default is gone"),
    ),
    "a default is another one": (
        "Header",
        lambda schema: field(schema, "count").update(default=2),
        ("Collected", "header.count", "its default is another one"),
    ),
    "a word is gone, though the enum has a default": (
        "Operation",
        lambda schema: schema["symbols"].remove("CONSULTED"),
        ("Used", "operation", "the word CONSULTED is read as something else"),
    ),
    "a word is gone, and the default too": (
        "Operation",
        without_word_and_default,
        ("Used", "operation", "the word CONSULTED cannot be read"),
    ),
    "an enum has no default": (
        "Choice",
        lambda schema: schema.pop("default"),
        ("ChoiceMade", "choice", "the enum has no default among its words"),
    ),
    "an enum has another default": (
        "Consideration",
        lambda schema: schema.update(default="NONE"),
        ("Shared", "consideration", "the enum's default is another one"),
    ),
    "a type is another one": (
        "Header",
        lambda schema: field(schema, "system").update(type="bytes"),
        ("Corrected", "header.system", "was string and is bytes"),
    ),
    "a number is a wider one, which Avro would read": (
        "ProducerReported",
        lambda schema: field(schema, "last_sequence").update(type="double"),
        ("ProducerReported", "last_sequence", "was long and is double"),
    ),
    "what was always told may be null": (
        "Collected",
        lambda schema: field(schema, "source").update(type=["null", "string"]),
        ("Collected", "source", "was string and is null or string"),
    ),
    "a time has another unit": (
        "Deleted",
        lambda schema: field(schema, "collected_before").update(
            type=["null", {"type": "long", "logicalType": "timestamp-millis"}]
        ),
        (
            "Deleted",
            "collected_before",
            "was null or long (timestamp-micros) and is null or long (timestamp-millis)",
        ),
    ),
    "an id is longer": (
        "Uuid",
        lambda schema: schema.update(size=20),
        ("Corrected", "header.event_id", "was fixed of 16 bytes and is fixed of 20 bytes"),
    ),
    "a nested record is another one": (
        "Used",
        lambda schema: field(schema, "decision").update(type=["null", "FerpaParticulars"]),
        ("Used", "decision", "its record Decision is FerpaParticulars now"),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_loses_is_refused_by_event_field_and_release(schemas: Path, what: str) -> None:
    name, how, expected = REFUSED[what]
    change(schemas, name, how)

    found = faults(schemas)
    assert expected in {(each.event, each.field, each.problem) for each in found}
    assert all(each.remedy for each in found)
    releases = listed(schemas)
    assert all(f"{each.event}-{each.released}" in releases or not each.released for each in found)


def test_it_is_transitive_what_the_last_release_could_read_is_not_enough(schemas: Path) -> None:
    change(schemas, "Deleted", with_field(["null", "string"], default=None))
    release(schemas)
    first, second = (name for name in listed(schemas) if name.startswith("Deleted-"))
    change(schemas, "Deleted", lambda schema: field(schema, "later").pop("default"))
    registry = Registry(schemas)
    newest = registry.current("Deleted").schema

    def told(name: str) -> set[str]:
        released = registry.by_fingerprint(bytes.fromhex(name.rpartition("-")[2])[::-1])
        assert released is not None
        return {problem for _, problem, _ in unread(released.schema, newest)}

    assert told(second) == {"its default is gone"}
    assert told(first) == {"is new, with no default for the values from before"}
    assert {each.released for each in faults(schemas)} == {
        first.rpartition("-")[2],
        second.rpartition("-")[2],
    }


def test_an_event_that_has_no_schema_any_more_is_refused(schemas: Path) -> None:
    (schemas / "HoldLifted.avsc").unlink()

    assert ("HoldLifted", "", "HoldLifted.avsc is gone") in said(schemas)


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "record"}'])
def test_a_file_that_is_no_schema_is_refused(schemas: Path, text: str) -> None:
    (schemas / "Deleted.avsc").write_text(text, encoding="utf-8")

    assert ("Deleted", "", "Deleted.avsc, or a file that it names, is no Avro schema") in said(schemas)


def test_a_released_file_that_was_removed_is_refused(schemas: Path) -> None:
    name = next(iter(listed(schemas)))
    (schemas / "released" / f"{name}.avsc").unlink()

    (fault,) = faults(schemas)
    assert f"{fault.event}-{fault.released}" == name
    assert fault.problem == "the released file was removed"
    assert f"{name}.avsc" in fault.remedy


EDITED: dict[str, tuple[Change, str]] = {
    "a field": (without("recipient"), "the released file was edited: it is the schema Shared-"),
    "a default, which no fingerprint shows": (
        lambda schema: field(schema, "operator").update(default="somebody"),
        "the released file was edited: a default, a unit or an order is not as it was",
    ),
    "the unit of a time, which no fingerprint shows": (
        lambda schema: field(schema, "undisclosed_until").update(
            type=["null", {"type": "long", "logicalType": "timestamp-millis"}]
        ),
        "the released file was edited: a default, a unit or an order is not as it was",
    ),
    "its name": (lambda schema: schema.pop("name"), "the released file is no Avro schema any more"),
}


@pytest.mark.parametrize("what", EDITED)
def test_a_released_file_that_was_edited_is_refused(schemas: Path, what: str) -> None:
    how, problem = EDITED[what]
    (name,) = (name for name in listed(schemas) if name.startswith("Shared-"))
    change(schemas / "released", name, how)

    (fault,) = faults(schemas)
    assert f"{fault.event}-{fault.released}" == name
    assert fault.problem.startswith(problem)


def test_a_released_file_that_nobody_listed_is_refused(schemas: Path) -> None:
    lines = (schemas / LIST).read_text(encoding="utf-8").splitlines(keepends=True)
    (schemas / LIST).write_text("".join(lines[1:]), encoding="utf-8")

    (fault,) = faults(schemas)
    assert f"{fault.event}-{fault.released} " in lines[0]
    assert fault.remedy == "run python -m lineage.codec.release"
    release(schemas)
    assert faults(schemas) == []


def test_no_release_writes_another_default_or_unit_under_an_old_name(schemas: Path) -> None:
    change(schemas, "Header", lambda schema: field(schema, "count").update(default=2))

    with pytest.raises(Refused, match="another default or unit"):
        release(schemas)


def test_releases_stand_in_the_order_of_their_release(schemas: Path) -> None:
    before = list(listed(schemas))
    change(schemas, "Corrected", with_field(["null", "string"], default=None))
    (added,) = release(schemas)

    assert list(listed(schemas)) == [*before, added.removesuffix(".avsc")]


def test_the_command_lists_what_was_released_and_ends_with_0() -> None:
    done = CliRunner().invoke(main, ["schemas", "check", "--format", "json"])

    assert done.exit_code == 0
    assert {f"{row['event']}-{row['released']}" for row in json.loads(done.stdout)} == set(
        listed(folder("schemas"))
    )


def test_the_command_names_what_is_wrong_and_ends_with_1(schemas: Path) -> None:
    change(schemas, "Shared", without("operator"))
    (name,) = (name for name in listed(schemas) if name.startswith("Shared-"))
    done = CliRunner().invoke(main, ["schemas", "check", str(schemas), "--format", "json"])

    assert done.exit_code == 1
    (row,) = json.loads(done.stdout)
    assert row == {
        "event": "Shared",
        "released": name.removeprefix("Shared-"),
        "field": "operator",
        "problem": GONE,
        "remedy": "put the field back",
    }
