"""Two years of a marketplace's real orders, from its files through a real Kafka into the database.

What comes out is compared with a count that knows nothing of mappings, by Python's own csv module.
"""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from broker import Broker

from lineage.backfill import Backfill
from lineage.backfill.mapping import Mapping, read_mapping
from lineage.logs.kafka import KafkaLog
from lineage.policy import Policy, load
from lineage.projector import Projector
from lineage.publish import pseudonymiser_of
from lineage.publish.adopting import adopt, last_adopted
from lineage.report import Reporter
from lineage.report.request import requests_of
from lineage.resources import folder
from lineage.settings import Settings, load_settings
from lineage.store import Store
from lineage.tokens import Pseudonymiser

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "olist"
EXAMPLE = folder("examples") / "marketplace"
PRODUCER = "marketplace_orders"
ORDERS = 13_205
HEX = re.compile(rb"[0-9a-f]{32,}")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")

needs_the_data = pytest.mark.skipif(
    not (DATA / "orders.csv.gz").is_file(),
    reason="the order files are not part of the project; they are looked for in ../shared/data/olist",
)


def test_the_policy_of_the_example_is_in_order():
    policy = load(EXAMPLE / "policy")

    assert policy.warnings == ()
    assert policy.business.is_ccpa_business
    assert set(policy.activities) == {path.stem for path in (EXAMPLE / "mappings").glob("*.sql")}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(EXAMPLE / "policy")


@pytest.fixture(scope="module")
def mappings() -> list[Mapping]:
    return [read_mapping(path) for path in sorted((EXAMPLE / "mappings").glob("*.sql"))]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def pseudonymiser(settings: Settings) -> Pseudonymiser:
    return pseudonymiser_of(settings)


@pytest.fixture(scope="module")
def log(broker: Broker) -> Iterator[KafkaLog]:
    """A topic of the real broker."""
    with KafkaLog(broker.bootstrap, f"marketplace-{id(broker):x}-{datetime.now(UTC):%H%M%S%f}") as log:
        log.ensure_topic(partitions=3)
        yield log


@pytest.fixture(scope="module")
def projected(
    log: KafkaLog,
    policy: Policy,
    mappings: list[Mapping],
    settings: Settings,
    pseudonymiser: Pseudonymiser,
) -> Iterator[Store]:
    """The database after the policy was adopted and the orders were backfilled once."""
    adopt(policy, log)
    backfill = Backfill(log, pseudonymiser, policy.problems, PRODUCER, DATA)
    counts = backfill.checked(mappings)
    assert backfill.send(mappings) == sum(counts.values())
    with Store(settings.home / "lineage.duckdb") as store:
        Projector(log, store).catch_up()
        yield store


def rows_of(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def told() -> dict[str, set[tuple[str, str, datetime]]]:
    """What the files say, counted by hand: per activity (account, order, when)."""
    known = {row["customer_id"]: row["customer_unique_id"] for row in rows_of("customers")}
    found: dict[str, set[tuple[str, str, datetime]]] = {
        name: set()
        for name in (
            "order_placed",
            "payment_taken",
            "payment_processed",
            "seller_told",
            "parcel_handed_over",
        )
    }
    moments = {
        "order_placed": "order_purchase_timestamp",
        "payment_taken": "order_approved_at",
        "payment_processed": "order_approved_at",
        "seller_told": "order_approved_at",
        "parcel_handed_over": "order_delivered_carrier_date",
    }
    for row in rows_of("orders"):
        account = known.get(row["customer_id"], row["customer_id"])
        for activity, column in moments.items():
            if row[column]:
                # fold=1: one order was placed in the hour that the end of summer time repeats; DuckDB takes
                # the second of the two.
                local = datetime.strptime(row[column], "%m/%d/%Y %H:%M").replace(tzinfo=SAO_PAULO, fold=1)
                found[activity].add((account, row["order_id"], local.astimezone(UTC)))
    return found


def ask(store: Store, sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with store.cursor() as reader:
        return reader.execute(sql, given or None).fetchall()


@needs_the_data
@pytest.mark.kafka
def test_every_order_of_the_files_is_in_the_database_and_nothing_else(projected, told):
    expected = {activity: len(events) for activity, events in told.items()}
    expected["registration"] = len({account for account, _, _ in told["order_placed"]})

    counted = dict(ask(projected, "select activity, count(*) from events group by activity"))
    assert counted == expected
    assert len({order for _, order, _ in told["order_placed"]}) == ORDERS
    assert ask(projected, "select count(*) from parked") == [(0,)]


@needs_the_data
@pytest.mark.kafka
@pytest.mark.parametrize(
    "activity", ["order_placed", "payment_processed", "seller_told", "parcel_handed_over"]
)
def test_each_persons_events_lie_at_their_own_times(projected, told, pseudonymiser, activity):
    expected = Counter(
        (pseudonymiser.token(f"account:{account}")[0], when) for account, _, when in told[activity]
    )

    found = ask(
        projected, "select subject, occurred_at from events where activity = $activity", activity=activity
    )
    assert Counter((subject, when.astimezone(UTC)) for subject, when in found) == expected


@needs_the_data
@pytest.mark.kafka
def test_a_person_registered_with_the_first_order(projected, told, pseudonymiser):
    first: dict[str, datetime] = {}
    for account, _, when in told["order_placed"]:
        first[account] = min(when, first.get(account, when))

    found = dict(ask(projected, "select subject, occurred_at from events where activity = 'registration'"))
    assert {subject: when.astimezone(UTC) for subject, when in found.items()} == {
        pseudonymiser.token(f"account:{account}")[0]: when for account, when in first.items()
    }


@needs_the_data
@pytest.mark.kafka
def test_every_customer_gets_a_report_that_counts_what_the_files_count(projected, told, pseudonymiser):
    received = datetime(2018, 6, 1, 12, tzinfo=UTC)
    begin = datetime(2017, 6, 1, 7, tzinfo=UTC)  # midnight in Los Angeles, where the policy leaves the day
    inside = {
        activity: Counter(account for account, _, when in events if begin <= when < received)
        for activity, events in told.items()
    }
    accounts = sorted({account for account, _, _ in told["order_placed"]})
    tokens = [pseudonymiser.token(f"account:{account}")[0] for account in accounts]

    with projected.cursor() as reader:
        answers = Reporter(reader).report(requests_of([(token, received) for token in tokens]))

    for account, answer in zip(accounts, answers, strict=True):
        commercial = {line["category"]: line for line in answer["collected"]}.get("PI_D_COMMERCIAL")
        went = {
            (pair["category"], pair["recipient_category"]): (pair["events"], pair["kinds"])
            for pair in answer["disclosed"]["pairs"]
        }
        assert (commercial["events"] if commercial else 0) == (
            inside["order_placed"][account] + inside["payment_taken"][account]
        )
        for activity, recipient, kind in (
            ("payment_processed", "RCP_PAYMENT", "BP_SERVICE_PROVIDER"),
            ("seller_told", "RCP_JOINT_PARTNER", "BP_THIRD_PARTY"),
            ("parcel_handed_over", "RCP_SUPPORT_OPS", "BP_SERVICE_PROVIDER"),
        ):
            count = inside[activity][account]
            assert went.get(("PI_D_COMMERCIAL", recipient)) == ((count, [kind]) if count else None)
        assert answer["coverage"]["complete"]
        assert answer["sold_or_shared"] == {"pairs": [], "statement": "NONE"}
    assert len(answers) == len(accounts) > 1_000


@needs_the_data
@pytest.mark.kafka
def test_the_backfill_says_that_it_was_reconstructed_and_closes_its_incarnation(projected):
    assert ask(projected, "select distinct origin, producer, system from events") == [
        ("RECONSTRUCTED", PRODUCER, "shop")
    ]
    assert ask(
        projected,
        "select is_closed, count_missing, covers_from from coverage where producer = $producer",
        producer=PRODUCER,
    ) == [(True, 0, None)]


@needs_the_data
@pytest.mark.kafka
def test_running_it_again_adds_nothing(projected, log, policy, mappings, pseudonymiser):
    before = ask(projected, "select count(*), count(distinct event_id) from events")

    backfill = Backfill(log, pseudonymiser, policy.problems, PRODUCER, DATA)
    again = [mapping for mapping in mappings if mapping.name in ("registration", "parcel_handed_over")]
    sent = backfill.send(again)
    progress = Projector(log, projected).catch_up()

    assert (progress.events, progress.repeats, progress.parked) == (0, sent, 0)
    assert ask(projected, "select count(*), count(distinct event_id) from events") == before


@needs_the_data
@pytest.mark.kafka
def test_nothing_of_the_files_stands_in_the_log_or_in_the_database(projected, log, settings):
    accounts = {row["customer_id"].encode() for row in rows_of("orders")}
    orders = {row["order_id"].encode() for row in rows_of("orders")}
    with projected.cursor() as writer:
        writer.execute("checkpoint")
    held = (settings.home / "lineage.duckdb").read_bytes()

    positions = {part: first for part, (first, _) in log.bounds().items()}
    while len(records := log.read(positions, limit=50_000, wait_seconds=1)):
        held += b"".join(value or b"" for value in records.value)
        positions |= records.next_positions()
    assert positions == {part: end for part, (_, end) in log.bounds().items()}
    # The files' ids are 32 hexadecimal digits; any such word in the bytes is looked up.
    words = {run[at : at + 32] for run in HEX.findall(held) for at in range(len(run) - 31)}
    assert not words & (accounts | orders)


@needs_the_data
@pytest.mark.kafka
def test_the_adopted_policy_is_found_again_behind_all_these_events(projected, log, policy):
    assert last_adopted(log) == policy
