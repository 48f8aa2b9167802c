"""What does an erasure take out of the archive, what stays, and who notices?"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from archiving import archive, rows
from projecting import column, contents
from records import NOW, a_subject, collected, foreign, header, record, report, shared

from lineage.archive import WholeLog
from lineage.archive.erasing import erase
from lineage.archive.form import leaf_digest
from lineage.archive.owning import owned
from lineage.errors import LogUnavailable
from lineage.events import (
    EmitterHeader,
    ErasureMode,
    Relation,
    SubjectDescribed,
    SubjectErased,
    SubjectsLinked,
)
from lineage.logs import EmbeddedLog
from lineage.projector import Projector
from lineage.rebuild import rebuild
from lineage.store import Store
from lineage.store.erasures import to_erase

ANA, BEN = a_subject(), a_subject()
WEEK = timedelta(days=7)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite", clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def erased(mode: ErasureMode = ErasureMode.TOMBSTONE, **given: object) -> SubjectErased:
    return SubjectErased(**header(subject=ANA, mode=mode, **{"through": NOW - WEEK, **given}))


def tell(log: EmbeddedLog, *told: EmitterHeader | tuple[bytes | None, bytes | None]) -> None:
    for each in told:
        log.append(*(each if isinstance(each, tuple) else record(each)))
    log.flush()


def forget(folder: Path, log: EmbeddedLog, path: Path) -> int:
    with Store(path) as store:
        Projector(log, store).catch_up()
        with store.cursor() as reader:
            marks = to_erase(reader)
    return erase(folder, marks)


def gone(folder: Path) -> list[int]:
    """The offsets of the records of which nothing is left but digest and number."""
    found = [row for _, row in rows(folder) if row["erased_by"] is not None]
    assert all(row["key"] is row["value"] is None for row in found)
    return [row["offset"] for row in found]


LONG_AGO = NOW - 2 * WEEK


def test_what_occurred_before_the_erasure_is_gone_and_the_rest_stays(
    log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    before = collected(subject=ANA, occurred_at=LONG_AGO, sequence=1)
    kept = [
        collected(subject=ANA, occurred_at=NOW - WEEK, sequence=3),
        SubjectDescribed(**header(subject=ANA, occurred_at=LONG_AGO, sequence=4), residency="US-CA"),
        SubjectsLinked(
            **header(subject=ANA, occurred_at=LONG_AGO, sequence=5),
            other=BEN,
            other_namespace="account",
            relation=Relation.SAME_PERSON,
        ),
        collected(subject=BEN, occurred_at=LONG_AGO, sequence=6),
        erased(sequence=7, occurred_at=NOW - timedelta(hours=1)),
    ]
    tell(log, before, shared(subject=ANA, occurred_at=LONG_AGO, sequence=2), *kept, before)
    tell(log, collected(subject=ANA, occurred_at=LONG_AGO, sequence=8))  # told late, of that time
    archive(folder, log)

    assert forget(folder, log, tmp_path / "lineage.duckdb") == 4
    assert gone(folder) == [0, 1, 7, 8]


def test_a_vault_erases_nothing(log: EmbeddedLog, folder: Path, tmp_path: Path) -> None:
    tell(log, collected(subject=ANA, occurred_at=LONG_AGO), erased(ErasureMode.VAULT, sequence=2))
    archive(folder, log)
    assert forget(folder, log, tmp_path / "lineage.duckdb") == 0


def test_what_was_refused_of_the_person_goes_and_what_may_be_somebody_elses_stays(
    log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    unreadable, future = (ANA.bytes, b"\xc3\x01not Avro"), collected(subject=ANA, occurred_at=NOW + WEEK)
    of_two = (ANA.bytes, record(collected(subject=BEN, occurred_at=LONG_AGO))[1])
    of_nobody = (None, b"\xc3\x01not Avro")
    tell(log, unreadable, future, of_two, of_nobody, erased(sequence=2), unreadable)
    archive(folder, log)

    forget(folder, log, tmp_path / "lineage.duckdb")
    assert gone(folder) == [0, 1]


def test_nothing_but_digest_number_and_the_erasure_is_left(
    log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    event, erasure = collected(subject=ANA, occurred_at=LONG_AGO, sequence=1), erased(sequence=2)
    tell(log, event, erasure)
    archive(folder, log)
    [(part, was), _] = rows(folder)
    forget(folder, log, tmp_path / "lineage.duckdb")
    [(_, now), _] = rows(folder)

    assert now == {
        **dict.fromkeys(("key", "value")),
        "offset": 0,
        "recorded_at": was["recorded_at"],
        "digest": leaf_digest(part, 0, was["recorded_at"], *record(event)),
        "producer": event.producer,
        "incarnation": event.incarnation.bytes,
        "sequence": 1,
        "erased_by": erasure.event_id.bytes,
    }
    assert ANA.bytes not in (folder / "0").glob("*.parquet").__next__().read_bytes().replace(
        record(erasure)[0] or b"", b""
    )


def test_an_erased_record_is_no_event_not_parked_and_no_gap(
    log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "lineage.duckdb"
    told = [collected(subject=ANA, occurred_at=LONG_AGO, sequence=number) for number in range(1, 6)]
    tell(log, *told, erased(sequence=6), collected(subject=BEN, sequence=7), report(last_sequence=7))
    archive(folder, log, records=3)
    assert forget(folder, log, path) == 5
    with Store(path) as store:
        before = contents(store)["coverage"]
    rebuild(WholeLog(folder, log), path)

    with Store(path) as store:
        assert contents(store)["coverage"] == before
        assert column(store, "select count(*) from event_row") == [2]
        assert column(store, "select count(*) from parked_row") == [0]
        assert column(store, "select log_offset from erased_row order by log_offset") == [0, 1, 2, 3, 4]
        assert Projector(WholeLog(folder, log), store).catch_up().records == 0


def test_a_log_that_ends_with_erased_records_is_known_again(
    log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "lineage.duckdb"
    tell(log, erased(sequence=1), collected(subject=ANA, occurred_at=LONG_AGO, sequence=2))
    archive(folder, log)
    assert forget(folder, log, path) == 1
    with Store(path) as store:  # projected before the record was erased
        assert Projector(WholeLog(folder, log), store).catch_up().records == 0
    rebuild(WholeLog(folder, log), path)
    with Store(path) as store:
        assert Projector(WholeLog(folder, log), store).catch_up().records == 0
    tell(log, collected(subject=BEN, sequence=3))
    archive(folder, log)


def test_people_are_erased_while_the_archiver_runs(log: EmbeddedLog, folder: Path, tmp_path: Path) -> None:
    tell(log, collected(subject=ANA, occurred_at=LONG_AGO), erased(sequence=2))
    archive(folder, log)
    with owned(folder):
        assert forget(folder, log, tmp_path / "lineage.duckdb") == 1


def test_an_erasure_cut_short_leaves_whole_segments_and_is_finished_the_next_time(
    log: EmbeddedLog, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(log, *(collected(subject=ANA, occurred_at=LONG_AGO, sequence=number) for number in range(1, 7)))
    tell(log, erased(sequence=7))
    archive(folder, log, records=2)
    replaced, calls = os.replace, iter(range(9))

    def full(source: Path, target: Path) -> None:
        if next(calls) == 1:
            raise OSError(28, "No space left on device")
        replaced(source, target)

    with monkeypatch.context() as patched:
        patched.setattr("lineage.archive.segments.os.replace", full)
        with pytest.raises(LogUnavailable, match="No space left"):
            forget(folder, log, tmp_path / "lineage.duckdb")
    assert gone(folder) == [0, 1]
    assert forget(folder, log, tmp_path / "lineage.duckdb") == 4
    assert gone(folder) == list(range(6))


def test_a_foreign_publishers_event_without_a_subject_of_its_key_is_left(
    log: EmbeddedLog, folder: Path, tmp_path: Path
) -> None:
    other = foreign(collected(subject=BEN, occurred_at=LONG_AGO), subject=ANA.bytes)
    tell(log, other, erased(sequence=2))
    archive(folder, log)
    assert forget(folder, log, tmp_path / "lineage.duckdb") == 0
