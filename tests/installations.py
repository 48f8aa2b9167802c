"""Installations on the command line that have a policy adopted: made once for each policy, then copied."""

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from lineage.cli import main


def begin(folder: Path, policy: Mapping[str, str], told: str = "") -> None:
    """Put ``policy`` and ``home`` into the folder: this policy is adopted, these lines of JSON are published,
    and the database has caught up. Whoever begins twice gets the same log and the same secret.
    """
    shutil.copytree(_made(tuple(policy.items()), told).name, folder, dirs_exist_ok=True)


@cache
def _made(policy: tuple[tuple[str, str], ...], told: str) -> TemporaryDirectory[str]:
    made = TemporaryDirectory()
    files = Path(made.name) / "policy"
    files.mkdir()
    for name, text in policy:
        (files / name).write_text(text)
    _run(made, "policy", "adopt", str(files))
    if told:
        _run(made, "publish", "-", told=told)
    _run(made, "project")
    return made


def _run(made: TemporaryDirectory[str], *words: str, told: str | None = None) -> None:
    elsewhere = dict.fromkeys(("LINEAGE_LOG", "LINEAGE_DESK_URL", "LINEAGE_SECRET", "LINEAGE_SECRET_FILE"))
    here = {**elsewhere, "LINEAGE_HOME": str(Path(made.name) / "home")}
    done = CliRunner().invoke(main, words, input=told, env=here, catch_exceptions=False)
    assert done.exit_code == 0, done.output
