"""Which entries have the lists of an answer, and when is one of them the same entry as before?"""

from collections.abc import Mapping
from typing import Any, Final

from lineage.report.check.lists import KEYS

Document = Mapping[str, Any]
Key = tuple[str | None, ...]

LISTS: Final = {
    **KEYS,
    "denials": ("block", "code"),
    "exclusions": ("code",),
    "not_searched": ("record_types",),
    "under_order": ("category", "recipient_category"),
    "for_review": ("event_id", "reason"),
    "statements": ("code", "block"),
}
"""What makes an entry of each list the same entry as before."""

INNER: Final = {"sold_or_shared": "pairs", "disclosed": "pairs", "pieces": "items"}
"""Under which key the blocks that say more than their lines have them."""


def entries(name: str, document: Document) -> dict[Key, list[Document]]:
    """The entries of a list by their keys: one each in an answer that is in order."""
    found: Any = document.get(name, [])
    found = found[INNER[name]] if name in INNER else found
    by_key: dict[Key, list[Document]] = {}
    for entry in found:
        by_key.setdefault(tuple(entry.get(part) for part in LISTS[name]), []).append(entry)
    return by_key
