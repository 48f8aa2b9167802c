"""A business's own files become events: checked whole, the same each time, and nothing of them said aloud."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lineage.backfill import Backfill, BackfillRefused
from lineage.backfill.mapping import DataFolder, read_mapping
from lineage.codec import decode
from lineage.errors import Refused
from lineage.events import Collected, Event, Header, Origin, ProducerReported, Shared
from lineage.logs import EmbeddedLog
from lineage.policy import Policy, parse
from lineage.tokens import Pseudonymiser, Secret

POLICY = {
    "business.yaml": "{name: Corner Shop, systems: {shop: {publishes: true}}}",
    "parties.yaml": """
sources: {customer: {name: The customer, category: SRC_CONSUMER_DIRECT}}
recipients: {carrier: {name: The carrier, category: RCP_SUPPORT_OPS}}
""",
    "purposes.yaml": "purposes: {deliver: {statutory: [BP5_SERVICES], wording: to deliver}}",
}
ORDERS = """customer,number,placed,handed_over
ana.poisoned@example.com,o1,2025-03-01 10:00,2025-03-02 09:00
bo.poisoned@example.com,o2,2025-03-01 11:00,
ana.poisoned@example.com,o3,2025-03-05 10:30,2025-03-06 09:00
"""
SHARED = """-- The carrier took the parcel.
-- event: Shared
select
    'email:' || customer as subject,
    number as row_key,
    cast(handed_over as timestamp) at time zone 'Europe/Berlin' as occurred_at,
    ['postal_address'] as elements,
    'carrier' as recipient,
    ['deliver'] as purposes,
    'NONE' as consideration,
    'shop' as system
from read_csv('orders.csv', header = true, all_varchar = true)
where handed_over <> ''
"""
BOTH = """-- An order was placed, and its parcel went to the carrier.
select 'Collected' as event, 'email:' || customer as subject, 'placed ' || number as row_key,
    cast(placed as timestamp) at time zone 'Europe/Berlin' as occurred_at,
    ['order_history'] as elements, 'customer' as source, null as recipient, ['deliver'] as purposes,
    'shop' as system
from 'orders.csv'
union all
select 'Shared', 'email:' || customer, 'sent ' || number,
    cast(handed_over as timestamp) at time zone 'Europe/Berlin',
    ['order_history'], null, 'carrier', ['deliver'], 'shop'
from 'orders.csv' where handed_over is not null
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8-sig")
    return folder


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(tmp_path / "log.sqlite") as log:
        yield log


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse(POLICY)


@pytest.fixture
def backfill(log: EmbeddedLog, policy: Policy, data: Path, tmp_path: Path) -> Backfill:
    pseudonymiser = Pseudonymiser(Secret.create(tmp_path / "secret"))
    return Backfill(log, pseudonymiser, policy.problems, "order_files", data)


def mapping(tmp_path: Path, sql: str, name: str = "parcels"):
    path = tmp_path / f"{name}.sql"
    path.write_text(sql)
    return read_mapping(path)


def logged(log: EmbeddedLog) -> list[Event]:
    records = log.read({0: 0}, limit=10_000, wait_seconds=0)
    return [decode(value) for value in records.value if value is not None]


def test_each_row_becomes_one_event_marked_as_reconstructed(backfill, log, tmp_path):
    found = mapping(tmp_path, SHARED)

    assert backfill.checked([found]) == {"parcels": 2}
    assert backfill.send([found]) == 2
    first, second, report = logged(log)
    assert isinstance(first, Shared)
    assert first.origin is Origin.RECONSTRUCTED
    assert first.namespace == "email"
    assert first.elements == ("postal_address",)
    assert first.occurred_at == datetime(2025, 3, 2, 8, 0, tzinfo=UTC)
    assert isinstance(second, Shared)
    assert second.subject == first.subject
    assert (first.sequence, second.sequence) == (1, 2)
    assert isinstance(report, ProducerReported)
    assert report.closing
    assert report.last_sequence == 2
    assert report.covers_from == report.covers_until
    assert {first.producer, report.producer} == {"order_files"}


def test_a_column_may_say_which_event_a_row_is(backfill, log, tmp_path):
    found = mapping(tmp_path, BOTH)

    assert backfill.checked([found]) == {"parcels": 5}
    backfill.send([found])
    kinds = [type(event) for event in logged(log)]
    assert kinds == [Collected] * 3 + [Shared] * 2 + [ProducerReported]


def test_a_second_run_makes_the_same_ids_in_another_incarnation(backfill, log, tmp_path):
    found = mapping(tmp_path, SHARED)
    backfill.send([found])
    backfill.send([found])

    first, second, _, again, once_more, _ = logged(log)
    assert [again.event_id, once_more.event_id] == [first.event_id, second.event_id]
    assert again.incarnation != first.incarnation
    assert first.event_id != second.event_id


def test_an_id_begins_with_its_events_time(backfill, log, tmp_path):
    backfill.send([mapping(tmp_path, SHARED)])

    event = logged(log)[0]
    assert event.event_id is not None
    assert event.occurred_at is not None
    assert event.event_id.version == 7
    assert event.event_id.int >> 80 == int(event.occurred_at.timestamp() * 1000)


def test_the_same_key_in_another_mapping_is_another_event(backfill, log, tmp_path):
    backfill.send([mapping(tmp_path, SHARED), mapping(tmp_path, SHARED, "letters")])

    events = [event for event in logged(log) if isinstance(event, Header)]
    assert len({event.event_id for event in events}) == 4


def test_all_rows_are_checked_before_anything_is_sent(backfill, log, tmp_path):
    good = mapping(tmp_path, SHARED)
    bad = mapping(tmp_path, SHARED.replace("'carrier'", "'stranger'").replace("+00", ""), "bad")

    with pytest.raises(BackfillRefused) as refused:
        backfill.checked([good, bad])
    assert refused.value.count == 2
    assert refused.value.problems[0].startswith("bad row 1: recipient: ")
    assert "poisoned" not in str(refused.value)
    assert logged(log) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("cast(handed_over as timestamp) at time zone 'Europe/Berlin'", "cast(handed_over as timestamp)"),
            "zone",
        ),
        (("cast(handed_over as timestamp) at time zone 'Europe/Berlin'", "null"), "occurred_at"),
        (("'email:' || customer as subject", "customer as subject"), "subject"),
        (("'shop' as system", "'shop' as system, customer as colour"), "colour"),
        (("['postal_address']", "[customer]"), "elements"),
        (("'NONE' as", "customer as"), "consideration"),
    ],
)
def test_a_row_that_is_no_event_is_named_by_field_and_never_by_value(backfill, tmp_path, change, said):
    with pytest.raises(BackfillRefused, match=said) as refused:
        backfill.checked([mapping(tmp_path, SHARED.replace(*change))])
    assert "poisoned" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("-- The carrier took the parcel.\n", ""), "must be a comment"),
        (("-- event: Shared", "-- event: Sold"), "no mapping makes"),
        (("-- event: Shared", "-- event: PolicyAdopted"), "no mapping makes"),
        (("-- event: Shared", "--"), "names no event"),
        (("number as row_key,", ""), "no column row_key"),
        (("number as row_key", "'one' as row_key"), "repeat the key"),
        (("number as row_key", "nullif(number, 'o1') as row_key"), "missing in 1"),
        (("'shop' as system", "'shop' as system, uuid() as event_id"), "event_id"),
        (("from read_csv", "from read_cvs"), "read_cvs"),
        (("orders.csv", "../secret"), "disabled"),
        (("orders.csv", "/etc/passwd"), "disabled"),
        (("select\n", "select cast(customer as int),\n"), "ConversionException"),
        (("where handed_over <> ''", "; drop table x"), "one select"),
        (("select\n", "copy orders to 'x.csv'; select\n"), "one select"),
    ],
)
def test_a_mapping_that_is_not_in_order_says_why_without_quoting_a_row(backfill, tmp_path, change, said):
    with pytest.raises(Refused, match=said) as refused:
        backfill.checked([mapping(tmp_path, SHARED.replace(*change))])
    assert "poisoned" not in str(refused.value)


def test_a_file_beside_the_data_folder_is_not_read_in_its_place(backfill, data, tmp_path, monkeypatch):
    (tmp_path / "orders.csv").write_text("customer,number,placed,handed_over\n")
    monkeypatch.chdir(tmp_path)

    assert backfill.checked([mapping(tmp_path, SHARED)]) == {"parcels": 2}
    assert Path.cwd() == tmp_path


def test_many_rows_are_read_as_they_are_needed(data, tmp_path):
    found = mapping(
        tmp_path,
        "-- many\n-- event: Used\nselect i as row_key, now() as occurred_at from range(100000000) r(i)",
    )
    rows = DataFolder(data).rows(found)

    assert [next(rows).number for _ in range(3)] == [1, 2, 3]


def test_nothing_of_the_files_but_pseudonyms_comes_into_the_log(backfill, log, tmp_path):
    backfill.send([mapping(tmp_path, BOTH)])
    log.flush()

    held = b"".join(path.read_bytes() for path in tmp_path.glob("log.sqlite*"))
    assert b"poisoned" not in held
    assert b"order_history" in held
