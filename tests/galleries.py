"""What is answered in the worlds of the gallery? Telling one takes long, so each is told once in a run."""

import pickle
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path

import pytest

from gallery.world import Answered, World

Gallery = Callable[[World], Answered]
"""The copies of a world and what is behind their lines. Nobody may change them."""


@pytest.fixture(scope="session")
def answered_in(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Gallery:
    """Several processes share what the first of them was told."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    return cache(lambda world: _answered(world, shared / f"{world.name}.gallery"))


def _answered(world: World, file: Path) -> Answered:
    with file.open("a+b") as told:
        flock(told, LOCK_EX)
        told.seek(0)
        if content := told.read():
            return pickle.loads(content)  # noqa: S301 (this run has written it)
        answered = world.answered(is_explained=True)
        told.write(pickle.dumps(answered))
        return answered
