"""What does the system of record count, day by day? By a query that can change nothing there."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.exc import ArgumentError, DataError, ProgrammingError, SQLAlchemyError

from lineage.errors import LogUnavailable, Refused
from lineage.pieces.database import reading

PATIENCE_SECONDS: Final = 600
"""How long one query may take on PostgreSQL; it may count a whole table."""

ROWS: Final = "The query has to give two columns, a day and how many there were: one row a day."


class SourceUnavailable(LogUnavailable):
    """The system of record does not answer. The message names no address and no value."""


def counted_at_source(address: str, query: str) -> Mapping[date, int]:
    """Day -> count, as the query says; days are those of the business, if the query makes them so.

    Raises:
        Refused: the address is no URL, or the query does not give days and counts.
        SourceUnavailable: the database does not answer.
    """
    try:
        with reading(address, PATIENCE_SECONDS) as connection:
            # As it is written: no colon and no percent sign is a parameter. A cursor on the server takes one
            # select alone, so that none can end the transaction that only reads and begin another.
            options = {"no_parameters": True, "stream_results": True}
            found = connection.exec_driver_sql(query, execution_options=options)
            if not found.returns_rows:
                raise Refused(ROWS)
            rows = found.fetchall()
    # What a driver says may hold a value or a credential: only the kind of the error is kept.
    except ArgumentError:
        raise Refused("The address is no URL of a database, such as postgresql+psycopg://…") from None
    except (ProgrammingError, DataError) as error:
        raise Refused(f"The database refuses the query ({type(error).__name__}). Try it there.") from None
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise SourceUnavailable(
            f"The source did not answer the query ({type(error).__name__}). Check address and query."
        ) from None
    return by_day(tuple(row) for row in rows)


def by_day(rows: Iterable[tuple[Any, ...]]) -> dict[date, int]:
    """The rows as day -> count.

    Raises:
        Refused: a row is something else, or a day comes twice.
    """
    counts: dict[date, int] = {}
    for number, row in enumerate(rows, start=1):
        if len(row) != 2 or (day := _day(row[0])) is None or (count := _count(row[1])) is None:
            raise Refused(f"Row {number} of the query is no day and count. {ROWS}")
        if day in counts:
            raise Refused(f"The query gives {day} twice. {ROWS}")
        counts[day] = count
    return counts


def _day(value: Any) -> date | None:
    match value:
        case datetime():  # as some databases cut an instant down to its day
            return value.date() if value == value.replace(hour=0, minute=0, second=0, microsecond=0) else None
        case date():
            return value
        case str():
            try:
                return date.fromisoformat(value)
            except ValueError:
                return None
    return None


def _count(value: Any) -> int | None:
    if (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and value >= 0
        and value == int(value)
    ):
        return int(value)
    return None
