"""An answer in a few sentences: what was sold, shared, passed on and collected, and what may be missing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from lineage.forms.blocks import ORDER, lines
from lineage.forms.parts import Said
from lineage.forms.wording import Wording
from lineage.report.request import Verification

Document = Mapping[str, Any]

BOTH: Final = ("sold_or_shared", "disclosed")
ASKED: Final = {"CONSUMER_DIRECTED": "asked"}
"""What stands in the list of disclosures and was the person's own wish."""

FEW: Final = 4
"""Sentences about one list; more than these are no summary."""


NAMED: Final = 6
"""Kinds of information that one sentence names; of more it says how many they are."""


def short(document: Document, say: Wording, *, is_handlers: bool) -> Iterator[Said]:
    """Only what the answer itself says: a negative in its own fixed words, and only where it has one.

    The handler's copy speaks of every part that was asked for, whatever may be released.
    """
    status = {block: document["block_status"][block] for block in ORDER}
    told = {"answered", "denied"} if is_handlers else {"answered"}
    answered = {block for block, each in status.items() if each in told}
    if not answered and document["request"]["verification"] == Verification.V0_NONE:
        yield Said(say.say("short.unverified"))
        return
    if "sold_or_shared" in answered:
        yield from _passed(document, "sold_or_shared", say, {"SALE": "sold", "SHARE": "shared"}.get)
    if "disclosed" in answered:
        yield from _passed(document, "disclosed", say, lambda kind: ASKED.get(kind, "disclosed"))
    if "third_parties" in answered and (others := list(_in_no_list(document, say))):
        yield Said(say.say("short.in_no_list", whom=_listed(others)))
    for block in BOTH:
        if sensitive := list(_sensitive(document, block, say)):
            yield Said(say.say(f"short.sensitive_{block}", what=_listed(sensitive)))
    if "collected" in answered and document["collected"]:
        what = [
            say.named("categories", each["category"], each["statutory_name"]).text
            for each in document["collected"]
        ]
        yield Said(say.say("short.collected", what=_kinds(what, say)))
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
    alike: dict[tuple[str, ...], list[str]] = {}
    for whom, kinds in got.items():
        alike.setdefault(tuple(dict.fromkeys(kinds)), []).append(whom)
    if len(alike) > FEW:
        yield Said(say.say(f"short.{name}_many", whom=_listed(got)))
        return
    for parts, names in alike.items():
        yield Said(say.say(f"short.{name}", what=_kinds(parts, say), whom=_listed(names)))


def _in_no_list(document: Document, say: Wording) -> Iterator[str]:
    """Third parties that got something which is neither a sale, a sharing nor for a business purpose."""
    listed = {each["recipient_category"] for block in BOTH for each in lines(document, block)}
    for each in lines(document, "third_parties"):
        if each["category"] not in listed:
            yield say.named("recipients", each["category"], each["wording"]).text


def _sensitive(document: Document, block: str, say: Wording) -> Iterator[str]:
    for line in lines(document, block):
        for each in line["sensitive"]:
            yield say.named("sensitive", each["id"], each["statutory_name"]).text


def _kinds(names: Collection[str], say: Wording) -> str:
    """Named, or where that would fill the page counted: each stands in a table."""
    named = dict.fromkeys(names)
    return _listed(named) if len(named) <= NAMED else say.say("short.kinds", count=say.number(len(named)))


def _listed(names: Iterable[str]) -> str:
    """Each once. Names of the statute have commas in them."""
    return "; ".join(dict.fromkeys(names))
