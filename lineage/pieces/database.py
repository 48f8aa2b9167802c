"""How is a system's database opened so that nothing can be changed in it?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import NullPool

# At DEBUG SQLAlchemy logs the rows it reads; a host that sets its root logger so must not get them here.
_QUIET = "pieces"
logging.getLogger(f"sqlalchemy.engine.Engine.{_QUIET}").setLevel(logging.WARNING)


@contextmanager
def reading(address: str, patience_seconds: int) -> Iterator[Connection]:
    """A connection to the database at this URL, in a transaction that only reads; closed at the end.

    PostgreSQL ends a statement that takes longer than ``patience_seconds``. On other databases than
    PostgreSQL and SQLite the rights of the user decide what may be done.

    Raises:
        sqlalchemy.exc.ArgumentError: the address is no URL of a database.
        sqlalchemy.exc.SQLAlchemyError, ImportError, OSError: it cannot be used.
    """
    engine = _engine(make_url(address))
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(postgresql_readonly=True)
            connection.execute(text(f"set local statement_timeout = '{patience_seconds}s'"))
        yield connection


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("file:"):
        # Opening a file that is not there would make an empty database of it.
        url = url.set(
            database=f"file:{quote(url.database)}", query={**url.query, "mode": "ro", "uri": "true"}
        )
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, logging_name=_QUIET)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda opened, _: opened.execute("pragma query_only = on"))
    return engine
