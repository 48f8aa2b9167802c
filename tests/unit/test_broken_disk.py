"""What becomes of the database when its disk is full or its file broken? All of it is in the log."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from consuming import Consuming, lines_of
from projecting import TOPIC, a_store, column
from records import collected, numbered, record, records
from test_report_cli import ASKED, COLLECTED, PERSON, Run, run

from lineage.archive import Archiver
from lineage.errors import LogUnavailable
from lineage.logs import EmbeddedLog
from lineage.projector import Projector
from lineage.proof.keys import PUBLIC, signer, trusted
from lineage.store.faults import explained

__all__ = ["run"]

ROOT = Path(__file__).parents[2]
BLOCK_BYTES = 262_144
HEADER_BYTES = 3 * 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own, of six megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_stops_the_projection_before_a_batch_and_room_lets_it_go_on(
    small_disk: Path, tmp_path: Path
) -> None:
    told = numbered([collected() for _ in range(20_000)])
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        for event in told:
            log.append(*record(event))
        log.flush()
        with a_store(small_disk) as store:
            with pytest.raises(duckdb.Error) as caught:
                Projector(log, store, batch_records=2_000).catch_up()
            meant = explained(caught.value)
            assert "make room" in str(meant)
            there = column(store, "select count(*) from event_row")
            assert there == [store.positions(TOPIC)[0].offset + 1]
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)

        with a_store(small_disk) as store:
            assert not store.set_aside
            Projector(log, store, batch_records=2_000).catch_up()
            found = column(store, "select event_id from event_row")
    assert sorted(map(str, found)) == sorted(str(event.event_id) for event in told)


def test_a_consumer_whose_disk_is_full_says_so_and_ends_as_one_that_may_be_started_again(
    small_disk: Path, tmp_path: Path
) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        for event in numbered([collected() for _ in range(20_000)]):
            log.append(*record(event))
        log.flush()
    (small_disk / "log.sqlite").symlink_to(tmp_path / "log.sqlite")

    consuming = Consuming(small_disk, batch_records=2_000)
    _, said = consuming.process.communicate(timeout=120)

    assert consuming.process.returncode == 4
    assert "make room" in str(lines_of(said)[-1]["error"])


@pytest.mark.parametrize(("pages", "lacking"), [(0, "lock"), (1, "archive.json")])
def test_an_archive_that_finds_no_room_to_begin_says_so_and_begins_when_there_is_some(
    small_disk: Path, tmp_path: Path, pages: int, lacking: str
) -> None:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        log.append(*record(collected()))
        log.flush()
        (small_disk / "archive").mkdir()
        ballast = small_disk / "ballast"
        fill(ballast, leaving=pages)
        with pytest.raises(LogUnavailable, match=f"{lacking} cannot be written: No space left"):
            Archiver(small_disk / "archive", log).catch_up()

        ballast.unlink()
        assert Archiver(small_disk / "archive", log).catch_up().records == 1


def test_a_key_that_finds_no_room_is_not_made_by_half(small_disk: Path) -> None:
    fill(small_disk / "ballast", leaving=0)
    with pytest.raises(LogUnavailable, match="checkpoint-key cannot be written: No space left"):
        signer(small_disk, "log")
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]

    (small_disk / "ballast").unlink()
    assert signer(small_disk, "log").public in trusted([small_disk / PUBLIC])


def fill(path: Path, leaving: int) -> None:
    """Fill the disk up to so many pages."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"0" * 4096):
            pass
    os.truncate(path, path.stat().st_size - leaving * 4096)


@pytest.mark.parametrize("torn", ["a part is missing", "the end is missing", "a bit is another"])
def test_a_torn_write_ahead_log_costs_no_event_once_the_log_is_projected_again(
    tmp_path: Path, torn: str
) -> None:
    batch = records([collected() for _ in range(200)])
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        for key, value in zip(batch.key, batch.value, strict=True):
            log.append(key, value)
        log.flush()
        project_and_be_killed(tmp_path)
        ahead = tmp_path / "lineage.duckdb.wal"
        held = bytearray(ahead.read_bytes())
        match torn:
            case "a part is missing":
                held = held[: random.randrange(len(held) // 4, len(held))]
            case "the end is missing":
                held = held[:-7]
            case _:
                held[random.randrange(len(held))] ^= 1 << random.randrange(8)
        ahead.write_bytes(held)

        with a_store(tmp_path) as store:
            Projector(log, store).catch_up()
            found = column(store, "select log_offset from event_row")
    assert sorted(map(int, map(str, found))) == list(range(200))


def project_and_be_killed(folder: Path) -> None:
    script = (
        "import os, sys; sys.path[:0] = ['tests', '.']\n"
        "from pathlib import Path; from projecting import *; from lineage.logs import EmbeddedLog\n"
        "from lineage.projector import Projector\n"
        "folder = Path(sys.argv[1]); store = a_store(folder)\n"
        "Projector(EmbeddedLog(folder / 'log.sqlite'), store, batch_records=50).catch_up()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT, timeout=120)
    assert killed.returncode == -signal.SIGKILL


def test_whichever_block_of_the_file_is_broken_the_answer_is_right_or_a_rebuild_is_asked_for(
    run: Run, tmp_path: Path
) -> None:
    others = [COLLECTED | {"subject": f"account:{number}"} for number in range(1_200)]
    run("publish", "-", given="\n".join(json.dumps(each) for each in [COLLECTED, *others]))
    run("rebuild")
    right = json.loads(run(*ASKED).stdout)["answer_digest"]
    file = tmp_path / "home" / "lineage.duckdb"
    whole = file.read_bytes()

    for start in range(HEADER_BYTES, len(whole), BLOCK_BYTES):
        broken = bytearray(whole)
        middle = min(start + BLOCK_BYTES // 8, len(whole) - 64)
        broken[middle : middle + 64] = os.urandom(64)
        file.write_bytes(broken)

        asked = run(*ASKED, ends_with=None)
        if asked.exit_code == 4:
            assert "lineage rebuild" in asked.stderr
            assert PERSON not in asked.stderr
            run("rebuild")
        assert json.loads(run(*ASKED).stdout)["answer_digest"] == right
    assert len(whole) > 2 * BLOCK_BYTES


def test_what_is_no_fault_of_the_disk_is_not_said_to_be_one() -> None:
    with pytest.raises(duckdb.Error) as caught:
        duckdb.sql("select no_such_column")
    assert explained(caught.value) is None
