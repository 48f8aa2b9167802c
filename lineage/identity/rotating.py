"""How does a person stay the same person when the secret of the tokens is changed?

For each identifier one event ties its token under the new secret to that under the retired one. The event is
made of the two tokens alone, so that telling it again adds nothing.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from lineage.errors import Refused
from lineage.events import LinkEvidence, Relation, SubjectsLinked, filled
from lineage.logs import Log
from lineage.publish.sending import FLUSH_SECONDS, Clock, Incarnation, Sender, now_utc
from lineage.tokens import ROTATION, Secret, parse_subject, token

PRODUCER: Final = "cli"
ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When the link occurred: the same at every run, and before anything could undo it."""

OnBad = Callable[[int, str], None]


def rotation(new: Secret, retired: Secret, subject: str) -> SubjectsLinked:
    """The link between the two tokens of an identifier such as ``account:42``, for all time.

    Raises:
        Refused: it is a token, or of no shape that is known. It is not repeated.
    """
    parsed = parse_subject(subject.strip())
    if isinstance(parsed, UUID):
        raise Refused(
            "subject: a token has no other under another secret; give the identifier, as account:42"
        )
    namespace, identifier = parsed
    now, before = (token(secret, namespace, identifier) for secret in (new, retired))
    if now == before:
        raise Refused("the retired secret is the secret in use. Set the new one, and this one as retired.")
    return SubjectsLinked(
        event_id=uuid5(now, str(before)),
        occurred_at=ALWAYS,
        subject=now,
        namespace=namespace,
        other=before,
        other_namespace=namespace,
        relation=Relation.SAME_PERSON,
        evidence=LinkEvidence.VERIFIED_LOGIN,
        activity=ROTATION,
    )


def rotate(
    log: Log,
    new: Secret,
    retired: Secret,
    lines: Iterable[str | bytes],
    on_bad: OnBad,
    *,
    clock: Clock = now_utc,
    flush_seconds: float = FLUSH_SECONDS,
) -> tuple[int, int]:
    """Publish the link of each line's identifier: how many were sent, and how many refused.

    ``on_bad`` hears of each refused line by number and reason, never by what it says.

    Raises:
        DeliveryFailed, LogUnavailable: then do it again, repeats add nothing.
    """
    sender, incarnation = Sender(log), Incarnation(PRODUCER)
    refused = 0
    for number, line in enumerate(lines, start=1):
        try:
            text = (line.decode() if isinstance(line, bytes) else line).removeprefix("\ufeff")
            if not text.strip():
                continue
            event = rotation(new, retired, text)
        except UnicodeDecodeError:
            refused += 1
            on_bad(number, "not UTF-8")
        except Refused as error:
            refused += 1
            on_bad(number, str(error))
        else:
            numbers = {"incarnation": incarnation.id, "sequence": incarnation.last + 1, "producer": PRODUCER}
            sender.send(filled(event, numbers))
            incarnation.last += 1
    if incarnation.last:
        now = clock()
        sender.send(incarnation.report(now, now, closing=True))
    sender.flush(flush_seconds)
    return incarnation.last, refused
