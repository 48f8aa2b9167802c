"""What does an analyst's own SQL say? Read-only, and shut off from files and network.

The database file is opened anew for reading only, with DuckDB's access to anything else switched off for
good: what a statement may not do is refused by the database itself, not only by a look at its text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from lineage.errors import Refused, StoreInUse

READS: Final = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


@contextmanager
def asked(path: Path, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The result of one select, with, from, values, describe, show or explain over the database at ``path``.

    Raises Refused when the statement is none of these or cannot be run; its message quotes the statement at
    most, never a row. StoreInUse when another process has the file.
    """
    try:
        connection = duckdb.connect(
            str(path),
            read_only=True,
            config={
                "enable_external_access": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "lock_configuration": "false",
            },
        )
    except duckdb.IOException:
        raise StoreInUse(f"another process owns {path.name}; stop it, or ask it instead") from None
    try:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set lock_configuration = true")
        yield _result(connection, sql)
    except duckdb.Error as error:
        raise Refused(f"the statement cannot be run: {said(error)}") from None
    finally:
        connection.close()


def _result(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in READS:
        raise Refused("only one select, with, from, values, describe, show or explain can be asked")
    return connection.execute(statements[0])


_QUOTES_NO_ROW: Final = (
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.PermissionException,
    duckdb.IOException,
)


def said(error: duckdb.Error) -> str:
    """DuckDB's first line where it can only quote the statement; else the sort of error, for it may quote a
    row.
    """
    if isinstance(error, _QUOTES_NO_ROW):
        return str(error).splitlines()[0]
    return f"{type(error).__name__} while it ran; the message may quote a row and is not shown"
