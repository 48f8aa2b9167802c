"""What happened to one invented person's data, told on a log of its own?

Every id comes from a name or a number, and every instant is given: the same telling makes the same answer,
byte for byte.
"""

import shutil
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from gallery.begun import BEGUN, LOG, Declares, begun, named, numbered, opened
from lineage.codec import encode
from lineage.events import (
    Collected,
    Consideration,
    EmitterHeader,
    Header,
    LinkEvidence,
    ProducerReported,
    Relation,
    Shared,
    SubjectsLinked,
    Used,
)
from lineage.logs import EmbeddedLog
from lineage.projector import Projector
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret

PACIFIC: Final = ZoneInfo("America/Los_Angeles")

ANSWERED: Final = datetime(2026, 6, 22, 9, tzinfo=PACIFIC)
"""When all is on record, a week after the request: the instant as of which the answers speak."""

PRODUCERS: Final = ("market", "office")
SECRET: Final = b"a gallery".hex().ljust(64, "0")  # nobody here is real: nothing has to be protected by it


class Shop:
    """Tells events of one person under the policy of the gallery, into a folder of its own.

    A day is noon in California. ``recorded_at``: when the log got it all; ``silent_from``: by producer, since
    when nothing was heard of it.
    """

    def __init__(self, folder: Path, declares: Declares = ()) -> None:
        shutil.copytree(begun(declares).name, folder, dirs_exist_ok=True)
        self._folder = folder
        self._log = EmbeddedLog(folder / LOG)
        self._pseudonymiser = Pseudonymiser(Secret.from_hex(SECRET))
        self._told = 0
        self._numbers = dict.fromkeys(PRODUCERS, 0)
        self.subject = self.token("account:42")
        self.recorded_at = ANSWERED
        self.silent_from: dict[str, datetime] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._log.close()

    def token(self, identifier: str) -> UUID:
        """The token of somebody else, or of another thing of the person."""
        return self._pseudonymiser.token(identifier)[0]

    def tells(
        self, kind: type[EmitterHeader], day: str, /, *, producer: str = PRODUCERS[0], **given: Any
    ) -> UUID:
        """One more event; of the person, unless its kind is about everybody. Returns its id."""
        self._told += 1
        self._numbers[producer] += 1
        about = {"subject": self.subject, "namespace": "account", "system": "shop"}
        event_id = numbered(noon(day), self._told)
        event = kind(
            **{
                **(about if issubclass(kind, Header) else {}),
                "event_id": event_id,
                "occurred_at": noon(day),
                "producer": producer,
                "incarnation": named(producer),
                "sequence": self._numbers[producer],
                **given,
            }
        )
        subject = getattr(event, "subject", None)
        self._append(subject.bytes if subject else producer.encode(), encode(event))
        return event_id

    def collects(
        self, elements: str, day: str, source: str = "you", purposes: str = "order", **given: Any
    ) -> UUID:
        """Elements and purposes are words with spaces between, here and below."""
        return self.tells(
            Collected, day, elements=_each(elements), source=source, purposes=_each(purposes), **given
        )

    def uses(self, elements: str, day: str, purposes: str, **given: Any) -> UUID:
        return self.tells(Used, day, elements=_each(elements), purposes=_each(purposes), **given)

    def shares(
        self,
        elements: str,
        day: str,
        recipient: str,
        purposes: str,
        consideration: Consideration = Consideration.NONE,
        **given: Any,
    ) -> UUID:
        return self.tells(
            Shared,
            day,
            elements=_each(elements),
            recipient=recipient,
            purposes=_each(purposes),
            consideration=consideration,
            **given,
        )

    def sells(self, elements: str, day: str, recipient: str, purposes: str = "list_trade") -> UUID:
        return self.shares(elements, day, recipient, purposes, Consideration.MONEY)

    def links(self, identifier: str, day: str, evidence: LinkEvidence = LinkEvidence.VERIFIED_LOGIN) -> UUID:
        """The person is found to be behind another token."""
        return self.tells(
            SubjectsLinked,
            day,
            other=self.token(identifier),
            other_namespace=identifier.split(":")[0],
            relation=Relation.SAME_PERSON,
            evidence=evidence,
        )

    def loses_one(self, producer: str) -> None:
        """A number is used, and its event never arrives."""
        self._numbers[producer] += 1

    def garbles_one(self) -> None:
        """A record of the person arrives that nobody can read."""
        self._append(self.subject.bytes, b"no event")

    def closes_the_books(self) -> Store:
        """Each producer says that it told everything, and the database has it all. The caller closes it."""
        for number, (producer, last) in enumerate(self._numbers.items(), start=1):
            until = self.silent_from.get(producer, self.recorded_at)
            report = ProducerReported(
                event_id=numbered(until, self._told + number),
                occurred_at=until,
                producer=producer,
                incarnation=named(producer),
                sequence=0,
                last_sequence=last,
                covers_from=BEGUN,
                covers_until=until,
                closing=producer not in self.silent_from,
            )
            self._append(producer.encode(), encode(report))
        self._log.flush()
        store = opened(self._folder)
        Projector(self._log, store).catch_up()
        return store

    def _append(self, key: bytes, value: bytes) -> None:
        self._log.append(key, value, recorded_at=self.recorded_at)


def noon(day: str) -> datetime:
    """Of a day (2026-06-12) in California."""
    return datetime.combine(date.fromisoformat(day), time(12), PACIFIC)


def _each(words: str) -> tuple[str, ...]:
    return tuple(words.split())
