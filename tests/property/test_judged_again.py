"""Does judging refused records again give what the whole log, projected anew, would give?"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projecting import a_store, column, contents, emptied, project_batch
from test_projection_batches import logs, meaning

from lineage.codec.batch import Decoder
from lineage.codec.schemas import Registry
from lineage.logs import Records
from lineage.parked.judged_again import judge_again
from lineage.resources import folder
from lineage.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with a_store(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Decoder:
    """What reads by the schemas of a version that did not know sharings, nor the reports of producers."""
    schemas = tmp_path_factory.mktemp("older") / "schemas"
    shutil.copytree(folder("schemas"), schemas)
    unknown: list[Path] = []
    for event in ("Shared", "ProducerReported"):
        unknown += (schemas / "released").glob(f"{event}-*.avsc")
    for path in unknown:
        path.unlink()
    return Decoder(Registry(schemas))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), log=logs(partitions=2))
def test_what_an_older_version_refused_is_after_a_release_as_if_it_had_been_read_at_once(
    store: Store, older: Decoder, data: st.DataObject, log: Records
) -> None:
    project_batch(emptied(store), log)
    whole = meaning(contents(store))

    emptied(store)
    with pytest.MonkeyPatch.context() as of_then:
        of_then.setattr("lineage.projection.project.decode_batch", older.decode)
        project_batch(store, log)
    refused = column(store, "select (log_partition, log_offset) from parked_row order by all")
    places = data.draw(st.permutations(refused))
    outcomes = judge_again(store, places)

    assert meaning(contents(store)) == whole
    assert {(each.partition, each.offset) for each in outcomes} <= set(refused)
    # Once more changes nothing.
    still = column(store, "select (log_partition, log_offset) from parked_row")
    judge_again(store, still)
    assert meaning(contents(store)) == whole


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=logs(partitions=2))
def test_by_the_same_version_every_record_stays_what_it_was(store: Store, log: Records) -> None:
    project_batch(emptied(store), log)
    before = meaning(contents(store))
    outcomes = judge_again(store, column(store, "select (log_partition, log_offset) from parked_row"))

    assert meaning(contents(store)) == before
    assert all(each.is_parked for each in outcomes)
