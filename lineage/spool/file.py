"""How is the spool's file opened, and what does a caller hear when it takes nothing?

WAL: readers and the one writer do not wait for each other, and a commit is one append. What was committed
outlives the process; with durability `power` each commit is synced, and outlives a loss of power, too.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import Final, Literal

from lineage.errors import SpoolFull, SpoolUnavailable
from lineage.spool.forking import forks_with

Durability = Literal["process", "power"]

APPLICATION: Final = 0x4C53504C
"""SQLite's application_id of a spool, so that no other file is taken for one."""

BUSY_SECONDS: Final = 5.0
"""How long a record waits while another process writes into the file."""

FAULTS: Final = (sqlite3.Error, OSError)
"""What the file may raise."""

PAGE_BYTES: Final = 4096
RESERVED_PAGES: Final = 64
"""Beyond the bound, for reports alone: a full spool must still be able to say how far its numbers go."""

CHECKPOINT_PAGES: Final = 16_000
"""Where a writer moves the WAL into the file itself; the drainer does so earlier, outside of any request."""


class SpoolFile:
    """One connection to the file at ``path``, opened when it is needed; ``lock`` guards it.

    ``max_bytes`` bounds the file. Safe to share between threads and to carry across a fork.
    """

    def __init__(self, path: Path, *, durability: Durability = "process", max_bytes: int = 1 << 30) -> None:
        self.path = path
        self.lock = RLock()
        self._synchronous = {"process": "normal", "power": "full"}[durability]
        self._max_pages = max(RESERVED_PAGES, max_bytes // PAGE_BYTES)
        self._connection: sqlite3.Connection | None = None
        forks_with(self)

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection, in autocommit. Raises sqlite3.Error, OSError: use it inside ``faults``."""
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        [mark] = connection.execute("pragma application_id").fetchone()
        if mark != APPLICATION:
            if connection.execute("select count(*) from sqlite_master").fetchone() != (0,):
                raise SpoolUnavailable(f"{self.path} is a database, but no spool; name another file")
            connection.execute(f"pragma page_size = {PAGE_BYTES}")
            connection.execute(f"pragma application_id = {APPLICATION}")
        connection.execute("pragma journal_mode = wal")
        connection.execute(f"pragma synchronous = {self._synchronous}")
        connection.execute(f"pragma wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute(f"pragma journal_size_limit = {CHECKPOINT_PAGES * PAGE_BYTES}")
        connection.execute(f"pragma max_page_count = {self._max_pages}")
        connection.executescript((files("lineage.spool") / "spool.sql").read_text())

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn SQLite's errors into ours; they name no value. The next use opens the file anew."""
        try:
            yield
        except FAULTS as error:
            raise self.fault(error) from error

    def fault(self, error: Exception) -> SpoolUnavailable:
        """What an error of FAULTS means to the caller; lets go of the file."""
        told = self._told(error)
        self.close()
        return told

    def _told(self, error: Exception) -> SpoolUnavailable:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL and self._is_at_its_bound():
            return SpoolFull(
                f"the spool {self.path} is full: what waits in it has reached spool_max_mb. Nothing of this "
                "event was taken. See why the log takes nothing ('lineage spool status'), or raise the bound."
            )
        return SpoolUnavailable(
            f"spool {self.path}: {error}. Nothing of this event was taken. See that its folder can be "
            "written, that the disk has room and that the file is whole, then try again."
        )

    def _is_at_its_bound(self) -> bool:
        if self._connection is None:
            return False
        try:
            [pages] = self._connection.execute("pragma page_count").fetchone()
        except sqlite3.Error:
            return False
        return int(pages) >= self._max_pages - 4  # what one insert may need at once

    @contextmanager
    def transaction(self, *, reserved: bool = False) -> Iterator[sqlite3.Connection]:
        """All of the block or nothing, with the only right to write. ``reserved``: over the bound, too.

        Raises SpoolUnavailable, SpoolFull.
        """
        with self.lock, self.faults():
            connection = self.connection
            if reserved:
                connection.execute(f"pragma max_page_count = {self._max_pages + RESERVED_PAGES}")
            try:
                connection.execute("begin immediate")
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("rollback")
                raise
            finally:
                if reserved:
                    connection.execute(f"pragma max_page_count = {self._max_pages}")

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self.lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def before_fork(self) -> None:
        self.lock.acquire()
        self.close()

    def after_fork_in_parent(self) -> None:
        self.lock.release()

    def after_fork_in_child(self) -> None:
        self.lock.release()
