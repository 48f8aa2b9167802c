"""Does a field or a word that was added later leave the values of before readable, in the same columns?"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from worlds import an_event, shared, used

from lineage.codec import encode
from lineage.codec.batch import Decoder
from lineage.codec.release import release
from lineage.codec.schemas import Registry
from lineage.codec.single import Body
from lineage.events import Decision, KeptCount, SubjectErased
from lineage.resources import folder


@pytest.fixture
def before_operator_was_known(tmp_path: Path) -> Path:
    """The shipped schemas, and a released ``Shared`` from before, with no ``operator`` and one word fewer."""
    now = tmp_path / "schemas"
    shutil.copytree(folder("schemas"), now)
    old = tmp_path / "old"
    shutil.copytree(folder("schemas"), old)
    path = old / "Shared.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["fields"] = [field for field in schema["fields"] if field["name"] != "operator"]
    path.write_text(json.dumps(schema), encoding="utf-8")
    words = old / "Occasion.avsc"
    schema = json.loads(words.read_text(encoding="utf-8"))
    schema["symbols"].pop()
    words.write_text(json.dumps(schema), encoding="utf-8")
    shutil.rmtree(old / "released")
    release(old)
    for released in (old / "released").glob("Shared-*.avsc"):
        shutil.copy(released, now / "released")
    return tmp_path


def test_old_and_new_values_stand_in_one_frame_in_the_order_of_the_log(
    before_operator_was_known: Path,
) -> None:
    old = Registry(before_operator_was_known / "old").current("Shared")
    now = Registry(before_operator_was_known / "schemas")
    first, second, third = (shared(operator="process:sync", sequence=number) for number in (1, 2, 3))
    values = [encode(first), old.header + Body(old.schema).write(second), encode(third)]
    batch = Decoder(now).decode(values)
    indices, frame = batch.frames["Shared"]
    assert batch.refused == []
    assert indices == [0, 1, 2]
    assert frame["sequence"].to_list() == [1, 2, 3]
    assert frame["operator"].to_list() == ["process:sync", None, "process:sync"]


@pytest.fixture
def before_decisions_said_more(tmp_path: Path) -> Path:
    """The shipped schemas, and a released ``Used`` whose decisions knew only their first two fields."""
    now, old = tmp_path / "schemas", tmp_path / "old"
    for each in (now, old):
        shutil.copytree(folder("schemas"), each)
    path = old / "Decision.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    del schema["fields"][2:]
    path.write_text(json.dumps(schema), encoding="utf-8")
    path = old / "KeptCount.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    del schema["fields"][2:]
    path.write_text(json.dumps(schema), encoding="utf-8")
    shutil.rmtree(old / "released")
    release(old)
    for event in ("Used", "SubjectErased"):
        for released in (old / "released").glob(f"{event}-*.avsc"):
            shutil.copy(released, now / "released")
    return tmp_path


def test_fields_that_are_new_inside_a_nested_record_hold_their_defaults(
    before_decisions_said_more: Path,
) -> None:
    old = Registry(before_decisions_said_more / "old")
    kept = KeptCount(month="2026-03", event="Used", elements=("email_address",), count=7)
    told = [
        used(decision=Decision(admt_id="scoring", decision_type="credit", sole_factor=True, outcome="no")),
        used(),
        an_event(SubjectErased, kept=(kept,)),
        an_event(SubjectErased),
    ]
    values = []
    for event in told:
        written = old.current(type(event).__name__)
        values.append(written.header + Body(written.schema).write(event))
    batch = Decoder(Registry(before_decisions_said_more / "schemas")).decode(values)
    assert batch.refused == []
    first, second = batch.frames["Used"][1]["decision"].to_list()
    assert first == {
        "admt_id": "scoring",
        "decision_type": "credit",
        "purpose": None,
        "parameters": None,
        "output": None,
        "outcome": None,
        "sole_factor": False,
        "other_factors": [],
        "human_role": None,
        "reuse_planned": None,
    }
    assert second is None
    third, fourth = batch.frames["SubjectErased"][1]["kept"].to_list()
    assert third == [
        {
            "month": "2026-03",
            "event": "Used",
            "elements": [],
            "recipient": None,
            "purposes": [],
            "count": 1,
        }
    ]
    assert fourth == []
    written = old.current("Used")
    assert Body(written.schema).read(values[0][10:]) == replace(
        told[0], decision=Decision(admt_id="scoring", decision_type="credit")
    )


def test_a_release_adds_files_and_removes_none(before_operator_was_known: Path) -> None:
    schemas = before_operator_was_known / "schemas"
    before = {path.name for path in (schemas / "released").iterdir()}
    assert release(schemas) == []
    path = schemas / "Deleted.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["fields"].append({"name": "later", "doc": "Later.", "type": ["null", "string"], "default": None})
    path.write_text(json.dumps(schema), encoding="utf-8")
    added = release(schemas)
    assert len(added) == 1
    assert {path.name for path in (schemas / "released").iterdir()} == before | set(added)
    assert len(Registry(schemas).fingerprints()["Deleted"]) == 2
