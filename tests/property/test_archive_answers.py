"""Are answers from archive and log those of the log alone? And when people were erased from the archive: is
everybody else's answer the same to the byte, and theirs as it was?
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archiving import archive, rows
from hypothesis import given
from hypothesis import strategies as st
from looking import worlds_looked_at
from random_worlds import World, worlds
from telling import fill, project_log, told, told_by_product

from lineage.archive import WholeLog
from lineage.archive.erasing import erase
from lineage.archive.form import leaf_digest
from lineage.logs import EmbeddedLog
from lineage.store import Store
from lineage.store.erasures import to_erase

Json = dict[str, Any]


@worlds_looked_at(usually=4)
@given(world=worlds(), data=st.data())
def test_a_database_from_archive_and_log_answers_as_one_from_the_log(
    world_store: Store, world: World, data: st.DataObject, looked: Callable[[], None]
) -> None:
    records = told(world)
    archived = data.draw(st.integers(0, len(records)))
    with tempfile.TemporaryDirectory() as place, EmbeddedLog(Path(place) / "log.sqlite") as log:
        fill(log, records[:archived])
        archive(Path(place) / "archive", log, records=data.draw(st.integers(1, 20)))
        fill(log, records[archived:])
        project_log(log, world_store)
        alone = told_by_product(world, world_store)

        project_log(WholeLog(Path(place) / "archive", log), world_store)

        assert told_by_product(world, world_store) == alone
    looked()


@worlds_looked_at(usually=10)
@given(world=worlds(always=("erasures",)), data=st.data())
def test_erasing_people_from_the_archive_changes_nobody_elses_answer_and_not_theirs(
    world_store: Store, world: World, data: st.DataObject, looked: Callable[[], None]
) -> None:
    with tempfile.TemporaryDirectory() as place, EmbeddedLog(Path(place) / "log.sqlite") as log:
        folder = Path(place) / "archive"
        fill(log, told(world))
        archive(folder, log, records=data.draw(st.integers(1, 30)))
        project_log(log, world_store)
        before = told_by_product(world, world_store)
        archived = [row for _, row in rows(folder)]
        with world_store.cursor() as reader:
            marks = to_erase(reader)

        assert erase(folder, marks) == len(marks)
        assert erase(folder, marks) == 0

        for was, (part, now) in zip(archived, rows(folder), strict=True):
            assert now["digest"] == leaf_digest(
                part, was["offset"], was["recorded_at"], was["key"], was["value"]
            )
            if (part, was["offset"]) in marks:
                assert (now["key"], now["value"]) == (None, None)
            else:
                assert now == was
        project_log(WholeLog(folder, log), world_store)
        with world_store.cursor() as reader:
            assert to_erase(reader) == {}
        after = told_by_product(world, world_store)
        for as_of, was_told, is_told in zip(world.as_of, before, after, strict=True):
            for one, other in zip(was_told, is_told, strict=True):
                if "ERASED" not in reasons(one):
                    assert other == one
                elif as_of is None:
                    assert without_parked(other) == without_parked(one)
    looked()


def reasons(answer: Json) -> set[str]:
    return {gap["reason"] for gap in answer["coverage"]["gaps"]} if "coverage" in answer else set()


def without_parked(answer: Json) -> Json:
    """What was refused of a person is gone with the rest, and so is the knowledge that there was such."""
    gaps = [gap for gap in answer["coverage"]["gaps"] if gap["reason"] != "PARKED"]
    return answer | {"coverage": answer["coverage"] | {"gaps": gaps}, "digest": None, "answer_digest": None}
