"""How does a business say in SQL what its own files tell? A mapping: one `.sql` file, one sort of event.

    -- The carrier took the parcel.
    -- event: Shared
    select 'account:' || customer_id as subject, order_id as row_key, … from read_csv('orders.csv.gz')

The comment lines at its head say what the events are; ``event`` is given there or as a column. The columns of
its result are the fields of one event, and ``row_key``, by which the row is known again when the mapping runs
again. DuckDB runs it over CSV, Parquet or JSON files with paths relative to the data folder, and lets it read
nothing outside that folder.
"""

import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import duckdb

from lineage.errors import Refused
from lineage.events import BY_NAME, PolicyAdopted, ProducerReported
from lineage.store.analyst import said

BATCH_ROWS: Final = 5_000
ROW_KEY: Final = "row_key"
# What the backfill itself decides; a column of this name would promise what is not kept.
OURS: Final = frozenset({"event_id", "producer", "incarnation", "sequence", "origin", "recorded_at"})
EVENTS_OF_MAPPINGS: Final = frozenset(BY_NAME) - {ProducerReported.__name__, PolicyAdopted.__name__}

_EVENT_LINE = re.compile(r"event\s*:\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as read: its name (of the file), what it says, its event (None: a column says it), its
    SQL.
    """

    name: str
    says: str
    event: str | None
    sql: str


@dataclass(frozen=True, slots=True)
class Row:
    """One result row: its number from 1, its key, and the fields of its event in JSON form."""

    number: int
    key: str
    fields: dict[str, Any]


def read_mapping(path: Path) -> Mapping:
    """Read one mapping file. Raises Refused naming the file and what its head lacks."""
    try:
        sql = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"mapping {path} cannot be read as text") from None
    head: list[str] = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        head.append(line.removeprefix("--").strip())
    events = [found[1] for line in head if (found := _EVENT_LINE.fullmatch(line))]
    says = " ".join(line for line in head if line and not _EVENT_LINE.fullmatch(line))
    if not says:
        raise Refused(f"mapping {path.name}: the first line must be a comment that says what its events are")
    for event in events:
        if event not in EVENTS_OF_MAPPINGS:
            raise Refused(f"mapping {path.name}: no mapping makes events of the type {event!r}")
    if len(events) > 1:
        raise Refused(f"mapping {path.name}: names its event twice")
    return Mapping(path.stem, says, events[0] if events else None, sql)


class DataFolder:
    """A DuckDB in memory that can read one folder, and nothing else, and write nowhere.

    Relative paths need the working directory, which belongs to the whole process: it is changed only while
    DuckDB works, and not safe to do in two threads at once.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Refused(f"the data folder {folder} is no folder")
        self._folder = folder.resolve()
        self._database = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        self._database.execute("set TimeZone = 'UTC'")
        self._database.execute("set temp_directory = ''")
        self._database.execute(
            "set allowed_directories = [$folder]".replace("$folder", _quoted(self._folder))
        )
        self._database.execute("set enable_external_access = false")
        self._database.execute("set lock_configuration = true")

    def count(self, mapping: Mapping) -> int:
        """How many rows the mapping yields. Raises Refused when its columns or its row keys are not in
        order.
        """
        query = self._query(mapping)
        columns = [row[0] for row in self._run(mapping, f"describe {query}").fetchall()]
        _check_columns(mapping, columns)
        counted = self._run(
            mapping, f"select count(*), count(row_key), count(distinct row_key) from ({query}\n)"
        )
        rows, with_key, keys = counted.fetchall()[0]
        if with_key < rows:
            raise Refused(f"mapping {mapping.name}: row_key: is missing in {rows - with_key} rows")
        if keys < rows:
            raise Refused(
                f"mapping {mapping.name}: row_key: {rows - keys} rows repeat the key of another row; choose "
                "columns that tell the rows apart, or leave doubled rows out by 'select distinct'"
            )
        return int(rows)

    def rows(self, mapping: Mapping) -> Iterator[Row]:
        """The rows of the mapping, read as they are needed. Raises Refused as ``count`` does."""
        result = self._run(mapping, self._query(mapping))
        columns = [column[0] for column in result.description or ()]
        _check_columns(mapping, columns)
        number = 0
        while batch := self._fetch(mapping, result):
            for values in batch:
                number += 1
                fields = {
                    column: json_form(value)
                    for column, value in zip(columns, values, strict=True)
                    if value is not None
                }
                key = str(fields.pop(ROW_KEY, ""))
                if mapping.event is not None:
                    fields["event"] = mapping.event
                yield Row(number, key, fields)

    def _query(self, mapping: Mapping) -> str:
        try:
            statements = self._database.extract_statements(mapping.sql)
        except duckdb.Error as error:
            raise Refused(f"mapping {mapping.name}: {said(error)}") from None
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise Refused(f"mapping {mapping.name}: must be one select")
        return mapping.sql.rstrip().rstrip(";")

    def _run(self, mapping: Mapping, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            with chdir(self._folder):
                return self._database.cursor().execute(sql)
        except duckdb.Error as error:
            raise Refused(f"mapping {mapping.name}: {said(error)}") from None

    def _fetch(self, mapping: Mapping, result: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        try:
            with chdir(self._folder):
                return result.fetchmany(BATCH_ROWS)
        except duckdb.Error as error:
            raise Refused(f"mapping {mapping.name}: {said(error)}") from None


def _check_columns(mapping: Mapping, columns: list[str]) -> None:
    if ROW_KEY not in columns:
        raise Refused(f"mapping {mapping.name}: has no column row_key")
    if mapping.event is None and "event" not in columns:
        raise Refused(f"mapping {mapping.name}: names no event, neither at its head nor as a column")
    if mapping.event is not None and "event" in columns:
        raise Refused(f"mapping {mapping.name}: names its event at its head and as a column; keep one")
    if ours := sorted(OURS.intersection(columns)):
        raise Refused(f"mapping {mapping.name}: the backfill itself sets {', '.join(ours)}; leave it out")


def json_form(value: Any) -> Any:
    """A value of DuckDB as it stands in a JSON line; a time without zone stays one and is refused later."""
    match value:
        case datetime():
            if value.tzinfo is None:
                return value.isoformat()
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case list() | tuple():
            return [json_form(each) for each in value]
        case dict():
            return {name: json_form(each) for name, each in value.items() if each is not None}
    return value


def _quoted(folder: Path) -> str:
    return "'" + str(folder).replace("'", "''") + "'"
