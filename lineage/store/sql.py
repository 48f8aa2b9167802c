"""Where is the text of a statement? In a file beside this one, or beside another package's code."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb


@cache
def text(name: str, package: str = "lineage.store") -> str:
    """The whole of ``name`` in ``package``; several statements may stand in it, ended by semicolons."""
    return (files(package) / name).read_text(encoding="utf-8")


def value(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: Mapping[str, object] | None = None
) -> Any:
    """The one value that a statement answers with."""
    # Read to the end: DuckDB refuses the connection's next statement while a result is half read.
    rows = connection.execute(statement, dict(parameters or {})).fetchall()
    return rows[0][0]
