"""Does what we hand out work where there is no checkout?"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout with the locked build tools."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    [built] = out.glob("*.whl")
    return built


def test_the_wheel_installs_one_package_and_carries_schemas_consumers_and_examples(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"lineage"}
    for carried in (
        "lineage/schemas/Collected.avsc",
        "lineage/schemas/token-vectors.json",
        "lineage/schemas/record-vectors.json",
        "lineage/examples/java/src/main/java/shop/Teller.java",
        "lineage/consumers/project_lineage.py",
        "lineage/examples/prontotrak/business.yaml",
        "lineage/questions/verdict.sql",
        "lineage/py.typed",
    ):
        assert carried in names


def test_the_wheel_installed_elsewhere_runs_the_demo(wheel: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(elsewhere),
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(elsewhere),
        "LINEAGE_HOME": str(tmp_path / "home"),
    }

    done = subprocess.run(
        [sys.executable, "-P", "-c", WHERE_AND_DEMO],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.startswith(str(elsewhere))
    assert (tmp_path / "home" / "demo" / "answer.json").exists()


WHERE_AND_DEMO = """
import sys, lineage
print(lineage.__file__)
from lineage.cli import main
sys.argv = ["lineage", "demo", "--people", "8"]
main()
"""
