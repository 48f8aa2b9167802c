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
    for where, line in lines(document):
        for at, rule, id, said, of in _named(line, words):
            unknown |= id in UNKNOWN
            yield from _one(path(*where, at), rule, id, said, of)
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


def lines(document: Document) -> Iterator[tuple[tuple[str | int, ...], Line]]:
    """Every line of the six blocks of categories, with the steps to it."""
    for block in ("collected", "sources", "purposes", "third_parties"):
        for number, line in enumerate(document.rows(block)):
            yield (block, number), line
    for block in ("sold_or_shared", "disclosed"):
        for number, line in enumerate(document.rows(block)):
            yield (block, "pairs", number), line


_Name = tuple[str, str, str, str, Callable[[str], str]]


def _named(line: Line, words: Vocabulary) -> Iterator[_Name]:
    """(key, rule, id, the words said of it, the words that must be said)."""
    if isinstance(line, Told):
        yield "statutory_name", STATUTE, line.category, line.statutory_name, _category(words)
        for each in line.sensitive:
            yield "sensitive", STATUTE, each.id, each.statutory_name, words.sensitive.__getitem__
    if isinstance(line, Pair):
        said = line.recipient_wording
        yield "recipient_wording", GROUPS, line.recipient_category, said, words.recipient_wording
    if isinstance(line, ThirdParty):
        yield "wording", GROUPS, line.category, line.wording, words.recipient_wording
    if isinstance(line, Source):
        yield "wording", GROUPS, line.category, line.wording, words.source_wording


def _category(words: Vocabulary) -> Callable[[str], str]:
    known = {**words.categories, "UNMAPPED": words.unknown["UNMAPPED"]}
    return known.__getitem__


def _one(where: str, rule: str, id: str, said: str, of: Callable[[str], str]) -> Iterator[Problem]:
    try:
        right = of(id)
    except KeyError:
        yield Problem(where, rule, "Belongs to an id that is not in the shipped vocabulary.")
        return
    if said != right:
        yield Problem(where, rule, f"Is not the fixed wording. Write: {right}")
