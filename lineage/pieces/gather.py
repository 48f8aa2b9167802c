"""What do the systems of record hold of this person, as it goes into a copy?

The values live in the objects made here and nowhere else: no repr, error or log has them.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from lineage.pieces import files, sql
from lineage.pieces.reading import Reader, Record, SystemSilent
from lineage.pieces.wanted import Named, Question, Wanted
from lineage.policy import Policy

READERS: Mapping[str, Reader] = {"sql": sql.read, "files": files.read}


@dataclass(frozen=True, slots=True)
class Piece:
    """The values of one element. ``is_free_content``: a person reads it before release, for it may tell of
    somebody else (§1798.145(k)) or hold what the law withholds.
    """

    element: str
    wording: str
    is_free_content: bool
    values: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """An element that could not be read in one of its systems (``None``: nobody recorded in which)."""

    element: str
    system: str | None
    cause: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A copy of specific pieces, whole or with what is missing by name."""

    pieces: tuple[Piece, ...]
    named: tuple[Named, ...]
    missing: tuple[Missing, ...]

    @property
    def for_review(self) -> tuple[str, ...]:
        """Elements with free content, which somebody has to read before the copy is released."""
        return tuple(piece.element for piece in self.pieces if piece.is_free_content)


def gather(
    wanted: Wanted,
    policy: Policy,
    addresses: Mapping[str, str],
    readers: Mapping[str, Reader] = READERS,
) -> Gathered:
    """Asks each system once. ``addresses``: the environment, where the connectors' variables stand.

    A system that does not answer leaves its elements missing, by name; the others are asked all the same.
    """
    values: dict[str, list[Any]] = {}
    missing = [
        Missing(element, system, "no connector reads it there" if system else "no record says where it lies")
        for element, system in wanted.out_of_reach
    ]
    for question in wanted.questions:
        try:
            records = _asked(question, addresses, readers)
        except SystemSilent as silent:
            missing += [Missing(each, question.system, silent.cause) for each in _elements(question)]
            continue
        for key, elements in sorted(question.elements.items()):
            under = [each for each in records if str(each[question.connector.key]) == key]
            for element in sorted(elements):
                if not under:
                    missing.append(Missing(element, question.system, "it has no such record"))
                found = values.setdefault(element, [])
                found += [value for each in under if (value := _value(each, element, question)) is not None]
    return Gathered(
        tuple(_piece(element, found, policy) for element, found in sorted(values.items()) if found),
        wanted.named,
        tuple(sorted(missing, key=lambda each: (each.element, each.system or "", each.cause))),
    )


def _asked(
    question: Question, addresses: Mapping[str, str], readers: Mapping[str, Reader]
) -> Sequence[Record]:
    address = addresses.get(question.connector.address)
    if not address:
        raise SystemSilent(question.system, f"{question.connector.address} is not set")
    records = readers[question.connector.kind](question, address)
    if any(str(each[question.connector.key]) not in question.elements for each in records):
        # The key's column may ignore case or blanks; then another person's record would come along.
        raise SystemSilent(question.system, "it gave records of other keys than asked")
    return records


def _elements(question: Question) -> list[str]:
    return sorted({element for of_key in question.elements.values() for element in of_key})


def _value(record: Record, element: str, question: Question) -> Any:
    """A text for an element of one column, an object for several; ``None`` when there is nothing."""
    columns = question.connector.columns[element]
    found = {name: _plain(record[name]) for name in columns if record[name] not in (None, "")}
    if len(columns) == 1:
        return found.get(columns[0])
    return found or None


def _plain(value: Any) -> Any:
    """As JSON has it. Bytes become base64; what JSON has no form for becomes its text."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return b64encode(bytes(value)).decode("ascii")
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
    return str(value)


def _piece(element: str, values: Sequence[Any], policy: Policy) -> Piece:
    known = policy.vocabulary.element(element)
    return Piece(
        element=element,
        wording=known.wording if known and known.wording else element,
        is_free_content=known.free_content if known else True,
        values=tuple(sorted(values, key=repr)),
    )
