"""How does a policy say where values are read, and what is refused with file, line and key?"""

import re
from pathlib import Path

import pytest

from lineage.cli.pieces import command
from lineage.policy import PolicyError, parse

CRM = """\
name: A Business
systems:
  crm:
    publishes: true
    connector:
      kind: sql
      address: CRM_DATABASE_URL
      table: sales.contacts
      key: contact_id
      columns:
        email_address: email
        postal_address: [street, city]
"""


def test_a_system_says_where_its_values_are_read() -> None:
    connector = parse({"business.yaml": CRM}).business.systems["crm"].connector

    assert connector is not None
    assert (connector.kind, connector.address, connector.table) == (
        "sql",
        "CRM_DATABASE_URL",
        "sales.contacts",
    )
    assert connector.columns == {"email_address": ("email",), "postal_address": ("street", "city")}
    assert connector.pointers == "crm:"


def test_a_system_without_connector_has_none() -> None:
    assert parse({"business.yaml": "{name: A, systems: {crm: {}}}"}).business.systems["crm"].connector is None


REFUSED = {
    "an address instead of its variable": (
        ("address: CRM_DATABASE_URL", "address: postgresql://me:poisoned@host/crm"),
        7,
        "connector.address",
        "environment variable",
    ),
    "SQL instead of a table": (("table: sales.contacts", "table: a; drop"), 8, "connector.table", "a table"),
    "SQL instead of a key": (("key: contact_id", "key: 1 or 1=1"), 9, "connector.key", "column"),
    "a withheld element": (("email_address: email", "ssn: ssn"), 11, "columns.ssn", "WH_SSN"),
    "data made for security": (
        ("email_address: email", "security_log_signal: s"),
        11,
        "columns.security_log_signal",
        "NOT_A_PIECE",
    ),
    "an element nobody declares": (("email_address: email", "badge: b"), 11, "columns.badge", "declares"),
    "SQL instead of a column": (
        ("email_address: email", "email_address: email || ssn"),
        11,
        "columns.email_address",
        "column",
    ),
    "no columns": (("columns:", "colums:"), 10, "connector.colums", "did you mean 'columns'"),
    "an unknown kind": (("kind: sql", "kind: ldap"), 6, "connector.kind", "sql, files"),
    "two systems with one beginning of pointers": (
        ("city]\n", "city]\n  old:\n    connector: {kind: files, address: F, table: a.csv, key: k,"
         " pointers: 'crm:', columns: {email_address: e}}\n"),
        14,
        "systems.old.connector",
        "'crm'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused_with_line_and_key(what: str) -> None:
    (old, new), line, key, says = REFUSED[what]
    assert old in CRM

    with pytest.raises(PolicyError) as caught:
        parse({"business.yaml": CRM.replace(old, new)})

    told = str(caught.value)
    assert re.search(rf"business\.yaml:{line}: \S*{re.escape(key)}: .*{re.escape(says)}", told), told
    assert "poisoned" not in told


def test_the_policy_on_the_page_is_in_order() -> None:
    page = (Path(__file__).parents[2] / "docs" / "pieces.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    connector = parse({"business.yaml": example}).business.systems["crm"].connector

    assert connector is not None
    assert connector.pointers == "crm://contacts/"


def test_the_commands_on_the_page_are_those_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "pieces.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\$ lineage pieces (\w+)", page, re.MULTILINE)) == set(command.commands)
