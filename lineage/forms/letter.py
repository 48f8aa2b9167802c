"""An answer as a letter: the canonical JSON in words, for every form that people read.

Made from the document alone. The handler's letter may have beside it what ``lineage explain`` says of its
lines.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lineage.errors import Refused
from lineage.forms import limits
from lineage.forms.behind import Explained, fact
from lineage.forms.blocks import ORDER, earlier, section
from lineage.forms.parts import Fact, Letter, Said, Section
from lineage.forms.short import short
from lineage.forms.wording import Wording
from lineage.report.release import why_not
from lineage.words import ENGLISH, filled_in

Document = Mapping[str, Any]


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
    is_handlers = document["subject"]["token"] is not None
    return Letter(
        language=language,
        title=say.say("form.title"),
        subtitle=say.say("form.subtitle"),
        sender=_sender(document),
        stamps=tuple(Said(each, None if language == ENGLISH else ENGLISH) for each in why_not(document)),
        facts=tuple(_facts(document, say)),
        short=tuple(short(document, say)),
        short_heading=say.say("short.heading"),
        sections=tuple(
            each
            for each in _sections(document, say, explained or {}, is_handlers=is_handlers)
            if each is not None
        ),
        is_handlers=is_handlers,
        running=say.say("form.continued", id=document["request"]["id"] or say.say("form.without_case")),
    )


def _sender(document: Document) -> str | None:
    for each in document["statements"]:
        if each["code"] == "CONTACT" and (found := filled_in("statements.CONTACT", each["statement"])):
            return found["name"]
    return None


def _facts(document: Document, say: Wording) -> Iterator[Fact]:
    request, window = document["request"], document["window"]
    yield fact(say.say("form.reference"), request["id"] or say.say("form.without_case"))
    yield fact(say.say("form.received"), say.minute(request["received_at"]))
    yield fact(
        say.say("form.period"),
        say.say(
            "form.period_of",
            **{"from": say.day(window["from"]), "to": say.day(window["to"])},
            basis=say.say(f"basis.{window['basis']}"),
        ),
    )
    yield fact(say.say("form.as_of"), say.minute(document["as_of"]))
    yield fact(say.say("form.verification"), say.say(f"verification.{request['verification']}"))


def _sections(
    document: Document, say: Wording, explained: Explained, *, is_handlers: bool
) -> Iterator[Section | None]:
    if is_handlers:
        yield limits.bars(document, say)
        yield limits.for_review(document, say)
    yield limits.gaps(document, say, is_handlers=is_handlers)
    for block in ORDER:
        yield section(document, block, say, explained)
    yield earlier(document, say)
    if document["under_order"]:
        yield section(document, "under_order", say, explained)
    yield limits.limits(document, say, is_handlers=is_handlers)
    yield limits.contact(document, say)
    yield limits.law_names(document, say)
    yield limits.about(document, say, is_handlers=is_handlers)
