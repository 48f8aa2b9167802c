"""The invented year: the same for everybody, complete, and without a trace of an identifier."""

import json
import logging
from pathlib import Path

import pytest

from lineage import demo
from lineage.forms import Form, made
from lineage.logs import EmbeddedLog
from lineage.rebuild import rebuild
from lineage.report import Reporter
from lineage.report.gate import released
from lineage.report.request import Audience, Verification, requests_of
from lineage.store import Store
from lineage.tokens import Pseudonymiser, Secret

PEOPLE = 12


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> demo.Made:
    """A year of twelve people, and the answer that one of them got."""
    return demo.run(tmp_path_factory.mktemp("home") / "demo", people=PEOPLE)


def test_the_answer_says_what_was_collected_and_to_whom_it_went(year: demo.Made) -> None:
    answer = json.loads(year.answer.read_text())

    assert answer == year.document
    assert answer["coverage"]["complete"] is True
    assert "PI_G_GEOLOCATION" in {line["category"] for line in answer["collected"]}
    assert {pair["recipient_category"] for pair in answer["sold_or_shared"]["pairs"]} == {"RCP_AD_NETWORK"}
    assert {"RCP_PAYMENT", "RCP_GOVERNMENT", "RCP_CLOUD_STORAGE"} <= {
        pair["recipient_category"] for pair in answer["disclosed"]["pairs"]
    }


def test_the_readme_shows_lines_of_the_answer_as_a_terminal_does(year: demo.Made) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    shown = readme.split("```text\n")[1].split("```")[0].splitlines()
    theirs = released(year.document, Verification.V2_HIGH, audience=Audience.PERSON)

    page = made(theirs, Form.TEXT).decode().splitlines()

    assert [line for line in shown if line != "…" and line not in page] == []


def test_every_run_makes_the_same_year(year: demo.Made, tmp_path: Path) -> None:
    again = demo.run(tmp_path / "demo", people=PEOPLE)

    assert again.document["answer_digest"] == year.document["answer_digest"]


def test_a_rebuilt_database_gives_everybody_the_same_answer(year: demo.Made) -> None:
    path = year.home / "lineage.duckdb"
    people = requests_of(everybody(year))
    with Store(path) as store:
        before = [each["answer_digest"] for each in Reporter(store.cursor()).report(people)]

    with EmbeddedLog(year.home / "log.sqlite") as log:
        rebuild(log, path, say=lambda message: None)

    with Store(path) as store:
        after = [each["answer_digest"] for each in Reporter(store.cursor()).report(people)]
    assert after == before
    assert len(set(after)) == len(people)


def test_many_asked_at_once_get_the_answers_they_get_one_by_one(year: demo.Made) -> None:
    people = requests_of(everybody(year))
    with Store(year.home / "lineage.duckdb") as store:
        together = Reporter(store.cursor()).report(people)
        one_by_one = Reporter(store.cursor())

        assert together == [one_by_one.report([person])[0] for person in people]


def test_no_identifier_stands_in_any_file_or_log_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        told = demo.run(tmp_path / "demo", people=PEOPLE)

    identifiers = {
        f"{sort}-{number}".encode() for sort in ("participant", "visitor") for number in range(PEOPLE)
    }
    files = [path for path in told.home.rglob("*") if path.is_file()]
    assert {"log.sqlite", "lineage.duckdb", "answer.json"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert not [each for each in identifiers if each in content], path.name
    assert not [each for each in identifiers if each.decode() in caplog.text]


def everybody(year: demo.Made) -> list[tuple]:
    pseudonymiser = Pseudonymiser(Secret.from_file(year.home / "secret"))
    names = [
        f"account:{'visitor' if number % 5 == 4 else 'participant'}-{number}" for number in range(PEOPLE)
    ]
    return [(pseudonymiser.token(name)[0], demo.RECEIVED) for name in names]
