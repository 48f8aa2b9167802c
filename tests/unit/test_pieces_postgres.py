"""Does PostgreSQL answer by keys of every type, and can a question change nothing there?"""

import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from lineage.pieces import SystemSilent, sql
from lineage.pieces.wanted import Question
from lineage.policy.models import Connector

psycopg = pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
postgres = pytest.importorskip("postgres", reason="nothing here starts a PostgreSQL")

PERSON = UUID(int=17)


@pytest.fixture(scope="module")
def contacts() -> Iterator[str]:
    """The URL of a database with one person's contact beside another's, whose key differs in case only."""
    try:
        with postgres.server() as address:
            database = postgres.new_database(address)
            with psycopg.connect(database) as connection:
                connection.execute("create schema sales")
                connection.execute(
                    "create table sales.contact (id int, person uuid, code text, email text, ssn text)"
                )
                connection.execute("insert into sales.contact values (17, %s, 'k', 'ana', '078')", [PERSON])
                connection.execute(
                    "insert into sales.contact values (18, %s, 'K', 'other', '079')", [uuid4()]
                )
            yield database.replace("postgresql://", "postgresql+psycopg://")
    except postgres.NoPostgres as error:
        if os.environ.get("LINEAGE_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_POSTGRES=1, but there is no PostgreSQL: {error}")
        pytest.skip(f"no PostgreSQL: {error}")


def question(key: str, key_type: str, value: str, column: str = "email") -> Question:
    connector = Connector("sql", "CRM", "sales.contact", key, key_type, "crm:", {"email_address": (column,)})
    return Question("crm", connector, {value: frozenset({"email_address"})})


@pytest.mark.parametrize(
    ("key", "key_type", "value", "stored"),
    [("id", "integer", "17", 17), ("person", "uuid", str(PERSON), PERSON), ("code", "text", "k", "k")],
)
def test_a_record_is_found_by_its_key(
    contacts: str, key: str, key_type: str, value: str, stored: int | UUID | str
) -> None:
    assert sql.read(question(key, key_type, value), contacts) == [{key: stored, "email": "ana"}]


def test_the_transaction_can_only_read(contacts: str) -> None:
    told: list[tuple[str, Any]] = []

    def before(connection: Any, _: object, statement: str, *__: object) -> None:
        told.append((statement, connection.connection.dbapi_connection.read_only))

    event.listen(Engine, "before_cursor_execute", before)
    try:
        sql.read(question("id", "integer", "17"), contacts)
    finally:
        event.remove(Engine, "before_cursor_execute", before)

    assert all(read_only for _, read_only in told)
    assert not any("ssn" in statement or "17" in statement for statement, _ in told)


def test_what_the_database_refuses_is_told_without_its_words(contacts: str) -> None:
    with pytest.raises(SystemSilent, match=r"crm: did not answer \(ProgrammingError\)"):
        sql.read(question("id", "integer", "17", column="absent"), contacts)
    with pytest.raises(SystemSilent, match="OperationalError"):
        sql.read(question("id", "integer", "17"), f"{contacts}_absent")
