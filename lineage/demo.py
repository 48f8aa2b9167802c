"""What does a year look like, from a service's call to one person's answer?

An invented business monitors participants for public agencies (``examples/prontotrak``). Every run makes
the same year: the same people, events and ids, under a secret of its own, so that the answer has the same
digest everywhere.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from lineage.events import SubjectDescribed
from lineage.logs.embedded import EmbeddedLog
from lineage.policy import Policy, load
from lineage.projector import Projector
from lineage.publish import Publisher
from lineage.publish.adopting import adopt
from lineage.report import Reporter, Request
from lineage.report.canonical import canonical
from lineage.resources import folder
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret

BEGINS: Final = date(2025, 6, 1)
DAYS: Final = 379
RECEIVED: Final = datetime(2026, 6, 15, 17, 0, tzinfo=UTC)
TOLD_FROM: Final = datetime(2024, 1, 1, 8, 0, tzinfo=UTC)  # when the policy's producers began to tell
SHOWN: Final = "account:participant-7"
DESCRIBED: Final = "describe"  # no activity of the policy: what is known of a person is told by itself
POINTS_A_DAY: Final = 288  # one every five minutes, told as one event a day
SECRET: Final = b"a demo".hex().ljust(64, "0")  # nobody here is real: nothing has to be protected by it

Advance = Callable[[int], None]


@dataclass(order=True, frozen=True, slots=True)
class Act:
    """One thing that a service does to one person's data at one instant."""

    at: datetime
    producer: str
    activity: str
    subject: str
    given: dict[str, Any] = field(compare=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What the demo left behind: how much it told, and where the one answer lies."""

    events: int
    home: Path
    answer: Path
    document: dict[str, Any] = field(repr=False)


class Clock:
    """Tells the time of the act that is being told."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def run(home: Path, *, people: int = 300, advance: Advance = lambda added: None) -> Made:
    """Make the year in ``home`` (emptied first), publish and project it, and answer one person's request.

    ``advance`` hears of every published event.
    """
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / "secret").write_text(SECRET, encoding="ascii")
    (home / "secret").chmod(0o600)
    policy = load(folder("examples") / "prontotrak")
    pseudonymiser = Pseudonymiser(Secret.from_file(home / "secret"))
    clock = Clock(TOLD_FROM)
    with EmbeddedLog(home / "log.sqlite", clock=clock) as log:
        adopt(policy, log, recorded_at=TOLD_FROM)
        events = _publish(log, policy, pseudonymiser, clock, year(people), advance)
        with Store(home / "lineage.duckdb") as store:
            Projector(log, store).catch_up()
            asked = Request(subject=pseudonymiser.token(SHOWN)[0], received=RECEIVED)
            [document] = Reporter(store.cursor()).report([asked])
    answer = home / "answer.json"
    answer.write_bytes(canonical(document) + b"\n")
    return Made(events, home, answer, document)


def year(people: int) -> Iterator[Act]:
    """Everybody's acts, the earliest first."""
    return merge(*(sorted(_life(number)) for number in range(people)))


def _life(number: int) -> Iterator[Act]:
    """One person's year. Four of five wear a bracelet for some months; the others only visit the site."""
    chance = Random(number)  # noqa: S311 (an invented life has to be the same each time)
    return _visitor(number, chance) if number % 5 == 4 else _participant(number, chance)


def _participant(number: int, chance: Random) -> Iterator[Act]:
    subject = f"account:participant-{number}"
    first = chance.randrange(0, 200)
    last = min(DAYS - 20, first + chance.randrange(60, 330))
    agency = "R_SHERIFF2" if number % 3 == 0 else "R_SHERIFF"
    customer = "SHERIFF_SOUTH" if number % 3 == 0 else "SHERIFF_NORTH"
    referred = _at(first, 9, chance)
    yield Act(referred, "monitoring", DESCRIBED, subject, {"kinds": ("PARTICIPANT",), "customer": customer})
    yield Act(referred, "monitoring", "receive_referral", subject)
    yield Act(_at(first, 11, chance), "web", "register_participant", subject)
    yield Act(_at(first, 12, chance), "monitoring", "store_with_host", subject)
    for day in range(first, last):
        yield Act(
            _at(day, 22, chance), "monitoring", "record_location_point", subject, {"count": POINTS_A_DAY}
        )
        if day % 7 == 0:
            yield Act(_at(day, 13, chance), "monitoring", "report_to_agency", subject, {"recipient": agency})
        if day % 30 == 0:
            paid = _at(day, 14, chance)
            yield Act(paid, "billing", "take_payment", subject)
            yield Act(paid + timedelta(seconds=2), "billing", "send_card_to_processor", subject)
        if chance.random() < 0.05:
            yield Act(_at(day, 15, chance), "monitoring", "raise_zone_alert", subject)
        if chance.random() < 0.03:
            yield Act(_at(day, 16, chance), "monitoring", "consult_case", subject)
    yield Act(_at(last, 10, chance), "monitoring", "delete_old_locations", subject)
    yield from _visits(subject, first, last, chance)


def _visitor(number: int, chance: Random) -> Iterator[Act]:
    subject = f"account:visitor-{number}"
    first = chance.randrange(0, 300)
    yield Act(_at(first, 8, chance), "web", "register_visitor", subject)
    for day in range(first, DAYS - 20, 28):
        yield Act(_at(day, 18, chance), "marketing", "send_newsletter", subject)
    yield from _visits(subject, first, DAYS - 20, chance)


def _visits(subject: str, first: int, last: int, chance: Random) -> Iterator[Act]:
    for day in range(first, last, chance.randrange(20, 50)):
        seen = _at(day, 19, chance)
        yield Act(seen, "web", "observe_site_visit", subject, {"count": chance.randrange(1, 30)})
        yield Act(seen + timedelta(minutes=1), "web", "measure_site_use", subject)
        if chance.random() < 0.5:
            yield Act(seen + timedelta(minutes=2), "web", "show_ads_elsewhere", subject)


def _at(day: int, hour: int, chance: Random) -> datetime:
    """Some second of that hour, in the Pacific time of the business (taken as UTC-8)."""
    begun = datetime.combine(BEGINS + timedelta(days=day), time(), UTC)
    return begun + timedelta(hours=hour + 8, seconds=chance.randrange(3600))


def _publish(
    log: EmbeddedLog,
    policy: Policy,
    pseudonymiser: Pseudonymiser,
    clock: Clock,
    acts: Iterable[Act],
    advance: Advance,
) -> int:
    """Every producer of the policy tells its acts, reports once a day, and closes after the receipt."""
    day = timedelta(days=1).total_seconds()
    publishers = {
        name: Publisher(
            log,
            policy,
            pseudonymiser,
            name,
            clock=clock,
            heartbeat_seconds=day,
            covers_from=TOLD_FROM,
        )
        for name in policy.business.producers
    }
    told = 0
    for told, act in enumerate(acts, start=1):
        clock.at = act.at
        given = {"subject": act.subject, "event_id": _id(act.at, told), "occurred_at": act.at, **act.given}
        if act.activity == DESCRIBED:
            publishers[act.producer].publish(SubjectDescribed(system="monitoring", residency="CA", **given))
        else:
            publishers[act.producer].record(act.activity, **given)
        advance(1)
    clock.at = RECEIVED + timedelta(hours=1)
    for publisher in publishers.values():
        publisher.close()
    return told


def _id(at: datetime, number: int) -> UUID:
    """A UUIDv7 (RFC 9562) that is the same in every run."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number)
