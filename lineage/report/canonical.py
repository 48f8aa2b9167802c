"""When are two answers the same? When their canonical bytes are (RFC 8785).

Lists have no order of their own in an answer, so they are sorted by the JSON text of their items
(rulings.md 10).
"""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

from msgspec import Raw
from msgspec.json import Encoder

_NOT_THE_ANSWER = ("positions", "versions", "as_of", "answer_digest", "digest")


def instant(at: datetime) -> str:
    """UTC with six digits and a Z: ``2026-06-15T17:00:00.000000Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def day_or_instant(at: date | datetime) -> str:
    return instant(at) if isinstance(at, datetime) else at.isoformat()


def canonical(document: Any) -> bytes:
    """The bytes that are digested, stored and compared.

    Of text, whole numbers, truth values and nulls, which is all that an answer holds (``in_order`` sees to
    it), msgspec writes what RFC 8785 asks for, but for the order of keys beyond the Basic Multilingual Plane.
    """
    written = _written(document)
    if any(lead in written for lead in _BEYOND):
        return _as_given(_by_utf_16(document))
    return written


_written = Encoder(order="deterministic").encode
_as_given = Encoder().encode
_BEYOND: Final = tuple(bytes([lead]) for lead in range(0xF0, 0xF5))
"""With which bytes a character beyond that plane begins in UTF-8."""


def _by_utf_16(value: Any) -> Any:
    """The same document, its keys in the order that RFC 8785 asks for (3.2.3)."""
    if isinstance(value, dict):
        return {key: _by_utf_16(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [_by_utf_16(each) for each in value] if isinstance(value, list | tuple) else value


def in_order(value: Any) -> Any:
    """The same document with every list sorted by the JSON text of its items.

    Raises:
        TypeError: it holds something that an answer never does, such as a fraction. The writer would find
            bytes for most of it, and nobody would be the wiser.
    """
    if isinstance(value, dict):
        return {key: each if type(each) in _SIMPLE else in_order(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        ordered = [each if type(each) in _SIMPLE else in_order(each) for each in value]
        return sorted(ordered, key=_written) if len(ordered) > 1 else ordered
    if not isinstance(value, str | int | None):
        raise TypeError(
            f"An answer holds text, whole numbers, truth values and nulls, no {type(value).__name__}."
        )
    return value


_SIMPLE: Final = frozenset({str, int, bool, type(None)})


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The document in order, with its two digests.

    ``answer_digest`` tells whether two reports say the same; ``digest`` whether they are the same report.
    """
    ordered = in_order(document)
    written = {key: Raw(canonical(value)) for key, value in ordered.items()}
    said = {key: value for key, value in written.items() if key not in _NOT_THE_ANSWER}
    answer_digest = sha256(canonical(said)).hexdigest()
    written["answer_digest"] = Raw(canonical(answer_digest))
    return {**ordered, "answer_digest": answer_digest, "digest": sha256(canonical(written)).hexdigest()}
