"""Is what a service is told before it shares what an answer says after it has? Random worlds.

``LINEAGE_EXAMPLES=5000`` looks longer.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from evaluator import Known
from hypothesis import given
from hypothesis import strategies as st
from looking import worlds_looked_at
from random_events import ANA, BEN, NAMESPACE, Events, Json
from random_parties import RECIPIENTS, SYSTEMS
from random_worlds import World, worlds
from telling import Record, as_event, fill, project_log, told

from lineage.choices import Permission, Reason
from lineage.choices.permissions import CHECK, Permissions
from lineage.choices.place import ChoicesFile
from lineage.choices.remembered import Remembered
from lineage.choices.said import ALL, MAYBE, Word, purposes_of
from lineage.choices.snapshot import Snapshot
from lineage.logs import EmbeddedLog
from lineage.operate.choices import export
from lineage.projector import Projector
from lineage.proof.keys import PUBLIC, signer, trusted
from lineage.report import Reporter, Request
from lineage.report.asking import ask_for_reasons
from lineage.report.state import policy_in_force
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret

WORDS = ("email_address", "full_name", "gps_point", "page_view", "loyalty_no", "diary")
SURE = {Reason.NO_SALE, Reason.NO_OPT_OUT, Reason.OPTED_OUT, Reason.MINOR, Reason.LIMITED, Reason.NO_CONTRACT}
"""Reasons of a sharing that is ours, whose kinds the answer must name alike."""


@st.composite
def sharings(draw: st.DrawFn) -> list[Json]:
    """What somebody is about to share, of two people."""
    events = Events(
        draw=draw,
        tidy=True,
        people=[ANA, BEN],
        words=list(WORDS),
        everything=list(WORDS),
        moments=[0],
        calm=[0],
        themes=frozenset({"roles"}),
    )
    made = []
    for subject in (ANA, BEN, ANA):
        event = events._Shared() | {"subject": subject, "namespace": NAMESPACE[subject]}
        event |= {"event": "Shared", "system": events.one(SYSTEMS), "recipient": events.one(RECIPIENTS)}
        made.append(event | (events.role("Shared") if events.seldom(3) else {}))
    return made


@worlds_looked_at(usually=4)
@given(world=worlds(), shared=sharings())
def test_what_a_service_is_told_is_what_the_answer_says_once_it_was_done(
    world_store: Store, world: World, shared: list[Json], looked: Callable[[], None]
) -> None:
    with tempfile.TemporaryDirectory() as name, EmbeddedLog(Path(name) / "log.sqlite") as log:
        folder = Path(name)
        records = told(world)
        fill(log, records)
        project_log(log, world_store)
        now = max(record.recorded_at for record in records) + timedelta(seconds=1)
        permissions, snapshot = exported(world_store, folder, now)
        with snapshot:
            reads_as_directly(world, snapshot)
            answers = [
                permissions.may_share(as_event({**event, "event_id": str(uuid4())}), None, {}, signal=False)
                for event in shared
            ]
        done = [{**event, "event_id": str(uuid4()), "occurred_at": now.isoformat()} for event in shared]
        life = {"producer": "web", "incarnation": str(uuid4())}
        fill(
            log,
            [
                Record(now, {**event, **life, "sequence": number})
                for number, event in enumerate(done, start=1)
            ],
        )
        Projector(log, world_store, wait_seconds=0).catch_up()
        agrees(world_store, now, zip(done, answers, strict=True), chosen(world))
    looked()


def exported(store: Store, folder: Path, now: datetime) -> tuple[Permissions, Snapshot]:
    pseudonymiser = Pseudonymiser(Secret.create(folder / "secret"))
    file = ChoicesFile(folder / "choices.signed", folder / PUBLIC, timedelta(days=1))
    with store.cursor() as reader:
        secret = str(pseudonymiser.token(CHECK)[0])
        export(reader, file.path, signer(folder, "log"), secret, log="log", caught_up_at=now)
        policy = policy_in_force(reader)
    remembered = Remembered(purposes_of(policy))
    permissions = Permissions(policy, pseudonymiser, remembered, file, lambda: now)
    return permissions, Snapshot(file.path, trusted([file.keys]))


def chosen(world: World) -> dict[str, set[str]]:
    """What was chosen under each token and still stands, by the evaluation that shares no code."""
    known = Known(world.policy, world.records)
    return {
        subject: {fact["choice"] for fact in facts if fact["event"] == "ChoiceMade"}
        for subject, facts in known.facts.items()
        if subject is not None
    }


def reads_as_directly(world: World, snapshot: Snapshot) -> None:
    """Everybody who chose is in it; and whoever is in it chose, or was linked with somebody who did."""
    direct = chosen(world)
    near = linked(world)
    for choice, word in (("OPT_OUT", Word.OPTED_OUT), ("LIMIT_SENSITIVE", Word.LIMITED)):
        for subject in {*NAMESPACE, *direct}:
            said = snapshot.said(UUID(subject))
            has = (word, ALL) in said or (MAYBE[word], ALL) in said
            if choice in direct.get(subject, ()):
                assert has
            if has:
                assert any(choice in direct.get(each, ()) for each in near.get(subject, {subject}))


def linked(world: World) -> dict[str, set[str]]:
    """All that was ever said to be one, nearly or far."""
    near: dict[str, set[str]] = {}
    for record in world.records:
        event = record.event or {}
        if event.get("event") == "SubjectsLinked":
            both = {event["subject"], event["other"]}
            together = both.union(*(near.get(each, set()) for each in both))
            near |= dict.fromkeys(together, together)
    return near


def agrees(
    store: Store, now: datetime, done: Iterator[tuple[Json, Permission]], direct: dict[str, set[str]]
) -> None:
    answered = list(done)
    for subject in (ANA, BEN):
        with store.cursor() as reader:
            reporter = Reporter(reader)
            request = Request(subject=UUID(subject), received=now + timedelta(seconds=1))
            [document] = reporter.report([request])
            if "stopped" in document:
                continue
            state, person, taken_out = reporter._alone(request, None)
            rows = {row["event_id"]: row for row in ask_for_reasons(reader, state, person, taken_out)}
        for event, told_before in answered:
            if event["subject"] != subject:
                continue
            row = rows.get(event["event_id"])
            if row is None:
                assert told_before.reason in {
                    *(Reason.NOT_A_SHARING, Reason.FOR_CUSTOMER, Reason.EXEMPT, Reason.NOT_OURS),
                    *(Reason.NOT_IN_POLICY, Reason.ERASED),
                } or describes_household(document)
                continue
            if told_before.reason in SURE:
                assert kinds(row) == set(told_before.kinds) or is_customers_own(row)
            if told_before.allowed and "OPT_OUT" in direct.get(subject, ()):
                assert row["sold_or_shared"] == []


def kinds(row: Json) -> set[str]:
    return {"UNCLASSIFIED"} if row["steps"] == [10] else set(row["kinds"])


def is_customers_own(row: Json) -> bool:
    """Whose customer somebody is, is not known to a service: it is told the worse."""
    return row["steps"] == [9]


def describes_household(document: Json) -> bool:
    return "NO_MATCH" in {gap["reason"] for gap in document["coverage"]["gaps"]}
