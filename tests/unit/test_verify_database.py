"""Does every archived record stand in the database in exactly one way, and is it found where one does not?"""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest
from archives import Archive, Archived, empty_archive
from projecting import project_batch
from records import NOW, collected, microseconds, record, report, shared

from lineage.errors import Refused
from lineage.events import EmitterHeader
from lineage.logs import Records
from lineage.proof.finding import What
from lineage.proof.projected import unmatched
from lineage.store import Store

AT = microseconds(NOW)


def archived(offset: int, event: EmitterHeader | bytes) -> Archived:
    """A record as the log keeps it, or one of bytes that are no event."""
    key, value = (b"nobody's", event) if isinstance(event, bytes) else record(event)
    return Archived(0, offset, AT + offset, key, value)


def projected(database: Path, records: Sequence[Archived]) -> None:
    """What the projector makes of them."""
    batch = Records()
    for each in records:
        for column in ("partition", "offset", "recorded_at", "key", "value"):
            getattr(batch, column).append(getattr(each, column))
    with Store(database) as store:
        project_batch(store, batch)


@pytest.fixture
def installed(tmp_path: Path) -> tuple[Archive, Path]:
    """An archive of an event, a repeat of it, a damaged record, a report and another event, all projected."""
    event = collected()
    made = empty_archive(tmp_path / "archive")
    told = [event, event, b"no event", report(), shared()]
    made.write(0, [archived(offset, each) for offset, each in enumerate(told)])
    database = tmp_path / "lineage.duckdb"
    projected(database, made.records())
    return made, database


def found(made: Archive, database: Path) -> list[tuple[What, int | None, int | None]]:
    return [(each.what, each.first, each.last) for each in unmatched(made.folder, database)]


def edited(database: Path, statement: str) -> None:
    with duckdb.connect(str(database)) as writer:
        writer.execute(statement)


def test_each_record_is_in_the_database_in_one_way_whatever_it_became(
    installed: tuple[Archive, Path],
) -> None:
    made, database = installed
    with duckdb.connect(str(database), read_only=True) as reader:
        for table in ("event_row", "repeat_row", "parked_row", "producer_report"):
            assert reader.execute(f"select count(*) > 0 from {table}").fetchall() == [(True,)]

    assert found(made, database) == []


def test_a_record_that_the_database_lost_is_found(installed: tuple[Archive, Path]) -> None:
    made, database = installed
    edited(database, "delete from parked_row")
    edited(database, "delete from producer_report")

    assert found(made, database) == [(What.NOT_PROJECTED, 2, 3)]


def test_a_record_that_stands_there_twice_is_found(installed: tuple[Archive, Path]) -> None:
    made, database = installed
    edited(database, "insert into event_row from event_row where log_offset = 4")

    assert found(made, database) == [(What.PROJECTED_TWICE, 4, 4)]


def test_a_row_of_no_archived_record_is_found(installed: tuple[Archive, Path]) -> None:
    made, database = installed
    forged = "insert into repeat_row by name (select * replace (-7 as log_offset) from repeat_row)"
    edited(database, forged)

    assert found(made, database) == [(What.NOT_ARCHIVED, -7, -7)]


def test_what_only_one_of_them_has_reached_is_no_fault(installed: tuple[Archive, Path]) -> None:
    made, database = installed
    projected(database, [archived(5, shared())])  # stands in Kafka alone
    assert found(made, database) == []

    made.write(0, [archived(offset, shared()) for offset in range(5, 9)])  # projected up to 5 only
    assert found(made, database) == []


def test_an_erased_record_may_stand_there_or_not(installed: tuple[Archive, Path]) -> None:
    made, database = installed
    made.erase(made.records()[4:], uuid4())
    assert found(made, database) == []

    edited(database, "delete from event_row where log_offset = 4")
    assert found(made, database) == []


def test_the_database_must_be_there_and_nobody_elses(installed: tuple[Archive, Path], tmp_path: Path) -> None:
    made, _ = installed
    with pytest.raises(Refused, match="lineage rebuild"):
        unmatched(made.folder, tmp_path / "none.duckdb")
