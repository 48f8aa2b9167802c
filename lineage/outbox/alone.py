"""Who relays an outbox, one at a time? And is all committed that was being written at some moment?"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, Engine

from lineage.errors import Refused
from lineage.spool.alive import Held

LOCK: Final = 0x4C494E4F55540001
"""The advisory lock in PostgreSQL."""


class Alone(Protocol):
    """The right to relay, while it is held."""

    def still(self) -> bool:
        """Is it?"""

    def release(self) -> None: ...


class _OnPostgres:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def still(self) -> bool:
        return (
            self._connection.exec_driver_sql("select 1").scalar() == 1
        )  # the lock lives as the session does

    def release(self) -> None:
        self._connection.invalidate()  # closed for good: the lock must not stay in a pool
        self._connection.close()


class _OnSqlite:
    def __init__(self, held: Held) -> None:
        self._held = held

    def still(self) -> bool:
        return True

    def release(self) -> None:
        self._held.release()


def alone(engine: Engine) -> Alone | None:
    """The right to relay this database, None while somebody else has it.

    Raises Refused for a database that is neither PostgreSQL nor a SQLite file, and what the database raises.
    """
    if engine.dialect.name == "postgresql":
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.exec_driver_sql(f"select pg_try_advisory_lock({LOCK})").scalar():
            return _OnPostgres(connection)
        connection.close()
        return None
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        file = Path(str(engine.url.database))
        try:
            return _OnSqlite(Held(file.with_name(f"{file.name}-relay")))
        except BlockingIOError:
            return None
    raise Refused("outbox_url: an outbox lies in PostgreSQL or in a SQLite file")


def committed(engine: Engine) -> Callable[[], bool]:
    """Asked later: has everything that was being written at this moment been committed or rolled back?

    Rows become visible when they are committed, not in the order of their ids: before a report may say that
    all up to a time was told, whoever was writing then must have ended.
    """
    if engine.dialect.name == "postgresql":
        end = _snapshot(engine, "xmax")
        return lambda: _snapshot(engine, "xmin") >= end
    return lambda: _nobody_writes(engine)


def _snapshot(engine: Engine, bound: str) -> int:
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            f"select pg_snapshot_{bound}(pg_current_snapshot())::text"
        ).scalar()
    return int(str(found))


def _nobody_writes(engine: Engine) -> bool:
    """One writes at a time: whoever gets the right to write sees all that was committed before."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("begin immediate")
        connection.exec_driver_sql("rollback")
    return True
