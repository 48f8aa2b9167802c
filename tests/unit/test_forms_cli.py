"""How does an answer get into a person's hands: as a page, a letter or a table, in their language?"""

import json
from pathlib import Path

import pytest
from reading_forms import of_html
from test_report_cli import ASKED, COLLECTED, FACTS, PERSON, RECEIVED, Run, a_case, run, tell

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
    issued = run("report", "--case", a_case(run), "--audience", "person")
    report = issued.stderr.split("kept as report ")[1].split(";")[0]

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
