"""How is what happened at the desk kept and found again? The thin edge to eventsourcing and its databases."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application, EventSourcedLog
from eventsourcing.domain import Aggregate, DomainEvent
from eventsourcing.persistence import IntegrityError, JSONTranscoder, PersistenceError, Transcoding

from lineage.desk.errors import ChangedMeanwhile, DeskUnavailable
from lineage.errors import Refused

_PAGE: Final = 1_000  # notifications read at once

Kept = TypeVar("Kept", bound=Aggregate)


class DayAsText(Transcoding):
    """A day is stored as 2026-01-31."""

    type = date
    name = "day"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class DeskStore(Application[UUID]):
    """Streams of events, each with an id: one a case, one a report, one for all decisions, one a person read.

    Two who write the next event of one stream at the same moment: the second is refused.
    """

    name = "desk"
    env: ClassVar[dict[str, str]] = {"COMPRESSOR_TOPIC": "eventsourcing.compressor:ZlibCompressor"}

    def __init__(self, env: Mapping[str, str]) -> None:
        with in_our_words():
            super().__init__(dict(env))

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        super().register_transcodings(transcoder)
        transcoder.register(DayAsText())

    def keep(self, *kept: Aggregate | DomainEvent) -> None:
        """Write all that is new, or nothing.

        Raises:
            ChangedMeanwhile: one of them has changed since it was read.
        """
        with in_our_words():
            self.save(*kept)

    def one(self, kind: type[Kept], id: UUID, what: str) -> Kept:
        """Raises Refused when there is none; ``what`` names it."""
        with in_our_words():
            try:
                found: object = self.repository.get(id)
            except AggregateNotFoundError:
                found = None
        if not isinstance(found, kind):
            raise Refused(f"There is no {what} with the id {id}. The command list shows those there are.")
        return found

    def stream(self, id: UUID, kind: type[Any]) -> EventSourcedLog[Any]:
        return EventSourcedLog(self.events, id, kind)

    def version(self, id: UUID, kind: type[Any]) -> int:
        """How many events the stream has."""
        with in_our_words():
            last = self.stream(id, kind).get_last()
        return int(last.originator_version) if last else 0

    def newest(self, topic: str) -> Iterator[Any]:
        """All events of a topic, the latest first, read a page at a time."""
        with in_our_words():
            until = self.recorder.max_notification_id() or 0
            while until > 0:
                start = max(1, until - _PAGE + 1)
                page = self.recorder.select_notifications(start, _PAGE, until, [topic])
                yield from (self.mapper.to_domain_event(each) for each in reversed(page))
                until = start - 1


@contextmanager
def in_our_words() -> Iterator[None]:
    """The store's own errors said in ours. What they tell of a row is not passed on."""
    try:
        yield
    except IntegrityError:
        raise ChangedMeanwhile(
            "Somebody else decided something here at the same moment; nothing was written. Look again and "
            "repeat."
        ) from None
    except PersistenceError as error:
        raise DeskUnavailable(
            f"The desk store does not answer ({type(error).__name__}). Check desk_url, or the folder of "
            "LINEAGE_HOME, and try again."
        ) from None
