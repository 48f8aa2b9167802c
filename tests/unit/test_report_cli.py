"""What may a handler ask of `lineage report`, and what is said when options do not go together?"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from installations import begin

from lineage.cli import main

Run = Callable[..., Result]

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "vocabulary.yaml": "elements: {shoe_size: {wording: the size of the shoes}}\n",
    "parties.yaml": (
        "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n"
        "recipients: {broker: {name: A broker, category: RCP_DATA_BROKER}}\n"
        "customers: {county: {name: A county, instructions: ["
        "{id: all, from: 2020-01-01, purposes: [sell_goods], recipients: [broker]}]}}\n"
    ),
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
PERSON = "account:42"
RECEIVED = "2026-06-15T10:00-07:00"
FACTS = "Orders before 2024 lie on tapes; reading one takes a technician six hours."
ASKED = ("report", PERSON, "--received", RECEIVED)
COLLECTED = {
    "event": "Collected",
    "subject": PERSON,
    "occurred_at": "2026-06-01T09:30:00Z",
    "elements": ["email_address"],
    "source": "customer",
    "purposes": ["sell_goods"],
    "system": "shop",
}
SHARED = {
    **{key: COLLECTED[key] for key in ("subject", "occurred_at", "elements", "purposes", "system")},
    **{"event": "Shared", "recipient": "broker", "consideration": "UNKNOWN"},
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line of an installation of its own, with a policy and no event."""
    monkeypatch.chdir(tmp_path)
    for name in ("LOG", "DESK_URL", "SECRET", "SECRET_FILE"):
        monkeypatch.delenv(f"LINEAGE_{name}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_ACTOR", "clerk-7")
    begin(tmp_path, POLICY)

    def run(*arguments: object, given: str | None = None, ends_with: int | None = 0) -> Result:
        result = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert ends_with in (None, result.exit_code), result.output
        return result

    return run


def tell(run: Run, *events: dict[str, Any]) -> None:
    run("publish", "-", given="\n".join(json.dumps(each) for each in events))


def a_case(run: Run, *asked: str, method: str = "TWO_DATA_POINTS") -> str:
    """A verified request about the person, received ten days ago."""
    received = datetime.now(UTC) - timedelta(days=10)
    opened = run("case", "open", PERSON, "--received", received.isoformat(), "--via", "FORM", *asked)
    case = opened.output.split()[1].rstrip(":")
    run("case", "verify", case, "--method", method)
    return case


def test_a_longer_period_is_refused_with_facts_and_the_twelve_months_are_answered(run):
    tell(run, COLLECTED)

    told = run(*ASKED, "--everything", "--refuse", "DISPROPORTIONATE", "--facts", FACTS)
    answer = json.loads(told.stdout)
    page = run(*ASKED, "--everything", "--refuse", "IMPOSSIBLE", "--facts", FACTS, "--format", "text").output

    assert answer["window"]["basis"] == "twelve_months"
    assert answer["window"]["refusal"] == {"reason": "DISPROPORTIONATE", "facts": FACTS}
    assert "is impossible" in page
    assert "tapes" in page


@pytest.mark.parametrize(
    ("given", "ends_with", "says"),
    [
        (("--everything", "--refuse", "IMPOSSIBLE"), 2, "belong together"),
        (("--everything", "--facts", FACTS), 2, "belong together"),
        (("--refuse", "IMPOSSIBLE", "--facts", FACTS), 1, "nothing to refuse"),
        (("--everything", "--refuse", "DISPROPORTIONATE", "--facts", "Too much effort."), 1, "which records"),
    ],
)
def test_a_refusal_needs_a_reason_facts_and_something_to_refuse(run, given, ends_with, says):
    assert says in run(*ASKED, *given, ends_with=ends_with).stderr


def test_a_customer_gets_its_own_part_as_json_and_the_reading_is_noted(run):
    tell(run, COLLECTED, {**SHARED, "on_behalf_of": "county"})

    part = json.loads(run(*ASKED, "--for-customer", "county", "--format", "json").stdout)
    noted = json.loads(run("access-log", "--format", "json").stdout)

    assert [each["event"] for each in part["events"]] == ["Shared"]
    assert [each["kind"] for each in noted] == ["REPORT"]


@pytest.mark.parametrize(
    ("given", "ends_with", "says"),
    [
        (("--for-customer", "nobody"), 1, "no such customer"),
        (("--for-customer", "county", "--format", "text"), 2, "comes as JSON"),
        (("--for-customer", "county", "--audience", "person"), 2, "--audience"),
    ],
)
def test_a_customers_part_is_of_a_known_customer_and_nothing_else_is_asked(run, given, ends_with, says):
    tell(run, COLLECTED)

    assert says in run(*ASKED, *given, ends_with=ends_with).stderr


def test_a_refusal_in_a_case_is_issued_with_the_report(run):
    tell(run, COLLECTED)
    case = a_case(run, "--everything")
    given = ("--audience", "person", "--refuse", "DISPROPORTIONATE", "--facts", FACTS)

    issued = run("report", "--case", case, *given)
    answer = json.loads(issued.stdout)
    report = issued.stderr.split("kept as report ")[1].split(";")[0]

    assert answer["for_release"]
    assert answer["window"]["refusal"]["facts"] == FACTS
    assert "the same to the byte" in run("reports", "verify", report).output


@pytest.mark.parametrize(
    "given",
    [
        ("--from", "2024-01-01"),
        ("--everything",),
        ("--blocks", "collected"),
        ("--verification", "V2_HIGH"),
        ("--audience", "person"),
        ("--case", "7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11"),
        ("--refuse", "IMPOSSIBLE"),
        (PERSON,),
        ("--received", RECEIVED),
    ],
)
def test_beside_a_batch_nothing_is_said_that_stands_in_its_file(run, tmp_path, given):
    refused = run("report", "--batch", tmp_path / "requests.csv", "-o", tmp_path, *given, ends_with=2)

    named = given[0] if given[0].startswith("--") else "SUBJECT"
    assert f"{named}: not beside --batch" in refused.stderr


@pytest.mark.parametrize(
    "given",
    [
        (PERSON,),
        ("--received", RECEIVED),
        ("--from", "2024-01-01"),
        ("--everything",),
        ("--blocks", "collected"),
        ("--verification", "V2_HIGH"),
        ("--reason", "AUDIT"),
    ],
)
def test_beside_a_case_nothing_is_said_that_stands_in_it(run, given):
    refused = run("report", "--case", "7d3c0c3e-5d0f-4d5b-9c43-0e6c6f2f3a11", *given, ends_with=2)

    assert "not beside --case" in refused.stderr


@pytest.mark.parametrize("blocks", ["collected,pieces", "collected pieces", "collected, pieces"])
def test_blocks_are_named_with_commas_or_spaces_between(run, blocks):
    answer = json.loads(run(*ASKED, "--blocks", blocks, "--verification", "V2_HIGH").stdout)

    assert [each for each, status in answer["block_status"].items() if status == "answered"] == [
        "collected",
        "pieces",
    ]


def test_the_persons_page_names_no_subject_and_is_stamped_only_when_it_may_not_go_out(run):
    tell(run, COLLECTED)
    persons = ("--audience", "person", "--format", "text")

    stamped = run(*ASKED, "--verification", "V1_REASONABLE", *persons).stdout
    free = run("report", "--case", a_case(run), *persons).stdout

    assert "None" not in stamped + free
    assert "Not for release\n• It was made without a verified request." in stamped
    assert "Not for release" not in free


def test_the_handlers_page_names_the_subject_and_says_why_it_stays_in_the_house(run):
    tell(run, COLLECTED)

    page = run("report", "--case", a_case(run), "--format", "text").stdout

    assert json.loads(run(*ASKED).stdout)["subject"]["token"] in page
    assert "Not for release\n• It is the handler's copy." in page


def test_what_nobody_has_reviewed_is_not_for_release_and_the_handler_is_told(run):
    tell(run, COLLECTED, SHARED)
    case = a_case(run)

    told = run("report", "--case", case, "--audience", "person")
    handlers = json.loads(run("report", "--case", case).stdout)

    assert not json.loads(told.stdout)["for_release"]
    assert "not for release: A disclosure in it is unreviewed" in told.stderr
    assert "UNREVIEWED" in {each["code"] for each in handlers["statements"]}


def test_an_element_without_a_category_is_not_for_release_and_the_handler_is_told(run):
    tell(run, COLLECTED | {"elements": ["shoe_size"]})
    case = a_case(run)

    told = run("report", "--case", case, "--audience", "person")

    answer = json.loads(told.stdout)
    assert [line["category"] for line in answer["collected"]] == ["UNMAPPED"]
    assert not answer["for_release"]
    assert "has no category" in told.stderr


def test_two_accounts_that_are_one_person_stop_the_report_and_the_timeline_alike(run):
    link = {
        "event": "SubjectsLinked",
        "occurred_at": "2026-06-01T09:30:00Z",
        "other": "account:77",
        "relation": "SAME_PERSON",
        "evidence": "VERIFIED_LOGIN",
        "subject": PERSON,
        "system": "shop",
    }
    tell(run, link)

    report, timeline = run(*ASKED, ends_with=3), run("timeline", PERSON, ends_with=3)

    assert "two accounts are linked as one person" in timeline.stderr
    assert timeline.stderr == report.stderr


def test_an_issued_report_is_shown_as_it_is_and_today_is_told_where_it_would_not_pass(run):
    tell(run, COLLECTED)
    issued = run("report", "--case", a_case(run), "--audience", "person")
    report = issued.stderr.split("kept as report ")[1].split(";")[0]

    shown = run("reports", "show", report)

    assert shown.stdout.strip() == issued.stdout.strip()
    assert shown.stderr == ""


def test_a_report_names_the_checkpoint_it_was_made_under_and_can_be_made_again(run):
    tell(run, COLLECTED)
    case = a_case(run)
    before = json.loads(run("report", "--case", case).stdout)
    run("archive", "--once")
    issued = run("report", "--case", case, "--audience", "person")
    report = issued.stderr.split("kept as report ")[1].split(";")[0]

    tell(run, SHARED)
    run("archive", "--once")
    run("checkpoint")

    [first, _] = sorted((Path("home") / "archive" / "checkpoints").glob("*.note"))
    assert "checkpoint" not in before["versions"]
    assert json.loads(issued.stdout)["versions"]["checkpoint"] == sha256(first.read_bytes()).hexdigest()
    assert "the same to the byte" in run("reports", "verify", report).output
