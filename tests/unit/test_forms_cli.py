"""How does an answer get into a person's hands: as a page, a letter or a table, in their language?"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from reading_forms import of_html
from test_desk_cli import LINK
from test_report_cli import ASKED, COLLECTED, FACTS, PERSON, RECEIVED, SHARED, Run, a_case, run, tell

from lineage.words import words

__all__ = ["run"]

PERSONS = ("--audience", "person", "--verification", "V2_HIGH")


def test_the_forms_are_for_the_person_unless_the_handlers_is_asked_for(run: Run) -> None:
    tell(run, COLLECTED)
    token = json.loads(run(*ASKED).stdout)["subject"]["token"]

    theirs = run(*ASKED, "--verification", "V2_HIGH", "--format", "html").stdout
    ours = run(*ASKED, "--audience", "handler", "--format", "html").stdout

    assert token not in theirs
    assert token in ours
    assert "What backs this line" in ours


def test_a_page_speaks_the_language_that_is_asked_for(run: Run) -> None:
    tell(run, COLLECTED)

    page = run(*ASKED, *PERSONS, "--format", "html", "--language", "es").stdout

    spanish = words("es")
    assert '<html lang="es">' in page
    assert spanish["blocks.collected.heading"] in of_html(page.encode())
    assert '<span lang="en">to sell</span>' in page  # the business's own words


def test_an_answer_made_before_is_rendered_without_a_database(run: Run, tmp_path: Path) -> None:
    tell(run, COLLECTED)
    answer, page = tmp_path / "answer.json", tmp_path / "answer.html"
    run(*ASKED, *PERSONS, "-o", answer)
    at_once = run(*ASKED, *PERSONS, "--format", "html").stdout

    run("report", "render", answer, "--format", "html", "-o", page)

    assert parts(page.read_text()) == parts(at_once)


def parts(page: str) -> list[str]:
    """Its headings: the digests of two answers differ."""
    return list(of_html(page.encode()))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{}", "is not in order"),
        ("no json", "is not one JSON document"),
        ('{"stopped": "TWO_ACCOUNTS"}', "two accounts are one person"),
    ],
)
def test_what_is_no_answer_gets_no_form(run: Run, tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "answer.json"
    file.write_text(content)

    assert says in run("report", "render", file, "--format", "csv", ends_with=1).stderr


def test_an_answer_that_was_changed_by_hand_gets_no_form(run: Run, tmp_path: Path) -> None:
    tell(run, COLLECTED)
    answer = tmp_path / "answer.json"
    run(*ASKED, *PERSONS, "-o", answer)
    changed = json.loads(answer.read_text())
    changed["collected"] = []
    answer.write_text(json.dumps(changed))

    assert "make the report anew" in run("report", "render", answer, ends_with=1).stderr


def test_an_issued_report_is_shown_in_any_form(run: Run, tmp_path: Path) -> None:
    tell(run, COLLECTED)
    report = kept(run("report", "--case", a_case(run), "--audience", "person"))

    page = run("reports", "show", report, "--format", "html").stdout
    run("reports", "show", report, "--format", "csv", "-o", tmp_path / "answer.csv")

    assert "Identifiers" in page
    assert b"Identifiers" in (tmp_path / "answer.csv").read_bytes()


def test_a_batch_leaves_a_letter_beside_each_answer_and_goes_on_where_it_ended(
    run: Run, tmp_path: Path
) -> None:
    tell(run, COLLECTED)
    requests, folder = tmp_path / "requests.csv", tmp_path / "answers"
    requests.write_text(
        "id,subject,received,verification\n"
        f"one,{PERSON},{RECEIVED},V2_HIGH\ntwo,account:43,{RECEIVED},V0_NONE\n"
    )
    batch = ("report", "--batch", requests, "-o", folder, "--format", "html")

    run(*batch)
    pages = {page.name: page.read_bytes() for page in folder.glob("*.html")}
    (folder / "one.html").unlink()
    again = run(*batch)

    assert set(pages) == {"one.html", "two.html"}
    assert "1 reports written" in again.stderr
    assert {page.name: page.read_bytes() for page in folder.glob("*.html")} == pages
    assert json.loads((folder / "one.json").read_text())["subject"]["token"] is None


def test_a_folder_of_handlers_copies_takes_no_letters_for_persons(run: Run, tmp_path: Path) -> None:
    tell(run, COLLECTED)
    requests, folder = tmp_path / "requests.csv", tmp_path / "answers"
    requests.write_text(f"id,subject,received\none,{PERSON},{RECEIVED}\n")
    run("report", "--batch", requests, "-o", folder)

    refused = run("report", "--batch", requests, "-o", folder, "--format", "html", ends_with=1)

    assert "copies for somebody else" in refused.stderr


def test_why_a_longer_period_is_refused_stands_in_the_letter_with_its_facts(run: Run) -> None:
    tell(run, COLLECTED)
    given = ("--everything", "--refuse", "DISPROPORTIONATE", "--facts", FACTS)

    page = run(*ASKED, *PERSONS, *given, "--format", "html").stdout

    assert FACTS in page
    assert "disproportionate effort" in page


def test_the_json_is_asked_for_in_no_other_language(run: Run) -> None:
    assert "the JSON is in English" in run(*ASKED, "--language", "es", ends_with=2).stderr


def kept(issued: Result) -> str:
    """Which report it is kept as."""
    return issued.stderr.split("kept as report ")[1].split(";")[0]


def a_late_sale() -> dict[str, object]:
    """From before the request, told when the person has an answer already."""
    then = datetime.now(UTC) - timedelta(days=20)
    return {**SHARED, "occurred_at": then.isoformat(), "consideration": "MONEY"}


@pytest.mark.parametrize("audience", ["person", "handler"])
def test_what_was_told_late_goes_out_as_a_supplement_that_begins_with_it(run: Run, audience: str) -> None:
    tell(run, COLLECTED)
    report = kept(run("report", "--case", a_case(run), "--audience", audience))
    tell(run, a_late_sale())

    issued = run("reports", "supplement", report, "--format", "html")
    shown = run("reports", "show", kept(issued), "--format", "html")

    for page in (issued.stdout, shown.stdout):
        assert words("en")["difference.supplement.heading"] in of_html(page.encode())
    assert json.loads(run("reports", "show", kept(issued)).stdout)["request"]["supplement_of"] == report
    left = [each["report"] for each in json.loads(run("reports", "stale", "--format", "json").stdout)]
    assert report not in left


def test_a_supplement_is_for_whom_and_of_what_its_report_was(run: Run) -> None:
    tell(run, COLLECTED)
    case = a_case(run, "--everything", "--blocks", "collected")
    refused = ("--refuse", "DISPROPORTIONATE", "--facts", FACTS)
    report = kept(run("report", "--case", case, "--audience", "person", *refused))
    tell(run, {**COLLECTED, "elements": ["order_history"]})

    answer = json.loads(run("reports", "supplement", report).stdout)

    assert answer["window"]["refusal"]["facts"] == FACTS
    assert answer["block_status"]["sources"] == "not_requested"
    assert answer["for_release"]
    assert answer["subject"]["token"] is None


def test_nothing_new_makes_no_supplement(run: Run) -> None:
    tell(run, COLLECTED)
    report = kept(run("report", "--case", a_case(run), "--audience", "person"))

    assert "nothing to add" in run("reports", "supplement", report, ends_with=1).stderr
    assert len(json.loads(run("reports", "list", "--format", "json").stdout)) == 1


def test_nobody_is_told_what_changed_who_is_not_verified_any_more(run: Run) -> None:
    tell(run, COLLECTED)
    case = a_case(run)
    report = kept(run("report", "--case", case, "--audience", "person"))
    run("case", "hold", case, "--reason", "FRAUD_SUSPECTED")
    tell(run, a_late_sale())

    assert "Nobody is verified" in run("reports", "supplement", report, ends_with=1).stderr


def test_what_a_report_showed_of_somebody_else_is_not_shown_in_a_letter_again(run: Run) -> None:
    tell(run, COLLECTED, {**LINK, "event": "SubjectsLinked", "subject": PERSON})
    tell(run, {**COLLECTED, "subject": LINK["other"], "elements": ["order_history"]})
    report = kept(run("report", "--case", a_case(run), "--audience", "person"))
    tell(run, {**LINK, "event": "SubjectsUnlinked", "subject": PERSON})

    refused = run("reports", "diff", report, "--format", "html", ends_with=1)
    issued = run("reports", "supplement", report, "--format", "html")

    assert "would show them again" in refused.stderr
    assert "would show them again" in issued.stderr
    assert words("en")["difference.supplement.heading"] not in of_html(issued.stdout.encode())
    assert json.loads(run("reports", "show", kept(issued)).stdout)["request"]["supplement_of"] == report
