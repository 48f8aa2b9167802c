"""Which events back a line?"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypedDict
from uuid import UUID

SHOWN = 10  # ids named at either end; the full list is one question away


class Evidence(TypedDict):
    count: int
    digest: str
    first: list[str]
    last: list[str]


def evidence(event_ids: Sequence[UUID]) -> Evidence:
    """The count, the SHA-256 of all ids (sorted, as text, one a line) and the first and last ten of them.

    >>> evidence([UUID(int=2), UUID(int=1)])["first"][0]
    '00000000-0000-0000-0000-000000000001'
    """
    ids = sorted(str(each) for each in event_ids)
    return {
        "count": len(ids),
        "digest": sha256("\n".join(ids).encode("ascii")).hexdigest(),
        "first": ids[:SHOWN],
        "last": ids[-SHOWN:],
    }
