"""When are two answers the same? When their canonical bytes are (RFC 8785).

Lists have no order of their own in an answer, so they are sorted by the JSON text of their items
(rulings.md 10).
"""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

_NOT_THE_ANSWER = ("positions", "versions", "as_of", "answer_digest", "digest")


def instant(at: datetime) -> str:
    """UTC with six digits and a Z: ``2026-06-15T17:00:00.000000Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_or_instant(at: date | datetime) -> str:
    return instant(at) if isinstance(at, datetime) else at.isoformat()


def canonical(document: Any) -> bytes:
    """The bytes that are digested, stored and compared.

    Answers hold text, whole numbers, truth values and nulls under ASCII keys. For these the standard library
    writes what RFC 8785 asks for (a test compares it with the ``rfc8785`` package), thirty times as fast.
    """
    return _text(document).encode()


_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def in_order(value: Any) -> Any:
    """The same document with every list sorted by the JSON text of its items."""
    if isinstance(value, dict):
        return {key: in_order(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        ordered = [in_order(each) for each in value]
        return sorted(ordered, key=_text) if len(ordered) > 1 else ordered
    return value


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The document in order, with its two digests.

    ``answer_digest`` tells whether two reports say the same; ``digest`` whether they are the same report.
    """
    ordered = in_order(document)
    said = {key: value for key, value in ordered.items() if key not in _NOT_THE_ANSWER}
    with_answer = {**ordered, "answer_digest": sha256(canonical(said)).hexdigest()}
    return {**with_answer, "digest": sha256(canonical(with_answer)).hexdigest()}
