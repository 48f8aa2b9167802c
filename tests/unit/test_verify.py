"""Is every change to an archive found, and where it is? And is nothing found where nothing was changed?"""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from archives import LOG, Archive, empty_archive, erasure, filled, put, some
from click.testing import CliRunner, Result

from lineage.cli import main
from lineage.errors import ArchiveDamaged
from lineage.proof.believing import believed
from lineage.proof.chain import FOLDER, latest, note, numbers, path_of
from lineage.proof.finding import What
from lineage.proof.keys import PRIVATE, PUBLIC, signer, trusted
from lineage.proof.making import PEAKS, checkpoint, checkpoint_when_due
from lineage.proof.note import Signer
from lineage.proof.scheduled import Scheduled
from lineage.proof.verifying import Verdict, verify

NOW = datetime(2026, 6, 15, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(uuid4().int)


@pytest.fixture
def key(tmp_path: Path) -> Signer:
    return signer(tmp_path / "home", LOG)


@pytest.fixture
def checkpointed(tmp_path: Path, chance: random.Random, key: Signer) -> Archive:
    """An archive with a checkpoint in its middle and one at its end, copied elsewhere."""
    made = filled(tmp_path / "archive", chance)
    checkpoint(made.folder, key, NOW, copies=tmp_path / "copies")
    for partition in range(2):
        made.write(partition, some(chance, partition, made.end(partition), 6))
    checkpoint(made.folder, key, NOW + HOUR, copies=tmp_path / "copies")
    return made


def look(made: Archive, *, copies: bool = True) -> Verdict:
    """As the command looks."""
    keys = trusted([made.folder.parent / "home" / PUBLIC])
    folders = [made.folder.parent / "copies"] if copies else []
    chain, faults = believed(made.folder / FOLDER, folders, keys, LOG)
    verdict = verify(made.folder, chain)
    return replace(verdict, findings=(*faults, *verdict.findings))


def kinds(made: Archive, *, copies: bool = True) -> set[What]:
    return {each.what for each in look(made, copies=copies).findings}


def test_the_archiver_signs_its_first_segment_at_once_and_the_next_when_it_is_time(
    tmp_path: Path, chance: random.Random
) -> None:
    now, made = [NOW], empty_archive(tmp_path / "archive")
    signing = Scheduled(made.folder, tmp_path / "home", every=HOUR, clock=lambda: now[-1])
    folder = made.folder / FOLDER

    def archives_and_looks() -> list[int]:
        made.write(0, some(chance, 0, made.end(0), 2))
        signing.wrote(2, 0.1, {0: made.end(0)})
        signing.stepped({0: made.end(0)})
        return numbers(folder)

    signing.stepped({})
    assert numbers(folder) == []
    assert archives_and_looks() == [1]
    now.append(NOW + HOUR / 2)
    assert archives_and_looks() == [1]
    now.append(NOW + HOUR)
    signing.stepped({0: made.end(0)})
    assert numbers(folder) == [1, 2]


def test_an_untouched_archive_is_whole(checkpointed: Archive) -> None:
    verdict = look(checkpointed)

    assert verdict.findings == ()
    assert verdict.records == verdict.covered == len(checkpointed.records())


def test_what_was_archived_since_the_last_checkpoint_is_looked_at_too(
    checkpointed: Archive, chance: random.Random
) -> None:
    checkpointed.write(0, some(chance, 0, checkpointed.end(0), 4))
    verdict = look(checkpointed)

    assert verdict.findings == ()
    assert verdict.records == verdict.covered + 4


def test_a_changed_record_is_named_by_its_offset(checkpointed: Archive, chance: random.Random) -> None:
    segment = chance.choice(checkpointed.standing[1])
    changed = chance.randrange(len(segment))
    first = checkpointed.standing[1].index(segment)
    begin = segment[0].offset if first == 0 else checkpointed.standing[1][first - 1][-1].offset + 1
    records = [
        replace(each, value=b"another", digest=each.row()["digest"]) if at == changed else each
        for at, each in enumerate(segment)
    ]
    path = put(checkpointed.folder, 1, begin, segment[-1].offset, records)
    [found] = look(checkpointed).findings

    assert (found.what, found.partition, found.first) == (What.CHANGED, 1, segment[changed].offset)
    assert found.segment == f"1/{path.name}"


@pytest.mark.parametrize("what", ["key", "recorded_at"])
def test_no_part_of_a_record_can_be_changed(checkpointed: Archive, what: str) -> None:
    [record, *others] = checkpointed.standing[0][0]
    changed = {"key": b"another person's", "recorded_at": record.recorded_at + 1}[what]
    forged = replace(record, digest=record.row()["digest"], **{what: changed})  # type: ignore[arg-type]
    last = checkpointed.standing[0][0][-1].offset
    put(checkpointed.folder, 0, record.offset, last, [forged, *others])

    assert kinds(checkpointed) == {What.CHANGED}


def test_a_record_rewritten_digest_and_all_lies_between_two_checkpoints(checkpointed: Archive) -> None:
    *before, (record, *others) = checkpointed.standing[0]
    begin, last = before[-1][-1].offset + 1, others[-1].offset
    put(checkpointed.folder, 0, begin, last, [replace(record, value=b"another"), *others])
    [found] = look(checkpointed).findings

    assert (found.what, found.first, found.last) == (What.REWRITTEN, begin, last)
    assert "checkpoint 2" in found.says


def test_a_dropped_and_an_added_record_are_told_apart(checkpointed: Archive) -> None:
    segment = checkpointed.standing[0][3]
    begin, last = checkpointed.standing[0][2][-1].offset + 1, segment[-1].offset
    put(checkpointed.folder, 0, begin, last, [*segment[:2], *segment[3:]])
    assert kinds(checkpointed) == {What.MISSING}

    put(checkpointed.folder, 0, begin, last + 1, [*segment, replace(segment[-1], offset=last + 1)])
    assert kinds(checkpointed) == set()  # behind the last checkpoint it is a record like others

    dense = [replace(segment[0], offset=begin + at) for at in range(last - begin + 1)]
    if len(dense) > len(segment):
        for path in (checkpointed.folder / "0").glob(f"{begin:020}-*"):
            path.unlink()
        put(checkpointed.folder, 0, begin, last, dense)
        assert kinds(checkpointed) == {What.ADDED}


def test_two_records_in_each_others_place_are_found(checkpointed: Archive) -> None:
    one, other, *rest = checkpointed.standing[0][3]
    begin, last = checkpointed.standing[0][2][-1].offset + 1, rest[-1].offset
    put(checkpointed.folder, 0, begin, last, [other, one, *rest])
    assert kinds(checkpointed) >= {What.DISORDERED}

    swapped = [
        replace(other, offset=one.offset, digest=other.row()["digest"]),
        replace(one, offset=other.offset, digest=one.row()["digest"]),
    ]
    put(checkpointed.folder, 0, begin, last, [*swapped, *rest])
    assert kinds(checkpointed) == {What.CHANGED, What.REWRITTEN}


def test_a_missing_segment_is_a_hole_and_missing_records(checkpointed: Archive) -> None:
    segment = checkpointed.standing[1][1]
    [path] = (checkpointed.folder / "1").glob(f"*-{segment[-1].offset:020}.parquet")
    path.unlink()
    found = {each.what: each for each in look(checkpointed).findings}

    assert found.keys() == {What.HOLE, What.MISSING}
    assert found[What.HOLE].last == segment[-1].offset


@pytest.mark.parametrize("partition", ["last segment", "whole partition"])
def test_an_archive_that_ends_too_early_was_cut_off(checkpointed: Archive, partition: str) -> None:
    files = sorted((checkpointed.folder / "1").iterdir())
    for path in files[-1:] if partition == "last segment" else files:
        path.unlink()

    assert kinds(checkpointed) == {What.CUT_OFF}


def test_a_partition_that_is_gone_was_cut_off(checkpointed: Archive) -> None:
    (checkpointed.folder / "1").rename(checkpointed.folder / "away")

    assert kinds(checkpointed) == {What.CUT_OFF}


def test_a_segment_that_is_none_is_named(checkpointed: Archive) -> None:
    path = min((checkpointed.folder / "0").iterdir())
    path.write_bytes(path.read_bytes()[:-5])
    [found] = look(checkpointed).findings

    assert (found.what, found.segment) == (What.UNREADABLE, f"0/{path.name}")


def test_records_stay_proven_when_segments_are_merged(checkpointed: Archive) -> None:
    one, other = checkpointed.standing[0][:2]
    put(checkpointed.folder, 0, one[0].offset, other[-1].offset, [*one, *other])
    assert look(checkpointed).findings == ()  # cut short: the merged ones are still there

    for each in (one, other):
        [path] = (
            (checkpointed.folder / "0").glob(f"*-{each[-1].offset:020}.parquet") if each is one else [None]
        )
        if path is not None:
            path.unlink()
    assert look(checkpointed).findings == ()


def test_segments_may_be_merged_while_they_are_looked_at(
    tmp_path: Path, chance: random.Random, key: Signer
) -> None:
    made = filled(tmp_path / "archive", chance, partitions=1, segments=40)
    checkpoint(made.folder, key, NOW)
    seen = []

    def merge(records: int) -> None:
        seen.append(records)
        if len(seen) == 1:
            files = sorted((made.folder / "0").iterdir())
            whole = made.records()
            put(made.folder, 0, whole[0].offset, whole[-1].offset, whole)
            for path in files:
                path.unlink()

    chain, _ = believed(made.folder / FOLDER, [], [key.public], LOG)
    verdict = verify(made.folder, chain, merge)

    assert (verdict.findings, verdict.records) == ((), len(made.records()))
    assert min(seen) < 0  # it began again
    assert sum(seen) == verdict.records


def test_an_archive_is_told_by_the_names_of_its_segments_only(checkpointed: Archive) -> None:
    (checkpointed.folder / "1" / ".something.writing").write_bytes(b"cut short")
    (checkpointed.folder / "lock").write_text("1")

    assert look(checkpointed).findings == ()


# Erasures


@pytest.fixture
def with_erasure(tmp_path: Path, chance: random.Random, key: Signer) -> tuple[Archive, Path]:
    """An archive in which two records of a person were erased, after its first checkpoint."""
    made = empty_archive(tmp_path / "archive")
    made.write(0, some(chance, 0, 0, 8))
    by, person = uuid4(), uuid4()
    made.write(0, [erasure(0, made.end(0), by, person)])
    checkpoint(made.folder, key, NOW, copies=tmp_path / "copies")
    made.erase(made.standing[0][0][2:4], by)
    return made, tmp_path / "copies"


def test_an_erased_record_is_no_fault(with_erasure: tuple[Archive, Path], key: Signer) -> None:
    made, copies = with_erasure
    verdict = look(made)
    assert (verdict.findings, verdict.erased, verdict.erased_since) == ((), 2, 2)

    checkpoint(made.folder, key, NOW + HOUR, copies=copies)
    verdict = look(made)
    assert (verdict.findings, verdict.erased, verdict.erased_since) == ((), 2, 0)


def test_an_erasure_that_no_event_asks_for_is_a_fault(with_erasure: tuple[Archive, Path]) -> None:
    made, _ = with_erasure
    made.erase(made.standing[0][0][5:6], uuid4())

    assert kinds(made) == {What.ERASED_BY_NOTHING}


def test_what_stands_in_place_of_an_erased_record_cannot_be_changed(
    with_erasure: tuple[Archive, Path], key: Signer
) -> None:
    made, copies = with_erasure
    checkpoint(made.folder, key, NOW + HOUR, copies=copies)
    segment = made.standing[0][0]
    renumbered = [replace(each, sequence=99) if each.erased_by else each for each in segment]
    put(made.folder, 0, segment[0].offset, segment[-1].offset, renumbered)

    assert kinds(made) == {What.ERASURE_CHANGED}


def test_an_erased_record_that_comes_back_is_found(with_erasure: tuple[Archive, Path], key: Signer) -> None:
    made, copies = with_erasure
    checkpoint(made.folder, key, NOW + HOUR, copies=copies)
    segment = made.standing[0][0]
    back = [replace(each, erased_by=None, producer=None, incarnation=None, sequence=None) for each in segment]
    put(made.folder, 0, segment[0].offset, segment[-1].offset, back)

    assert kinds(made) == {What.ERASURE_UNDONE}


def test_a_record_that_is_half_erased_is_a_fault(with_erasure: tuple[Archive, Path]) -> None:
    made, _ = with_erasure
    segment = [replace(each, producer="shop") for each in made.standing[0][0]]
    put(made.folder, 0, segment[0].offset, segment[-1].offset, segment)

    assert kinds(made) == {What.NOT_ERASED}


# Checkpoints


def test_a_checkpoint_says_in_words_what_stood_there(checkpointed: Archive) -> None:
    text = note(checkpointed.folder / FOLDER, 2)

    assert text.startswith(f"{LOG}\ncheckpoint 2\ntime 2026-06-15T18:00:00.000000Z\nbefore ")
    assert f"partition 1 last {checkpointed.end(1) - 1} size " in text
    assert f"\n\n\N{EM DASH} {LOG} " in text


def test_no_checkpoint_is_made_where_nothing_changed_or_before_it_is_due(
    checkpointed: Archive, key: Signer, chance: random.Random
) -> None:
    folder = checkpointed.folder
    assert checkpoint(folder, key, NOW + 9 * HOUR) is None

    checkpointed.write(0, some(chance, 0, checkpointed.end(0), 3))
    assert checkpoint_when_due(folder, key, NOW + 1.5 * HOUR, every=HOUR) is None
    made = checkpoint_when_due(folder, key, NOW + 2 * HOUR, every=HOUR)
    assert made is not None
    assert made == latest(folder / FOLDER)
    assert (made.number, numbers(folder / FOLDER)) == (3, [1, 2, 3])


def test_a_checkpoint_is_the_same_whether_its_trees_grew_or_were_made_anew(
    checkpointed: Archive, key: Signer, chance: random.Random, tmp_path: Path
) -> None:
    checkpointed.write(1, some(chance, 1, checkpointed.end(1), 9))
    grown = checkpoint(checkpointed.folder, key, NOW + 2 * HOUR)
    assert grown is not None
    path_of(checkpointed.folder / FOLDER, 3).unlink()
    (checkpointed.folder / FOLDER / PEAKS).unlink()

    assert checkpoint(checkpointed.folder, key, NOW + 2 * HOUR) == grown


def test_no_checkpoint_is_put_behind_one_that_the_archive_did_not_grow_out_of(
    checkpointed: Archive, key: Signer, chance: random.Random
) -> None:
    segment = checkpointed.standing[0][0]
    put(checkpointed.folder, 0, segment[0].offset, segment[-1].offset, some(chance, 0, segment[0].offset, 1))
    (checkpointed.folder / FOLDER / PEAKS).unlink()

    with pytest.raises(ArchiveDamaged, match="did not grow out of checkpoint 2"):
        checkpoint(checkpointed.folder, key, NOW + 2 * HOUR)


def test_an_edited_checkpoint_is_not_believed(checkpointed: Archive) -> None:
    path = path_of(checkpointed.folder / FOLDER, 1)
    path.write_text(path.read_text().replace("17:00:00", "16:00:00"))

    assert kinds(checkpointed, copies=False) == {What.CHECKPOINT_CHANGED}


def test_a_checkpoint_of_another_key_is_not_believed(checkpointed: Archive, tmp_path: Path) -> None:
    path = path_of(checkpointed.folder / FOLDER, 2)
    text = path.read_text().rpartition("\n\n")[0] + "\n"
    path.write_text(signer(tmp_path / "elsewhere", LOG).sign(text))

    assert kinds(checkpointed, copies=False) == {What.CHECKPOINT_CHANGED}


def test_a_checkpoint_that_is_left_out_is_missed(checkpointed: Archive) -> None:
    path_of(checkpointed.folder / FOLDER, 1).unlink()

    assert kinds(checkpointed, copies=False) == {What.CHECKPOINT_MISSING}


def test_the_last_checkpoint_left_out_is_missed_by_its_copy_alone(checkpointed: Archive) -> None:
    path_of(checkpointed.folder / FOLDER, 2).unlink()
    max((checkpointed.folder / "1").iterdir()).unlink()

    assert kinds(checkpointed, copies=False) == set()
    assert kinds(checkpointed) == {What.CHECKPOINT_MISSING, What.CUT_OFF}


def test_a_chain_that_was_signed_anew_is_known_by_its_copies(
    checkpointed: Archive, key: Signer, chance: random.Random
) -> None:
    folder = checkpointed.folder / FOLDER
    for number in (1, 2):
        path_of(folder, number).unlink()
    record = checkpointed.standing[0][0][0]
    others = checkpointed.standing[0][0][1:]
    last = checkpointed.standing[0][0][-1].offset
    put(checkpointed.folder, 0, record.offset, last, [replace(record, value=b"another"), *others])
    checkpoint(checkpointed.folder, key, NOW)

    assert kinds(checkpointed, copies=False) == set()
    assert kinds(checkpointed) >= {What.CHECKPOINT_CHANGED, What.CHECKPOINT_MISSING}


def test_an_archive_without_any_checkpoint_proves_nothing(tmp_path: Path, chance: random.Random) -> None:
    made = filled(tmp_path / "archive", chance)

    assert {each.what for each in verify(made.folder, []).findings} == {What.NO_CHECKPOINT}


def test_a_changed_key_is_believed_beside_the_one_before(
    checkpointed: Archive, chance: random.Random, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / PRIVATE).rename(home / "retired")
    checkpointed.write(0, some(chance, 0, checkpointed.end(0), 3))
    checkpoint(checkpointed.folder, signer(home, LOG), NOW + 2 * HOUR, copies=tmp_path / "copies")

    assert len(trusted([home / PUBLIC])) == 2
    assert look(checkpointed).findings == ()


def test_the_private_key_is_its_owners_alone(key: Signer, tmp_path: Path) -> None:
    assert (tmp_path / "home" / PRIVATE).stat().st_mode & 0o077 == 0
    assert "PRIVATE" not in repr(key)


# The commands


def lineage(tmp_path: Path, *words: str) -> Result:
    environment = {
        "LINEAGE_HOME": str(tmp_path / "home"),
        "LINEAGE_ARCHIVE": str(tmp_path / "archive"),
        "LINEAGE_CHECKPOINTS": str(tmp_path / "copies"),
    }
    return CliRunner().invoke(main, words, env=environment)


def test_the_commands_sign_an_archive_and_find_it_whole(tmp_path: Path, chance: random.Random) -> None:
    filled(tmp_path / "archive", chance)
    assert "checkpoint 1 of" in lineage(tmp_path, "checkpoint").output
    assert "nothing was archived" in lineage(tmp_path, "checkpoint").output
    done = lineage(tmp_path, "verify", "--format", "json")

    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert "whole: " in done.stderr


def test_the_command_ends_with_3_and_says_where_an_archive_is_not_whole(checkpointed: Archive) -> None:
    path = max((checkpointed.folder / "1").iterdir())
    path.unlink()
    done = lineage(checkpointed.folder.parent, "verify", "--format", "json")
    [found] = json.loads(done.stdout)

    assert done.exit_code == 3
    assert (found["what"], found["partition"]) == ("CUT_OFF", 1)
    assert found["first_offset"] == int(path.stem.split("-")[0])
    assert found["last_offset"] == checkpointed.end(1) - 1


def test_an_auditor_needs_the_public_key_and_the_copies_alone(checkpointed: Archive, tmp_path: Path) -> None:
    key = (tmp_path / "home" / PUBLIC).rename(tmp_path / "given.pub")
    (tmp_path / "home" / PRIVATE).unlink()
    words = ["verify", "--public-key", str(key), "--checkpoints", str(tmp_path / "copies")]

    assert lineage(tmp_path, *words).exit_code == 0
    assert lineage(tmp_path, "verify").exit_code == 1


def test_where_there_is_no_archive_the_commands_say_so(tmp_path: Path) -> None:
    for command in ("checkpoint", "verify"):
        done = lineage(tmp_path, command)
        assert (done.exit_code, "is no archive" in done.stderr) == (1, True)
