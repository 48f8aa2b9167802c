"""What waits in the spool, how old is it, and whose lives have ended without a word?

Records leave in the order in which they were accepted, so what was confirmed is always the oldest of them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from lineage.spool.alive import is_held, life_lock, promise
from lineage.spool.file import SpoolFile

_OLDEST: Final = "select id, key, value, everywhere from waiting order by id limit ?"

_LEFT: Final = """
update life
set last = max(
    last, coalesce((select max(sequence) from waiting where waiting.life = life.life and id <= :through), 0)
)
where life in (select life from waiting where id <= :through)
"""

_ENDED: Final = """
delete from life
where state = 'CLOSED'
    and life not in (select life from waiting)
    and covered_until < (
        select max(other.covered_until) from life as other where other.producer = life.producer
    )
"""
"""Of the lives that are over only the one that covers furthest is needed: the next one may go on from it."""

_PER_PRODUCER: Final = """
select
    producer,
    coalesce(sum(waiting.events), 0),
    coalesce(sum(waiting.bytes), 0),
    min(waiting.oldest),
    sum(state = 'OPEN'),
    sum(state = 'DEAD')
from life
left join (
    select
        life,
        count(*) as events,
        sum(length(key) + length(value)) as bytes,
        min(accepted_at) as oldest
    from waiting
    group by life
) as waiting using (life)
group by producer
order by producer
"""

_LIVES: Final = """
select
    incarnation,
    producer,
    systems,
    covered_until,
    max(last, coalesce((select max(sequence) from waiting where waiting.life = life.life), 0))
from life
where state = :state
order by life
"""


class Row(NamedTuple):
    """One record that waits."""

    id: int
    key: bytes
    value: bytes
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one producer. ``oldest_at``: microseconds since 1970 UTC, None when nothing waits.

    ``lives``: open ones; ``dead``: killed ones for which nothing may be said.
    """

    producer: str
    records: int
    bytes: int
    oldest_at: int | None
    lives: int
    dead: int


@dataclass(frozen=True, slots=True)
class Left:
    """A life and how far it came: its greatest number, and for which time everything was told.

    ``systems`` (JSON) are those that it speaks for. ``resumes``: it was sure that it told all it did.
    """

    incarnation: UUID
    producer: str
    systems: str
    resumes: bool
    covered_until: int
    last: int


@dataclass(slots=True)
class Queue:
    """The spool as its drainer and its operator see it. All raise SpoolUnavailable."""

    file: SpoolFile

    def oldest(self, limit: int) -> list[Row]:
        """The records to be sent next."""
        with self.file.lock, self.file.faults():
            return [Row(*row) for row in self.file.connection.execute(_OLDEST, (limit,))]

    def remove(self, through: int) -> None:
        """Take out the records up to this id: the log has them."""
        with self.file.transaction() as connection:
            connection.execute(_LEFT, {"through": through})
            connection.execute("delete from waiting where id <= ?", (through,))

    def tidy(self) -> None:
        """Forget lives of which nothing is needed any more."""
        with self.file.transaction() as connection:
            connection.execute(_ENDED)

    def checkpoint(self) -> None:
        """Move the WAL into the file, so that no record has to wait until its own commit does so."""
        with self.file.lock, self.file.faults():
            self.file.connection.execute("pragma wal_checkpoint(passive)").fetchall()

    def depth(self) -> tuple[int, int | None]:
        """How many records wait, and since when the oldest does (microseconds since 1970 UTC)."""
        with self.file.lock, self.file.faults():
            read = self.file.connection.execute
            # Ids follow each other without holes, for only the oldest are ever taken out.
            [records] = read("select coalesce(max(id) - min(id) + 1, 0) from waiting").fetchone()
            oldest = read("select accepted_at from waiting order by id limit 1").fetchone()
        return int(records), None if oldest is None else int(oldest[0])

    def per_producer(self) -> list[Waiting]:
        """What waits, of every producer that the file knows."""
        with self.file.lock, self.file.faults():
            return [Waiting(*row) for row in self.file.connection.execute(_PER_PRODUCER)]

    def size(self) -> int:
        """Bytes that the records take in the file, of those that ``max_bytes`` bounds."""
        with self.file.lock, self.file.faults():
            read = self.file.connection.execute
            [pages], [free], [size] = (
                read(f"pragma {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
            )
        return int((pages - free) * size)

    def covered_until(self, producer: str) -> int | None:
        """For which time the producer's lives have told everything (microseconds since 1970 UTC)."""
        with self.file.lock, self.file.faults():
            [found] = self.file.connection.execute(
                "select max(covered_until) from life where producer = ?", (producer,)
            ).fetchone()
        return None if found is None else int(found)

    def dead(self) -> list[Left]:
        """Lives that were killed and may not be closed: a person has to say how they ended."""
        return self._lives("DEAD")

    def abandoned(self) -> list[Left]:
        """Open lives whose processes are gone."""
        open_ones = self._lives("OPEN")
        with self.file.faults():
            return [life for life in open_ones if not is_held(self._lock_of(life))]

    def _lock_of(self, life: Left) -> Path:
        return life_lock(self.file.path, life.incarnation.bytes)

    def _forget_lock(self, life: Left) -> None:
        with self.file.faults():
            self._lock_of(life).unlink(missing_ok=True)
            promise(self.file.path, life.incarnation.bytes).unlink(missing_ok=True)

    def _lives(self, state: str) -> list[Left]:
        with self.file.lock, self.file.faults():
            rows = self.file.connection.execute(_LIVES, {"state": state}).fetchall()
        return [
            Left(
                UUID(bytes=found),
                producer,
                systems,
                promise(self.file.path, found).exists(),
                until,
                last,
            )
            for found, producer, systems, until, last in rows
        ]

    def close(self, life: Left, key: bytes, report: bytes, at: int) -> None:
        """End an abandoned life with its closing report, which covers up to ``at``."""
        with self.file.transaction(reserved=True) as connection:
            done = connection.execute(
                "update life set state = 'CLOSED', covered_until = max(covered_until, ?)"
                " where incarnation = ? and state = 'OPEN' returning life",
                (at, life.incarnation.bytes),
            ).fetchall()
            connection.executemany(
                "insert into waiting (life, sequence, key, value, everywhere, accepted_at)"
                " values (?, null, ?, ?, 1, ?)",
                [(row, key, report, at) for (row,) in done],
            )
        self._forget_lock(life)

    def leave_open(self, life: Left) -> None:
        """An abandoned life made no promise: what it did last may be untold."""
        with self.file.transaction(reserved=True) as connection:
            connection.execute(
                "update life set state = 'DEAD' where incarnation = ? and state = 'OPEN'",
                (life.incarnation.bytes,),
            )
        self._forget_lock(life)
