"""Does the store keep what it was given, and does it say so when it cannot?"""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import duckdb
import pytest
from projecting import TOPIC, a_store, column, contents, project_batch
from records import INCARNATION, NOW, collected, population, records, report, shared

from lineage.errors import StoreInUse, StoreUnreadable
from lineage.events import PolicyAdopted
from lineage.policy import parse
from lineage.store import LAYOUT_VERSION, Store
from lineage.store.compaction import event_row_definition
from lineage.store.faults import explained

ROOT = Path(__file__).parents[2]
VIEWS = ("events", "facts", "disclosures", "subjects", "coverage", "parked")
BUSINESS = {"business.yaml": "name: Nobody's Shop\n"}


def some_records() -> object:
    event = collected()
    return records(
        [event, shared(sequence=2), event, population(sequence=3), report(last_sequence=3), (b"?", b"?")]
    )


def adoption(files: dict[str, str], digest: str) -> PolicyAdopted:
    return PolicyAdopted(
        event_id=uuid4(),
        occurred_at=NOW,
        producer="policy",
        incarnation=INCARNATION,
        sequence=0,
        digest=digest,
        files=files,
    )


def test_compacting_keeps_every_row(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        project_batch(store, some_records())
        project_batch(store, records([collected(sequence=4)], first=6, at=NOW + timedelta(hours=1)))
        before = contents(store)
        store.compact()
        assert contents(store) == before
        store.compact()
        positions = store.positions(TOPIC)
    with a_store(tmp_path) as store:
        assert contents(store) == before
        assert store.positions(TOPIC) == positions


def test_compacting_puts_the_rows_of_one_person_together(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        events = [collected() for _ in range(20)]
        for first, event in enumerate(events):
            project_batch(store, records([event], first=first))
        assert column(store, "select subject from event_row") == [event.subject for event in events]
        store.compact()
        assert column(store, "select subject from event_row") == sorted(event.subject for event in events)


@pytest.mark.parametrize("rows_at_once", [1, 3, 7, 20])
def test_compacting_in_slices_gives_the_order_of_one_sort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr("lineage.store.compaction.SLICE_ROWS", rows_at_once)
    events = [collected(subject=UUID(int=at)) for at in (0, 2**127 - 1, 2**127, 2**128 - 1)]
    events += [collected() for _ in range(13)] + [population(), population(), shared()]
    with a_store(tmp_path) as store:
        project_batch(store, records([replace(each, sequence=at) for at, each in enumerate(events, 1)]))
        before = contents(store)
        in_order = column(store, "select event_id from event_row order by subject, occurred_at, event_id")
        store.compact()
        assert len(in_order) == 20
        assert column(store, "select event_id from event_row") == in_order
        assert contents(store) == before


def test_a_store_that_lets_go_of_what_it_read_answers_as_before(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        project_batch(store, some_records())
        before = contents(store)
        store.limit_memory(300)
        store.forget()
        assert column(store, "select current_setting('memory_limit')") == ["300.0 MiB"]
        assert contents(store) == before


ROW_GROUPS = """
    select cast(sum(count) as bigint) from pragma_storage_info('sequence_run')
    where column_name = 'first' and segment_type = 'BIGINT'
    group by row_group_id order by row_group_id
"""


def test_a_checkpoint_writes_no_batch_a_second_time(tmp_path: Path) -> None:
    """A batch is a full row group of DuckDB's and a small one, and stays so until the next compaction."""
    with a_store(tmp_path) as store:
        for _ in range(2):
            with store.transaction() as writer:
                writer.execute(
                    "insert into sequence_run select 'p', uuid(), r, r from range(125_000) as t (r)"
                )
        written = column(store, ROW_GROUPS)
        store.cursor().execute("checkpoint")

        assert len(written) == 4
        assert column(store, ROW_GROUPS) == written


def test_what_is_merged_away_takes_no_room_after_compacting(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        project_batch(store, records([collected(sequence=number) for number in (1, 3, 2)]))
        project_batch(store, records([collected(sequence=number) for number in (4, 5)], first=3))
        for _ in range(2):
            store.compact()

        assert column(store, "select count(*) from sequence_run") == [1]
        assert column(store, ROW_GROUPS) == [1]


def test_old_ids_are_known_after_compacting(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        old, new = collected(), collected()
        project_batch(store, records([old]))
        store.compact()
        project_batch(store, records([new], first=1))
        project_batch(store, records([new, old, collected()], first=2))

        assert column(store, "select count(*) from event_row") == [3]
        assert column(store, "select count(*) from repeat_row") == [2]


def test_compaction_is_put_off_while_little_is_unsorted(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        project_batch(store, some_records())

        assert not store.compact_when_due()


def test_what_was_written_is_there_after_a_killed_process(tmp_path: Path) -> None:
    """The write-ahead log alone holds the batch: nobody closed the file."""
    script = (
        "import os, sys; sys.path[:0] = ['tests', '.']\n"
        "from pathlib import Path; from projecting import *; from records import *\n"
        "store = a_store(Path(sys.argv[1]))\n"
        "project_batch(store, records([collected() for _ in range(100)]))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, timeout=120)
    assert killed.returncode == -9

    with a_store(tmp_path) as store:
        assert not store.set_aside
        assert column(store, "select count(*) from event_row") == [100]
        assert store.positions(TOPIC)[0].offset == 99


@pytest.mark.parametrize("damage", ["no database", "a few bytes", "empty file", "other tables"])
def test_a_damaged_file_is_set_aside_and_said_aloud(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "lineage.duckdb"
    if damage == "no database":
        path.write_bytes(b"not a database" * 1000)
    elif damage == "empty file":
        path.write_bytes(b"")
    elif damage == "other tables":
        with duckdb.connect(str(path)) as other:
            other.execute("create table layout (version text)")
            other.execute("insert into layout values ('mine')")
    else:
        with a_store(tmp_path) as store:
            project_batch(store, some_records())
        whole = bytearray(path.read_bytes())
        whole[4096:12288] = bytes(8192)
        path.write_bytes(whole)
    said: list[str] = []
    with Store(path, say=said.append) as store:
        assert store.positions(TOPIC) == {}
        project_batch(store, some_records())

    if damage != "empty file":  # DuckDB itself takes an empty file for a new one
        assert len(said) == 1
        assert "set aside" in said[0]
        assert len(list(tmp_path.glob("lineage.duckdb.*-1"))) == 1


def test_a_file_of_another_layout_is_set_aside(tmp_path: Path) -> None:
    with a_store(tmp_path) as store, store.transaction() as connection:
        connection.execute(f"update layout set version = {LAYOUT_VERSION + 1}")
    with a_store(tmp_path) as store:
        assert store.set_aside
        assert column(store, "select version from layout") == [LAYOUT_VERSION]
    assert (tmp_path / f"lineage.duckdb.layout-{LAYOUT_VERSION + 1}-1").exists()


def test_a_second_opener_is_told_which_process_owns_the_file(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path[:0] = ['tests', '.']\n"
        "from pathlib import Path; from projecting import *\n"
        "store = a_store(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "open\n"
        with pytest.raises(StoreInUse, match=f"process {owner.pid} owns"):
            a_store(tmp_path)
    finally:
        owner.communicate(timeout=60)
    a_store(tmp_path).close()


def test_a_path_that_is_no_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "lineage.duckdb").mkdir()
    with pytest.raises(StoreUnreadable):
        a_store(tmp_path)


def test_a_reader_sees_what_is_committed_only(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        with store.transaction() as connection:
            connection.execute("insert into layout values (0)")
            assert column(store, "select count(*) from layout") == [1]
        assert column(store, "select count(*) from layout") == [2]


def test_an_error_inside_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        with pytest.raises(ZeroDivisionError), store.transaction() as connection:  # noqa: PT012 - all of it fails
            connection.execute("insert into layout values (0)")
            raise ZeroDivisionError
        assert column(store, "select count(*) from layout") == [1]


def test_an_adopted_policy_becomes_rows_once(tmp_path: Path) -> None:
    digest = parse(BUSINESS).digest
    with a_store(tmp_path) as store:
        told = adoption(BUSINESS, digest)
        project_batch(store, records([told, told]))
        project_batch(store, records([told], partition=1))

        assert column(store, "select count(*) from adopted_policy where problem is null") == [3]
        assert column(store, "select name from policy_business") == ["Nobody's Shop"]
        once = column(store, "select count(*) from policy_element")
        assert once == [len(parse(BUSINESS).vocabulary.elements)]


@pytest.mark.parametrize("files", [{"business.yaml": "name: ["}, BUSINESS, {}])
def test_a_policy_that_does_not_hold_is_stored_with_its_problem(
    tmp_path: Path, files: dict[str, str]
) -> None:
    with a_store(tmp_path) as store:
        project_batch(store, records([adoption(files, "0" * 64)]))

        assert column(store, "select count(*) from adopted_policy where problem is not null") == [1]
        assert column(store, "select count(*) from policy_business") == [0]
        assert column(store, "select count(*) from parked") == [0]


def test_the_page_about_the_views_says_what_the_database_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "views.md").read_text(encoding="utf-8")
    said = {
        title: (doc, re.findall(r"^\| `(\w+)` \| (.*) \|$", body, re.MULTILINE))
        for title, doc, body in re.findall(r"^## (\w+)\n\n(.*)\n\n((?:\|.*\n)+)", page, re.MULTILINE)
    }
    with a_store(tmp_path) as store:
        cursor = store.cursor()
        about = dict(
            cursor.execute("select view_name, comment from duckdb_views() where not internal").fetchall()
        )
        held = {
            view: (
                about[view],
                cursor.execute(
                    "select column_name, comment from duckdb_columns() where table_name = ? "
                    "order by column_index",
                    [view],
                ).fetchall(),
            )
            for view in VIEWS
        }
        cursor.close()

    assert said == held
    assert set(about) == set(VIEWS)


def test_no_table_has_an_index_or_a_key(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        assert column(store, "select count(*) from duckdb_indexes()") == [0]
        kinds = column(store, "select distinct constraint_type from duckdb_constraints()")
        assert kinds == ["NOT NULL"]


def test_the_columns_of_an_event_row_are_those_of_the_projection() -> None:
    from lineage.projection.columns import EVENT_ROW

    assert re.findall(r"^    (\w+) ", event_row_definition(), re.MULTILINE) == list(EVENT_ROW)


def test_a_question_that_needs_more_memory_than_the_database_has_is_told_which_setting_to_raise(
    tmp_path: Path,
) -> None:
    with Store(tmp_path / "lineage.duckdb", memory_mebibytes=128) as store, store.cursor() as reader:
        with pytest.raises(duckdb.OutOfMemoryException) as full:
            reader.execute("select list(i) from range(50_000_000) numbers(i)").fetchone()
        told = explained(full.value)
        assert "database_memory_mb" in str(told)
        assert reader.execute("select count(*) from event_row").fetchone() == (0,)
