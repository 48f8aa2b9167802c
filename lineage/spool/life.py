"""How does one publisher put its records into the spool? Each with the next number, in one statement.

A life has its numbers for itself, so that accepting a record asks nobody: the number is used when the row
stands, and the row stands or not.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import uuid4

from lineage.spool.alive import Held, life_lock, promise
from lineage.spool.file import FAULTS, SpoolFile
from lineage.spool.forking import forks_with

_INSERT: Final = (
    "insert into waiting (life, sequence, key, value, everywhere, accepted_at) values (?, ?, ?, ?, ?, ?)"
)


class Life:
    """One life of a producer in this process; begins with its first record, and anew in the child of a fork.

    ``systems`` (JSON) are those that it speaks for. ``resumes`` is the service's promise that its lives leave
    nothing untold, also when they are killed. ``covered_until`` (microseconds since 1970 UTC): for which time
    everything was told when it begins. ``on_begin`` is called whenever it begins. Callers hold ``lock`` from
    reading ``last`` on.
    """

    def __init__(
        self,
        file: SpoolFile,
        producer: str,
        *,
        systems: str = "[]",
        resumes: bool = False,
        covered_until: int = 0,
        on_begin: Callable[[], None] = lambda: None,
    ) -> None:
        self.file, self.producer = file, producer
        self.lock = file.lock
        self._systems, self._resumes, self._covered_until = systems, resumes, covered_until
        self._on_begin = on_begin
        self._alive: Held | None = None
        self._keeps_promise = resumes
        self._anew()
        forks_with(self)

    def _anew(self) -> None:
        self.id = uuid4()
        self.last = 0
        self._row: int | None = None
        self._newest = 0
        self._is_closed = False

    def take(
        self, key: bytes, value: bytes, accepted_at: int, sequence: int | None, *, everywhere: bool = False
    ) -> None:
        """Accept one record: when this returns it is kept. ``sequence``: its number, if it is of this life.

        Raises SpoolFull, SpoolUnavailable: then nothing was taken, and the number is free.
        """
        try:  # without `faults`, which costs a tenth of the whole
            row = self._row if self._row is not None else self._begin()
            cursor = self.file.connection.execute(
                _INSERT, (row, sequence, key, value, everywhere, accepted_at)
            )
        except FAULTS as error:
            raise self.file.fault(error) from error
        self._newest = cursor.lastrowid or 0

    def report(
        self, key: bytes, value: bytes, accepted_at: int, covered_until: int, *, closing: bool
    ) -> None:
        """Accept a report on this life together with what it says. Raises as ``take`` does."""
        with self.lock, self.file.faults():
            row = self._row if self._row is not None else self._begin()
            with self.file.transaction(reserved=True) as connection:
                connection.execute(
                    "update life set covered_until = ?, state = ? where life = ?",
                    (covered_until, "CLOSED" if closing else "OPEN", row),
                )
                cursor = connection.execute(_INSERT, (row, None, key, value, True, accepted_at))
            self._newest = cursor.lastrowid or 0
            self._covered_until = covered_until
            self._is_closed = closing

    def _begin(self) -> int:
        # The lock first: a life that can be seen without it counts as one whose process was killed.
        if self._alive is None:
            self._alive = Held(life_lock(self.file.path, self.id.bytes))
            if self._keeps_promise:
                self._promise.touch()
        with self.file.transaction(reserved=True) as connection:
            cursor = connection.execute(
                "insert into life (incarnation, producer, systems, covered_until) values (?, ?, ?, ?)",
                (self.id.bytes, self.producer, self._systems, self._covered_until),
            )
        self._row = cursor.lastrowid
        assert self._row is not None  # noqa: S101 (an insert has one)
        self._on_begin()
        return self._row

    @property
    def _promise(self) -> Path:
        return promise(self.file.path, self.id.bytes)

    def keeps_promise(self, keeps: bool) -> None:
        """From now on this life is sure, or not sure, that it told all it did; see ``resumes``."""
        with self.lock:
            self._keeps_promise = self._resumes and keeps
            if self._alive is None:
                return
            with self.file.faults():
                if self._keeps_promise:
                    self._promise.touch()
                else:
                    self._promise.unlink(missing_ok=True)

    def waits(self) -> bool:
        """Is anything that this life put in not confirmed yet? Raises SpoolUnavailable."""
        with self.lock, self.file.faults():
            found = self.file.connection.execute(
                "select 1 from waiting where id <= ? and life = ? limit 1", (self._newest, self._row)
            )
            return found.fetchone() is not None

    def end(self) -> None:
        """Let go of the file. Without its closing report the life then counts as killed."""
        with self.lock:
            if self._alive is not None:
                self._alive.release(remove=self._is_closed)
                if self._is_closed:
                    self._promise.unlink(missing_ok=True)
                self._alive = None
            self.file.close()

    def before_fork(self) -> None:
        """Its file waits by itself."""

    def after_fork_in_parent(self) -> None:
        """It goes on."""

    def after_fork_in_child(self) -> None:
        if self._alive is not None:
            self._alive.forget()
            self._alive = None
        self._anew()
