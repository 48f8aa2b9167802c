"""Which policy did a record bring? Its rows, or why it has none: a bad policy is stored, never fatal."""

import json
from collections.abc import Mapping

import polars as pl

from lineage.errors import PolicyError
from lineage.policy import parse
from lineage.policy.tables import rows
from lineage.projection.columns import AdoptedPolicy

OTHER_DIGEST = "the files have another digest than the event says; adopt the folder again"


def adopted(adoptions: pl.DataFrame, told: list[dict[str, object]]) -> tuple[AdoptedPolicy, ...]:
    """The policies among a batch's records. ``told``: digest and files by ``_row``; each text is parsed
    once.
    """
    if adoptions.is_empty():
        return ()
    fields = {row["_row"]: row for row in told}
    parsed: dict[str, tuple[str | None, dict[str, list[tuple[object, ...]]]]] = {}
    found = []
    for record in adoptions.to_dicts():
        digest = str(fields[record["_row"]]["digest"])
        files = _as_mapping(fields[record["_row"]]["files"])
        text = json.dumps(files, sort_keys=True, ensure_ascii=False)
        if digest + text not in parsed:
            parsed[digest + text] = _tables(digest, files)
        problem, tables = parsed[digest + text]
        found.append(
            AdoptedPolicy(
                policy=digest,
                recorded_at=record["recorded_at"],
                occurred_at=record["occurred_at"],
                event_id=record["event_id"],
                files=text,
                problem=problem,
                log_partition=record["log_partition"],
                log_offset=record["log_offset"],
                tables=tables,
            )
        )
    return tuple(found)


def _tables(digest: str, files: Mapping[str, str]) -> tuple[str | None, dict[str, list[tuple[object, ...]]]]:
    try:
        policy = parse(files)
    except PolicyError as error:
        return str(error), {}
    if policy.digest != digest:
        return OTHER_DIGEST, {}
    return None, rows(policy)


def _as_mapping(files: object) -> dict[str, str]:
    """A map of Avro comes as a dict, or as a list of key and value."""
    if isinstance(files, dict):
        return {str(name): str(text) for name, text in files.items() if text is not None}
    if isinstance(files, list):
        return {str(entry["key"]): str(entry["value"]) for entry in files}
    return {}
