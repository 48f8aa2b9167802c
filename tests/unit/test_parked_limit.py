"""Does a deploy that breaks everything stop the projector, and a single bad record never?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from installations import begin
from projecting import column, contents
from records import NOW, collected, record

from lineage.cli import main
from lineage.errors import TooManyParked
from lineage.logs import EmbeddedLog
from lineage.projection.limits import Acceptance, ParkedLimit
from lineage.projector import Projector
from lineage.rebuild import rebuild
from lineage.settings import Settings
from lineage.store import Store

BAD = (b"?", b"?")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "lineage.duckdb", say=lambda message: None) as opened:
        yield opened


def tell(log: EmbeddedLog, *, bad: int, good: int = 0) -> None:
    for number in range(good):
        log.append(*record(collected(sequence=number + 1)))
    for _ in range(bad):
        log.append(*BAD)
    log.flush()


def accepted(most: int, last: int) -> ParkedLimit:
    return ParkedLimit(3, lambda: [Acceptance(most, {0: (0, last)})])


def test_one_bad_record_more_than_the_limit_stops_before_anything_of_its_batch_is_written(
    log: EmbeddedLog, store: Store
) -> None:
    tell(log, bad=3, good=2)
    Projector(log, store, limit=ParkedLimit(3)).catch_up()
    tell(log, bad=1, good=2)
    before, positions = contents(store), store.positions(log.name)

    with pytest.raises(TooManyParked, match=r"4 of the records 0/0 to 0/7 .*UNDECODABLE 1"):
        Projector(log, store, limit=ParkedLimit(3)).catch_up()

    assert (contents(store), store.positions(log.name)) == (before, positions)
    assert Projector(log, store, limit=ParkedLimit(4)).catch_up().parked == 1


def test_the_message_names_the_producers_whose_names_can_be_read(log: EmbeddedLog, store: Store) -> None:
    for number in range(2):
        _, value = record(collected(sequence=number + 1, producer="till"))
        log.append(b"another key than its own", value)
    _, value = record(collected(sequence=3, producer="Ana Lopez, ana@example.com"))
    log.append(b"another key than its own", value)
    log.flush()

    with pytest.raises(
        TooManyParked, match=r"KEY_MISMATCH 3; told by till 2, unreadable producers 1"
    ) as told:
        Projector(log, store, limit=ParkedLimit(0)).catch_up()

    assert "Ana" not in str(told.value)


def test_bad_records_that_lie_far_apart_never_stop_it(log: EmbeddedLog, store: Store) -> None:
    for _ in range(6):
        tell(log, bad=1, good=4)

    assert Projector(log, store, limit=ParkedLimit(1, within=5)).catch_up().parked == 6


def test_what_was_accepted_is_parked_also_by_a_rebuild_and_the_next_bad_record_stops_nothing(
    log: EmbeddedLog, store: Store, tmp_path: Path
) -> None:
    tell(log, bad=20)
    Projector(log, store, limit=accepted(20, last=19)).catch_up()
    tell(log, bad=1)
    Projector(log, store, limit=accepted(20, last=19)).catch_up()

    assert column(store, "select count(*) from parked") == [21]
    assert rebuild(log, tmp_path / "again.duckdb", limit=accepted(20, last=19)).parked == 21


def test_an_acceptance_covers_nothing_when_more_was_refused_than_accepted(
    log: EmbeddedLog, store: Store
) -> None:
    tell(log, bad=20)
    with pytest.raises(TooManyParked, match="20 of the records"):
        Projector(log, store, limit=accepted(19, last=19)).catch_up()


@given(
    is_bad=st.lists(st.booleans(), max_size=40),
    batch=st.integers(1, 45),
    again=st.integers(1, 45),
    most=st.integers(0, 5),
)
@settings(max_examples=25, deadline=None)
def test_whether_it_stops_does_not_depend_on_where_batches_are_cut(
    tmp_path_factory: pytest.TempPathFactory, is_bad: list[bool], batch: int, again: int, most: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    limit = ParkedLimit(most, within=8)
    with EmbeddedLog(folder / "log.sqlite", clock=lambda: NOW) as log:
        for number, bad in enumerate(is_bad):
            log.append(*(BAD if bad else record(collected(sequence=number + 1))))
        log.flush()
        crowded = any(sum(is_bad[start : start + 8]) > most for start in range(len(is_bad)))

        for size in (batch, again):
            with Store(folder / f"{size}.duckdb", say=lambda message: None) as store:
                stopped = False
                try:
                    Projector(log, store, batch_records=size, limit=limit).catch_up()
                except TooManyParked:
                    stopped = True
            assert stopped == crowded


def run(*words: str, ends_with: int = 0) -> Result:
    done = CliRunner().invoke(main, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == ends_with, done.output
    return done


def test_a_person_at_the_terminal_is_told_what_to_do_and_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path))
    monkeypatch.setenv("LINEAGE_PARKED_LIMIT", "4")
    with EmbeddedLog(tmp_path / "log.sqlite", name="personal-data-events", clock=lambda: NOW) as log:
        tell(log, bad=10)
        stopped = run("project", ends_with=3)
        assert "lineage project --accept-parked" in stopped.stderr

        run("project", "--accept-parked", "10", ends_with=2)
        run("project", "--accept-parked", "9", "--reason", "TEST_DATA", ends_with=3)
        assert "10 parked" in run("project", "--accept-parked", "10", "--reason", "TEST_DATA").stdout
        tell(log, bad=1)
        assert "11 parked" in run("project").stdout
        assert "11 parked" in run("rebuild").stdout


POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
TOLD = json.dumps(
    {
        "event": "Collected",
        "subject": "account:42",
        "occurred_at": "2026-06-01T09:30:00Z",
        "elements": ["email_address"],
        "source": "customer",
        "purposes": ["sell_goods"],
        "system": "shop",
    }
)
RECEIVED = ("account:42", "--received", "2026-06-15")


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that knew everything up to now, and whose projector then met too many bad records."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LINEAGE_{name.upper()}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINEAGE_PARKED_LIMIT", "4")
    begin(tmp_path, POLICY, TOLD)
    whole = json.loads(run("report", *RECEIVED, "--format", "json").stdout)
    assert (whole["coverage"]["complete"], whole["provisional"]) == (True, False)
    assert whole["sold_or_shared"]["statement"] == "NONE"
    with EmbeddedLog(tmp_path / "home" / "log.sqlite", name="personal-data-events") as log:
        tell(log, bad=10)
    return tmp_path


def test_while_the_projector_is_stopped_an_answer_is_given_and_denies_nothing(stopped: Path) -> None:
    done = run("report", *RECEIVED, "--format", "json")
    answer = json.loads(done.stdout)
    assert "lineage project --accept-parked" in done.stderr
    assert [gap["reason"] for gap in answer["coverage"]["gaps"]] == ["LAG"]
    assert answer["sold_or_shared"] == {"pairs": [], "statement": "COVERAGE_INCOMPLETE"}
    assert answer["provisional"]
    assert [line["category"] for line in answer["collected"]]

    run("project", "--accept-parked", "10", "--reason", "TEST_DATA")
    answer = json.loads(run("report", *RECEIVED, "--format", "json").stdout)
    assert [gap["reason"] for gap in answer["coverage"]["gaps"]] == ["PARKED"]
    assert not answer["provisional"]


def test_an_answer_later_than_what_is_projected_has_the_gap_once(stopped: Path) -> None:
    done = run("report", "account:42", "--received", "2100-01-01", "--format", "json")
    [gap] = json.loads(done.stdout)["coverage"]["gaps"]
    assert (gap["reason"], gap["to"]) == ("LAG", "2100-01-02T08:00:00.000000Z")


@pytest.mark.parametrize(
    "question",
    [
        ("report", *RECEIVED, "--format", "text"),
        ("report", *RECEIVED, "--for-customer", "nobody"),
        ("timeline", "account:42"),
        ("coverage", "--received", "2026-06-15"),
        ("sql", "select count(*) from events"),
        ("parked", "list"),
        ("case", "open", *RECEIVED, "--via", "FORM"),
        ("snapshot", "taken"),
    ],
    ids=lambda question: question[0],
)
def test_whoever_only_reads_goes_on_and_is_told_so(stopped: Path, question: tuple[str, ...]) -> None:
    ends_with = 1 if "--for-customer" in question else 0  # there is no such customer
    assert "as far as the log is projected" in run(*question, ends_with=ends_with).stderr


def test_the_gap_stands_in_the_coverage_too_and_in_every_answer_of_a_batch(stopped: Path) -> None:
    told = json.loads(
        run("coverage", "--received", "2026-06-15", "--part", "gaps", "--format", "json").stdout
    )
    assert [gap["reason"] for gap in told] == ["LAG"]
    batch = stopped / "batch.csv"
    batch.write_text("id,subject,received\na,account:42,2026-06-15\n")
    run("report", "--batch", str(batch), "-o", str(stopped / "reports"))
    answer = json.loads((stopped / "reports" / "a.json").read_text())
    assert [gap["reason"] for gap in answer["coverage"]["gaps"]] == ["LAG"]


@pytest.mark.parametrize("command", ["project", "rebuild"])
def test_whoever_writes_the_database_stops_for_a_person(stopped: Path, command: str) -> None:
    assert "lineage project --accept-parked" in run(command, ends_with=3).stderr


def test_where_nothing_is_projected_there_is_nothing_to_tell(stopped: Path) -> None:
    (stopped / "home" / "lineage.duckdb").unlink()
    assert "would be parked" in run("report", *RECEIVED, ends_with=3).stderr
