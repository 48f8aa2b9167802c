"""An answer as a letter: the canonical JSON in words, for every form that people read.

Made from the document alone. The handler's letter may have beside it what ``lineage explain`` says of its
lines.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lineage.errors import Refused
from lineage.forms import limits
from lineage.forms.behind import Explained, fact
from lineage.forms.blocks import ORDER, earlier, is_told, not_told, section
from lineage.forms.parts import Fact, Letter, Picture, Said, Section
from lineage.forms.pictures import flow, months, months_in_parts
from lineage.forms.short import short
from lineage.forms.wording import Wording
from lineage.report.release import why_not
from lineage.words import ENGLISH, filled_in, group

Document = Mapping[str, Any]

SHEET: Final = 1200
"""Units of a drawing, 960 wide, that fit on a sheet of US Letter below a heading."""


def letter(document: Document, language: str = ENGLISH, explained: Explained | None = None) -> Letter:
    """The letter of a ``ccpa.know/1`` document in one of :func:`lineage.words.languages`.

    ``explained``: for the handler's copy, ``lineage explain`` by the names of lines, such as ``disclosed/0``.

    Raises:
        Refused: there is no such language, or the answer stopped for a person's decision.
    """
    if "stopped" in document:
        raise Refused(
            "This answer stopped: two accounts are one person. Decide who is meant, then ask again."
        )
    say = Wording(language, document["window"]["time_zone"])
    is_handlers = document.get("subject", {}).get("token") is not None
    return Letter(
        language=language,
        title=say.say("form.title" if is_handlers or _is_answered(document) else "form.title_not_answered"),
        subtitle=say.say("form.subtitle"),
        sender=_sender(document),
        stamps=tuple(Said(each, None if language == ENGLISH else ENGLISH) for each in why_not(document)),
        facts=tuple(_facts(document, say)),
        short=tuple(short(document, say, is_handlers=is_handlers)),
        sections=tuple(
            each
            for each in _sections(document, say, explained or {}, is_handlers=is_handlers)
            if each is not None
        ),
        is_handlers=is_handlers,
        running=say.say("form.running", id=document["request"]["id"] or say.say("form.without_case")),
        page_of=say.say("form.page", page="{page}", pages="{pages}"),
        labels=group("labels", language),
    )


def _is_answered(document: Document) -> bool:
    return "answered" in document["block_status"].values()


def _drawn(
    name: str, say: Wording, picture: Picture | None, sheets: tuple[Picture, ...] = ()
) -> Section | None:
    if picture is None:
        return None
    heading, intro = (say.say(f"blocks.{name}.{each}") for each in ("heading", "intro"))
    return Section(name, heading, intro, picture=picture, sheets=sheets)


def _sender(document: Document) -> str | None:
    for each in document["statements"]:
        if each["code"] == "CONTACT" and (found := filled_in("statements.CONTACT", each["statement"])):
            return found["name"]
    return None


def _facts(document: Document, say: Wording) -> Iterator[Fact]:
    request, window = document["request"], document["window"]
    yield fact(say.say("form.reference"), request["id"] or say.say("form.without_case"))
    # A receipt of which only the day is known is a day.
    received = say.minute if "T" in request["received_at"] else say.day
    yield fact(say.say("form.received"), received(request["received_at"]))
    yield fact(
        say.say("form.period"),
        say.say(
            "form.period_of",
            **{"from": say.day(window["from"]), "to": say.day(window["to"])},
            basis=say.coded("basis", window["basis"]).text,
        ),
    )
    yield fact(say.say("form.as_of"), say.minute(document["as_of"]))
    yield fact(say.say("form.verification"), say.coded("verification", request["verification"]).text)


def _sections(
    document: Document, say: Wording, explained: Explained, *, is_handlers: bool
) -> Iterator[Section | None]:
    if is_handlers:
        yield limits.bars(document, say)
        yield limits.for_review(document, say)
    yield limits.gaps(document, say, is_handlers=is_handlers)
    for block in ORDER:
        if is_told(document, block):
            yield section(document, block, say, explained)
        if block == "third_parties":  # the last one that tells of recipients
            yield _drawn("picture", say, flow(document, say))
    yield not_told(document, say)
    yield earlier(document, say)
    yield _drawn("months", say, months(document, say), months_in_parts(document, say, SHEET))
    if document.get("under_order"):
        yield section(document, "under_order", say, explained)
    yield limits.limits(document, say, is_handlers=is_handlers)
    yield limits.contact(document, say)
    yield limits.law_names(document, say)
    yield limits.about(document, say, is_handlers=is_handlers)
