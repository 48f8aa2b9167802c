"""What did a person decide about two tokens? The one thing here that is not told by the log."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

Pair = frozenset[UUID]


class Verdict(StrEnum):
    """What two tokens are decided to be, for all time."""

    SAME_PERSON = "SAME_PERSON"
    DIFFERENT_PEOPLE = "DIFFERENT_PEOPLE"


Decided = Mapping[Pair, Verdict]
"""What holds of each pair of tokens that was decided."""

NOTHING: Final[Decided] = {}


def tied(pairs: Iterable[Pair]) -> dict[UUID, frozenset[UUID]]:
    """Each token in one of the pairs, with all that are tied to it, nearly or far, and itself."""
    found: dict[UUID, frozenset[UUID]] = {}
    for pair in pairs:
        together = frozenset[UUID]().union(pair, *(found.get(each, ()) for each in pair))
        found |= dict.fromkeys(together, together)
    return found
