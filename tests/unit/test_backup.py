"""Does what was backed up while everything went on become an installation that gives the same answers?"""

import json
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from installations import begin
from records import collected, record

from lineage.cli import main
from lineage.desk.opening import open_desk
from lineage.logs import EmbeddedLog
from lineage.operate.backup import files
from lineage.report import Reporter, Request
from lineage.settings import Settings, load_settings
from lineage.store import Store
from lineage.window import received

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}\n",
    "parties.yaml": "sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}\n",
    "purposes.yaml": "purposes: {sell_goods: {statutory: [BP5_SERVICES], wording: to sell}}\n",
}
PERSON = "email:ana.poisoned@example.com"
TOLD = json.dumps(
    {
        "event": "Collected",
        "subject": PERSON,
        "occurred_at": "2026-06-01T09:30:00Z",
        "elements": ["email_address"],
        "source": "customer",
        "purposes": ["sell_goods"],
        "system": "shop",
    }
)

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LINEAGE_{name.upper()}", raising=False)
    monkeypatch.setenv("LINEAGE_HOME", str(tmp_path / "home"))

    def run(*words: object, home: Path | None = None) -> Result:
        given = {"LINEAGE_HOME": str(home)} if home else {}
        done = CliRunner().invoke(main, [str(word) for word in words], env=given)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert "poisoned" not in done.output
        return done

    return run


@pytest.fixture
def home(run: Run, tmp_path: Path) -> Path:
    """An installation with a policy, one person's event, and a case at its desk."""
    begin(tmp_path, POLICY, TOLD)
    home = tmp_path / "home"
    opened = run("case", "open", PERSON, "--received", "2026-06-15T10:00-07:00", "--via", "FORM")
    assert opened.exit_code == 0, opened.output
    return home


@contextmanager
def somebody_publishes(home: Path) -> Iterator[None]:
    """Events of other people flow into the log while the block lasts, and before it begins."""
    stop, flows = Signal(), Signal()

    def publish() -> None:
        with EmbeddedLog(home / "log.sqlite") as log:
            while not stop.is_set():
                log.append(*record(collected(system="shop")))
                log.flush()
                flows.set()

    publishing = Thread(target=publish)
    publishing.start()
    try:
        assert flows.wait(60)
        yield
    finally:
        stop.set()
        publishing.join(timeout=60)


def answer(home: Path, as_of: datetime | None = None) -> dict[str, object]:
    """The person's answer, from the database that lies there."""
    from lineage.publish import pseudonymiser_of

    subject, _ = pseudonymiser_of(load_settings(home=home)).token(PERSON)
    with Store(home / "lineage.duckdb") as store:
        request = Request(subject=subject, received=received("2026-06-15T10:00-07:00"))
        [document] = Reporter(store.cursor()).report([request], as_of=as_of)
    return document


def everything(home: Path) -> list[tuple[object, ...]]:
    with EmbeddedLog(home / "log.sqlite") as log:
        found = log.read({0: 0}, limit=10**6, wait_seconds=0)
    return list(zip(found.offset, found.recorded_at, found.key, found.value, strict=True))


def test_what_was_backed_up_while_somebody_publishes_answers_as_it_did(
    run: Run, home: Path, tmp_path: Path
) -> None:
    with somebody_publishes(home):
        made = run("backup", tmp_path / "backup", "--with-secret")
    assert made.exit_code == 0, made.output
    restored = tmp_path / "elsewhere"
    done = run("restore", tmp_path / "backup", home=restored)
    assert done.exit_code == 0, done.output

    before, after = everything(home), everything(restored)
    assert before[: len(after)] == after
    assert 3 < len(after) < len(before)
    manifest = json.loads((tmp_path / "backup" / "backup.json").read_text())
    assert manifest["positions"] == {"0": len(after)}

    found = answer(restored)
    assert run("project").exit_code == 0
    then = answer(home, as_of=datetime.fromisoformat(str(found["as_of"])))
    assert found["collected"]
    assert found["answer_digest"] == then["answer_digest"]
    assert [line.split()[0] for line in run("case", "list", home=restored).output.splitlines()] == [
        line.split()[0] for line in run("case", "list").output.splitlines()
    ]
    with open_desk(load_settings(home=restored)) as desk:
        assert desk.recorder.max_notification_id() == manifest["desk_entries"] > 0


def test_nobody_but_its_owner_reads_a_backup(run: Run, home: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup", "--with-secret")
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    for name in ("secret", "desk.sqlite", "log.sqlite"):
        assert (tmp_path / "backup" / name).stat().st_mode & 0o077 == 0


def test_the_secret_is_copied_only_when_told_and_never_from_elsewhere(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("backup", tmp_path / "without")
    secret = (home / "secret").read_text().strip()
    for path in (tmp_path / "without").rglob("*"):
        assert secret.encode() not in path.read_bytes()
    assert "the secret is not in it" in made.output
    monkeypatch.setenv("LINEAGE_SECRET", secret)
    assert run("backup", tmp_path / "from-environment", "--with-secret").exit_code == 1


def test_what_reads_and_proves_the_log_comes_along_and_the_key_that_signs_only_with_the_secret(
    run: Run, home: Path, tmp_path: Path
) -> None:
    assert run("archive", "--once").exit_code == 0
    (home / "schema-ids.json").write_text('{"ids": {}}\n')
    key, public = (home / "checkpoint-key").read_bytes(), (home / "checkpoint-key.pub").read_bytes()

    run("backup", tmp_path / "without")
    assert {path.name for path in (tmp_path / "without").iterdir() if path.is_file()} == {
        *("backup.json", "checkpoint-key.pub", "desk.sqlite", "log.sqlite", "schema-ids.json")
    }
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(home / "secret", elsewhere / "secret")
    assert run("restore", tmp_path / "without", home=elsewhere).exit_code == 0
    assert run("archive", "--once", home=elsewhere).exit_code == 0
    assert run("verify", home=elsewhere).exit_code == 0  # by the old key's public half

    run("backup", tmp_path / "with", "--with-secret")
    again = tmp_path / "again"
    assert run("restore", tmp_path / "with", home=again).exit_code == 0
    assert (again / "checkpoint-key").read_bytes() == key
    assert (again / "checkpoint-key").stat().st_mode & 0o077 == 0
    assert (again / "checkpoint-key.pub").read_bytes() == public


def test_only_with_its_own_secret_is_a_backup_restored(run: Run, home: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup")
    elsewhere = tmp_path / "elsewhere"
    refused = run("restore", tmp_path / "backup", home=elsewhere)
    assert (refused.exit_code, "no secret" in refused.output) == (1, True)
    elsewhere.mkdir()
    (elsewhere / "secret").write_text("ab" * 32)
    refused = run("restore", tmp_path / "backup", home=elsewhere)
    assert (refused.exit_code, "another secret" in refused.output) == (1, True)
    assert [path.name for path in elsewhere.iterdir()] == ["secret"]
    shutil.copy(home / "secret", elsewhere / "secret")
    assert run("restore", tmp_path / "backup", home=elsewhere).exit_code == 0


def test_a_home_that_holds_something_is_left_as_it_is(run: Run, home: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup", "--with-secret")
    before = {path.name: path.stat().st_mtime_ns for path in home.iterdir()}
    refused = run("restore", tmp_path / "backup")
    assert (refused.exit_code, "not empty" in refused.output) == (1, True)
    assert {path.name: path.stat().st_mtime_ns for path in home.iterdir()} == before


def test_a_folder_that_holds_something_takes_no_backup(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "mine").write_text("mine")
    assert run("backup", tmp_path / "backup").exit_code == 1
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["mine"]


def test_an_installation_without_anything_has_no_backup(run: Run, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "backup").exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_any_byte_that_changed_is_found_before_anything_is_restored(
    run: Run, home: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    run("backup", backup, "--with-secret")
    for path in sorted(path for path in backup.iterdir() if path.name != "backup.json"):
        whole = path.read_bytes()
        at = random.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused = run("restore", backup, home=tmp_path / "elsewhere")
        assert refused.exit_code == 1
        assert f"{path.name} was changed" in refused.output
        path.write_bytes(whole)
    (backup / "desk.sqlite").rename(backup / "another")
    refused = run("restore", backup, home=tmp_path / "elsewhere")
    assert "desk.sqlite is missing; another was added" in refused.output
    assert not (tmp_path / "elsewhere").exists()


def test_a_backup_that_was_not_finished_is_none_and_is_begun_again(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda number: (_ for _ in ()).throw(OSError("no space left")))
        refused = run("backup", tmp_path / "backup")
        assert (refused.exit_code, "no space left" in refused.output) == (1, True)
    assert not (tmp_path / "backup").exists()
    assert run("restore", tmp_path / "backup.unfinished", home=tmp_path / "elsewhere").exit_code == 1
    assert run("backup", tmp_path / "backup").exit_code == 0
    assert not (tmp_path / "backup.unfinished").exists()


def test_another_log_than_the_settings_name_is_not_restored(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", tmp_path / "backup", "--with-secret")
    monkeypatch.setenv("LINEAGE_KAFKA_TOPIC", "others")
    refused = run("restore", tmp_path / "backup", home=tmp_path / "elsewhere")
    assert (refused.exit_code, "kafka_topic" in refused.output) == (1, True)


# The archive


def test_segments_come_along_and_say_how_far_the_copy_is(
    run: Run, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive"
    written = {
        "archive.json": b"{}",
        f"0/{0:020}-{9:020}.parquet": b"ten",
        f"0/{10:020}-{14:020}.parquet": b"five",
        f"1/{0:020}-{4:020}.parquet": b"five more",
        "checkpoints/0.note": b"signed",
        f"1/.{5:020}.parquet.writing": b"torn",
    }
    for name, content in written.items():
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).write_bytes(content)
    monkeypatch.setenv("LINEAGE_ARCHIVE", str(archive))
    run("backup", tmp_path / "backup", "--with-secret")
    kept = {
        path.relative_to(tmp_path / "backup" / "archive").as_posix(): path.read_bytes()
        for path in (tmp_path / "backup" / "archive").rglob("*")
        if path.is_file()
    }
    assert kept == {name: content for name, content in written.items() if "/." not in name}
    assert files.reached(tmp_path / "backup" / "archive") == {0: 15, 1: 5}


def test_segments_that_are_merged_meanwhile_are_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive" / "0"
    archive.mkdir(parents=True)
    parts = [archive / f"{first:020}-{first + 9:020}.parquet" for first in (0, 10)]
    for part in parts:
        part.write_bytes(b"ten")
    copy_file = files.copy_file

    def merging(source: Path, target: Path) -> None:
        if source == parts[1] and source.exists():
            (archive / f"{0:020}-{19:020}.parquet").write_bytes(b"twenty")
            for part in parts:
                part.unlink()
        copy_file(source, target)

    monkeypatch.setattr(files, "copy_file", merging)
    files.copy_archive(tmp_path / "archive", tmp_path / "copy")
    assert [path.read_bytes() for path in (tmp_path / "copy" / "0").iterdir()] == [b"twenty"]


def test_the_command_says_how_much_it_copied(run: Run, home: Path, tmp_path: Path) -> None:
    made = run("backup", tmp_path / "backup", "--with-secret")
    assert re.search(r": 3 files, \d+ bytes$", made.stdout.strip())
