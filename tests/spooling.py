"""A service with a spool, and processes of it that are killed."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import Event as Signal
from typing import Any

from lineage.codec import decode
from lineage.errors import LineageError
from lineage.events import Collected, Event, ProducerReported
from lineage.logs import EmbeddedLog, Log
from lineage.policy import Policy, parse
from lineage.publish import Publisher
from lineage.publish.spooled import Spool, speak_for_the_dead
from lineage.spool import Drainer, Queue, SpoolFile
from lineage.tokens import Pseudonymiser, Secret

POLICY = parse(
    {
        "business.yaml": "name: A shop\nsystems: {shop: {publishes: true}}\n"
        "producers: {shop: {systems: [shop], from: 2020-01-01}}\n",
        "parties.yaml": "sources: {the_person: {category: SRC_CONSUMER_DIRECT}}\n",
        "purposes.yaml": "purposes: {service: {statutory: [BP5_SERVICES]}}\n",
        "activities.yaml": "activities:\n  sign_up: {event: Collected, elements: [email_address],"
        " source: the_person, purposes: [service], system: shop}\n",
    }
)
START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class GivenClock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def after(self, **span: float) -> "GivenClock":
        self.now += timedelta(**span)
        return self


class Service:
    """Its spool, its log, and what it was told is accepted."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "service" / "spool.sqlite"
        self.log_path = folder / "log.sqlite"
        self.clock = GivenClock()
        self._secret = Pseudonymiser(Secret.from_hex(token_hex(32)))

    def publisher(
        self, *, resumes: bool = True, max_bytes: int = 1 << 30, policy: Policy = POLICY, **given: Any
    ) -> Publisher:
        """In this process; nobody drains meanwhile."""
        spool = Spool(SpoolFile(self.path, max_bytes=max_bytes), resumes)
        return Publisher(spool, policy, self._secret, "shop", clock=self.clock, **given)

    def killed(self, *people: str, does: Callable[[Publisher], object] | None = None, **given: Any) -> None:
        """A process of it that records these people, and dies at once."""

        def lives() -> None:
            publisher = self.publisher(**given)
            for person in people:
                publisher.record("sign_up", subject=person)
            if does is not None:
                does(publisher)

        killed(lives)

    def queue(self) -> Queue:
        return Queue(SpoolFile(self.path))

    def drainer(self, opens: Callable[[], Log] | None = None) -> Drainer:
        return Drainer(
            SpoolFile(self.path),
            opens or (lambda: EmbeddedLog(self.log_path)),
            tend=lambda queue: speak_for_the_dead(queue, self.clock),
        )

    def drained(self) -> LineageError | None:
        """All that waits is taken to the log."""
        return self.drainer().run(Signal(), until_empty=True)

    def logged(self) -> list[Event]:
        with EmbeddedLog(self.log_path) as log:
            records = log.read({0: 0}, limit=1_000_000, wait_seconds=0)
        return [decode(value) for value in records.value if value is not None]

    def events(self) -> list[Collected]:
        return [event for event in self.logged() if isinstance(event, Collected)]

    def reports(self) -> list[ProducerReported]:
        return [event for event in self.logged() if isinstance(event, ProducerReported)]


def child(does: Callable[[], object]) -> int:
    """A process of its own that does it and ends; its number."""
    number = os.fork()
    if number == 0:
        try:
            does()
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(0)
    return number


def ended(number: int) -> int:
    """Its exit status, as ``waitpid`` has it, when it has ended."""
    return os.waitpid(number, 0)[1]


def killed(does: Callable[[], object]) -> None:
    """In a process of its own, which SIGKILL ends when it has done it."""

    def does_and_dies() -> None:
        does()
        os.kill(os.getpid(), signal.SIGKILL)

    status = ended(child(does_and_dies))
    assert os.WIFSIGNALED(status), status
