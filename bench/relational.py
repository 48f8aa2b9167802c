"""What does PostgreSQL need for the question of disclosures, asked of the same facts?

Only that question, of people who have one token each: it resolves nobody, looks for no gap and gives no
evidence, as the report does. What it finds is compared with the report's two lists.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import psycopg

from bench.crowd import RECEIVED, made, somebody
from bench.figures import Figure, median
from bench.year import prontotrak
from lineage.report import Reporter
from lineage.report.request import requests_of
from lineage.store import Store
from lineage.window import window

HERE = Path(__file__).parent
PEOPLE, TOGETHER = 100, 500
BUSINESS_PURPOSES = [
    "BP1_AD_AUDIT", "BP2_SECURITY", "BP3_DEBUG", "BP4_TRANSIENT",
    "BP5_SERVICES", "BP6_ADS_NON_CROSS", "BP7_INTERNAL_RESEARCH", "BP8_QUALITY_SAFETY",
]  # fmt: skip
LISTS = ("sold_or_shared", "disclosed")

Pairs = set[tuple[str, str, str, tuple[str, ...]]]

FACTS = {
    "event": """
        select
            subject, event_id, event, occurred_at, recipient,
            '{' || array_to_string(coalesce(elements, []), ',') || '}',
            '{' || array_to_string(coalesce(purposes, []), ',') || '}',
            consideration, outcome, details ->> 'customer'
        from event_row
    """,
    "word": """
        select word, category, valid_from, valid_until
        from policy_element_category
        join (
            select element, element as word from policy_element
            union all
            select element, alias from policy_element_alias
        ) using (element)
    """,
    "recipient": """
        select recipient, customer, category, valid_from, valid_until
        from policy_recipient
        join policy_recipient_category using (policy, recipient)
    """,
    "same_business": "select recipient, valid_from, valid_until from policy_recipient_same_business",
    "contract": """
        select
            recipient, kind, role, certified, '{' || array_to_string(purposes, ',') || '}',
            valid_from, valid_until
        from policy_contract
    """,
    "purpose": """
        select purpose, '{' || array_to_string(statutory, ',') || '}', valid_from, valid_until
        from policy_purpose
    """,
}
"""What is loaded into each table of relational_tables.sql. The crowd's database knows one policy."""


def measure(events: int, crowd: Path) -> list[Figure]:
    """On the crowd's database, which is made where there is none. Nothing where there is no PostgreSQL."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from postgres import NoPostgres, new_database, server  # type: ignore[import-not-found]  # of tests/

    if not crowd.exists():
        made(crowd, events)
    try:
        with (
            server() as address,
            Store(crowd) as store,
            psycopg.connect(new_database(address), autocommit=True) as connection,
        ):
            reader = store.cursor()
            _load(reader, connection)
            return _compared(reader, connection)
    except NoPostgres as error:
        print(f"not measured beside PostgreSQL: {error}", file=sys.stderr)
        return []


def _load(reader: duckdb.DuckDBPyConnection, connection: psycopg.Connection[Any]) -> None:
    connection.execute((HERE / "relational_tables.sql").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        for table, question in FACTS.items():
            file = Path(folder) / f"{table}.csv"
            reader.execute(f"copy ({question}) to '{file}' (header false)")
            with (
                file.open("rb") as rows,
                connection.cursor().copy(f"copy {table} from stdin (format csv)".encode()) as copy,
            ):
                while block := rows.read(1 << 20):
                    copy.write(block)
            file.unlink()
    connection.execute((HERE / "relational_indexes.sql").read_bytes())
    connection.execute("vacuum analyze")


def _compared(reader: duckdb.DuckDBPyConnection, connection: psycopg.Connection[Any]) -> list[Figure]:
    people, crowd = somebody(reader, PEOPLE), somebody(reader, TOGETHER, seed=2)
    reporter = Reporter(reader)
    for person in people[:2]:
        _answered(reporter, [person])
        _asked(connection, [person])
    ours, theirs = [], []
    for person in people:
        said, seconds = _answered(reporter, [person])
        ours.append(seconds)
        found, seconds = _asked(connection, [person])
        theirs.append(seconds)
        assert found == said, "PostgreSQL finds other disclosures than the report"
    said, our_seconds = _answered(reporter, crowd)
    found, their_seconds = _asked(connection, crowd)
    assert found == said, "PostgreSQL finds other disclosures than the report"
    return [
        Figure(
            "disclosures of one person: the whole answer / PostgreSQL, that question alone, p50",
            median(ours) / median(theirs),
            f"{median(ours) * 1e3:.1f} ms beside {median(theirs) * 1e3:.2f} ms",
        ),
        Figure(
            f"disclosures of {len(crowd):,} people in one call: the whole answers / PostgreSQL",
            our_seconds / their_seconds,
            f"{our_seconds:.2f} s beside {their_seconds:.2f} s",
        ),
    ]


def _answered(reporter: Reporter, people: list[UUID]) -> tuple[dict[UUID, Pairs], float]:
    begun = time.perf_counter()
    documents = reporter.report(requests_of([(person, RECEIVED) for person in people]))
    seconds = time.perf_counter() - begun
    return {
        person: {
            (block, pair["category"], pair["recipient_category"], tuple(sorted(pair["kinds"])))
            for block in LISTS
            for pair in document[block]["pairs"]
        }
        for person, document in zip(people, documents, strict=True)
    }, seconds


def _asked(connection: psycopg.Connection[Any], people: list[UUID]) -> tuple[dict[UUID, Pairs], float]:
    asked = window(RECEIVED, prontotrak().business.time_zone)
    given = {
        "subjects": people,
        "window_from": asked.start,
        "window_to": asked.end,
        "business_purposes": BUSINESS_PURPOSES,
    }
    question = (HERE / "relational_question.sql").read_bytes()
    begun = time.perf_counter()
    rows = connection.execute(question, given, prepare=True).fetchall()
    seconds = time.perf_counter() - begun
    found: dict[UUID, Pairs] = {person: set() for person in people}
    for subject, block, category, recipient, kinds in rows:
        found[subject].add((block, category, recipient, tuple(kinds)))
    return found, seconds
