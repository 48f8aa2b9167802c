"""Is it the period that was to be answered, and is a shorter one explained? (law.md A.7, W-12; R 7024(h))"""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lineage.errors import Refused
from lineage.report.canonical import instant
from lineage.report.check.document import Document
from lineage.report.check.problem import Problem, path
from lineage.report.check.rows import Told
from lineage.report.denials import PERIOD
from lineage.report.refusal import BARE, Reason, is_explained
from lineage.window import EARLIEST_DAY, Window, midnight, received
from lineage.window import window as window_of

RULE = "law A.7"
FACTS = "W-12, R 7024(h)"


def check(document: Document) -> Iterator[Problem]:
    window, asked = document.window, document.request
    try:
        zone = ZoneInfo(window.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Problem("$.window.time_zone", "rulings 2", "Is no time zone of the IANA list.")
        return
    receipt = _receipt(asked.received_at)
    if receipt is None:
        why = "Is neither a day nor an instant in UTC with six digits and Z."
        yield Problem("$.request.received_at", "rulings 6, 10", why)
        return
    yield from _bounds(document, window_of(receipt, window.time_zone), zone)
    yield from _refusal(document)
    may_ask_for_more = window.basis == "twelve_months" and window.refusal is None
    offered = any(each.code == "OLDER_DATA" for each in document.statements)
    if document.held_collected_earlier and may_ask_for_more and not offered:
        yield Problem("$.statements", "law A.7, R 7020", "Do not offer the older data that are held.")
    for where, line in document.lines:
        if isinstance(line, Told) and not window.begin <= line.first <= line.last <= window.end:
            why = "Is not in order inside the window: window.from, first, last, window.to."
            yield Problem(path(*where, "first"), "rulings 5", why)


def _receipt(text: str) -> date | datetime | None:
    try:
        found = received(text)
    except Refused:
        return None
    return None if isinstance(found, datetime) and instant(found) != text else found


def _bounds(document: Document, base: Window, zone: ZoneInfo) -> Iterator[Problem]:
    window = document.window
    if window.end != instant(base.end):
        why = "Does not fit the receipt: the window ends then, or with that day in the time zone."
        yield Problem("$.window.to", RULE, why)
    floor = instant(midnight(EARLIEST_DAY, zone))
    begins = datetime.fromisoformat(window.begin).astimezone(zone)
    where = "$.window.from"
    match window.basis:
        case "twelve_months" if window.begin != instant(base.start):
            why = "Is not midnight of the day twelve calendar months before receipt, in the time zone."
            yield Problem(where, RULE, why)
        case "everything" if window.begin != floor:
            yield Problem(where, "R 7020", "Is not 1 January 2022, midnight in the time zone.")
        case "range" if window.begin < floor:
            yield Problem(where, "R 7020", "Is earlier than 1 January 2022.")
        case "range" if midnight(begins.date(), zone) != begins:
            yield Problem(where, "rulings 6", "Is no midnight in the time zone; a range begins with a day.")
    if window.begin >= window.end:
        yield Problem(where, RULE, "Is not before the window's end.")


def _refusal(document: Document) -> Iterator[Problem]:
    refusal = document.window.refusal
    explained = refusal is not None and is_explained(refusal.facts)
    if refusal is not None:
        if document.window.basis != "twelve_months":
            why = "Refuses a longer period that the window answers all the same."
            yield Problem("$.window.refusal", FACTS, why)
        if refusal.reason not in tuple(Reason):
            why = f"Is none of the reasons that the law knows: {', '.join(Reason)}."
            yield Problem("$.window.refusal.reason", FACTS, why)
        if not explained:
            yield Problem("$.window.refusal.facts", FACTS, BARE)
    for number, denial in enumerate(document.denials):
        needs_facts = denial.code in PERIOD
        if needs_facts and not (explained or is_explained(denial.facts) or is_explained(denial.basis)):
            yield Problem(path("denials", number, "facts"), "law A.20", BARE)
