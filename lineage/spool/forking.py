"""What becomes of an open spool when its process forks? It is closed before, and opened anew by each side.

SQLite keeps its locks per process, and what it knows of them is copied by a fork: a child that used the same
file through the copy would hold none, and its records could vanish with the parent.
"""

import os
from typing import Protocol
from weakref import WeakSet


class Forking(Protocol):
    """Something that must not be carried across a fork as it is."""

    def before_fork(self) -> None:
        """Let go, and let nobody begin until one of the others is called."""

    def after_fork_in_parent(self) -> None:
        """Go on."""

    def after_fork_in_child(self) -> None:
        """Go on as somebody else."""


_KNOWN: WeakSet[Forking] = WeakSet()
_meant: list[Forking] = []


def forks_with(thing: Forking) -> None:
    """From now on, until it is forgotten by everybody else, forks are told to it."""
    _KNOWN.add(thing)


def _before() -> None:
    _meant[:] = list(_KNOWN)
    for thing in _meant:
        thing.before_fork()


def _in_parent() -> None:
    for thing in _meant:
        thing.after_fork_in_parent()
    _meant.clear()


def _in_child() -> None:
    for thing in _meant:
        thing.after_fork_in_child()
    _meant.clear()


os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
