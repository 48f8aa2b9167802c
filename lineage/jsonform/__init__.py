"""How is an event written as one line of JSON, and read back strictly?

One flat object: ``"event": "Shared"``, the fields of the header and of the event side by side, times by RFC
3339, ids as UUID text, ``subject`` a token or ``namespace:identifier``. A field that holds its default is
left out. ``event_id``, ``producer``, ``incarnation``, ``sequence`` may be missing: the publisher fills them.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lineage.errors import Refused
from lineage.events import BY_NAME, EmitterHeader
from lineage.jsonform.values import Wrong, first_missing, read_fields, read_instant

RECORDED_AT = "recorded_at"


def read_line(text: str) -> dict[str, Any]:
    """One line of JSON as an object. Raises Refused, without the text, on all else or a key given twice."""
    try:
        line = json.loads(text, object_pairs_hook=_once)
    except Wrong as problem:
        raise Refused(problem.problem) from None
    except (ValueError, RecursionError):
        raise Refused("not a line of JSON") from None
    if not isinstance(line, dict):
        raise Refused("not a JSON object")
    return line


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Wrong("a key is given twice")
    return found


def fields_from_json(
    line: Mapping[str, Any], *, recorded_at: bool = False
) -> tuple[type[EmitterHeader], dict[str, Any]]:
    """The event type of a line and its typed fields, of which required ones may be missing.

    For a publisher that fills an event from its activity. Raises Refused, naming the key and never the value,
    for a key or word that is not known, a value of a wrong type, a time without zone, an interval that ends
    before it begins or ends although it is ongoing. ``recorded_at`` is a known key only when asked for;
    :func:`recorded_at_of` reads it.
    """
    name = line.get("event")
    if not isinstance(name, str) or name not in BY_NAME:
        raise Refused(f"event: must be one of {', '.join(sorted(BY_NAME))}")
    kind = BY_NAME[name]
    apart = {"event", RECORDED_AT} if recorded_at else {"event"}
    try:
        given = read_fields(kind, {key: value for key, value in line.items() if key not in apart})
        _check_interval(given)
    except Wrong as problem:
        where = f"{name}.{problem.path}: " if problem.path else ""
        raise Refused(f"{where}{problem.problem}") from None
    return kind, given


def from_json(line: Mapping[str, Any], *, recorded_at: bool = False) -> EmitterHeader:
    """The event that a line tells, complete but for what the publisher fills.

    Raises Refused as :func:`fields_from_json`, and for a required field that is missing.
    """
    kind, given = fields_from_json(line, recorded_at=recorded_at)
    missing = first_missing(kind, given)
    if missing is not None:
        raise Refused(f"{kind.__name__}.{missing}: missing")
    return kind(**given)


def recorded_at_of(line: Mapping[str, Any]) -> datetime | None:
    """The ``recorded_at`` of a line, UTC, or None. Raises Refused, without the value, when it is no time."""
    if line.get(RECORDED_AT) is None:
        return None
    try:
        return read_instant(line[RECORDED_AT])
    except Wrong as problem:
        raise Refused(f"{RECORDED_AT}: {problem.problem}") from None


def _check_interval(given: Mapping[str, Any]) -> None:
    begin, end = given.get("occurred_at"), given.get("occurred_until")
    if end is not None and given.get("ongoing"):
        raise Wrong("leave it out while the event is ongoing", "occurred_until")
    if begin is not None and end is not None and end < begin:
        raise Wrong("must not lie before occurred_at", "occurred_until")


def to_json(event: EmitterHeader) -> dict[str, Any]:
    """The event as one flat object, keys in the order of the fields; what holds its default is left out."""
    return {"event": type(event).__name__} | _told(event)


def _told(record: Any) -> dict[str, Any]:
    values = ((each, getattr(record, each.name)) for each in fields(record))
    return {each.name: _json(value) for each, value in values if value != each.default}


def _json(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case datetime():
            text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            return text.rjust(len("2026-03-01T12:00:00.000000Z"), "0")  # %Y does not pad
        case StrEnum():
            return str(value)
        case tuple():
            return [_json(each) for each in value]
        case dict():
            return dict(value)
    return _told(value) if is_dataclass(value) else value
