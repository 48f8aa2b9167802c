"""How is a database asked? By one parametrised select, in a transaction that only reads."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, String, Uuid, bindparam, column, select, table
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.sql import Select
from sqlalchemy.types import TypeEngine

from lineage.pieces.database import reading
from lineage.pieces.reading import Record, SystemSilent
from lineage.pieces.wanted import Question

_TYPES: dict[str, tuple[TypeEngine[Any], Callable[[str], object]]] = {
    "text": (String(), str),
    "integer": (BigInteger(), int),
    "uuid": (Uuid(), UUID),
}
"""What a key is in the database, and how the text of a pointer becomes one."""

PATIENCE_SECONDS = 60
"""How long one select may take on PostgreSQL; a person's records are found by key."""


def statement(question: Question) -> Select[tuple[object, ...]]:
    """The select: the key's column and those of the elements asked for, no other; the keys are bound.

    A column that is not in it is not read, so a withheld element never leaves its system.
    """
    connector = question.connector
    names = [connector.key, *(each for each in question.columns() if each != connector.key)]
    schema, _, name = connector.table.rpartition(".")
    source = table(name, *(column(each) for each in names), schema=schema or None)
    keys = bindparam("keys", expanding=True, type_=_TYPES[connector.key_type][0])
    return select(*source.columns).where(source.c[connector.key].in_(keys))


def read(question: Question, address: str) -> Sequence[Record]:
    """The records under the question's keys, from the database at this URL (see ``reading.Reader``)."""
    as_key = _TYPES[question.connector.key_type][1]
    try:
        keys = [as_key(key) for key in sorted(question.elements)]
    except ValueError:
        raise SystemSilent(question.system, f"a pointer names no {question.connector.key_type} key") from None
    try:
        with reading(address, PATIENCE_SECONDS) as connection:
            return [dict(row) for row in connection.execute(statement(question), {"keys": keys}).mappings()]
    # What a driver says may hold a value or a credential: only the kind of the error is kept.
    except ArgumentError:
        raise SystemSilent(question.system, "the address is no URL of a database") from None
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise SystemSilent(question.system, type(error).__name__) from None
