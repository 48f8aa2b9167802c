"""What changed between two answers, as a letter: only what is new, no longer there or changed.

Made from the two documents alone. A person's letter tells nothing of a part that the later answer does not
give: what is not told any more is not gone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from lineage.errors import Refused
from lineage.forms.behind import fact
from lineage.forms.changed import columns_with_mark, marked
from lineage.forms.letter import letter
from lineage.forms.parts import Letter, Row, Said, Section, Table
from lineage.forms.telling import LINES, PLACES, Telling, Told
from lineage.forms.wording import Wording, plain
from lineage.report.between import Cause
from lineage.report.change import Change, Entry, Mark, Value
from lineage.report.difference import difference
from lineage.report.request import BLOCKS, Verification
from lineage.words import ENGLISH, group

Document = Mapping[str, Any]

_COUNTED: Final = (*LINES, "held_collected_earlier")


def changes(earlier: Document, later: Document, language: str = ENGLISH) -> Letter:
    """The letter of what the later of two ``ccpa.know/1`` documents says otherwise.

    For the handler with what happened in between. It may go out where both documents may.

    Raises:
        Refused: there is no such language; an answer stopped for a person's decision; one is the handler's
            copy and the other the person's; or nobody was verified for the later answer, who would be told of
            the earlier one.
    """
    first, last = letter(earlier, language), letter(later, language)
    if first.is_handlers != last.is_handlers:
        raise Refused(
            "One answer is the handler's copy and the other the person's: each line would differ. Compare "
            "two copies for one reader."
        )
    if not last.is_handlers and _is_unverified(later) and not _is_unverified(earlier):
        raise Refused(
            "Nobody is verified for the later answer, and what changed would tell of the earlier one. Verify "
            "first, or compare the handler's copies."
        )
    say, is_handlers = Wording(language, later["window"]["time_zone"]), last.is_handlers
    found = difference(earlier, later)
    heard = found.found if is_handlers else tuple(_for_person(found.found, later))
    telling = Telling(say, is_handlers=is_handlers)
    told = [each for change in _each_once(heard) for each in telling.tell(change)]
    sections = [*_sections(told, telling, say)]
    if is_handlers and found.why:
        said = tuple(Said(_cause(each, say)) for each in found.why)
        sections.append(Section("causes", say.say("difference.causes"), said=said))
    as_of = say.say("form.as_of")
    return replace(
        last,
        title=say.say("form.title_of_difference"),
        subtitle=say.say("difference.intro"),
        stamps=tuple(dict.fromkeys((*last.stamps, *first.stamps))),
        facts=(
            *(each for each in last.facts if each.label != as_of),
            fact(say.say("difference.earlier"), say.minute(earlier["as_of"])),
            fact(say.say("difference.later"), say.minute(later["as_of"])),
        ),
        short=tuple(_short(told, say)),
        sections=tuple(sections),
    )


def _is_unverified(document: Document) -> bool:
    return bool(document["request"]["verification"] == Verification.V0_NONE)


def _for_person(found: Sequence[Change], later: Document) -> Iterator[Change]:
    """Without what stood in a block that the later answer does not give."""
    silent = {block for block in BLOCKS if later["block_status"][block] != "answered"}
    for change in found:
        match change:
            case Value("held_collected_earlier") | Entry("statements", ("OLDER_DATA", _)):
                block: str | None = "collected"
            case Entry("statements", (_, about)) | Value("block_statements", about):
                block = about
            case Entry(part) | Value(part):
                block = part
            case _:
                block = None
        if block not in silent:
            yield change


def _each_once(found: Sequence[Change]) -> Iterator[Change]:
    """Without a negative of which the sentence came or went too, and without what a supplement adds to, which
    the whole letter says.
    """
    said = {each.key[1] for each in found if isinstance(each, Entry) and each.part == "statements"}
    for change in found:
        match change:
            case Value("request", "supplement_of"):
                continue
            case Value("block_statements", block) | Value(block, "statement") if block in said:
                continue
        yield change


def _short(told: Sequence[Told], say: Wording) -> Iterator[Said]:
    if not told:
        yield Said(say.say("difference.same"))
        return
    counted = Counter(each.mark for each in told if each.place in _COUNTED and isinstance(each.what, Row))
    if counted:
        numbers = {str(mark): say.number(counted[mark]) for mark in Mark}
        yield Said(say.say("difference.counted", **numbers))
    else:
        yield Said(say.say("difference.words_only"))


def _sections(told: Sequence[Told], telling: Telling, say: Wording) -> Iterator[Section]:
    for place in PLACES:
        here = [each for each in told if each.place == place]
        rows = tuple(marked(each.what, each.mark, say) for each in here if isinstance(each.what, Row))
        said = tuple(each.what for each in here if isinstance(each.what, Said))
        table = Table(columns_with_mark(telling.columns(place), say), rows) if rows else None
        if here:
            yield Section(place, say.say(f"blocks.{place}.heading"), table=table, said=said)


def _cause(cause: Cause, say: Wording) -> str:
    values = dict(cause.values)
    match cause.code:
        case "AS_OF":
            values = {name: say.minute(instant) for name, instant in values.items()}
        case "VERSION":
            names = group("difference.versions", say.language)
            values["name"] = names.get(values["name"], plain(values["name"]))
    return say.say(f"difference.cause.{cause.code}", **values)
