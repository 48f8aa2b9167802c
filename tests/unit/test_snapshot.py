"""Do analysts get one state of everything while the projector runs, and does it stay as it was?"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner, Result
from consuming import Consuming
from projecting import a_store
from records import collected, population, record, report, shared

from lineage.cli import main
from lineage.errors import StoreInUse
from lineage.logs import EmbeddedLog
from lineage.operate.snapshot import answering, ask, take
from lineage.projector import Projector
from lineage.settings import Settings
from lineage.store import Store

ROOT = Path(__file__).parents[2]
VIEWS = {"events", "facts", "disclosures", "subjects", "coverage", "parked"}

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LINEAGE_{name.upper()}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A log with collections, disclosures, a report and a refused record."""
    home = tmp_path / "home"
    with EmbeddedLog(home / "log.sqlite") as log:
        for number in range(1, 11):
            log.append(*record(collected(sequence=number, elements=("email_address", "name"))))
        log.append(*record(shared(sequence=11)))
        log.append(*record(population(sequence=12)))
        log.append(*record(report(last_sequence=13)))
        log.append(b"?", b"?")
    return home


def counted(folder: Path) -> dict[str, int]:
    """Rows of each view, read by a process that knows nothing of lineage, from either form."""
    read = """
import duckdb, json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
views = json.loads((folder / "snapshot.json").read_text())["views"]
file = folder / "snapshot.duckdb"
reader = duckdb.connect(str(file), read_only=True) if file.exists() else duckdb.connect()
of = lambda view: view if file.exists() else f"read_parquet('{folder}/{view}.parquet')"
print(json.dumps({view: reader.execute(f"select count(*) from {of(view)}").fetchone()[0] for view in views}))
"""
    done = subprocess.run([sys.executable, "-c", read, folder], check=True, capture_output=True, timeout=60)
    found: dict[str, int] = json.loads(done.stdout)
    return found


EXPECTED = {"events": 12, "facts": 22, "disclosures": 2, "subjects": 11, "coverage": 1, "parked": 1}


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_a_snapshot_has_every_view_in_files_that_another_process_reads(
    run: Run, home: Path, tmp_path: Path, form: str
) -> None:
    done = run("snapshot", tmp_path / "snapshot", "--format", form)
    assert done.exit_code == 0, done.output
    assert counted(tmp_path / "snapshot") == EXPECTED
    told = json.loads((tmp_path / "snapshot" / "snapshot.json").read_text())
    assert {view: each["rows"] for view, each in told["views"].items()} == EXPECTED
    assert told["positions"] == {"personal-data-events/0": 13}
    assert told["views"]["events"]["columns"]["subject"].startswith("Token of the person")


def test_both_forms_have_the_rows_and_the_words_of_the_database(run: Run, home: Path, tmp_path: Path) -> None:
    for form in ("parquet", "duckdb"):
        run("snapshot", tmp_path / form, "--format", form)
    with Store(home / "lineage.duckdb") as store, store.cursor() as reader:
        wanted = {view: reader.execute(f"from {view} order by all").fetchall() for view in VIEWS}
    with duckdb.connect() as reader:
        reader.execute("set timezone = 'UTC'")
        for view in VIEWS:
            of = f"read_parquet('{tmp_path}/parquet/{view}.parquet')"
            assert reader.execute(f"from {of} order by all").fetchall() == wanted[view]
    with duckdb.connect(str(tmp_path / "duckdb" / "snapshot.duckdb"), read_only=True) as reader:
        reader.execute("set timezone = 'UTC'")
        for view in VIEWS:
            assert reader.execute(f"from {view} order by all").fetchall() == wanted[view]
        wordless = reader.execute(
            "select count(*) from duckdb_columns() where comment is null and not internal"
        )
        assert wordless.fetchall() == [(0,)]


def test_the_bytes_of_refused_records_are_not_in_it(run: Run, tmp_path: Path) -> None:
    with EmbeddedLog(tmp_path / "home" / "log.sqlite") as log:
        log.append(b"poisoned" * 50, b"poisoned" * 50)
    run("snapshot", tmp_path / "snapshot", "--format", "duckdb")
    for path in (tmp_path / "snapshot").iterdir():
        assert b"poisoned" not in path.read_bytes()


def test_a_running_projector_takes_it_and_goes_on(run: Run, home: Path, tmp_path: Path) -> None:
    projecting = Consuming(home)
    projecting.until(lambda found: found["lineage_records_total"] == 14)
    done = run("snapshot", tmp_path / "first", "--format", "duckdb")
    assert done.exit_code == 0, done.output
    with EmbeddedLog(home / "log.sqlite") as log:
        log.append(*record(collected(sequence=13)))
    projecting.until(lambda found: found["lineage_records_total"] == 15)
    assert run("snapshot", tmp_path / "second").exit_code == 0
    refused = run("snapshot", tmp_path / "second")
    assert (refused.exit_code, "not empty" in refused.output) == (1, True)
    assert projecting.stops()[0] == 0
    assert counted(tmp_path / "first") == EXPECTED
    assert counted(tmp_path / "second")["events"] == EXPECTED["events"] + 1
    assert list((home / "snapshots-asked").iterdir()) == []


def test_it_is_one_state_though_batches_are_written_all_the_while(home: Path, tmp_path: Path) -> None:
    stop = Signal()

    def publish() -> None:
        number = 13
        with EmbeddedLog(home / "log.sqlite") as log:
            while not stop.is_set():
                log.append(*record(collected(sequence=number, elements=("email_address", "name"))))
                log.flush()
                number += 1

    with EmbeddedLog(home / "log.sqlite") as log, a_store(home) as store:
        Projector(log, store).catch_up()
        writing = [
            Thread(target=publish),
            Thread(target=lambda: Projector(log, store, batch_records=5, wait_seconds=0.01).follow(stop)),
        ]
        for each in writing:
            each.start()
        try:
            taken = []
            with store.cursor() as reader:
                for number in range(5):
                    taken.append(take(reader, tmp_path / str(number)))
        finally:
            stop.set()
            for each in writing:
                each.join(timeout=60)
    for number, each in enumerate(taken):
        events = pl.read_parquet(tmp_path / str(number) / "events.parquet")
        facts = pl.read_parquet(tmp_path / str(number) / "facts.parquet")
        assert len(facts) == events["elements"].list.len().sum()
        assert events["log_offset"].max() <= each.positions["personal-data-events/0"]  # type: ignore[operator]
        assert len(events) + 2 == each.positions["personal-data-events/0"] + 1  # the report, the refused one
    assert taken[0].positions != taken[-1].positions


def test_whoever_owns_the_database_but_takes_none_is_named(tmp_path: Path) -> None:
    owner = StoreInUse("process 7 owns lineage.duckdb")
    with pytest.raises(StoreInUse, match="process 7"):
        ask(tmp_path, tmp_path / "snapshot", owner=owner, heard_seconds=0.3)
    assert list((tmp_path / "snapshots-asked").iterdir()) == []


def test_what_a_killed_projector_left_is_no_answer(home: Path, tmp_path: Path) -> None:
    place = home / "snapshots-asked"
    place.mkdir()
    (place / "asked.taking").write_text("{}")
    with a_store(home) as store, answering(home, store, look_seconds=0.05):
        assert list(place.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_and_the_projector_goes_on(
    run: Run, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    projecting = Consuming(home)
    projecting.until(lambda found: found["lineage_records_total"] == 14)
    refused = run("snapshot", tmp_path / "file" / "snapshot")
    assert (refused.exit_code, "no snapshot" in refused.output) == (1, True)
    assert run("snapshot", tmp_path / "snapshot").exit_code == 0
    assert projecting.stops()[0] == 0


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_the_notebook_of_the_examples_reads_it(run: Run, home: Path, tmp_path: Path, form: str) -> None:
    run("snapshot", tmp_path / "snapshot", "--format", form)
    notebook = ROOT / "examples" / "analysts" / "notebook.py"
    done = subprocess.run(
        [sys.executable, "-P", notebook, "snapshot"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "12 events" in done.stdout
    assert "mailer" in done.stdout
    assert "UNDECODABLE" in done.stdout
