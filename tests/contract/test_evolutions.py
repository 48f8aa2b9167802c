"""Do bytes of the first version answer as before, after one evolution of the schemas and another and another?

Each version is a copy of the package whose schemas and records are changed as a maintainer would change them,
and which runs in a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from business import Business
from worlds import a_subject, an_event_id

from lineage.events import Accounting, Decision, HipaaParticulars, Occasion, Operation, Used

ROOT = Path(__file__).parents[2]
Version = Callable[[Path], None]


def schema_with(version: Path, record: str, **field: Any) -> None:
    """A field more in a record, in its schema and in its dataclass."""
    path = version / "schemas" / f"{record}.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["fields"].append({"doc": "Told since this version.", **field})
    path.write_text(json.dumps(schema), encoding="utf-8")


def python_with(version: Path, kind: str, line: str) -> None:
    """A line more at the end of a class of lineage.events."""
    path = version / "lineage" / "events.py"
    before, begin, rest = path.read_text(encoding="utf-8").partition(f"class {kind}")
    body, end, after = rest.partition("\n\n\n")
    path.write_text(f"{before}{begin}{body}\n    {line}{end}{after}", encoding="utf-8")


def with_fields(version: Path) -> None:
    """Fields with defaults: in every header, and in Shared."""
    schema_with(version, "Header", name="channel", type=["null", "string"], default=None)
    python_with(version, "Header(", "channel: str | None = None")
    schema_with(version, "Shared", name="copies", type="long", default=1)
    python_with(version, "Shared(", "copies: int = 1")


def with_a_word(version: Path) -> None:
    """An enum is grown."""
    path = version / "schemas" / "Occasion.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["symbols"].append("AUCTION")
    path.write_text(json.dumps(schema), encoding="utf-8")
    python_with(version, "Occasion(", 'AUCTION = "AUCTION"')


def with_more_inside(version: Path) -> None:
    """Nested records are grown, one of them inside another."""
    schema_with(version, "Decision", name="appealed", type="boolean", default=False)
    python_with(version, "Decision:", "appealed: bool = False")
    schema_with(version, "HipaaParticulars", name="pages", type="long", default=0)
    python_with(version, "HipaaParticulars:", "pages: int = 0")


def a_line(**told: Any) -> str:
    """An event about somebody else, in the JSON form."""
    line = json.loads((ROOT / "schemas" / "examples" / "Shared.json").read_text(encoding="utf-8"))
    fresh = {"event_id": an_event_id(), "subject": a_subject(), "incarnation": uuid4()}
    return json.dumps(line | {name: str(value) for name, value in fresh.items()} | {"sequence": 1} | told)


@pytest.fixture
def told_by_the_first_version(tmp_path: Path) -> Business:
    """A person of whom events tell with enums, nested records and nulls, in the schemas of now."""
    business = Business(tmp_path / "home")
    business.collects("email_address", "2025-09-01T12:00Z")
    hipaa = Accounting(hipaa=HipaaParticulars(basis="REQUIRED", description="LETTER"))
    business.shares("email_address", "R_PAY", "payment", accounting=hipaa)
    business.shares("email_address", "R_BROKER", "marketing", occasion=Occasion.SWITCHING)
    business.tells(
        Used,
        "2025-10-01T12:00Z",
        elements=("email_address",),
        purposes=("service",),
        operation=Operation.DECIDED,
        decision=Decision(admt_id="score", decision_type="LENDING"),
    )
    business.projected()
    business.close()
    return business


def test_the_answer_is_as_before_after_each_of_three_evolutions(
    told_by_the_first_version: Business, tmp_path: Path
) -> None:
    business = told_by_the_first_version
    version = tmp_path / "version"
    for part in ("lineage", "schemas"):
        shutil.copytree(ROOT / part, version / part, ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(version), str(ROOT / "tests")])}

    def answers(line: str) -> dict[str, Any]:
        script = str(ROOT / "tests" / "later_version.py")
        command = [sys.executable, script, str(business.folder), str(business.subject), line]
        done = subprocess.run(
            command, cwd=version, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        assert said["package"] == str(version)
        assert said["problems"] == []
        assert said["going on"] == said["anew"]
        assert said["anew"]["parked"] == 0
        return said

    first = answers(a_line())
    with_fields(version)
    second = answers(a_line(channel="WEB", copies=2))
    with_a_word(version)
    third = answers(a_line(channel="WEB", occasion="AUCTION"))
    with_more_inside(version)
    fourth = answers(a_line(accounting={"hipaa": {"basis": "REQUIRED", "description": "LETTER", "pages": 3}}))

    versions = [first, second, third, fourth]
    assert first["anew"]["disclosed"] == 2
    assert {said["anew"]["answer"] for said in versions} == {first["anew"]["answer"]}
    assert len({said["schema"] for said in versions}) == len(versions)
    # The person's events stay what they were, however often they are sent again; one more was told each time.
    assert [said["anew"]["events"] - first["anew"]["events"] for said in versions] == [0, 1, 2, 3]
    released = (version / "schemas" / "releases.txt").read_text(encoding="utf-8").split()
    assert len([name for name in released if name.startswith("Shared-")]) == len(versions)
