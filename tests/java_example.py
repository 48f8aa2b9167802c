"""How do the tests run the example in Java? Maven builds it, once for each state of its files."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from broker import cached

from lineage.resources import folder

EXAMPLE = folder("examples") / "java"
SCHEMAS = folder("schemas")


class NoJava(Exception):
    """The example cannot be built here; the message says why."""


def built() -> Path:
    """The folder of the built example: `classes` and `libs`. Raises NoJava."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise NoJava(f"{program} is missing")
    ready = cached() / f"java-example-{_digest()}"
    if ready.is_dir():
        return ready
    ready.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ready.parent) as copy:
        here = Path(copy) / "examples" / "java"
        shutil.copytree(EXAMPLE, here, ignore=shutil.ignore_patterns("target"))
        shutil.copytree(SCHEMAS, Path(copy) / "schemas")
        command = ["mvn", "-q", "-B", "compile", "dependency:copy-dependencies"]
        done = subprocess.run(
            [*command, "-DoutputDirectory=target/libs"], cwd=here, capture_output=True, text=True, timeout=600
        )
        if done.returncode:
            raise NoJava(f"Maven did not build the example: {(done.stdout + done.stderr)[-1000:]}")
        try:
            (here / "target").rename(ready)  # whole or not at all, also when two runs build at once
        except OSError:
            if not ready.is_dir():
                raise
    return ready


def _digest() -> str:
    """What the example is built from, in sixteen letters."""
    whole = sha256()
    parts = [EXAMPLE / "pom.xml", *(EXAMPLE / "src").rglob("*.java"), *(SCHEMAS / "released").iterdir()]
    for path in sorted(parts):
        whole.update(f"{path.name}\n".encode() + path.read_bytes())
    return whole.hexdigest()[:16]


def java(
    built: Path, program: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of its programs to the end."""
    command = ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command += ["-cp", f"{built}/classes{os.pathsep}{built}/libs/*", f"shop.{program}", *arguments]
    return subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, timeout=120
    )
