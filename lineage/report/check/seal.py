"""Is it the report that was made: in order, with digests and evidence that fit? (design section 7)"""

from collections.abc import Iterator
from typing import Any

from lineage.report.canonical import in_order, sealed
from lineage.report.check.document import Document
from lineage.report.check.problem import Problem, path
from lineage.report.check.rows import Evidence, Told
from lineage.report.evidence import SHOWN, evidence


def check(raw: dict[str, Any]) -> Iterator[Problem]:
    body = {key: value for key, value in raw.items() if key not in ("digest", "answer_digest")}
    right = sealed(body)
    for key in ("answer_digest", "digest"):
        if raw[key] != right[key]:
            yield Problem(path(key), "design 7", "Does not fit what the report says: it was changed since.")
    if in_order(body) != body:
        for where in _unsorted(body):
            yield Problem(where, "rulings 10", "Is not sorted by the JSON text of its items.")


def backing(document: Document) -> Iterator[Problem]:
    """Whether the evidence of each line fits itself and the line's counts."""
    for steps, line in document.lines:
        if line.evidence is not None:
            yield from _evidence(line.evidence, *steps, "evidence")
            # Two tokens of one person may tell of two events by one id (rulings 11).
            if isinstance(line, Told) and line.evidence.count > line.events:
                why = "Counts more ids than the line has events."
                yield Problem(path(*steps, "evidence", "count"), "rulings 34", why)
        if isinstance(line, Told) and line.occurrences < line.events:
            why = "Is less than the events; each stands for one occurrence or more."
            yield Problem(path(*steps, "occurrences"), "rulings 34", why)


def _evidence(found: Evidence, *steps: str | int) -> Iterator[Problem]:
    few = found.count <= SHOWN
    if len(found.first) != min(found.count, SHOWN) or len(found.last) != min(found.count, SHOWN):
        why = f"Needs the first and the last {SHOWN} ids, or all where there are fewer."
        yield Problem(path(*steps), "design 7", why)
    elif few and (found.first != found.last or evidence(found.first)["digest"] != found.digest):
        yield Problem(path(*steps, "digest"), "design 7", "Does not fit the ids.")


def _unsorted(value: Any, *steps: str | int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _unsorted(each, *steps, str(key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _unsorted(each, *steps, number)
        if in_order(value) != value:
            yield path(*steps)
