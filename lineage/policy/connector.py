"""How are one person's values read from a system of record? Reads ``connector`` in ``business.yaml``.

    crm:
      connector:
        kind: sql                     # or files
        address: CRM_DATABASE_URL     # the environment variable that holds the URL, or the folder
        table: contacts               # a table or view; a .csv or .json file of the folder
        key: contact_id               # the column that pointers name
        key_type: integer             # as the column is: text (when left out), integer or uuid
        pointers: "crm://contacts/"   # how pointers into it begin; what follows is the key
        columns: {email_address: email, postal_address: [street, city]}

The credentials are in the environment and never in a policy, which goes into the log. An element that the law
withholds has no column here: what is not declared cannot be queried.
"""

import re
from typing import TYPE_CHECKING

from lineage.policy.models import Connector
from lineage.policy.rows import Row
from lineage.policy.scalars import one_of, read_text, read_texts
from lineage.policy.tree import Problems, Value

if TYPE_CHECKING:
    from lineage.policy.policy import Policy

KINDS = ("sql", "files")
KEY_TYPES = ("text", "integer", "uuid")
_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,62}"
_TABLES = {"sql": rf"{_NAME}(\.{_NAME})?", "files": r"[A-Za-z0-9_-]{1,80}\.(csv|json)"}


def connector(system: str, row: Row) -> Connector | None:
    """The connector of a system; ``None`` when it has none: then its values are not read."""
    inner = row.child("connector")
    if inner is None:
        return None
    kind = inner.need("kind", one_of(KINDS), "sql")
    columns = inner.child("columns")
    read: dict[str, tuple[str, ...]] = {}
    if columns is None:
        inner.wrong("is missing; name the columns of each element that may be shown", "columns")
    else:
        for element in columns.items:
            found = columns.get(element, _columns)
            if found is None:
                columns.wrong("needs the name of a column, or a list of them", element)
            read[element] = found or ()
    built = Connector(
        kind=kind,
        address=inner.need("address", _variable, ""),
        table=inner.need("table", lambda value: _table(value, kind), ""),
        key=inner.need("key", _column, ""),
        key_type=inner.get("key_type", one_of(KEY_TYPES)) or "text",
        pointers=inner.get("pointers", read_text) or f"{system}:",
        columns=read,
    )
    inner.finish()
    return built


def _variable(value: Value) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,62}", text):
        raise ValueError(
            "needs the name of an environment variable, such as CRM_DATABASE_URL; the address itself, with"
            " its credentials, never stands in a policy"
        )
    return text


def _table(value: Value, kind: str) -> str:
    text = read_text(value)
    if not re.fullmatch(_TABLES[kind], text):
        raise ValueError(
            "needs the name of a table or view: name, or schema.name"
            if kind == "sql"
            else "needs the name of a file in the folder that ends in .csv or .json"
        )
    return text


def _column(value: Value) -> str:
    text = read_text(value)
    if not re.fullmatch(_NAME, text):
        raise ValueError("needs the name of one column")
    return text


def _columns(value: Value) -> tuple[str, ...]:
    names = read_texts(value)
    if not names or not all(re.fullmatch(_NAME, name) for name in names):
        raise ValueError("needs the name of a column, or a list of them")
    return names


def connectors_agree(policy: "Policy", top: Value, problems: Problems) -> None:
    """Elements are known and may be shown; no pointer leads into two systems."""
    begun: dict[str, str] = {}
    for system in policy.business.systems.values():
        if system.connector is None:
            continue
        at = _at(top, "systems", system.id, "connector")
        other = begun.setdefault(system.connector.pointers, system.id)
        if other != system.id:
            at.wrong(problems, f"has the same beginning of pointers as the system '{other}'; give another")
        for word in system.connector.columns:
            element = policy.vocabulary.element(word)
            place = _at(at, "columns", word)
            if element is None:
                place.wrong(problems, "is an element which no file of the policy declares")
            elif element.withhold is not None:
                place.wrong(
                    problems, f"is withheld ({element.withhold}) and never read; leave its column out"
                )


def _at(value: Value, *steps: str) -> Value:
    for step in steps:
        if isinstance(value.content, dict) and step in value.content:
            value = value.content[step]
    return value
