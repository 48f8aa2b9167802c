"""An answer in a few sentences: what was sold, shared, passed on and collected, and what may be missing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from lineage.forms.blocks import lines
from lineage.forms.parts import Said
from lineage.forms.wording import Wording

Document = Mapping[str, Any]


def short(document: Document, say: Wording, *, is_handlers: bool) -> Iterator[Said]:
    """Only what the answer itself says: a negative in its own fixed words, and only where it has one.

    The handler's copy speaks of every part that was asked for, whatever may be released.
    """
    status = document["block_status"]
    told = {"answered", "denied"} if is_handlers else {"answered"}
    answered = {block for block, each in status.items() if each in told}
    if not answered:
        yield Said(
            say.say("short.unverified")
            if document["request"]["verification"] == "V0_NONE"
            else say.say("short.not_answered")
        )
        return
    if "sold_or_shared" in answered:
        yield from _passed(document, "sold_or_shared", say, {"SALE": "sold", "SHARE": "shared"}.get)
    if "disclosed" in answered:
        yield from _passed(document, "disclosed", say, lambda _: "disclosed")
    if "collected" in answered and document["collected"]:
        what = [
            say.named("categories", each["category"], each["statutory_name"]).text
            for each in document["collected"]
        ]
        yield Said(say.say("short.collected", what=_listed(what)))
    withheld = [say.element(each["element"]).text for each in lines(document, "pieces") if not each["show"]]
    if "pieces" in answered and withheld:
        yield Said(say.say("short.withheld", what=_listed(withheld)))
    yield Said(say.say("short.complete" if document["coverage"]["complete"] else "short.incomplete"))
    if "denied" in status.values():
        yield Said(say.say("short.not_answered"))


def _passed(document: Document, block: str, say: Wording, how: Callable[[str], str | None]) -> Iterator[Said]:
    told: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines(document, block):
        for name in dict.fromkeys(map(how, line["kinds"])):
            if name is not None:
                told.setdefault(name, []).append(line)
    for name, found in told.items():
        what = [say.named("categories", each["category"], each["statutory_name"]).text for each in found]
        whom = [
            say.named("recipients", each["recipient_category"], each["recipient_wording"]).text
            for each in found
        ]
        yield Said(say.say(f"short.{name}", what=_listed(what), whom=_listed(whom)))
    if not told:
        statement = document[block]["statement"]
        if statement == "NONE":
            yield from (
                say.negative(block, each["statement"])
                for each in document["statements"]
                if (each["code"], each["block"]) == ("NONE", block)
            )
        else:
            yield Said(
                say.say("short.sold_unknown" if block == "sold_or_shared" else "short.disclosed_unknown")
            )


def _listed(names: Collection[str]) -> str:
    """Each once. Names of the statute have commas in them."""
    return "; ".join(dict.fromkeys(names))
