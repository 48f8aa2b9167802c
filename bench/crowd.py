"""What does a database look like after a year of a business with many people? Written into its tables.

The rows are real ones: one event of each activity goes through encoding and projection, and SQL repeats the
row for the people, with ids, times and numbers of their own. The policy is adopted through the log.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import duckdb
import polars as pl

from lineage.codec import encode
from lineage.events import Event, SubjectDescribed, filled
from lineage.logs import Records
from lineage.logs.embedded import EmbeddedLog
from lineage.policy import Policy, load
from lineage.projection.batch import rows_of, weighed
from lineage.projection.columns import EVENT_ROW, REFUSAL, empty
from lineage.projector import Projector
from lineage.publish.adopting import adopt
from lineage.resources import folder
from lineage.store import Store
from lineage.store.writing import append

BEGINS = datetime(2025, 6, 1, 8, tzinfo=UTC)
RECEIVED = datetime(2026, 6, 15, 17, tzinfo=UTC)
EVENTS_EACH = 40
BEAT_SECONDS = 300
DESCRIBED = "describe"

# Activity, the producer that tells it, how often a year and between which days.
LIVES: dict[str, list[tuple[str, str, int, int, int]]] = {
    "participant": [
        (DESCRIBED, "monitoring", 1, 0, 1),
        ("receive_referral", "monitoring", 1, 0, 1),
        ("register_participant", "web", 1, 1, 3),
        ("store_with_host", "monitoring", 1, 3, 4),
        ("record_location_point", "monitoring", 10, 4, 370),
        ("report_to_agency", "monitoring", 6, 10, 370),
        ("take_payment", "billing", 3, 4, 370),
        ("send_card_to_processor", "billing", 3, 4, 370),
        ("raise_zone_alert", "monitoring", 2, 10, 370),
        ("consult_case", "monitoring", 3, 10, 370),
        ("observe_site_visit", "web", 3, 1, 370),
        ("measure_site_use", "web", 3, 1, 370),
        ("show_ads_elsewhere", "web", 2, 1, 370),
        ("delete_old_locations", "monitoring", 1, 371, 379),
    ],
    "visitor": [
        (DESCRIBED, "web", 1, 0, 1),
        ("register_visitor", "web", 1, 1, 3),
        ("send_newsletter", "marketing", 14, 4, 379),
        ("observe_site_visit", "web", 9, 4, 379),
        ("measure_site_use", "web", 9, 4, 379),
        ("show_ads_elsewhere", "web", 6, 4, 379),
    ],
}


def made(path: Path, events: int) -> None:
    """A database of that many events, by people with forty each."""
    policy = load(folder("examples") / "prontotrak")
    with tempfile.TemporaryDirectory() as log_folder, Store(path) as store:
        with EmbeddedLog(Path(log_folder) / "log.sqlite") as log:
            adopt(policy, log, recorded_at=BEGINS)
            Projector(log, store).catch_up()
        with store.transaction() as connection:
            _fill(connection, policy, events // EVENTS_EACH)
        store.cursor().execute("checkpoint")


def _fill(connection: duckdb.DuckDBPyConnection, policy: Policy, people: int) -> None:
    connection.execute(
        "create temporary table slot (part text, place int, activity text, from_day int, to_day int)"
    )
    for part, life in LIVES.items():
        activities = [each for each in life for _ in range(each[2])]
        assert len(activities) == EVENTS_EACH, (part, len(activities))
        for place, (activity, _, _, from_day, to_day) in enumerate(activities):
            connection.execute(
                "insert into slot values (?, ?, ?, ?, ?)", [part, place, activity, from_day, to_day]
            )
    connection.execute("create temporary table template as select * from event_row limit 0")
    incarnations = {name: uuid4() for name in policy.business.producers}
    connection.execute("create temporary table teller (producer text, incarnation uuid)")
    connection.executemany("insert into teller values (?, ?)", [list(each) for each in incarnations.items()])
    append(connection, "template", _templates(policy, incarnations))
    statements = connection.extract_statements(
        (Path(__file__).parent / "crowd.sql").read_text(encoding="utf-8")
    )
    given = {"people": people, "begins": BEGINS, "beat_seconds": BEAT_SECONDS}
    for statement in statements:
        wanted = {name: given[name] for name in statement.named_parameters}
        connection.execute(statement, wanted)
    for table in ("slot", "template", "teller"):
        connection.execute(f"drop table {table}")


def _templates(policy: Policy, incarnations: dict[str, UUID]) -> pl.DataFrame:
    """One projected row of each activity; `describe` is told under that name for the joining alone."""
    tellers = {each[0]: each[1] for life in LIVES.values() for each in life}
    values: list[bytes | None] = [
        encode(_event(policy, activity, producer, incarnations[producer]))
        for activity, producer in tellers.items()
    ]
    size = len(values)
    records = Records(
        partition=[0] * size,
        offset=list(range(size)),
        recorded_at=[int(BEGINS.timestamp()) * 1_000_000] * size,
        key=[UUID(int=8 << 76 | 2 << 62).bytes] * size,
        value=values,
    )
    batch = weighed(records, {})
    rows = rows_of(batch, empty(EVENT_ROW), empty(REFUSAL)).events
    assert len(rows) == size, "a template was refused"
    return rows


def _event(policy: Policy, activity: str, producer: str, incarnation: UUID) -> Event:
    subject = UUID(int=8 << 76 | 2 << 62)
    event: Event
    if activity == DESCRIBED:
        event = SubjectDescribed(
            subject=subject,
            system="monitoring",
            kinds=("PARTICIPANT",),
            residency="CA",
            customer="SHERIFF_NORTH",
            activity=DESCRIBED,
        )
    else:
        event = policy.fill(activity, subject)
    return filled(
        event,
        {
            "event_id": uuid4(),
            "occurred_at": BEGINS,
            "namespace": "account",
            "producer": producer,
            "incarnation": incarnation,
            "sequence": 1,
        },
    )


def somebody(reader: duckdb.DuckDBPyConnection, count: int, seed: int = 1) -> list[UUID]:
    """Random people of the database, the same ones for the same seed."""
    people = reader.execute("select distinct subject from event_row order by 1").fetchall()
    return [subject for (subject,) in Random(seed).sample(people, count)]
