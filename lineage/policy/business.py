"""Who is the business, in which systems does it keep data, and who tells of it? Reads ``business.yaml``."""

from datetime import UTC, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from lineage.policy.connector import connector
from lineage.policy.models import (
    Attestation,
    Attested,
    Business,
    ClosedIncarnation,
    NoSearch,
    Producer,
    System,
)
from lineage.policy.rows import Row
from lineage.policy.scalars import plain, read_flag, read_text, read_texts, read_whole
from lineage.policy.tree import Problems, Value, shown

LOS_ANGELES = "America/Los_Angeles"  # law.md DD-07: California's day is the Pacific one


def business(top: Value, problems: Problems) -> tuple[Business, tzinfo]:
    """The business and the zone in which its bare dates begin (Los Angeles when the zone is unknown)."""
    row = Row(top, problems, UTC)
    zone = row.get("time_zone", _zone) or ZoneInfo(LOS_ANGELES)
    row = Row(top, problems, zone)
    row.asked.append("time_zone")
    name = row.need("name", read_text, "")
    systems = {id: _system(id, of) for id, of in row.named("systems").items()}
    producers = {id: _producer(id, of, systems) for id, of in row.named("producers").items()}
    calendars = row.raw("calendars")
    free = {key: plain(found) for key in ("contacts", "channels") if (found := row.raw(key))}
    held = plain(calendars) if calendars else {}
    if calendars and not isinstance(held, dict | None):
        row.wrong("needs a mapping of ids to calendars", "calendars")
    ccpa = row.get("is_ccpa_business", read_flag)
    built = Business(
        name=name,
        time_zone=zone.key,
        is_ccpa_business=True if ccpa is None else ccpa,
        california_only=row.get("california_only", read_flag) or False,
        contacts=free.get("contacts"),
        calendars=held if isinstance(held, dict) else {},
        channels=free.get("channels"),
        systems=systems,
        producers=producers,
    )
    row.finish()
    return built, zone


def _zone(value: Value) -> ZoneInfo:
    try:
        return ZoneInfo(read_text(value))
    except (KeyError, OSError, ValueError):
        raise ValueError("needs a time zone of the IANA list, such as America/Los_Angeles") from None


def _system(id: str, row: Row) -> System:
    system = System(
        id=id,
        country=row.get("country", read_text),
        operated_by=row.get("operated_by", read_text),
        customer_data=row.get("customer_data", read_flag) or False,
        publishes=row.get("publishes", read_flag) or False,
        attested_free=_attestation(row, "attested_free"),
        holdings_known=_attestation(row, "holdings_known"),
        no_search=_no_search(row),
        connector=connector(id, row),
    )
    row.finish()
    return system


def _attestation(row: Row, key: str) -> Attestation | None:
    """``{who, when}``, or both in one text; ``false`` is none. A bare ``true`` names nobody: refused."""
    found = row.raw(key)
    if found is None or found.content is None:
        return None
    if isinstance(found.content, str):
        if found.content.lower() in ("true", "yes"):
            row.wrong("needs who attests it and when: {who: role or name, when: 2026-01-31}", key)
        if found.content.lower() in ("true", "yes", "false", "no"):
            return None
        return Attestation(found.content, "")
    inner = Row(found, row.problems, row.zone)
    who, when = inner.need("who", read_text, ""), inner.need("when", read_text, "")
    if when:
        inner.instant("when")
    inner.finish()
    return Attestation(who, when)


def _no_search(row: Row) -> NoSearch | None:
    """``{record_types: text}``; further keys state the tests of R 7024(c), and none may fail."""
    found = row.raw("no_search")
    if found is None or found.content is None:
        return None
    if isinstance(found.content, dict):
        inner = Row(found, row.problems, row.zone)
        types = inner.get("record_types", read_texts) or ()
        if not types:
            inner.wrong("is missing", "record_types")
        for key, value in found.content.items():
            if key != "record_types" and plain(value) is False:
                inner.wrong("does not hold; all four tests must, or the system is searched", key)
        return NoSearch("; ".join(types))
    text = plain(found)
    if text is False:
        return None
    if text is True or not isinstance(text, str):
        row.wrong("needs the types of records to be named to the person: {record_types: …}", "no_search")
        return None
    return NoSearch(text)


def _producer(id: str, row: Row, systems: dict[str, System]) -> Producer:
    named = row.texts("systems")
    for system in named:
        if system not in systems:
            row.wrong(f"names the system {shown(system)}, which business.yaml does not have", "systems")
    producer = Producer(
        id=id,
        systems=named,
        covers_from=row.instant("from"),
        heartbeat_minutes=row.get("heartbeat_minutes", read_whole),
        attested=tuple(_attested(each) for each in row.rows("attested")),
        closed=tuple(closed for each in row.rows("closed") if (closed := _closed(each))),
    )
    row.finish()
    return producer


def _attested(row: Row) -> Attested:
    attested = Attested(row.span(), row.need("who", read_text, ""))
    row.finish()
    return attested


def _closed(row: Row) -> ClosedIncarnation | None:
    incarnation = row.need("incarnation", _uuid, UUID(int=0))
    last, who = row.need("last_sequence", read_whole, 0), row.need("who", read_text, "")
    row.finish()
    return ClosedIncarnation(incarnation, last, who)


def _uuid(value: Value) -> UUID:
    try:
        return UUID(read_text(value))
    except ValueError:
        raise ValueError("needs a UUID") from None
