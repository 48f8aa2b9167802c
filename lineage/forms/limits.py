"""What may an answer lack, and why? Where is it from, and whom can the reader turn to?"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lineage.forms.behind import fact
from lineage.forms.blocks import denial, lines
from lineage.forms.parts import Cell, Fact, Row, Said, Section, Table
from lineage.forms.wording import Wording
from lineage.report.release import Bar, why_not
from lineage.words import ENGLISH

Document = Mapping[str, Any]

SAID_ELSEWHERE: Final = frozenset({"OLDER_DATA", "CONTACT", "NOT_FOR_RELEASE", "RECORDS_START", *Bar})
"""Statements without a block that have a place of their own in the letter."""


def gaps(document: Document, say: Wording, *, is_handlers: bool) -> Section | None:
    """Where the records may have gaps. None when there are none to name."""
    coverage = document["coverage"]
    found = coverage["gaps"]
    said = tuple(
        say.told("statements.RECORDS_START", each["statement"])
        for each in document["statements"]
        if each["code"] == "RECORDS_START"
    )
    if not found and not said:
        return None
    whose = ("producer", "system") if is_handlers else ()
    rows = tuple(
        Row(
            (
                Cell((say.coded("gaps", gap["reason"]),)),
                *(
                    say.cell_of_day(gap[end]) if gap[end] else Cell((Said(say.say("cells.all_time")),))
                    for end in ("from", "to")
                ),
                *(Cell((Said(gap.get(name) or ""),)) for name in whose),
            )
        )
        for gap in found
    )
    columns = (
        *(say.say(f"columns.{name}") for name in ("gap", "from", "to")),
        *(say.say(f"handler_columns.{name}") for name in whose),
    )
    return Section(
        "gaps", say.say("blocks.gaps.heading"), table=Table(columns, rows) if rows else None, said=said
    )


def limits(document: Document, say: Wording, *, is_handlers: bool) -> Section | None:
    """What is left out and why: denials of the whole, exemptions, what was not searched, and what is said to
    everybody.
    """
    said: list[Said] = []
    said += [denial(each, say) for each in document["denials"] if each["block"] is None]
    if document["window"]["refusal"] is not None:
        said.append(
            Said(document["window"]["refusal"]["facts"], None if say.language == ENGLISH else ENGLISH)
        )
    for each in document["exclusions"]:
        words = say.told(f"denials.{each['code']}", each["statement"])
        count = say.number(each["count"]) if is_handlers else None
        left_out = f" ({each['code']}: {say.say('handler.count', count=count)})" if count else ""
        said.append(Said(f"{words.text}{left_out}", words.language))
    said += [say.told("statements.NOT_SEARCHED", each["statement"]) for each in document["not_searched"]]
    for each in document["statements"]:
        if each["block"] is None and each["code"] not in SAID_ELSEWHERE:
            group = "denials.DN_SP_ROLE" if each["code"] == "FOR_CUSTOMERS" else f"statements.{each['code']}"
            said.append(say.told(group, each["statement"]))
    return Section("limits", say.say("blocks.limits.heading"), said=tuple(said)) if said else None


def contact(document: Document, say: Wording) -> Section:
    """Whom to turn to: the business, then the authorities (§1798.199.45; R 7024(e))."""
    own = tuple(
        say.told("statements.CONTACT", each["statement"])
        for each in document["statements"]
        if each["code"] == "CONTACT"
    )
    is_unverified = any(each["code"] == "DN_UNVERIFIED" for each in document["denials"])
    steps = (*(("verify",) if is_unverified else ()), "again", "agency")
    both = (*own, *(Said(say.say(f"contact.{each}")) for each in steps))
    return Section("contact", say.say("blocks.contact.heading"), said=both)


def about(document: Document, say: Wording, *, is_handlers: bool) -> Section:
    """From which records and rules it was made, so that it can be made again and compared."""
    facts = list(_about(document, say, is_handlers=is_handlers))
    rows = tuple(Row((Cell((Said(each.label),)), each.value)) for each in facts)
    columns = (say.say("columns.item"), say.say("columns.detail"))
    return Section("about", say.say("blocks.about.heading"), table=Table(columns, rows))


def _about(document: Document, say: Wording, *, is_handlers: bool) -> Iterator[Fact]:
    yield fact(say.say("about.digest"), document["digest"])
    if document["request"]["supplement_of"]:
        yield fact(say.say("about.supplement_of"), document["request"]["supplement_of"])
    for name, version in document["versions"].items():
        if version is not None:
            yield fact(say.coded("about", name).text, str(version))
    if is_handlers:
        yield fact(say.say("handler.subject"), document["subject"]["token"])
        if linked := document["subject"].get("linked"):
            yield fact(say.say("handler.linked"), *linked)
        for partition, position in sorted(document["positions"].items()):
            yield fact(say.say("handler.positions"), f"{partition}: {position}")


def law_names(document: Document, say: Wording) -> Section | None:
    """In another language: the statute's own names of the categories that the letter uses (§1798.130(c))."""
    if say.language == ENGLISH:
        return None
    names: dict[str, tuple[Said, str]] = {}
    for block in ("sold_or_shared", "disclosed", "collected"):
        for line in lines(document, block):
            group = "categories"
            names[line["category"]] = (
                say.named(group, line["category"], line["statutory_name"]),
                line["statutory_name"],
            )
            for each in line["sensitive"]:
                name = say.named("sensitive", each["id"], each["statutory_name"])
                names[each["id"]] = (name, each["statutory_name"])
    if not names:
        return None
    rows = tuple(
        Row((Cell((own,)), Cell((Said(original, ENGLISH),)))) for _, (own, original) in sorted(names.items())
    )
    columns = (say.say("columns.category"), say.say("columns.law"))
    return Section("law_names", say.say("about.law_names"), table=Table(columns, rows))


def bars(document: Document, say: Wording) -> Section:
    """For the handler: what keeps the answer from going out."""
    language = None if say.language == ENGLISH else ENGLISH
    why = tuple(Said(each, language) for each in why_not(document))
    nothing = (Said(say.say("handler.nothing_bars")),)
    return Section("bars", say.say("blocks.bars.heading"), said=why or nothing)


def for_review(document: Document, say: Wording) -> Section | None:
    """For the handler: the events that a person has to look at."""
    found = document.get("for_review", ())
    if not found:
        return None
    columns = (say.say("handler_columns.event"), say.say("handler_columns.reason"))
    rows = tuple(
        Row((Cell((Said(each["event_id"]),)), Cell((say.coded("reviews", each["reason"]),))))
        for each in found
    )
    return Section("for_review", say.say("blocks.for_review.heading"), table=Table(columns, rows))
