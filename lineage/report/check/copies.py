"""Does each copy hold what its reader may see, and no more? (design section 7; rulings.md 35, 42; A.10)"""

import re
from collections.abc import Iterator
from typing import Any

from lineage.policy.vocabulary import statute
from lineage.report.check.document import BLOCKS, Document
from lineage.report.check.problem import Problem, path
from lineage.report.denials import PERIOD, ground
from lineage.report.request import CATEGORY_BLOCKS, Audience

PERSONS = "design 7, the person's copy"
_RELEASES_PIECES = ("V2_HIGH", "V_ACCOUNT")
_HANDLERS_KEYS = {
    "token": "a subject token",
    "linked": "tokens",
    "positions": "positions in the log",
    "producer": "a producer",
    "incarnation": "a producer's incarnation",
    "held_in": "a pointer",
    "evidence": "event ids",
    "event_id": "an event id",
    "under_order": "disclosures under an order of silence",
    "unanswered": "systems that did not answer",
    "for_review": "what a handler has to look at",
}
_OUR_OWN_IDS = {("request", "id"), ("request", "supplement_of")}  # the case's numbers may have any form
_UUID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I)
_UUID_LENGTH = 36
_WORDS_OF_THE_POLICY = {"purpose", "element", "elements", "held_collected_earlier"}  # ids may hold a colon
_POINTER = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]*:\S+")


def check(document: Document, raw: dict[str, Any], audience: Audience) -> Iterator[Problem]:
    yield from _gate(document)
    if audience is Audience.PERSON:
        yield from _leaks(raw)
        yield from _of_person(document)
    else:
        yield from _of_handler(document)


def is_below_categories(document: Document) -> bool:
    """Whether the level of verification releases nothing personal at all (law.md A.10)."""
    return document.request.verification == "V0_NONE"


def _gate(document: Document) -> Iterator[Problem]:
    status, level = document.block_status, document.request.verification
    if document.for_release and document.request.id is None:
        why = "Is for release without a case. Open one, and issue the report from it."
        yield Problem("$.for_release", "design 7", why)
    stamped = any(each.code == "NOT_FOR_RELEASE" for each in document.statements)
    if document.request.id is None and not stamped:
        yield Problem("$.statements", "design 7", "Do not stamp it not for release, though it has no case.")
    if is_below_categories(document) and any(status.of(block) == "answered" for block in CATEGORY_BLOCKS):
        yield Problem("$.block_status", "R 7024(b)", "Releases categories to somebody who is not verified.")
    if level not in _RELEASES_PIECES and status.pieces == "answered":
        yield Problem("$.block_status.pieces", "R 7062(f)", "Releases pieces below the level they need.")
    denied = {each.block for each in document.denials if each.block is not None or each.code not in PERIOD}
    for block in BLOCKS:
        if status.of(block) == "denied" and block not in denied and None not in denied:
            yield Problem("$.denials", "R 7024(e)", f"Gives no reason for denying {block}.")
    known = statute()
    for number, denial in enumerate(document.denials):
        try:
            known.denial(denial.code)
        except KeyError:
            yield Problem(path("denials", number, "code"), "law A.20", "Is no code of a denial.")
        if not denial.statement.strip():
            yield Problem(path("denials", number, "statement"), "R 7024(e)", "Says nothing to the person.")


def _of_handler(document: Document) -> Iterator[Problem]:
    if document.for_release:
        yield Problem("$.for_release", "design 7", "Is the handler's copy; only a person's is released.")
    if document.subject.token is None:
        yield Problem("$.subject.token", "design 7", "Is missing in the handler's copy.")
    if not document.positions:
        yield Problem("$.positions", "design 7", "Is empty: nothing says what the log held when it was read.")
    for where, line in document.lines:
        if line.evidence is None or not line.evidence.count:
            why = "Names no event. In the handler's copy every line is backed by event ids."
            yield Problem(path(*where, "evidence"), "design 7", why)
    for number, item in enumerate(document.pieces.items):
        if item.held_in is None:
            where_held = path("pieces", "items", number, "held_in")
            yield Problem(where_held, "design 7", "Is missing in the handler's copy.")
    for number, exclusion in enumerate(document.exclusions):
        if exclusion.count is None:
            yield Problem(
                path("exclusions", number, "count"), "rulings 42", "Is missing in the handler's copy."
            )


def _of_person(document: Document) -> Iterator[Problem]:
    for number, exclusion in enumerate(document.exclusions):
        if exclusion.count is not None:
            yield Problem(path("exclusions", number, "count"), "rulings 42", "Counts what was left out.")
        if exclusion.code not in _exemptions():
            why = "Hints at a reason that is no exemption of the law, such as a customer's file."
            yield Problem(path("exclusions", number, "code"), "rulings 42", why)
    if not any(each.statement == ground("DN_SP_ROLE").statement for each in document.statements):
        why = (
            "Lack the sentence on data handled for customers. It stands in every report: its lack is a hint."
        )
        yield Problem("$.statements", "rulings 42", why)
    if is_below_categories(document) and document.coverage.gaps:
        why = "Names gaps to somebody who is not verified."
        yield Problem("$.coverage.gaps", "rulings 35", why)


def _exemptions() -> set[str]:
    """What may be named to the person as left out."""
    exempt = {f"DN_EXEMPT_{each}" for each in statute().exemptions}
    return exempt | {*statute().exemptions, "DN_HOUSEHOLD", "DN_NOT_CONSUMER"}


def _leaks(value: Any, *steps: str | int) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, each in value.items():
            if not each:
                continue
            if key in _HANDLERS_KEYS:
                why = f"Holds {_HANDLERS_KEYS[key]}, which only the handler may see. Leave it out."
                yield Problem(path(*steps, key), PERSONS, why)
            elif isinstance(each, str | dict | list):
                yield from _leaks(each, *steps, str(key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _leaks(each, *steps, number)
    elif isinstance(value, str) and steps not in _OUR_OWN_IDS:
        if len(value) >= _UUID_LENGTH and _UUID.search(value):
            yield Problem(path(*steps), PERSONS, "Holds an id such as tokens and events have. Leave it out.")
        elif ":" in value and _POINTER.fullmatch(value) and _WORDS_OF_THE_POLICY.isdisjoint(steps):
            yield Problem(path(*steps), PERSONS, "Looks like a pointer into a system. Leave it out.")
