"""One desk, two databases: what is kept in SQLite or PostgreSQL is found again, by one rule."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from documents import a_document
from eventsourcing.persistence import StoredEvent
from postgres import NoPostgres, new_database, server

from lineage.desk.case import Case
from lineage.desk.clocks import calendars_of
from lineage.desk.desk import Desk
from lineage.desk.errors import ChangedMeanwhile, DeskUnavailable
from lineage.desk.handovers import hand_over, handovers
from lineage.desk.opening import open_desk
from lineage.desk.proof import Method
from lineage.desk.records import Access, LinkDecision, Review
from lineage.errors import Refused
from lineage.report.canonical import canonical
from lineage.report.gate import released
from lineage.report.request import Audience, Request, Verification
from lineage.settings import Settings, load_settings

Open = Callable[[], Desk]

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
RECEIVED = datetime.fromisoformat("2026-06-15T10:00-07:00")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL. Without one: skip, or fail where LINEAGE_REQUIRE_POSTGRES=1."""
    try:
        with server() as address:
            yield address
    except NoPostgres as error:
        if os.environ.get("LINEAGE_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_POSTGRES=1, but there is no PostgreSQL: {error}")
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = new_database(request.getfixturevalue("postgres")) if request.param == "postgres" else None
    return load_settings(home=tmp_path, desk_url=url)


@pytest.fixture
def desk(installation: Settings) -> Iterator[Desk]:
    with open_desk(installation) as opened:
        yield opened


@pytest.fixture
def another(installation: Settings) -> Iterator[Desk]:
    """The same store, as another process has it."""
    with open_desk(installation) as opened:
        yield opened


def a_request(**asked: object) -> Request:
    return Request(**({"subject": uuid4(), "received": RECEIVED} | asked))


def a_case(request: Request | None = None) -> Case:
    return Case.open(
        request or a_request(),
        via="FORM",
        time_zone="America/Los_Angeles",
        calendars=calendars_of(),
        by="handler-1",
        at=NOW,
    )


def a_copy(request: Request, case: str | None = None) -> dict:
    return released(a_document(), request.verification, request.blocks, request.audience, case)


def a_link(one, other, decided: str) -> LinkDecision:
    return LinkDecision(
        subject=one, other=other, decided=decided, reason="SHARED_DEVICE", by="counsel", at=NOW
    )


def an_access(subject, at=NOW, kind="REPORT") -> Access:
    return Access(actor="handler-1", kind=kind, subject=subject, reason="REQUEST", at=at)


def a_review(**told: object) -> Review:
    given = {"subject": uuid4(), "event_id": uuid4(), "decided": "SALE", "reason": "CONTRACT_LAPSED"}
    return Review(**(given | {"by": "counsel", "at": NOW} | told))


def test_a_case_is_found_as_it_was_decided(desk, another):
    request = a_request(received=date(2026, 6, 15), since=date(2024, 1, 1), blocks=("collected", "pieces"))
    id = desk.open_case(a_case(request))
    with desk.changing(id) as case:
        case.verify(Method.TWO_DATA_POINTS, by="handler-1", at=NOW)
        case.extend("COMPLEXITY", by="handler-1", at=NOW)

    found = another.case(id)
    assert found.request.subject == request.subject
    assert (found.request.received, found.request.since) == (request.received, request.since)
    assert found.request.blocks == request.blocks
    assert found.level is Verification.V1_REASONABLE
    assert found.due == date(2026, 9, 13)


def test_cases_are_listed_the_newest_first(desk):
    ids = [desk.open_case(a_case()) for _ in range(3)]

    assert [case.id for case in desk.cases()] == ids[::-1]


def test_of_two_handlers_at_the_same_moment_one_is_told_to_look_again(desk, another):
    id = desk.open_case(a_case())
    with (  # noqa: PT012 (the other one decides in between)
        pytest.raises(ChangedMeanwhile, match="nothing was written"),
        desk.changing(id) as mine,
    ):
        with another.changing(id) as theirs:
            theirs.hold("ACCOUNT_TAKEOVER", by="handler-2", at=NOW)
        mine.verify(Method.TWO_DATA_POINTS, by="handler-1", at=NOW)

    assert desk.case(id).level is Verification.V0_NONE


def test_what_is_refused_leaves_the_case_as_it_was(desk):
    id = desk.open_case(a_case())
    with pytest.raises(Refused), desk.changing(id) as case:  # noqa: PT012
        case.verify(Method.TWO_DATA_POINTS, by="handler-1", at=NOW)
        case.extend("NO_MOOD", by="handler-1", at=NOW)

    assert desk.case(id).level is Verification.V0_NONE


@pytest.mark.parametrize("find_it", [Desk.case, Desk.report])
def test_an_id_of_nothing_is_refused(desk, find_it):
    with pytest.raises(Refused, match="There is no"):
        find_it(desk, uuid4())


def test_a_report_is_kept_byte_for_byte_with_what_it_takes_to_make_it_again(desk, another):
    request = a_request(verification=Verification.V2_HIGH, audience=Audience.PERSON)
    case = desk.open_case(a_case(request))
    document = a_copy(request, str(case))
    id = desk.issue(document, request, positions={"log/0": 41, "desk": 0}, by="handler-1", at=NOW)

    found = another.report(id)
    assert found.content == canonical(document)
    assert found.issued.request == request
    assert (found.issued.digest, found.issued.answer_digest) == (
        document["digest"],
        document["answer_digest"],
    )
    assert found.issued.positions == {"log/0": 41, "desk": 0}
    assert found.issued.as_of == datetime.fromisoformat(document["as_of"])
    assert another.case(case).reports == [document["digest"]]


def test_what_is_not_for_release_is_no_answer_to_the_case(desk):
    request = a_request()
    case = desk.open_case(a_case(request))
    desk.issue(a_copy(request, str(case)), request, positions={}, by="handler-1", at=NOW)

    assert desk.case(case).reports == []


def test_reports_are_listed_by_person_with_what_is_to_be_reviewed(desk):
    mine, theirs = a_request(), a_request()
    ids = [
        desk.issue(a_copy(request), request, positions={}, by="handler-1", at=NOW)
        for request in (mine, theirs, mine)
    ]

    assert [each.id for each in desk.reports()] == ids[::-1]
    assert [each.id for each in desk.reports(mine.subject)] == [ids[2], ids[0]]
    [event] = next(desk.reports()).for_review
    assert set(event) == {"event_id", "reason"}


def test_many_supplements_are_decided_as_one(desk):
    request = a_request()
    ids = [desk.issue(a_copy(request), request, positions={}, by="handler-1", at=NOW) for _ in range(3)]
    with pytest.raises(Refused):
        desk.decide_supplements(
            dict.fromkeys([*ids, uuid4()], "new"), "SEND", reason="BACKFILL", by="counsel", at=NOW
        )
    assert {desk.report(id).supplement for id in ids} == {None}
    desk.decide_supplements(dict.fromkeys(ids, "new"), "SEND", reason="BACKFILL", by="counsel", at=NOW)

    assert {desk.report(id).supplement for id in ids} == {("SEND", "new")}


def test_the_desks_position_counts_decisions_and_nothing_else(desk, another):
    assert desk.positions() == {"desk": 0}
    desk.open_case(a_case())
    desk.note([an_access(uuid4())])
    desk.issue(a_copy(a_request()), a_request(), positions={}, by="handler-1", at=NOW)
    assert desk.positions() == {"desk": 0}

    review = a_review()
    link = LinkDecision(
        subject=uuid4(), other=uuid4(), decided="SAME_PERSON", reason="SHOWN", by="counsel", at=NOW
    )
    again = a_review(subject=review.subject, event_id=review.event_id, decided="BP_THIRD_PARTY")
    assert [desk.decide(each) for each in (review, link, again)] == [1, 2, 3]

    assert another.positions() == {"desk": 3}
    assert another.decisions() == [review, link, again]
    key = (review.subject, review.event_id)
    assert (another.reviews()[key], another.reviews(until=2)[key]) == (again, review)
    assert another.links() == {frozenset((link.subject, link.other)): link}


def test_who_read_whom_is_told_the_latest_first(desk):
    ana, ben = uuid4(), uuid4()
    noted = [
        an_access(subject, NOW + timedelta(minutes=minute), kind)
        for minute, (subject, kind) in enumerate([(ana, "REPORT"), (ben, "QUERY"), (ana, "TIMELINE")])
    ]
    desk.note(noted[:2])
    desk.note(noted[2:])

    assert desk.accesses() == noted[::-1]
    assert desk.accesses(limit=1) == [noted[2]]
    assert desk.accesses(ana) == [noted[2], noted[0]]
    assert desk.accesses(ana, limit=1) == [noted[2]]
    assert desk.accesses(uuid4()) == []


def test_readings_at_the_same_moment_are_all_kept(desk, another, monkeypatch):
    ana = uuid4()
    look = desk.version

    def overtaken(*about):
        place = look(*about)
        if not another.accesses(ana):
            another.note([an_access(ana, kind="QUERY")])
        return place

    monkeypatch.setattr(desk, "version", overtaken)
    desk.note([an_access(ana)])

    assert [each.kind for each in desk.accesses(ana)] == ["REPORT", "QUERY"]


def test_of_twenty_thousand_readings_only_those_shown_are_read(desk, monkeypatch):
    people = [uuid4() for _ in range(200)]
    desk.note(an_access(person) for person in people)
    first = desk.recorder.select_notifications(1, 200)
    for version in range(2, 102):
        desk.recorder.insert_events(
            [StoredEvent(each.originator_id, version, each.topic, each.state) for each in first]
        )
    decoded = []
    decode = desk.mapper.to_domain_event

    def counted(stored):
        decoded.append(stored)
        return decode(stored)

    monkeypatch.setattr(desk.mapper, "to_domain_event", counted)

    assert len(desk.accesses(limit=20)) == 20
    assert len(decoded) == 20
    assert len(desk.accesses(people[7])) == 101
    assert len(decoded) == 20 + 101


def test_a_store_that_does_not_answer_is_said_without_its_password(tmp_path):
    url = "postgresql://lineage:hush@127.0.0.1:1/nothing"
    with pytest.raises(DeskUnavailable) as caught:
        open_desk(load_settings(home=tmp_path, desk_url=url))
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("postgresql://lineage:hush@host", "dbname"),
        ("postgresql:///database", "host, user"),
        ("postgresql://lineage:hush@host/database?sslmode=require", "sslmode"),
        ("hush hush", "dbname"),
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(tmp_path, url, named):
    with pytest.raises(Refused, match=named) as caught:
        open_desk(load_settings(home=tmp_path, desk_url=url))
    assert "hush" not in str(caught.value)


def test_the_file_is_its_owners_alone(tmp_path):
    with open_desk(load_settings(home=tmp_path)):
        assert (tmp_path / "desk.sqlite").stat().st_mode & 0o077 == 0


def test_the_later_decision_on_a_pair_holds_and_the_earlier_is_still_there_for_its_time(desk, another):
    one, other = uuid4(), uuid4()
    desk.decide(a_link(one, other, "SAME_PERSON"))
    desk.decide(a_link(other, one, "DIFFERENT_PEOPLE"))

    pair = frozenset((one, other))
    assert [another.verdicts(until) for until in (0, 1, 2, None)] == [
        {},
        {pair: "SAME_PERSON"},
        {pair: "DIFFERENT_PEOPLE"},
        {pair: "DIFFERENT_PEOPLE"},
    ]


def test_what_became_of_an_attachment_is_kept_with_its_report_and_case(desk, another):
    attachment, report, case = "ab" * 32, "cd" * 32, str(uuid4())
    hand_over(desk, attachment, "SEALED", report=report, case=case, by="handler-1", at=NOW)
    hand_over(another, attachment, "OPENED", by="handler-2", at=NOW)
    hand_over(desk, attachment, "DELIVERED", "DESTROYED", by="handler-2", at=NOW)

    found = handovers(another, attachment)
    assert [(each.step, each.by) for each in found] == [
        ("SEALED", "handler-1"),
        ("OPENED", "handler-2"),
        ("DELIVERED", "handler-2"),
        ("DESTROYED", "handler-2"),
    ]
    assert {(each.report, each.case) for each in found} == {(report, case)}
    assert handovers(another, "ef" * 32) == []


def test_an_attachment_goes_by_its_digest_alone(desk):
    with pytest.raises(Refused, match="digests"):
        hand_over(desk, "ana@example.com", "OPENED", by="handler-1", at=NOW)
