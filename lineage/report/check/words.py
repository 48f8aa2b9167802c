"""Are the categories named in the statute's own words? (§1798.130(c); rulings.md 41; law.md K-14)"""

from collections.abc import Callable, Iterator

from lineage.policy.vocabulary import Vocabulary, statute
from lineage.report.check.document import Document
from lineage.report.check.problem import Problem, path
from lineage.report.check.rows import Line, Pair, Purpose, Source, ThirdParty, Told
from lineage.report.release import UNKNOWN

STATUTE = "K-14, §1798.130(c)"
GROUPS = "R 7001"


def check(document: Document) -> Iterator[Problem]:
    words = statute()
    unknown = unreviewed = False
    for where, line in document.lines:
        for at, rule, id, said, of in _named(line, words):
            unknown |= id in UNKNOWN
            if (why := _wrong(id, said, of)) is not None:
                yield Problem(path(*where, at), rule, why)
        unreviewed |= isinstance(line, Pair) and line.unreviewed
        if isinstance(line, Purpose) and not words.purposes.keys() >= set(line.statutory):
            yield Problem(path(*where, "statutory"), "§1798.140(e)", "Names a purpose the statute does not.")
    unknown |= any(gap.reason == "UNKNOWN_WORD" for gap in document.coverage.gaps)
    if document.for_release and unknown:
        why = "Is for release, though a word has no category or group yet. Mend the policy, and make it anew."
        yield Problem("$.for_release", "rulings 14", why)
    if document.for_release and unreviewed:
        why = "Is for release, though a disclosure in it is unreviewed. Have somebody look at it first."
        yield Problem("$.for_release", "DD-20", why)


_Name = tuple[str, str, str, str, Callable[[str], str]]


def _named(line: Line, words: Vocabulary) -> Iterator[_Name]:
    """(key, rule, id, the words said of it, the words that must be said)."""
    if isinstance(line, Told):
        known = words.unknown if line.category == "UNMAPPED" else words.categories
        yield "statutory_name", STATUTE, line.category, line.statutory_name, known.__getitem__
        for each in line.sensitive:
            yield "sensitive", STATUTE, each.id, each.statutory_name, words.sensitive.__getitem__
    if isinstance(line, Pair):
        said = line.recipient_wording
        yield "recipient_wording", GROUPS, line.recipient_category, said, words.recipient_wording
    if isinstance(line, ThirdParty):
        yield "wording", GROUPS, line.category, line.wording, words.recipient_wording
    if isinstance(line, Source):
        yield "wording", GROUPS, line.category, line.wording, words.source_wording


def _wrong(id: str, said: str, of: Callable[[str], str]) -> str | None:
    try:
        right = of(id)
    except KeyError:
        return "Belongs to an id that is not in the shipped vocabulary."
    return None if said == right else f"Is not the fixed wording. Write: {right}"
