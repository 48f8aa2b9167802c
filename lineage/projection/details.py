"""What does an event say beyond the columns of its row? One JSON object, so that an event is stored whole.

Left out is what is null or the default of its field, in nested records too: absent means the default. So a
row says the same as before when its record gets a new field, and a resend of the event is known again. Keys
are sorted, instants are RFC 3339 in UTC with six digits and ``Z``, UUIDs are text.
"""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import get_args, get_type_hints
from uuid import UUID

import polars as pl

from lineage.events import BY_NAME
from lineage.projection.columns import FIELDS

UUID_LENGTH = 16


def with_details(event: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a text column ``details``. Fields without a column of their own are gone into it.

    Times must lie within the years 1 to 9999.
    """
    rest = [name for name in frame.columns if name not in FIELDS and not name.startswith("_")]
    bare = frame.drop(rest)
    if not rest:
        return bare.with_columns(pl.lit(None, pl.String).alias("details"))
    told = [_is_told(name, frame.schema[name], _defaults(_record_of(event))) for name in rest]
    marked = frame.select(*rest, pl.any_horizontal(told).alias("_told"))
    if not marked["_told"].any():
        return bare.with_columns(pl.lit(None, pl.String).alias("details"))
    texts = [
        _text(event, row) if has_any else None
        for has_any, row in zip(marked["_told"], _sparse(marked, rest), strict=True)
    ]
    return bare.with_columns(pl.Series("details", texts, pl.String))


def _sparse(marked: pl.DataFrame, rest: list[str]) -> list[dict[str, object]]:
    """One dict a row; empty where nothing is told, for those rows are many and cost nothing then."""
    told = iter(marked.filter("_told").select(rest).to_dicts())
    return [next(told) if has_any else {} for has_any in marked["_told"]]


def canonical(details: str | None) -> str | None:
    """The same text for the same content: lists are read as sets."""
    if details is None:
        return None
    return json.dumps(
        _as_sets(json.loads(details)), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def _record_of(event: str) -> type:
    return BY_NAME.get(event, object)


@cache
def _defaults(kind: type) -> dict[str, object]:
    """The default of each field of a record that has one; a field that must be given is not among them."""
    if not is_dataclass(kind):
        return {}
    return {field.name: field.default for field in fields(kind) if field.default is not MISSING}


@cache
def _nested(kind: type) -> dict[str, type]:
    """The record that each field holds, alone or in a list."""
    if not is_dataclass(kind):
        return {}
    held = {name: _record_in(hint) for name, hint in get_type_hints(kind).items()}
    return {name: record for name, record in held.items() if record is not None}


def _record_in(hint: object) -> type | None:
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next((record for part in get_args(hint) if (record := _record_in(part)) is not None), None)


def _is_told(name: str, dtype: pl.DataType, defaults: dict[str, object]) -> pl.Expr:
    default = defaults.get(name)
    column = pl.col(name)
    if default is None:
        return column.is_not_null()
    if default == () and isinstance(dtype, pl.List):
        return column.list.len().fill_null(0) > 0
    return column.is_not_null() & (
        column != pl.lit(default if not isinstance(default, str) else str(default))
    )


def _text(event: str, row: dict[str, object]) -> str:
    told = _plain(row, _record_of(event))
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _is_default(value: object, default: object) -> bool:
    if isinstance(value, list):
        return default == () and not value
    return default is not None and value == default


def _plain(value: object, kind: type) -> object:
    """As JSON has it. ``kind``: the record of ``lineage.events`` that the value is, or is a list of."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, bytes):
        return str(UUID(bytes=value)) if len(value) == UUID_LENGTH else value.hex()
    if isinstance(value, dict):
        defaults, nested = _defaults(kind), _nested(kind)
        return {
            name: _plain(inner, nested.get(name, object))
            for name, inner in value.items()
            if inner is not None and not _is_default(inner, defaults.get(name))
        }
    if isinstance(value, list):
        return [_plain(inner, kind) for inner in value]
    return value


def _as_sets(value: object) -> object:
    if isinstance(value, dict):
        return {name: _as_sets(inner) for name, inner in value.items()}
    if isinstance(value, list):
        members = {json.dumps(_as_sets(inner), sort_keys=True, ensure_ascii=False) for inner in value}
        return sorted(members)
    return value
