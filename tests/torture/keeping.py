"""What does a service do whose events are kept for it? What was accepted it need not tell again.

``python -m torture.keeping FOLDER RATE spool``: one process of several, with a spool that they share; with
``outbox`` in place of it, in transactions of a database, of which some are rolled back. What was not accepted
when it died is told again.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from shop_on_kafka import POLICY
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from lineage.errors import LineageError, LogUnavailable
from lineage.events import Collected
from lineage.outbox import SqlOutbox, metadata
from lineage.outbox.opening import engine_of
from lineage.policy import parse
from lineage.publish import open_publisher
from lineage.settings import load_settings
from torture.telling import ENOUGH, Book, confirmed, event_of, new_event, told

TORTURED: Final = parse(
    POLICY.files
    | {
        "business.yaml": """
name: A shop that is tortured
systems: {shop: {publishes: true}}
producers:
  shop: {systems: [shop], from: 2020-01-01}
  till: {systems: [shop], from: 2020-01-01}
  ledger: {systems: [shop], from: 2020-01-01}
"""
    }
)
ROLLED_BACK: Final = 0.2
"""The part of the transactions that come to nothing at first."""

Accepts = Callable[[Collected], bool]


class Keeps:
    """Tells of random people until it is enough; ``accepts`` says whether an event is safe."""

    def __init__(self, folder: Path, accepts: Accepts) -> None:
        self._book, self._accepts = Book(folder), accepts
        done = confirmed(folder)
        self._waiting = [event_of(each) for each in told(folder) if each["id"] not in done]

    def tells(self, rate: int, enough: Callable[[], bool]) -> None:
        chance = Random()
        while not enough() or self._waiting:
            if not enough() and not self._waiting:
                self._waiting = [new_event(chance, self._book) for _ in range(chance.randrange(max(2, rate)))]
            left = []
            for event in self._waiting:
                if self._accepts(event):
                    assert event.event_id is not None
                    self._book.confirms(event.event_id)
                else:
                    left.append(event)
            self._waiting = left
            time.sleep(chance.uniform(0.0, 0.5))


def in_spool(folder: Path, rate: int, enough: Callable[[], bool]) -> None:
    with open_publisher("till", policy=TORTURED, spool=True, resumes=True) as publisher:

        def accepts(event: Collected) -> bool:
            try:
                publisher.publish(event)
            except LogUnavailable:
                return False  # the disk is full, or somebody who holds the file is stopped
            return True

        Keeps(folder, accepts).tells(rate, enough)


def in_outbox(folder: Path, rate: int, enough: Callable[[], bool]) -> None:
    chance = Random()
    engine = engine_of(load_settings())
    outbox = SqlOutbox("ledger", TORTURED)

    def accepts(event: Collected) -> bool:
        try:
            with engine.connect() as connection:
                outbox.publish(connection, event)
                if chance.random() < ROLLED_BACK:
                    return False
                connection.commit()
        except OperationalError:
            return False  # somebody who is stopped holds the file
        return True

    Keeps(folder, accepts).tells(rate, enough)


def make_outbox(path: Path) -> None:
    """As a service's migration does."""
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()


WAYS: Final = {"spool": in_spool, "outbox": in_outbox}


def main() -> None:
    folder, rate, way = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    folder.mkdir(exist_ok=True)
    try:
        WAYS[way](folder, rate, (folder.parent / ENOUGH).exists)
    except LogUnavailable as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(4)
    except LineageError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
