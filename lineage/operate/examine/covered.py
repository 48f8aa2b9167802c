"""Is the log the whole story of the last twelve months, in short? By the questions that answers ask."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import duckdb

from lineage.coverage.document import coverage
from lineage.operate.examine.finding import Finding, ok, warn
from lineage.report.state import Discarded


def covered(
    reader: duckdb.DuckDBPyConnection, now: datetime, discarded: Sequence[Discarded] = ()
) -> Iterator[Finding]:
    """What `lineage coverage` would show of the window of a request that is received now.

    Raises NoPolicy.
    """
    document = coverage(reader, now=now, discarded=discarded)
    found = [*_lost(document), *_silent(document), *_unpublished(document), *_outside(document)]
    yield from found
    if not found:
        yield ok(
            "coverage",
            "no number of a producer is missing, none is silent, every system is told of or attested",
        )


def _lost(document: dict[str, Any]) -> Iterator[Finding]:
    missing: Counter[str] = Counter()
    for each in document["incarnations"]:
        missing[each["producer"]] += each["count_missing"]
    for producer, count in sorted(missing.items()):
        if count:
            yield warn(
                f"coverage: {producer}",
                f"{count} of its numbers never came: no answer about its time says that nothing happened",
                "lineage coverage --part incarnations",
            )


def _silent(document: dict[str, Any]) -> Iterator[Finding]:
    for each in document["producers"]:
        what, last = f"silent: {each['producer']}", each["last_report_at"]
        if each["is_late"]:
            since = (
                "it has never reported"
                if last is None
                else f"its last report is of {last:%Y-%m-%d %H:%M} UTC"
            )
            yield warn(what, f"{since}, against its heartbeat_minutes", "see that it runs, or retire it")
        elif each["holes"]:
            yield warn(
                what,
                f"{len(each['holes'])} stretches of the last twelve months are not told",
                "lineage coverage --part producers; a named person may attest them in the policy",
            )


def _unpublished(document: dict[str, Any]) -> Iterator[Finding]:
    names = [each["system"] for each in document["systems"] if each["is_gap"]]
    if names:
        yield warn(
            "unpublished systems",
            f"{', '.join(names)}: nobody tells what they do, so no answer says that nothing happened",
            "have them publish, or attest in the policy that they hold no personal data (attested_free)",
        )


def _outside(document: dict[str, Any]) -> Iterator[Finding]:
    systems: dict[str, list[str]] = defaultdict(list)
    for each in document["outside"]:
        systems[each["producer"] or "an unnamed producer"].append(
            f"{each['system']} ({each['events']} events)"
        )
    for producer, told in sorted(systems.items()):
        yield warn(
            f"outside its rights: {producer}",
            f"it tells for {', '.join(told)}, which the policy does not give to it",
            "stop it, or name its systems under producers in the policy; lineage coverage --part outside",
        )
