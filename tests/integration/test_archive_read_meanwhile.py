"""Is an archive read as it is, while it is written, merged and forgotten about by the broker?"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from archiving import Forgetful, archive, everything, tell
from records import NOW

from lineage.archive import WholeLog
from lineage.archive.erasing import Mark, left_to_erase
from lineage.archive.form import chain, path_of
from lineage.errors import ArchiveDamaged, LogChanged


class Meanwhile(Forgetful):
    """A log that answers when something else has happened."""

    happens: Callable[[], None] | None = None

    def bounds(self) -> dict[int, tuple[int, int]]:
        happens, self.happens = self.happens, None
        if happens is not None:
            happens()
        return super().bounds()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def log(tmp_path: Path, folder: Path) -> Iterator[Meanwhile]:
    """A log of 30 records, all of them in segments of their own."""
    with Meanwhile(tmp_path / "log.sqlite", clock=lambda: NOW) as opened:
        tell(opened, 30)
        archive(folder, opened, records=1)
        yield opened


def merges(folder: Path, log: Forgetful) -> Callable[[], None]:
    """What an archiver does in the meantime: one more record, and with it all segments become one."""

    def merge() -> None:
        tell(log, 1, first=31)
        archive(folder, log, records=1000)
        assert len(chain(folder, 0)) == 1

    return merge


def test_segments_merged_while_the_log_is_asked_are_looked_at_again(folder: Path, log: Meanwhile) -> None:
    whole = WholeLog(folder, log)
    log.happens = merges(folder, log)

    assert whole.bounds() == {0: (0, 31)}
    assert everything(whole).offset == list(range(31))


def test_what_the_log_forgets_once_it_is_archived_is_no_other_log(folder: Path, log: Meanwhile) -> None:
    def archive_and_forget() -> None:
        tell(log, 20, first=31)
        archive(folder, log)
        log.begins_at = 45

    whole = WholeLog(folder, log)
    log.happens = archive_and_forget

    assert whole.bounds() == {0: (0, 50)}


def test_what_the_log_forgets_and_nobody_archived_is_told(folder: Path, log: Meanwhile) -> None:
    def forget() -> None:
        tell(log, 20, first=31)
        log.begins_at = 45

    whole = WholeLog(folder, log)
    log.happens = forget

    with pytest.raises(LogChanged, match="deleted before they were archived"):
        whole.bounds()


def test_what_is_left_to_erase_is_counted_once_though_segments_are_merged_meanwhile(
    folder: Path, log: Meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge = [merges(folder, log)]

    def found(folder: Path, partition: int) -> list[object]:
        before = list(chain(folder, partition))
        if merge:
            merge.pop()()
        return list(before)

    monkeypatch.setattr("lineage.archive.erasing.chain", found)
    marks = {(0, offset): Mark(None, None, None, by=uuid4().bytes) for offset in (3, 7, 29)}

    assert left_to_erase(folder, marks) == 3


def test_an_archive_that_is_never_there_when_it_is_read_is_told(
    folder: Path, log: Meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = chain(folder, 0)
    found[-1].path.unlink()
    monkeypatch.setattr("lineage.archive.knowing.chain", lambda *_: found)

    with pytest.raises(ArchiveDamaged, match="vanish while they are read"):
        WholeLog(folder, log).bounds()


@pytest.mark.parametrize("gone", [range(10, 20), range(20, 30)], ids=["in the middle", "at the end"])
def test_a_list_of_segments_that_lacks_what_was_merged_meanwhile_is_made_again(
    gone: range, folder: Path, log: Meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a thousand names such lists are handed out: one in ten, where one merge follows the other."""
    names, lists = os.listdir, iter([True])

    def handed_out(place: Path) -> list[str]:
        torn = {path_of(folder, 0, offset, offset).name for offset in gone} if next(lists, False) else set()
        return [name for name in names(place) if name not in torn]

    monkeypatch.setattr("lineage.archive.form.os.listdir", handed_out)

    assert [each.first for each in chain(folder, 0)] == list(range(30))
