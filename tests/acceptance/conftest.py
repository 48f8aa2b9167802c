"""Businesses that have told nothing yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from business import Business, at


@pytest.fixture
def business(tmp_path: Path) -> Iterator[Business]:
    """A business that has told nothing yet, whose log is complete since 2020."""
    made = Business(tmp_path)
    yield made
    made.close()


@pytest.fixture
def young_business(tmp_path: Path) -> Iterator[Business]:
    """A business whose only producer tells what happened since 1 October 2025."""
    made = Business(tmp_path, covers_from=at("2025-10-01T07:00Z"))
    yield made
    made.close()
