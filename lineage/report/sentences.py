"""The fixed sentences of an answer: the same words for everybody, so that their presence tells nothing."""

from typing import Final

from lineage.words import english, group

NEGATIVE: Final = dict(group("statements.NONE"))
"""What a complete record says of an empty list, by block; :func:`negative` ends it."""


def said(code: str, **values: str) -> str:
    """The sentence of this code, such as ``OLDER_DATA``."""
    return english(f"statements.{code}", **values)


def negative(block: str) -> str:
    """What a complete record says of an empty list."""
    return f"{NEGATIVE[block]} {said('FORBIDDEN_TO_DESCRIBE')}"
