"""What is known, and what is missing, of each producer and each system? One document, for one window."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import duckdb

from lineage.coverage.asking import Asking
from lineage.coverage.attested import attestations
from lineage.coverage.rights import outside
from lineage.policy import Policy
from lineage.policy.models import Producer
from lineage.report.state import Discarded, projected, state_of
from lineage.window import window

RANGES: Final = 20
"""Ranges of missing numbers that are listed of one incarnation; their number is told in any case."""

Row = dict[str, Any]


def coverage(
    reader: duckdb.DuckDBPyConnection,
    *,
    received: date | datetime | None = None,
    since: date | None = None,
    everything: bool = False,
    as_of: datetime | None = None,
    now: datetime | None = None,
    discarded: Sequence[Discarded] = (),
    reconciled: Mapping[str, Mapping[str, Any]] | None = None,
    is_behind: bool = False,
) -> Row:
    """The coverage of the window that a request received then would ask about.

    Its rows have the columns of ``parts.COLUMNS``.

    ``received``: how far the log is read, when it is left out. ``now``: by which a producer is late; as of
    an earlier instant, that one. ``discarded`` and ``reconciled`` (by system, the latest) are the desk's;
    ``is_behind`` is the store's.

    What stands under ``gaps`` is what every answer about this window has, whoever asks.

    Raises:
        NoPolicy: none was adopted by then.
        Refused: the window does not begin before its receipt.
    """
    reader.begin()
    try:
        state = state_of(reader, projected(reader, as_of, is_behind=is_behind), as_of)
        then, policy = state.projected.as_of, state.policy
        asked = window(
            then if received is None else received,
            policy.business.time_zone,
            since=since,
            everything=everything,
        )
        asking = Asking(reader, state, asked)
        gaps = asking.gaps()
        emitted = asking.emitted()
        late_by = then if as_of is not None or now is None else now
        incarnations = _incarnations(asking, policy)
        return {
            "as_of": then,
            "provisional": state.projected.provisional,
            "window": {"from": asked.start, "to": asked.end, "time_zone": asked.time_zone},
            "gaps": sorted(map(_gap, gaps), key=str),
            "producers": _producers(policy, incarnations, asking.spans(), gaps, late_by),
            "incarnations": incarnations,
            "systems": _systems(policy, emitted, gaps, reconciled or {}),
            "parked": asking.refused(discarded),
            "outside": outside(emitted, policy),
            "attestations": attestations(asking.adopted()),
        }
    finally:
        reader.rollback()  # nothing was written


def _gap(row: Row) -> Row:
    return {
        "reason": row["reason"],
        "producer": row["producer"],
        "system": row["system"],
        "from": row["gap_from"],
        "to": row["gap_to"],
    }


def _incarnations(asking: Asking, policy: Policy) -> list[Row]:
    missing: dict[tuple[str, Any], list[list[int]]] = defaultdict(list)
    for each in asking.missing():
        missing[each["producer"], each["incarnation"]].append([each["first"], each["last"]])
    lost = asking.lost()
    attested = {
        (producer.id, closed.incarnation): closed.who
        for producer in policy.business.producers.values()
        for closed in producer.closed
    }
    rows = []
    for each in asking.incarnations():
        life = (each["producer"], each["incarnation"])
        who = attested.get(life)
        rows.append(
            {
                "producer": each["producer"],
                "incarnation": each["incarnation"],
                "is_declared": each["producer"] in policy.business.producers,
                "last_number": each["last_number"],
                "count_missing": int(each["numbers_missing"]),
                "missing": missing[life][:RANGES],
                "count_ranges": len(missing[life]),
                "is_gap": life in lost,
                "covers_from": each["covers_from"],
                "covers_until": each["covers_until"],
                "closed": "REPORT" if each["closed_at"] else "ATTESTED" if who else None,
                "closed_at": each["closed_at"],
                "closed_by": who,
            }
        )
    return rows


def _producers(
    policy: Policy,
    incarnations: Sequence[Row],
    spans: Mapping[str, Row],
    gaps: Sequence[Row],
    now: datetime,
) -> list[Row]:
    lives: dict[str, list[Row]] = defaultdict(list)
    for each in incarnations:
        lives[each["producer"]].append(each)
    silent: dict[str, list[list[datetime | None]]] = defaultdict(list)
    for gap in gaps:
        if gap["reason"] == "SILENT":
            silent[gap["producer"]].append([gap["gap_from"], gap["gap_to"]])
    return [
        _producer(producer, lives[producer.id], spans.get(producer.id, {}), silent[producer.id], now)
        for producer in sorted(policy.business.producers.values(), key=lambda each: each.id)
    ]


def _producer(
    producer: Producer, lives: Sequence[Row], span: Row, holes: list[list[datetime | None]], now: datetime
) -> Row:
    is_closed = bool(lives) and all(each["closed"] for each in lives)
    last_report, beat = span.get("last_report_at"), producer.heartbeat_minutes
    due = None if last_report is None or beat is None else last_report + timedelta(minutes=beat)
    return {
        "producer": producer.id,
        "systems": list(producer.systems),
        "from": producer.covers_from,
        "incarnations": len(lives),
        "open_incarnations": sum(not each["closed"] for each in lives),
        "count_missing": sum(each["count_missing"] for each in lives),
        "told_from": span.get("told_from"),
        "told_until": span.get("told_until"),
        "holes": sorted(holes, key=str),
        "last_report_at": last_report,
        "is_late": not is_closed and (due < now if due is not None else beat is not None),
        "is_closed": is_closed,
    }


def _systems(
    policy: Policy, emitted: Sequence[Row], gaps: Sequence[Row], reconciled: Mapping[str, Mapping[str, Any]]
) -> list[Row]:
    unpublished = {gap["system"] for gap in gaps if gap["reason"] == "UNPUBLISHED_SYSTEM"}
    told: dict[str, list[Row]] = defaultdict(list)
    for each in emitted:
        told[each["system"]].append(each)
    return [
        {
            "system": system.id,
            "publishes": system.publishes,
            "attested_free": system.attested_free.who if system.attested_free else None,
            "holdings_known": system.holdings_known.who if system.holdings_known else None,
            "is_gap": system.id in unpublished,
            "published_by": sorted(
                each.id for each in policy.business.producers.values() if system.id in each.systems
            ),
            "told_by": sorted(each["producer"] or "" for each in told[system.id]),
            "events": sum(each["events"] for each in told[system.id]),
            "last_recorded_at": max((each["last_recorded_at"] for each in told[system.id]), default=None),
            "last_reconciled": reconciled.get(system.id),
        }
        for system in sorted(policy.business.systems.values(), key=lambda each: each.id)
    ]
