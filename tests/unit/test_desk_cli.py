"""What a handler at a terminal sees of the desk."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from documents import a_document
from installations import begin
from worlds import a_subject

from lineage.cli import main
from lineage.desk.opening import open_desk
from lineage.report import Reporter
from lineage.report.gate import released
from lineage.report.request import Audience, Request, Verification
from lineage.settings import load_settings

Run = Callable[..., Result]

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n"
    "recipients: {carrier: {name: The carrier, category: RCP_SUPPORT_OPS}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
PERSON = "account:42"
COLLECTED = {
    "event": "Collected",
    "subject": PERSON,
    "occurred_at": "2026-06-01T09:30:00Z",
    "elements": ["email_address"],
    "source": "customer",
    "purposes": ["sell_goods"],
    "system": "shop",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line of `clerk-7`, in an installation of its own with a policy and one event."""
    monkeypatch.chdir(tmp_path)
    for name in ("LOG", "DESK_URL", "SECRET", "SECRET_FILE"):
        monkeypatch.delenv(f"LINEAGE_{name}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_ACTOR", "clerk-7")
    begin(tmp_path, POLICY, json.dumps(COLLECTED))

    def run(*arguments: object, given: str | None = None, ends_with: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == ends_with, result.output
        return result

    return run


@pytest.fixture
def case(run: Run) -> UUID:
    """A request received ten days ago."""
    received = datetime.now(UTC) - timedelta(days=10)
    opened = run("case", "open", PERSON, "--received", received.isoformat(), "--via", "FORM")
    return UUID(opened.output.split()[1].rstrip(":"))


def rows(result: Result) -> list[dict[str, Any]]:
    return json.loads(result.stdout)


def shown(run: Run, case: UUID) -> dict[str, Any]:
    return rows(run("case", "show", case, "--format", "json"))[0]


def issued(request: Request | None = None, document: dict[str, Any] | None = None) -> UUID:
    """A report that is on the desk, with one event that a person has to judge."""
    request = request or Request(subject=uuid4(), received=datetime.now(UTC))
    if document is None:
        document = a_document()
    with open_desk(load_settings()) as desk:
        return desk.issue(
            released(document, request.verification, request.blocks, request.audience),
            request,
            positions=document["positions"],
            by="clerk-7",
            at=datetime.now(UTC),
        )


def test_a_case_tells_what_it_shows_and_until_when_to_answer(run, case):
    before = shown(run, case)
    assert (before["level"], before["lacks"], before["answered"]) == ("V0_NONE", "VERIFICATION", False)

    said = run("case", "verify", case, "--method", "ACCOUNT").output
    assert "V0_NONE; ask for REAUTHENTICATION" in said
    assert "V_ACCOUNT" in run("case", "reauthenticate", case).output

    assert "V2_HIGH" in run("case", "hold", case, "--reason", "ACCOUNT_TAKEOVER").output
    held = shown(run, case)
    assert (held["level"], held["held"], held["due"]) == ("V0_NONE", True, before["due"])

    run("case", "extend", case, "--reason", "COMPLEXITY")
    assert shown(run, case)["due"] > before["due"]
    assert "once" in run("case", "extend", case, "--reason", "COMPLEXITY", ends_with=1).stderr


def test_a_login_before_the_request_is_refused(run, case):
    before = datetime.now(UTC) - timedelta(days=13)
    refused = run("case", "reauthenticate", case, "--at", before.isoformat(), ends_with=1)
    assert "log in again" in refused.stderr


def test_nothing_can_be_entered_that_has_not_happened(run, case):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert "future" in run("case", "reauthenticate", case, "--at", tomorrow.isoformat(), ends_with=1).stderr


def test_an_agent_shows_who_let_them(run):
    given = ("case", "open", PERSON, "--received", "2026-06-15", "--via", "AGENT", "--requested-by", "AGENT")
    case = run(*given, "--at", "2026-06-16T10:00Z").output.split()[1].rstrip(":")
    run("case", "verify", case, "--method", "TWO_DATA_POINTS")
    assert shown(run, case)["lacks"] == "AUTHORITY"

    run("case", "authority", case, "VIDEO_CALL", "--document", "vault/1", ends_with=1)
    assert (
        "V1_REASONABLE" in run("case", "authority", case, "SIGNED_PERMISSION", "--document", "vault/1").output
    )


def test_cases_are_listed_the_first_due_at_the_top(run, case):
    late = datetime.now(UTC) - timedelta(days=40)
    run("case", "open", PERSON, "--received", late.isoformat(), "--via", "MAIL")

    dues = [each["due"] for each in rows(run("case", "list", "--open", "--format", "json"))]
    assert len(dues) == 2
    assert dues == sorted(dues)
    assert str(case) in run("case", "list").output


def test_an_unknown_case_is_refused(run):
    assert "no case" in run("case", "show", uuid4(), ends_with=1).stderr


def test_issued_reports_are_listed_and_shown_and_the_reading_is_noted(run):
    first, second = issued(), issued()
    listed = rows(run("reports", "list", "--format", "json"))
    assert [each["report"] for each in listed] == [str(second), str(first)]
    assert listed[0]["to_review"] == 1

    shown_again = run("reports", "show", first)
    document = json.loads(shown_again.stdout)
    assert document["digest"] == listed[1]["digest"]
    assert "today it would not be in order" in shown_again.stderr  # it is an invented document
    [noted] = rows(run("access-log", "--format", "json"))
    assert (noted["actor"], noted["kind"], noted["reason"]) == ("clerk-7", "REPORT", "REPORTS_SHOW")


def test_two_reports_are_compared_in_words(run):
    document = a_document()
    source = {"category": "SRC_PUBLIC", "wording": "Public records", "evidence": None}
    first, second = (issued(document=document | {"sources": each}) for each in ([], [source]))

    assert run("reports", "diff", first, second).output == "sources: SRC_PUBLIC is new.\n"
    assert run("reports", "diff", first, first).output == "It says the same.\n"


def test_two_reports_make_a_letter_of_what_changed(run, tmp_path):
    request = Request(subject=a_subject(), received=datetime.now(UTC))
    document = a_document(under_order=[], for_review=[]) | {
        block: [] for block in ("collected", "purposes", "third_parties")
    }
    document |= {block: {"pairs": [], "statement": "NONE"} for block in ("sold_or_shared", "disclosed")}
    source = {"category": "SRC_PUBLIC", "wording": "Public records", "evidence": None}
    first, second = (issued(request, document | {"sources": each}) for each in ([], [source]))

    table = run("reports", "diff", first, second, "--format", "csv").stdout
    [line] = [line for line in csv.DictReader(StringIO(table.lstrip("\ufeff"))) if line["Source"]]
    assert (line["Source"], line["What changed"]) == ("Public records", "New")
    page = tmp_path / "changed.html"
    run("reports", "diff", first, second, "--format", "html", "--language", "es", "-o", page)
    assert "Registros públicos" in page.read_text(encoding="utf-8")


def test_no_letter_is_made_of_two_people(run):
    assert "two people" in run("reports", "diff", issued(), issued(), "--format", "html", ends_with=1).stderr


def test_what_changed_is_in_english_unless_it_is_a_letter(run):
    report = issued()
    assert "Ask for a letter" in run("reports", "diff", report, "--language", "es", ends_with=2).stderr


def test_what_a_report_leaves_open_is_decided_once(run):
    report = issued()
    [open_] = rows(run("reviews", "list", "--format", "json"))
    assert open_["report"] == str(report)
    run("reviews", "decide", uuid4(), "--report", report, "--kind", "SALE", "--reason", "X1", ends_with=1)

    decided = ("--report", report, "--kind", "BP_THIRD_PARTY", "--reason", "CONTRACT_FOUND")
    assert "position 1" in run("reviews", "decide", open_["event"], *decided).output
    assert rows(run("reviews", "list", "--format", "json")) == []
    [made] = rows(run("reviews", "list", "--decided", "--format", "json"))
    assert (made["decided"], made["by"], made["position"]) == ("BP_THIRD_PARTY", "clerk-7", 1)


def test_two_accounts_are_told_apart_by_a_person(run):
    decided = ("--decided", "DIFFERENT_PEOPLE", "--reason", "SHARED_DEVICE")
    assert "position 1" in run("reviews", "link", PERSON, "account:77", *decided).output
    run("reviews", "link", PERSON, PERSON, *decided, ends_with=1)


def test_the_access_log_can_be_read_by_person(run):
    issued_about = [a_subject(), a_subject()]
    for subject in issued_about:
        run("reports", "show", issued(Request(subject=subject, received=datetime.now(UTC))))

    [noted] = rows(run("access-log", "--subject", issued_about[0], "--format", "json"))
    assert noted["subject"] == str(issued_about[0])
    assert len(rows(run("access-log", "--limit", "1", "--format", "json"))) == 1


def test_a_decision_about_supplements_needs_its_reason(run):
    assert "belong together" in run("reports", "stale", "--supplement", "SEND", ends_with=2).stderr


def test_a_report_is_verified_goes_stale_and_is_decided_about(run):
    from lineage.cli.opened import caught_up
    from lineage.publish import pseudonymiser_of

    here = load_settings()
    request = Request(
        subject=pseudonymiser_of(here).token(PERSON)[0],
        received=datetime.now(UTC),
        verification=Verification.V1_REASONABLE,
        audience=Audience.PERSON,
    )
    with caught_up(here) as store:
        [document] = Reporter(store.cursor()).report([request])
    report = issued(request, document)
    assert "the same to the byte" in run("reports", "verify", report).output
    assert rows(run("reports", "stale", "--format", "json")) == []

    run("publish", "-", given=json.dumps(COLLECTED | {"elements": ["order_history"]}))
    [found] = rows(run("reports", "stale", "--format", "json"))
    assert found["report"] == str(report)
    assert "PI_D_COMMERCIAL is new" in run("reports", "diff", report).output
    assert "the same to the byte" in run("reports", "verify", report).output

    run("reports", "stale", "--supplement", "SEND", "--reason", "BACKFILL")
    assert rows(run("reports", "stale", "--format", "json")) == []


LINK = {
    "other": "cookie:c7",
    "occurred_at": "2026-06-02T09:30:00Z",
    "relation": "SAME_PERSON",
    "evidence": "VERIFIED_LOGIN",
}


def told(run: Run, event: str, **given: Any) -> None:
    """One more event of the person."""
    run("publish", "-", given=json.dumps({"event": event, "subject": PERSON, **given}))


def answered(run: Run, **asked: Any) -> UUID:
    """A report about the person that was issued now."""
    from lineage.cli.opened import caught_up
    from lineage.publish import pseudonymiser_of

    here = load_settings()
    subject = pseudonymiser_of(here).token(PERSON)[0]
    request = Request(subject=subject, received=datetime.now(UTC), **asked)
    with caught_up(here) as store:
        [document] = Reporter(store.cursor()).report([Request(subject=subject, received=request.received)])
    return issued(request, document)


def test_a_report_that_showed_what_was_unlinked_since_is_marked(run):
    told(run, "SubjectsLinked", **LINK)
    of_cookie = {name: value for name, value in COLLECTED.items() if name not in ("event", "subject")}
    told(run, "Collected", **of_cookie | {"subject": "cookie:c7", "elements": ["page_view"]})
    showed = answered(run)
    showed_nothing = answered(run, audience=Audience.PERSON)
    only_others = answered(run, blocks=("sources",))
    assert [each["showed_unlinked"] for each in rows(run("reports", "list", "--format", "json"))] == [
        False
    ] * 3

    told(run, "SubjectsUnlinked", **LINK)
    marked = {
        each["report"]: each["showed_unlinked"] for each in rows(run("reports", "list", "--format", "json"))
    }
    assert marked == {str(showed): True, str(showed_nothing): False, str(only_others): True}
    [first, *_] = rows(run("reports", "stale", "--format", "json"))
    assert first["showed_unlinked"] is True


def test_a_report_whose_linked_token_had_told_nothing_is_not_marked(run):
    told(run, "SubjectsLinked", **LINK)
    answered(run)
    told(run, "SubjectsUnlinked", **LINK)

    [listed] = rows(run("reports", "list", "--format", "json"))
    assert listed["showed_unlinked"] is False


def test_a_decision_marks_a_report_that_showed_a_different_person(run):
    told(run, "SubjectsLinked", **LINK)
    of_cookie = {name: value for name, value in COLLECTED.items() if name not in ("event", "subject")}
    told(run, "Collected", **of_cookie | {"subject": "cookie:c7", "elements": ["page_view"]})
    answered(run)
    run("reviews", "link", PERSON, "cookie:c7", "--decided", "DIFFERENT_PEOPLE", "--reason", "SHARED_DEVICE")

    [listed] = rows(run("reports", "list", "--format", "json"))
    assert listed["showed_unlinked"] is True
    assert rows(run("reports", "stale", "--format", "json"))[0]["showed_unlinked"] is True


def test_a_handlers_copy_is_the_same_to_the_byte_however_far_the_log_went(run, case):
    report = answered(run)
    told(run, "Collected", **{name: COLLECTED[name] for name in COLLECTED.keys() - {"event", "subject"}})

    assert "the same to the byte" in run("reports", "verify", report).output


def two_accounts(run: Run) -> None:
    """Another account that the person's cookie logged into as well."""
    told = {"event": "SubjectsLinked", "other": "cookie:c7", "occurred_at": "2026-06-02T09:30:00Z"}
    told |= {"relation": "SAME_PERSON", "evidence": "VERIFIED_LOGIN"}
    for account in (PERSON, "account:77"):
        run("publish", "-", given=json.dumps(told | {"subject": account}))
    run("publish", "-", given=json.dumps(COLLECTED | {"subject": "account:77", "elements": ["page_view"]}))


def test_every_command_follows_what_was_decided_about_a_link(run, case, tmp_path):
    asked = ("report", PERSON, "--received", "2026-07-01")
    before = run(*asked).stdout
    two_accounts(run)
    run(*asked, ends_with=3)
    run("timeline", PERSON, ends_with=3)

    told_apart = ("--decided", "DIFFERENT_PEOPLE", "--reason", "SHARED_DEVICE")
    run("reviews", "link", PERSON, "account:77", *told_apart)
    after = json.loads(run(*asked).stdout)
    assert after["collected"] == json.loads(before)["collected"]
    assert (after["positions"]["desk"], "desk" in json.loads(before)["positions"]) == (1, False)
    assert "page_view" not in run("timeline", PERSON).stdout

    requests = tmp_path / "requests.csv"
    requests.write_text(f"id,subject,received\none,{PERSON},2026-07-01\n")
    run("report", "--batch", requests, "-o", tmp_path / "out")
    assert json.loads((tmp_path / "out" / "one.json").read_text()) == after

    run("reviews", "link", PERSON, "account:77", "--decided", "SAME_PERSON", "--reason", "BOTH_LOGINS")
    (tmp_path / "out" / "one.json").unlink()
    run("report", "--batch", requests, "-o", tmp_path / "out")
    assert json.loads((tmp_path / "out" / "one.json").read_text()) == after
    assert len(json.loads(run(*asked).stdout)["collected"]) > len(after["collected"])


def test_every_answer_follows_what_was_decided_about_an_event(run, case):
    of_person = {name: COLLECTED[name] for name in COLLECTED.keys() - {"event", "source"}}
    told(run, "Shared", **of_person | {"recipient": "carrier", "outcome": "GRANTED"})
    run("report", "--case", case)
    [report] = [each["report"] for each in rows(run("reports", "list", "--format", "json"))]
    asked = ("report", PERSON, "--received", "2026-07-01")
    [before] = json.loads(run(*asked).stdout)["sold_or_shared"]["pairs"]
    assert (before["kinds"], before["unreviewed"]) == (["SALE"], True)

    [open_] = rows(run("reviews", "list", "--format", "json"))
    decided = ("--report", report, "--kind", "BP_THIRD_PARTY", "--reason", "CONTRACT_FOUND")
    run("reviews", "decide", open_["event"], *decided)

    after = json.loads(run(*asked).stdout)
    assert (after["sold_or_shared"]["pairs"], after["for_review"]) == ([], [])
    assert [pair["kinds"] for pair in after["disclosed"]["pairs"]] == [["BP_THIRD_PARTY"]]
    assert "the same to the byte" in run("reports", "verify", report).output


def test_an_issued_report_is_made_again_by_the_decisions_of_its_time(run, case):
    two_accounts(run)
    run("reviews", "link", PERSON, "account:77", "--decided", "DIFFERENT_PEOPLE", "--reason", "SHARED_DEVICE")
    run("report", "--case", case)
    [report] = [each["report"] for each in rows(run("reports", "list", "--format", "json"))]
    run("reviews", "link", PERSON, "account:77", "--decided", "SAME_PERSON", "--reason", "BOTH_LOGINS")

    assert "the same to the byte" in run("reports", "verify", report).output
    assert "decision(s) were taken at the desk" in run("reports", "diff", report).output
    assert [each["report"] for each in rows(run("reports", "stale", "--format", "json"))] == [report]


def test_records_from_before_the_secret_was_changed_are_found_by_the_identifier(run, monkeypatch, tmp_path):
    asked = ("report", PERSON, "--received", "2026-07-01")
    before = json.loads(run(*asked).stdout)
    report = answered(run)
    retired = (tmp_path / "home" / "secret").read_text().strip()
    monkeypatch.setenv("LINEAGE_SECRET", "5e" * 32)
    monkeypatch.setenv("LINEAGE_SECRET_RETIRED", retired)
    assert json.loads(run(*asked).stdout)["collected"] == []

    run("secret", "rotate", "-", given=f"{PERSON}\nemail:nobody\n", ends_with=1)
    refused = run("secret", "rotate", "-", given=f"email:nobody\n{PERSON}\n", ends_with=1)
    assert "line 1: " in refused.stderr
    assert "nobody" not in refused.output
    assert json.loads(run(*asked).stdout)["collected"] == before["collected"]
    assert "the same to the byte" in run("reports", "verify", report).output

    listed = rows(run("reports", "list", "--subject", PERSON, "--format", "json"))
    assert [each["report"] for each in listed] == [str(report)]
    found = rows(run("access-log", "--subject", PERSON, "--format", "json"))
    assert {each["subject"] for each in found} > {before["subject"]["token"]}
    assert [each["at"] for each in found] == sorted((each["at"] for each in found), reverse=True)

    monkeypatch.delenv("LINEAGE_SECRET_RETIRED")
    assert rows(run("reports", "list", "--subject", PERSON, "--format", "json")) == []
    assert "LINEAGE_SECRET_RETIRED" in run("secret", "rotate", "-", given=PERSON, ends_with=1).stderr
