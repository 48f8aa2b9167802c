"""Are many requests answered like each by itself, and is a run that ended gone on with?"""

import gc
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from projecting import a_store, project_batch
from records import NOW, a_subject, collected, record, records
from worlds import an_event

from lineage.errors import Refused
from lineage.events import PolicyAdopted
from lineage.policy import load
from lineage.report import Reporter
from lineage.report.answering import RUN, Done, answered, begin
from lineage.report.batch import read_batch
from lineage.report.canonical import canonical
from lineage.report.check import NotInOrder
from lineage.report.found import Found
from lineage.report.refusal import Reason, Refusal
from lineage.report.request import Request
from lineage.store import Store

POLICY = load(Path(__file__).parent.parent / "acceptance" / "policy")
PEOPLE = [a_subject() for _ in range(5)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Five people of whom one event each was told."""
    adopted = an_event(PolicyAdopted, digest=POLICY.digest, files=dict(POLICY.files), occurred_at=NOW)
    with a_store(tmp_path) as opened:
        told = [collected(subject=person, sequence=n) for n, person in enumerate(PEOPLE, start=1)]
        project_batch(opened, records([(b"policy", record(adopted)[1]), *told]))
        yield opened


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    file = tmp_path / "requests.csv"
    lines = [f"r{n},{person},2026-06-{n + 10}" for n, person in enumerate(PEOPLE)]
    file.write_text("id,subject,received\n" + "\n".join(lines) + "\n")
    return file


def test_each_report_of_a_batch_has_the_bytes_of_the_report_made_alone(
    store: Store, requests: Path, tmp_path: Path
) -> None:
    batch = read_batch(requests, UUID)
    as_of = begin(tmp_path / "out", batch, NOW)
    done = list(answered(Reporter(store.cursor()), batch, tmp_path / "out", as_of, chunk=2))
    assert sum(each.written for each in done) == len(PEOPLE)

    for name, request in batch.requests.items():
        [alone] = Reporter(store.cursor()).report([request], as_of=as_of)
        assert (tmp_path / "out" / f"{name}.json").read_bytes() == canonical(alone) + b"\n"


@pytest.mark.parametrize("searches", [True, False])
def test_the_search_for_garbage_is_as_it_was_between_two_chunks(
    store: Store, requests: Path, tmp_path: Path, searches: bool
) -> None:
    folder, batch = tmp_path / "out", read_batch(requests, UUID)
    as_of = begin(folder, batch, NOW)
    was = gc.isenabled()
    try:
        (gc.enable if searches else gc.disable)()
        for _ in answered(Reporter(store.cursor()), batch, folder, as_of, chunk=2):
            assert gc.isenabled() is searches
    finally:
        (gc.enable if was else gc.disable)()


def test_a_run_that_ended_is_gone_on_with_as_of_its_own_instant(
    store: Store, requests: Path, tmp_path: Path
) -> None:
    folder, batch = tmp_path / "out", read_batch(requests, UUID)
    as_of = begin(folder, batch, NOW)
    list(answered(Reporter(store.cursor()), batch, folder, as_of))
    first = (folder / "r0.json").read_bytes()
    (folder / "r3.json").unlink()

    later = begin(folder, batch, datetime(2027, 1, 1, tzinfo=UTC))

    assert later == as_of
    assert list(answered(Reporter(store.cursor()), batch, folder, later)) == [Done(1, 0, {})]
    assert (folder / "r0.json").read_bytes() == first
    assert json.loads((folder / "r3.json").read_text())["as_of"] == json.loads(first)["as_of"]


def test_a_folder_of_other_requests_is_refused(requests: Path, tmp_path: Path) -> None:
    begin(tmp_path / "out", read_batch(requests, UUID), NOW)
    requests.write_text("id,subject,received\n")

    with pytest.raises(Refused, match="other requests"):
        begin(tmp_path / "out", read_batch(requests, UUID), NOW)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\xff", b"[]", b"3", b"{}", b"[" * 20_000, b'{"as_of": 3, "requests": "x"}'),
        *(
            b'{"as_of": "2026-06-01", "requests": 3}',
            b'{"as_of": "2026-06-01", "requests": "x", "desk": "y"}',
        ),
        b'{"as_of": "0001-01-01T00:00:00+14:00", "requests": "x"}',
    ],
)
def test_a_folder_whose_memory_is_damaged_is_refused(requests: Path, tmp_path: Path, content: bytes) -> None:
    begin(tmp_path / "out", read_batch(requests, UUID), NOW)
    (tmp_path / "out" / RUN).write_bytes(content)

    with pytest.raises(Refused, match="damaged"):
        begin(tmp_path / "out", read_batch(requests, UUID), NOW)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("r9,{person},yesterday", "neither a day"),
        ("../r9,{person},2026-06-15", "cannot name a file"),
        ("r0,{person},2026-06-15", "earlier line"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_never_by_its_subject(
    requests: Path, line: str, says: str
) -> None:
    requests.write_text(requests.read_text() + line.format(person=PEOPLE[0]) + "\n")

    with pytest.raises(Refused, match="line 7") as refused:
        read_batch(requests, UUID)

    assert says in str(refused.value)
    assert str(PEOPLE[0]) not in str(refused.value)


class OneIsWrong(Found):
    """Of one person it makes no report that may go out."""

    def document(self, number: int) -> dict[str, Any]:
        if self.requests[number].subject == PEOPLE[1]:
            raise NotInOrder("The report is not in order: $.disclosed [K-12].")
        return super().document(number)


class FindsOneWrong(Reporter):
    def find(self, requests: Sequence[Request], *, as_of: datetime | None = None) -> Found:
        found = super().find(requests, as_of=as_of)
        return OneIsWrong(**{each.name: getattr(found, each.name) for each in fields(found)})


def test_a_report_that_is_not_in_order_is_named_and_not_written_and_holds_up_nobody(
    store: Store, requests: Path, tmp_path: Path
) -> None:
    folder, batch = tmp_path / "out", read_batch(requests, UUID)

    [done] = answered(FindsOneWrong(store.cursor()), batch, folder, begin(folder, batch, NOW))

    assert (done.written, done.stopped, list(done.not_in_order)) == (4, 0, ["r1"])
    assert {each.name for each in folder.glob("r*.json")} == {"r0.json", "r2.json", "r3.json", "r4.json"}
    assert list(answered(Reporter(store.cursor()), batch, folder, NOW)) == [Done(1, 0, {})]


def test_a_line_may_refuse_a_longer_period_with_its_facts(tmp_path: Path) -> None:
    file, facts = tmp_path / "requests.csv", "Orders before 2024 lie on tapes that take six hours each."
    columns = "id,subject,received,everything,blocks,refuse,facts"
    file.write_text(f'{columns}\nr0,{PEOPLE[0]},2026-06-15,yes,"collected, pieces",IMPOSSIBLE,{facts}\n')

    [request] = read_batch(file, UUID).requests.values()

    assert request.refusal == Refusal(Reason.IMPOSSIBLE, facts)
    assert (request.everything, request.blocks) == (False, ("collected", "pieces"))


@pytest.mark.parametrize("told", ["IMPOSSIBLE,", ",Some facts", "WHIM,Some facts"])
def test_a_refusal_without_facts_and_facts_without_one_are_refused(tmp_path: Path, told: str) -> None:
    file = tmp_path / "requests.csv"
    file.write_text(f"id,subject,received,everything,refuse,facts\nr0,{PEOPLE[0]},2026-06-15,yes,{told}\n")

    with pytest.raises(Refused, match="line 2"):
        read_batch(file, UUID)
