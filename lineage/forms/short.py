"""An answer in a few sentences: what was sold, shared, passed on and collected, and what may be missing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from lineage.forms.blocks import ORDER, lines
from lineage.forms.parts import Said
from lineage.forms.wording import Wording
from lineage.report.request import Verification

Document = Mapping[str, Any]

FEW: Final = 4
"""Sentences about one list; more than these are no summary."""


def short(document: Document, say: Wording, *, is_handlers: bool) -> Iterator[Said]:
    """Only what the answer itself says: a negative in its own fixed words, and only where it has one.

    The handler's copy speaks of every part that was asked for, whatever may be released.
    """
    status = document["block_status"]
    told = {"answered", "denied"} if is_handlers else {"answered"}
    answered = {block for block, each in status.items() if each in told}
    if not answered and document["request"]["verification"] == Verification.V0_NONE:
        yield Said(say.say("short.unverified"))
        return
    if "sold_or_shared" in answered:
        yield from _passed(document, "sold_or_shared", say, {"SALE": "sold", "SHARE": "shared"}.get)
    if "disclosed" in answered:
        yield from _passed(document, "disclosed", say, lambda _: "disclosed")
    if sensitive := list(_sensitive(document, say)):
        yield Said(say.say("short.sensitive", what=_listed(sensitive)))
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
    if document["window"]["refusal"] is not None:
        yield Said(say.say("short.refused"))
    if denied := [block for block in ORDER if status[block] == "denied" and not lines(document, block)]:
        parts = [say.say(f"blocks.{block}.heading") for block in denied]
        yield Said(say.say("short.not_answered", parts=_listed(parts)))


def _passed(document: Document, block: str, say: Wording, how: Callable[[str], str | None]) -> Iterator[Said]:
    told: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines(document, block):
        for name in dict.fromkeys(map(how, line["kinds"])):
            if name is not None:
                told.setdefault(name, []).append(line)
    for name, found in told.items():
        yield from _to_whom(name, found, say)
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


def _to_whom(name: str, found: Collection[Mapping[str, Any]], say: Wording) -> Iterator[Said]:
    """Recipients that got the same are named together: nothing may read as if all had got everything."""
    got: dict[str, list[str]] = {}
    for line in found:
        whom = say.named("recipients", line["recipient_category"], line["recipient_wording"]).text
        what = say.named("categories", line["category"], line["statutory_name"]).text
        got.setdefault(whom, []).append(what)
    alike: dict[str, list[str]] = {}
    for whom, parts in got.items():
        alike.setdefault(_listed(parts), []).append(whom)
    if len(alike) > FEW:
        yield Said(say.say(f"short.{name}_many", whom=_listed(got)))
        return
    for what, names in alike.items():
        yield Said(say.say(f"short.{name}", what=what, whom=_listed(names)))


def _sensitive(document: Document, say: Wording) -> Iterator[str]:
    for block in ("sold_or_shared", "disclosed"):
        for line in lines(document, block):
            for each in line["sensitive"]:
                yield say.named("sensitive", each["id"], each["statutory_name"]).text


def _listed(names: Iterable[str]) -> str:
    """Each once. Names of the statute have commas in them."""
    return "; ".join(dict.fromkeys(names))
