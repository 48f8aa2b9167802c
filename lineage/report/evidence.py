"""Which events back a line?"""

from collections.abc import Collection
from hashlib import sha256
from typing import TypedDict

SHOWN = 10  # ids named at either end; the full list is one question away


class Evidence(TypedDict):
    count: int
    digest: str
    first: list[str]
    last: list[str]


def evidence(event_ids: Collection[str]) -> Evidence:
    """The count, the SHA-256 of all ids (sorted, one a line) and the first and last ten of them.

    >>> evidence(["00000000-0000-7000-8000-000000000002", "00000000-0000-7000-8000-000000000001"])["first"][0]
    '00000000-0000-7000-8000-000000000001'
    """
    ids = sorted(event_ids)
    return {
        "count": len(ids),
        "digest": sha256("\n".join(ids).encode("ascii")).hexdigest(),
        "first": ids[:SHOWN],
        "last": ids[-SHOWN:],
    }
