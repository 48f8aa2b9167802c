"""What does a service do that must not lose an event? It writes down what it tells before it tells it, and
what was confirmed when it was; whatever was not it tells again, also after its own death.

``python -m torture.telling FOLDER RATE``: about RATE events a second, until there is a file `enough` beside
the folder and everything is confirmed. Its files are the truth that answers are compared with.
"""

import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from shop_on_kafka import POLICY

from lineage.codec import decode
from lineage.errors import LogUnavailable
from lineage.events import Collected, Event
from lineage.logs import Log, open_log
from lineage.publish import Publisher, pseudonymiser_of
from lineage.publish.sending import new_event_id
from lineage.settings import load_settings

PEOPLE: Final = 200
ELEMENTS: Final = ("email_address", "date_of_birth", "page_view")
"""One of each event, each of a category of its own."""

TWICE: Final = 0.04
"""The part of the events that is told twice, as an impatient service does."""

WAITING: Final = 2_000
"""So many may be unconfirmed before nothing new is told."""

TOLD, CONFIRMED, ENOUGH = "told.jsonl", "confirmed.txt", "enough"

Told = dict[str, str]


class Book:
    """What was told and what was confirmed, in two files that outlive a process killed at any moment."""

    def __init__(self, folder: Path) -> None:
        self._told = _appending(folder / TOLD)
        self._confirmed = _appending(folder / CONFIRMED)

    def tells(self, event: Collected, person: str) -> None:
        """Written down before anything is sent."""
        assert event.occurred_at is not None
        line = {
            "id": str(event.event_id),
            "person": person,
            "element": event.elements[0],
            "at": event.occurred_at.isoformat(),
        }
        os.write(self._told, json.dumps(line).encode() + b"\n")

    def confirms(self, event_id: UUID) -> None:
        """Safe on disk when this returns."""
        os.write(self._confirmed, str(event_id).encode() + b"\n")
        os.fsync(self._confirmed)


def _appending(path: Path) -> int:
    """The file, without the line that a killed writer may have left unfinished."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    os.ftruncate(file, path.read_bytes().rfind(b"\n") + 1)
    return file


def told(folder: Path) -> list[Told]:
    """Everything that was told, or was about to be when its publisher died, in all books of the folder."""
    return [json.loads(line) for line in _lines(folder, TOLD)]


def confirmed(folder: Path) -> set[str]:
    """The ids of all events that somebody has confirmed: the log, or what keeps them for it."""
    return set(_lines(folder, CONFIRMED))


def _lines(folder: Path, name: str) -> list[str]:
    return [line for path in sorted(folder.rglob(name)) for line in path.read_text().split("\n")[:-1]]


class Confirming:
    """A log that says which of its records was confirmed."""

    def __init__(self, log: Log, says: Callable[[bytes], None]) -> None:
        self._log, self._says = log, says

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(self, key: bytes, value: bytes, *, on_delivery: Any = None, **where: Any) -> None:
        def heard(error: LogUnavailable | None) -> None:
            if error is None:
                self._says(value)
            on_delivery(error)

        self._log.append(key, value, on_delivery=heard, **where)


class Service:
    """Tells of random people, and again what was not confirmed."""

    def __init__(self, folder: Path, log: Log) -> None:
        self._book = Book(folder)
        done = confirmed(folder)
        self._waiting = {each["id"]: event_of(each) for each in told(folder) if each["id"] not in done}
        self._again: deque[Event] = deque(self._waiting.values())
        heard: Any = Confirming(log, self._heard)
        self._publisher = Publisher(
            heard,
            POLICY,
            pseudonymiser_of(load_settings()),
            "shop",
            on_failure=lambda event, _: self._again.append(event),
        )

    def _heard(self, value: bytes) -> None:
        event = decode(value)
        if isinstance(event, Collected):
            assert event.event_id is not None
            self._book.confirms(event.event_id)
            self._waiting.pop(str(event.event_id), None)

    def tells(self, rate: int, enough: Callable[[], bool]) -> None:
        """Until it is enough and all is confirmed."""
        chance = Random()
        while not enough() or self._waiting:
            if not enough() and len(self._waiting) < WAITING:
                self._again.extend(self._new(chance, chance.randrange(max(1, rate // 2))))
            self._sends()
            time.sleep(chance.uniform(0.0, 0.5))
        self._publisher.close()

    def _new(self, chance: Random, number: int) -> Iterator[Event]:
        for _ in range(number):
            event = new_event(chance, self._book)
            self._waiting[str(event.event_id)] = event
            yield event
            if chance.random() < TWICE:
                yield event

    def _sends(self) -> None:
        while self._again:
            event = self._again.popleft()
            try:
                self._publisher.publish(event)
            except LogUnavailable:
                self._again.appendleft(event)
                return  # nothing of it was taken: later


def new_event(chance: Random, book: Book) -> Collected:
    """Something about a random person, written down."""
    person = f"account:{chance.randrange(PEOPLE)}"
    event = event_of(
        {
            "id": str(new_event_id()),
            "person": person,
            "element": chance.choice(ELEMENTS),
            "at": datetime.now(UTC).isoformat(),
        }
    )
    book.tells(event, person)
    return event


def event_of(told: Told) -> Collected:
    """What a line of a book says."""
    return Collected(
        event_id=UUID(told["id"]),
        subject=told["person"],
        elements=(told["element"],),
        source="the_person",
        purposes=("service",),
        occurred_at=datetime.fromisoformat(told["at"]),
        system="shop",
    )


def main() -> None:
    folder, rate = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(exist_ok=True)
    try:
        with open_log(load_settings()) as log:
            Service(folder, log).tells(rate, (folder.parent / ENOUGH).exists)
    except LogUnavailable as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
