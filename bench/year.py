"""What do services tell in a year? Events as ready bytes, made the way a service makes them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Self

from lineage.demo import DESCRIBED, year
from lineage.events import SubjectDescribed
from lineage.logs import Records
from lineage.policy import Policy, load
from lineage.publish import Publisher
from lineage.resources import folder
from lineage.tokens import Pseudonymiser, Secret

SECRET = Secret(b"a benchmark".hex().ljust(64, "0").encode())
RESENT_SHARE = 0.005
"""So many records come twice, as a service resends what was not confirmed in time."""


class Shelf:
    """A log that only keeps what it is handed, in memory."""

    name = "shelf"

    def __init__(self) -> None:
        self.records: list[tuple[bytes | None, bytes | None]] = []

    def append(
        self,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int | None = None,
        recorded_at: datetime | None = None,
        on_delivery: Callable[..., None] | None = None,
    ) -> None:
        self.records.append((key, value))

    def partitions(self) -> list[int]:
        return [0]

    def flush(self, timeout_seconds: float = 0) -> None:
        return None

    def bounds(self) -> dict[int, tuple[int, int]]:
        return {0: (0, len(self.records))}

    def read(self, positions: Mapping[int, int], *, limit: int, wait_seconds: float) -> Records:
        return Records()

    def commit(self, positions: Mapping[int, int]) -> None:
        return None

    def close(self) -> None:
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def prontotrak() -> Policy:
    return load(folder("examples") / "prontotrak")


def told(events: int) -> list[tuple[bytes | None, bytes | None]]:
    """Keys and values of that many events of the demo's business, some of them resent."""
    return list(telling(events))


def telling(events: int) -> Iterator[tuple[bytes | None, bytes | None]]:
    """The same one by one: of many events the list takes gigabytes."""
    return islice(_resent(_values(events)), events)


def _values(events: int) -> Iterator[tuple[bytes | None, bytes | None]]:
    policy = prontotrak()
    shelf = Shelf()
    pseudonymiser = Pseudonymiser(SECRET)
    now = datetime.now(UTC)
    publishers = {
        name: Publisher(shelf, policy, pseudonymiser, name, clock=lambda: now)
        for name in policy.business.producers
    }
    for act in islice(year(people=events // 100 + 5), events):
        given = {"subject": act.subject, "occurred_at": act.at, **act.given}
        if act.activity == DESCRIBED:
            publishers[act.producer].publish(SubjectDescribed(system="monitoring", residency="CA", **given))
        else:
            publishers[act.producer].record(act.activity, **given)
        yield shelf.records.pop()


def _resent(
    values: Iterator[tuple[bytes | None, bytes | None]],
) -> Iterator[tuple[bytes | None, bytes | None]]:
    chance = Random(1)
    for record in values:
        yield record
        while chance.random() < RESENT_SHARE:
            yield record
            with suppress(StopIteration):
                yield next(values)
