"""What keeps an answer from going out? (design section 7; DD-20 and K-14 of law.md; rulings.md 14)

A disclosure that no rule could place counts as a sale, and somebody has to look at it first. A word without a
category of the statute cannot be told in the statute's words.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Final

from lineage.report.request import BLOCKS, Verification
from lineage.report.sentences import said

Document = Mapping[str, Any]

UNKNOWN: Final = frozenset({"UNMAPPED", "SRC_UNKNOWN", "RCP_UNKNOWN"})
"""What stands for a word that the policy does not know, or knows without a category (rulings.md 14)."""


class Bar(StrEnum):
    """A reason why no copy with these lines is for release."""

    UNKNOWN_WORD = "UNKNOWN_WORD"
    UNREVIEWED = "UNREVIEWED"


WORDS: Final = {bar: said(bar.value) for bar in Bar}


def bars(document: Document, released: Collection[str]) -> list[Bar]:
    """What forbids to release these blocks of the document; empty: nothing does."""
    lines = [line for block in released for line in _lines(document[block])]
    found = {
        Bar.UNKNOWN_WORD: any(gap["reason"] == "UNKNOWN_WORD" for gap in document["coverage"]["gaps"])
        or any(line.get(key) in UNKNOWN for line in lines for key in ("category", "recipient_category")),
        Bar.UNREVIEWED: any(line.get("unreviewed") for line in lines),
    }
    return [bar for bar, is_so in found.items() if is_so]


def why_not(document: Document) -> list[str]:
    """In sentences for the handler: why this copy is not for release. Empty when it is."""
    if document["for_release"]:
        return []
    why = []
    if document["request"]["id"] is None:
        why.append("It was made without a verified request.")
    if document.get("subject", {}).get("token") is not None:
        why.append("It is the handler's copy.")
    if document["request"]["verification"] != Verification.V0_NONE:
        answered = [block for block in BLOCKS if document["block_status"][block] == "answered"]
        why += [WORDS[bar] for bar in bars(document, answered)]
    return why


def _lines(block: Any) -> list[Document]:
    """The lines of a block, of whichever form."""
    found: list[Document] = block.get("pairs", block.get("items")) if isinstance(block, Mapping) else block
    return found
