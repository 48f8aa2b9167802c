"""Do the rows of a policy insert into its tables, and say the same as the policy?"""

from collections.abc import Iterator

import duckdb
import pytest

from lineage.policy import Policy, load, parse
from lineage.policy.tables import create_tables, rows
from lineage.resources import folder

WORLD = {
    "business.yaml": """
name: X
time_zone: UTC
california_only: true
systems:
  web: {publishes: true, country: US}
  old: {attested_free: {who: us, when: 2025-01-01}, no_search: {record_types: tapes}}
producers:
  p:
    from: 2024-01-01
    heartbeat_minutes: 5
    attested: [{from: 2025-01-01, until: 2025-01-02, who: us}]
    closed: [{incarnation: 018f0000-0000-7000-8000-000000000001, last_sequence: 9, who: us}]
  q:
""",
    "vocabulary.yaml": """
elements:
  tag: {categories: [A], aliases: [badge], withhold: NOT_A_PIECE}
  faith: {sensitive: [{from: 2025-03-01, value: [SPI_RELIGION_PHILOSOPHY]}]}
""",
    "parties.yaml": """
sources:
  S: {category: [{until: 2025-01-01, value: SRC_PUBLIC}, {from: 2025-01-01, value: SRC_EVENT}]}
recipients:
  R:
    category: RCP_PAYMENT
    customer: C
    control: [{from: 2025-01-01, value: true}]
    common_brand: [{until: 2025-07-01, value: true}, {from: 2025-07-01, value: false}]
    contracts:
      - {id: K, kind: R7051, as: CONTRACTOR, from: 2025-01-01, until: 2026-01-01, purposes: [P, BP5_SERVICES],
         certified: [{from: 2025-02-01, until: 2025-03-01, value: true}]}
customers:
  C:
    kind: SCHOOL
    roles: [{from: 2025-05-01, we_set_purposes: true}]
    instructions: [{id: I, from: 2025-04-01, purposes: [P], recipients: [R]}]
""",
    "purposes.yaml": "purposes:\n  P: {statutory: [BP5_SERVICES], limit: [LM1], elements: [tag]}\n",
    "notices.yaml": "notices: [{version: a, effective: 2025-09-01}]\n",
    "retention.yaml": "rules: {r: {elements: [tag], days: 30}}\n",
}


@pytest.fixture(scope="module")
def filled() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        insert(connection, parse(WORLD))
        yield connection


def insert(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    connection.execute(create_tables())
    for table, of in rows(policy).items():
        for row in of:
            connection.execute(f"insert into {table} values ({', '.join('?' * len(row))})", list(row))


def test_every_table_has_its_rows_and_every_row_its_table(filled: duckdb.DuckDBPyConnection) -> None:
    tables = {name for (name,) in filled.execute("select table_name from duckdb_tables()").fetchall()}
    made = rows(parse(WORLD)).keys()
    assert made <= tables
    for table in made:
        (count, digests) = filled.execute(f"select count(*), count(distinct policy) from {table}").fetchone()
        assert count > 0, table
        assert digests == 1


def test_a_contract_is_cut_where_its_certification_changes(filled: duckdb.DuckDBPyConnection) -> None:
    pieces = filled.execute(
        "select certified, valid_from::date::text, valid_until::date::text from policy_contract order by 2"
    ).fetchall()
    assert pieces == [
        (False, "2025-01-01", "2025-02-01"),
        (True, "2025-02-01", "2025-03-01"),
        (False, "2025-03-01", "2026-01-01"),
    ]


def test_the_same_business_is_where_control_and_brand_meet(filled: duckdb.DuckDBPyConnection) -> None:
    spans = "select valid_from::date::text, valid_until::date::text from policy_recipient_same_business"
    assert filled.execute(spans).fetchall() == [("2025-01-01", "2025-07-01")]


def test_open_ends_hold_at_any_instant(filled: duckdb.DuckDBPyConnection) -> None:
    held = """
        select category
        from policy_source
        where ?::timestamptz >= valid_from and ?::timestamptz < valid_until
    """
    for instant, category in (
        ("0001-01-01", "SRC_PUBLIC"),
        ("2025-01-01", "SRC_EVENT"),
        ("9999-12-31", "SRC_EVENT"),
    ):
        assert filled.execute(held, [instant, instant]).fetchall() == [(category,)]


def test_intervals_are_cut_at_every_finite_edge_once(filled: duckdb.DuckDBPyConnection) -> None:
    edges = filled.execute("select instant::date::text from policy_boundary order by 1").fetchall()
    assert [edge for (edge,) in edges] == [
        "2025-01-01",
        "2025-02-01",
        "2025-03-01",
        "2025-04-01",
        "2025-05-01",
        "2025-07-01",
        "2025-09-01",
        "2026-01-01",
    ]


def test_flags_and_statements_arrive(filled: duckdb.DuckDBPyConnection) -> None:
    one = filled.execute(
        "select publishes, attested_free, no_search, record_types from policy_system order by system"
    )
    assert one.fetchall() == [(False, True, True, "tapes"), (True, False, False, None)]
    tag = "select withhold, statement is not null, wording from policy_element where element = 'tag'"
    assert filled.execute(tag).fetchall() == [("NOT_A_PIECE", True, "tag")]
    assert filled.execute("select alias, element from policy_element_alias").fetchall() == [("badge", "tag")]
    silent = "select isinf(covers_from) from policy_producer where producer = 'q'"
    assert filled.execute(silent).fetchall() == [(True,)]


def test_a_statutory_purpose_serves_as_a_purpose(filled: duckdb.DuckDBPyConnection) -> None:
    found = filled.execute("select statutory from policy_purpose where purpose = 'BP5_SERVICES'").fetchall()
    assert found == [(["BP5_SERVICES"],)]


@pytest.mark.parametrize("name", ["prontotrak", "omnigo"])
def test_the_examples_load_and_insert(name: str) -> None:
    policy = load(folder("examples") / name)
    with duckdb.connect() as connection:
        insert(connection, policy)
    assert not [each for each in policy.warnings if "maps to no statutory purpose" not in each]


@pytest.mark.parametrize("name", ["prontotrak", "omnigo"])
def test_every_activity_of_the_examples_may_be_published_as_it_stands(name: str) -> None:
    policy = load(folder("examples") / name)
    for activity in policy.activities.values():
        event = policy.fill(activity.id, None if activity.event == "PopulationShared" else "account:42")
        assert policy.problems(event) == []


@pytest.mark.parametrize("name", ["prontotrak", "omnigo"])
def test_every_promise_of_the_examples_is_one_select(name: str) -> None:
    for promise in load(folder("examples") / name).promises:
        assert promise.query is not None
        assert len(duckdb.extract_statements(promise.query)) == 1
        assert promise.query.startswith("select")
