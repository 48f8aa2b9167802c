"""Is this an answer at all, with its two lists apart? (design section 7; law.md K-12)"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from lineage.report.check.document import PAIRS, Document
from lineage.report.check.glance import may_hold
from lineage.report.check.problem import Problem, path

DESIGN = "design 7"
TWO_LISTS = "K-12, §1798.130(a)(4)(B), (C)"

CANONICAL = "RFC 8785"
_HALF = re.compile("[\ud800-\udfff]")

_ONLY_LISTS_OF_PAIRS = {*PAIRS, "under_order"}


def read(document: object, *, is_written: bool = False) -> tuple[Document | None, list[Problem]]:
    """The typed document, or what keeps it from being one. ``is_written``: it has canonical bytes already."""
    if not isinstance(document, dict):
        return None, [Problem("$", DESIGN, "Is no JSON object. Give one report, as it was written.")]
    if "stopped" in document:
        why = "Is no answer: the request stopped for a person's decision. There is nothing to check or send."
        return None, [Problem("$.stopped", "rulings 18", why)]
    found = [*_merged(document), *(() if is_written else _unwritable(document))]
    if any(problem.rule == CANONICAL for problem in found):
        return None, found
    try:
        read = Document.model_validate(document)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False, include_context=False):
            where = path(*fault["loc"])
            found.append(Problem(where, DESIGN, f"{fault['msg'].removeprefix('Value error, ')}."))
        return None, found
    return read, found


def _merged(document: dict[str, Any]) -> Iterator[Problem]:
    """What was sold or shared and what was disclosed are two lists, and there is no third."""
    for block in PAIRS:
        if block not in document:
            why = "Is missing: sold or shared, and disclosed for a business purpose, are two separate lists."
            yield Problem(path(block), TWO_LISTS, why)
    others = {key: value for key, value in document.items() if key not in _ONLY_LISTS_OF_PAIRS}
    if not may_hold(others, b"recipient_category"):
        return
    for key, value in others.items():
        if any("recipient_category" in row for row in _rows(value)):
            why = "Holds pairs outside the two lists. Put each under sold_or_shared, disclosed, or both."
            yield Problem(path(key), TWO_LISTS, why)


def _rows(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _rows(each)
    elif isinstance(value, list):
        for each in value:
            yield from _rows(each)


def _unwritable(value: object, *steps: str | int) -> Iterator[Problem]:
    """Fractions and halves of characters have no canonical bytes, and so no digest."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _unwritable(each, *steps, str(key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _unwritable(each, *steps, number)
    elif isinstance(value, float):
        yield Problem(path(*steps), CANONICAL, "Is a number with a fraction; answers hold whole numbers.")
    elif isinstance(value, str) and _HALF.search(value):
        yield Problem(path(*steps), CANONICAL, "Is text that cannot be written as UTF-8.")
