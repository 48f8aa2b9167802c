"""Which facts does the archive let go of for their age, what keeps one, and what do answers say then?"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from archiving import archive, rows
from records import NOW, a_subject, collected, header, population, record, report, shared
from telling import project_log

from lineage.archive import WholeLog
from lineage.archive.expiring import FOLDER, Expiry, expire, known
from lineage.archive.form import ends
from lineage.events import (
    Choice,
    ChoiceMade,
    Deleted,
    EmitterHeader,
    EventRetracted,
    HoldKind,
    HoldLifted,
    HoldPlaced,
    LinkEvidence,
    Operation,
    PolicyAdopted,
    Relation,
    SubjectDescribed,
    SubjectsLinked,
    Used,
)
from lineage.logs import EmbeddedLog
from lineage.policy import parse
from lineage.policy.vocabulary import digest
from lineage.proof.finding import What
from lineage.proof.verifying import verify
from lineage.report import Reporter, Request
from lineage.store import Store
from lineage.store.expired import NOTHING_DECIDED, Age, Decided, Expired, age

ANA, BEN = a_subject(), a_subject()
BEFORE = datetime(2025, 1, 1, tzinfo=UTC)
OLD = datetime(2023, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FILES = {
    "business.yaml": "name: A shop\nsystems: {shop: {publishes: true}}\n"
    "producers: {web-shop: {systems: [shop], from: 2020-01-01}}\n",
    "parties.yaml": "sources: {the-person: {category: SRC_CONSUMER_DIRECT}}\n"
    "recipients:\n  broker: {category: RCP_DATA_BROKER}\n"
    "  mailer: {category: RCP_PAYMENT, contracts: "
    "[{id: m, kind: R7051, as: SERVICE_PROVIDER, from: 2020-01-01, purposes: [orders]}]}\n"
    "customers: {clinic: {name: A clinic, regimes: [HIPAA]}}\n",
    "purposes.yaml": "purposes: {orders: {statutory: [BP5_SERVICES]}}\n",
}
POLICY = parse(FILES)


class World:
    """A log, the archive behind it, and the database of both; an event is recorded when it occurred."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.now = OLD
        self.store = store
        self.log = EmbeddedLog(folder / "log.sqlite")
        self.folder = folder / "archive"
        self.places: dict[UUID, int] = {}
        self._told = 0
        event = PolicyAdopted(
            event_id=uuid4(), occurred_at=OLD, producer="policy", incarnation=uuid4(), sequence=0,
            digest=digest(FILES), files=FILES,
        )  # fmt: skip
        self.tell(event)

    def tell(self, *events: EmitterHeader, late: timedelta = timedelta()) -> None:
        for each in events:
            assert each.occurred_at is not None
            assert each.event_id is not None
            self.now = max(self.now, (each.occurred_until or each.occurred_at) + late)
            self.log.append(*record(each), recorded_at=self.now)
            self.places.setdefault(each.event_id, self._told)
            self._told += 1

    def judged(self, decided: Decided = NOTHING_DECIDED, **regimes: datetime | None) -> dict[UUID, str]:
        """What becomes of each event that is old."""
        self.project()
        with self.store.cursor() as reader:
            self._expired(reader, decided, regimes)
            found = reader.execute("select log_offset, coalesce(stays_for, 'GOES') from expired").fetchall()
        by_place = {place: id for id, place in self.places.items()}
        return {by_place[place]: what for place, what in found if place in by_place}

    def let_go(self, act: Expiry) -> int:
        with self.store.cursor() as reader:
            expired = self._expired(reader, NOTHING_DECIDED, {})
            return expire(self.folder, act, partial(expired.marks, act.id.bytes))

    def project(self) -> None:
        """All of the log into the archive, and into a database that is made anew."""
        self.log.flush()
        archive(self.folder, self.log)
        project_log(WholeLog(self.folder, self.log), self.store)

    def answers(self, *requests: Request) -> list[Any]:
        """What the database says, as it is."""
        with self.store.cursor() as reader:
            return Reporter(reader).report(requests)

    def _expired(self, reader: Any, decided: Decided, regimes: Mapping[str, datetime | None]) -> Expired:
        old = Age(NOW, BEFORE, {"CCPA": BEFORE, **regimes})
        return Expired(reader, POLICY, old, ends(self.folder), decided)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Making a database takes longer than any of these tests."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "lineage.duckdb") as opened:
        yield opened


@pytest.fixture
def world(tmp_path: Path, store: Store) -> Iterator[World]:
    made = World(tmp_path, store)
    yield made
    made.log.close()


def act(**given: Any) -> Expiry:
    said = {"at": NOW, "by": "keeper", "policy": POLICY.digest, "before": BEFORE, "days": 731, "regimes": {}}
    return Expiry(**{**said, **given})


def used(days: int = 0, **given: Any) -> Used:
    told = {"subject": ANA, "elements": ("email_address",), "purposes": ("orders",), "sequence": 0}
    return Used(**header(**{**told, "occurred_at": OLD + days * DAY, **given}))


def known_by() -> Used:
    """Somebody's last fact always stays: here it is one of a day before the others matter no more."""
    return used(500)


def sold(days: int = 0, **given: Any) -> EmitterHeader:
    told = {"subject": ANA, "recipient": "broker", "purposes": ("orders",), "sequence": 0}
    return shared(**{**told, "occurred_at": OLD + days * DAY, **given})


def what(world: World, *events: EmitterHeader, **regimes: datetime | None) -> list[str]:
    world.tell(known_by(), *events)
    judged = world.judged(**regimes)
    return [judged.get(each.event_id, "YOUNG") for each in events if each.event_id]


def test_a_use_and_a_sale_go_when_they_are_old_and_the_last_word_about_somebody_stays(world: World) -> None:
    last = used(400, subject=BEN)
    young = used(occurred_at=BEFORE, subject=BEN)
    assert what(world, used(), sold(), used(300, subject=BEN), last, young) == [
        "GOES",
        "GOES",
        "GOES",
        "LAST",
        "YOUNG",
    ]


def test_what_was_told_late_lasts_into_our_time_or_is_not_over_is_not_old(world: World) -> None:
    late = used()
    world.tell(late, late=BEFORE - OLD)
    lasting = used(occurred_until=BEFORE)
    ongoing = used(ongoing=True)
    assert what(world, lasting, ongoing) == ["YOUNG", "YOUNG"]
    assert late.event_id not in world.judged()


def test_a_regime_keeps_a_fact_for_longer_whatever_tells_that_it_is_under_it(world: World) -> None:
    facts = [
        used(1, regimes=("HIPAA",)),
        used(2, regimes=("FERPA", "CJIS")),
        used(3, on_behalf_of="clinic"),
        used(4, exemption="HIPAA_PHI"),
        used(5, regimes=("nobody knows it",)),
        used(6, regimes=("CJIS",)),
        used(7, regimes=("hipaa",), occurred_at=OLD - 900 * DAY),
    ]
    assert what(world, *facts, HIPAA=OLD - DAY, FERPA=None, CJIS=BEFORE) == [
        "REGIME",
        "REGIME",
        "REGIME",
        "REGIME",
        "REGIME",
        "GOES",
        "REGIME",  # it was recorded with the others
    ]


def test_a_hold_keeps_everything_of_the_person_until_it_is_lifted(world: World) -> None:
    def hold(event: type[HoldPlaced] | type[HoldLifted], subject: UUID, **given: Any) -> EmitterHeader:
        said = {"kind": HoldKind.LEGAL, "by": "court", "document": "doc:1", "sequence": 0}
        return event(**header(**{"subject": subject, "occurred_at": OLD, **said, **given}))

    phone = a_subject()
    link = SubjectsLinked(
        **header(subject=ANA, occurred_at=OLD, sequence=0),
        other=phone,
        other_namespace="phone",
        relation=Relation.SAME_PERSON,
        evidence=LinkEvidence.VERIFIED_LOGIN,
    )
    of_phone, of_ben = used(1, subject=phone, namespace="phone"), used(1, subject=BEN)
    bens = [hold(HoldPlaced, BEN), used(20, subject=BEN)]
    world.tell(link, hold(HoldPlaced, ANA), *bens, used(30, subject=phone, namespace="phone"))
    assert what(world, used(1), of_phone, of_ben) == ["HOLD", "HOLD", "HOLD"]
    over = hold(HoldPlaced, BEN, kind=HoldKind.ACCOUNTING, until=OLD + 90 * DAY)
    world.tell(hold(HoldLifted, BEN, occurred_at=OLD + 40 * DAY), over)
    judged = world.judged()
    assert (judged[of_ben.event_id], judged[of_phone.event_id]) == ("GOES", "HOLD")


def test_what_is_held_stays_and_of_what_was_deleted_the_first_and_the_last(world: World) -> None:
    def put(days: int, subject: UUID = ANA, **given: Any) -> EmitterHeader:
        return collected(subject=subject, occurred_at=OLD + days * DAY, sequence=0, **given)

    def deleted(days: int, **given: Any) -> Deleted:
        told = {"subject": ANA, "elements": ("email_address",), "reason": "REQUEST", "sequence": 0}
        return Deleted(**header(**{**told, "occurred_at": OLD + days * DAY, **given}))

    gone = [put(1), put(2), put(3, elements=("email_address",)), put(4)]
    stored = [used(days, operation=Operation.STORED) for days in (1, 2, 3)]
    two = put(2, elements=("email_address", "full_name"))
    after = [put(70), put(71), put(72)]
    bens = [put(days, BEN) for days in (1, 2, 3)]
    by_routine = deleted(60, subject=BEN, reason="ROUTINE")
    facts = [*gone, *stored, two, deleted(60), *after, *bens, by_routine, used(400, subject=BEN)]
    assert what(world, *facts) == [
        *["FIRST_OR_LAST", "GOES", "GOES", "FIRST_OR_LAST"],
        *["FIRST_OR_LAST", "GOES", "FIRST_OR_LAST"],
        "HELD",
        "YOUNG",  # a deletion never goes
        *["HELD"] * 3,
        *["HELD"] * 3,
        "YOUNG",
        "LAST",
    ]


def test_what_a_sharing_of_everybody_may_have_met_stays(world: World) -> None:
    puts = [collected(subject=ANA, occurred_at=OLD + days * DAY, sequence=0) for days in (1, 2, 3)]
    gone = Deleted(
        **header(subject=ANA, occurred_at=OLD + 9 * DAY, sequence=0),
        elements=("email_address",),
        reason="REQUEST",
    )
    crowd = population(occurred_at=OLD + 2 * DAY, sequence=0)
    assert what(world, *puts, gone, crowd) == ["HELD", "HELD", "HELD", "YOUNG", "YOUNG"]


def test_of_what_a_provider_got_the_last_of_each_kind_stays(world: World) -> None:
    def handed(days: int, **given: Any) -> EmitterHeader:
        return sold(days, recipient="mailer", **given)

    chosen = ChoiceMade(**header(subject=ANA, occurred_at=OLD + 5 * DAY, sequence=0), choice=Choice.OPT_OUT)
    facts = [
        handed(1),
        handed(2),
        handed(2, elements=("full_name",)),
        handed(3, outcome="DENIED"),
        chosen,
        handed(6),
        handed(7),
    ]
    assert what(world, *facts) == ["GOES", "PROVIDER", "PROVIDER", "GOES", "YOUNG", "GOES", "PROVIDER"]


def test_what_was_corrected_refused_said_again_or_decided_stays_and_so_does_an_unknown_word(
    world: World,
) -> None:
    replaced, retracted, again, other, reviewed = used(1), used(2), used(3), used(4), used(5)
    replacing = used(6, supersedes=replaced.event_id)
    retraction = EventRetracted(
        **header(subject=ANA, occurred_at=OLD + 7 * DAY, sequence=0),
        retracts=retracted.event_id,
        reason="MISTAKE",
    )
    unknown = used(8, elements=("mystery",))
    repeated = used(9)
    world.tell(replaced, retracted, again, other, reviewed, replacing, retraction, unknown, repeated)
    world.tell(repeated)
    world.tell(used(10, event_id=other.event_id), known_by())
    world.tell(again, late=BEFORE - OLD)
    judged = world.judged(Decided([reviewed.event_id] if reviewed.event_id else []))
    events = [replaced, retracted, again, other, reviewed, replacing, unknown, repeated]
    assert [judged[each.event_id] for each in events if each.event_id] == [
        *["CORRECTED", "CORRECTED", "SAID_AGAIN", "REFUSED", "REVIEWED", "CORRECTED", "UNKNOWN_WORD"],
        "GOES",
    ]


def test_of_a_record_that_went_digest_number_and_the_act_are_left_and_its_repeats_went_too(
    world: World,
) -> None:
    event, lone = used(1, sequence=1), used(2, sequence=2)
    world.tell(event, lone, event)
    world.tell(known_by())
    world.project()
    was = rows_of(world)
    done = act()
    assert world.let_go(done) == 3
    assert world.let_go(act(at=NOW + DAY)) == 0

    now = rows_of(world)
    for before, after in zip(was[1:4], now[1:4], strict=True):
        assert after == before | {
            **dict.fromkeys(("key", "value")),
            "producer": event.producer,
            "incarnation": header()["incarnation"].bytes,
            "sequence": after["sequence"],
            "erased_by": done.id.bytes,
        }
    assert [row["sequence"] for row in now[1:4]] == [1, 2, 1]
    assert (now[0], now[4:]) == (was[0], was[4:])
    assert [path.name for path in (world.folder / FOLDER).iterdir()] == [f"{done.id}.json"]
    said = json.loads((world.folder / FOLDER / f"{done.id}.json").read_text())
    assert said["by"] == "keeper"
    assert said["policy"] == POLICY.digest
    assert said["before"] == "2025-01-01T00:00:00.000000Z"


def rows_of(world: World) -> list[Any]:
    return [row for _, row in rows(world.folder)]


def test_the_log_is_proven_whole_and_an_act_that_was_changed_is_found(world: World) -> None:
    world.tell(used(1), used(2), known_by())
    world.project()
    done = act()
    assert world.let_go(done) == 2
    found = verify(world.folder, [])
    assert {each.what for each in found.findings} == {What.NO_CHECKPOINT}
    assert found.erased == 2

    path = world.folder / FOLDER / f"{done.id}.json"
    path.write_text(path.read_text().replace("keeper", "nobody"))
    assert known(world.folder) == frozenset()
    assert What.ERASED_BY_NOTHING in {each.what for each in verify(world.folder, []).findings}


def test_an_answer_that_reaches_further_back_admits_it_after_a_rebuild_and_a_later_one_says_none(
    world: World,
) -> None:
    world.tell(sold(1, sequence=1), sold(2, sequence=2), known_by())
    life = report(
        last_sequence=2,
        occurred_at=NOW - DAY,
        covers_from=datetime(2020, 1, 1, tzinfo=UTC),
        covers_until=NOW - DAY,
    )
    world.tell(life)
    received = (NOW - DAY).date()
    one = Request(subject=ANA, received=received)
    longer = Request(subject=ANA, received=received, since=OLD.date())

    world.project()
    of_year, of_all = world.answers(one, longer)
    assert [pair["kinds"] for pair in of_all["sold_or_shared"]["pairs"]] == [["SALE"]]
    world.let_go(act())
    assert world.answers(one, longer) == [of_year, of_all]  # the database has it still

    world.project()
    again, shorter = world.answers(one, longer)
    assert again == of_year
    assert shorter["coverage"]["gaps"][0] | {"from": None} == {
        "reason": "ERASED",
        "producer": None,
        "system": None,
        "from": None,
        "to": "2025-01-01T00:00:00.000000Z",
    }
    assert shorter["sold_or_shared"] == {"pairs": [], "statement": "COVERAGE_INCOMPLETE"}


def test_nothing_is_ever_promised_for_less_than_the_policy_says() -> None:
    said = parse({**FILES, "retention.yaml": "archive: {days: 800, regimes: {HIPAA: 2500, CJIS: 400}}"})
    assert said.archive is not None
    found = age(said.archive, datetime(2026, 6, 15, 23, 59, tzinfo=UTC))
    midnight = datetime(2026, 6, 15, tzinfo=UTC)
    assert found.before == midnight - 800 * DAY
    assert found.regimes == {
        "CCPA": midnight - 800 * DAY,
        "HIPAA": midnight - 2500 * DAY,
        "FERPA": None,
        "CJIS": midnight - 800 * DAY,
        "GDPR": midnight - 800 * DAY,
    }


def test_a_household_or_a_description_begins_another_stretch(world: World) -> None:
    described = SubjectDescribed(
        **header(subject=ANA, occurred_at=OLD + 2 * DAY, sequence=0), kinds=("HOUSEHOLD",)
    )
    assert what(world, used(1), described, used(3), used(4)) == ["LAST", "YOUNG", "GOES", "GOES"]
