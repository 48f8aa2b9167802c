"""A database for all the worlds of a file, and how far a long look at them is."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from looking import WANTED

from lineage.store import Store

Looked = Callable[[], None]

TOLD = 100
"""So many times a long look says how far it is."""


@pytest.fixture(scope="module")
def world_store() -> Iterator[Store]:
    """Making a file for each world would take most of the time."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "lineage.duckdb") as opened:
        yield opened


@pytest.fixture
def looked(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Looked:
    """To be called whenever a world was looked at."""
    numbers = count(1)

    def look() -> None:
        number = next(numbers)
        if WANTED and number % max(1, WANTED // TOLD) == 0:
            with capsys.disabled():
                sys.stderr.write(f"\n{request.node.name}: {number} of {WANTED} worlds")
                sys.stderr.flush()

    return look
