"""Which accepted events count, once others replace, retract or erase them? (rulings.md 11, 12, 22)"""

from evaluator.times import micros
from evaluator.told import Fact, Told

OUTLIVES_ERASURE = ("SubjectsLinked", "SubjectsUnlinked", "SubjectDescribed", "SubjectErased")


def left(told: Told) -> dict[str | None, list[Fact]]:
    """The accepted events that no tombstone erased."""
    through: dict[str, int] = {}
    for erasure in told.erasures:
        if erasure["mode"] == "TOMBSTONE":
            token = erasure["subject"]
            through[token] = max(through.get(token, micros(erasure["through"])), micros(erasure["through"]))
    return {
        subject: [
            fact
            for fact in facts
            if fact["event"] in OUTLIVES_ERASURE
            or subject not in through
            or fact.span.start >= through[subject]
        ]
        for subject, facts in told.accepted.items()
    }


def counting(facts: list[Fact]) -> list[Fact]:
    """Those of one subject's events that count.

    Whether a retraction counts hangs on other retractions, up to a ring that nothing decides. So the sure
    ones are found from both sides: what counts even if all that may count does, and the other way round.
    """
    sure: set[str] = set()
    for _ in range(len(facts) + 2):
        possible = _effective(facts, sure)
        sure, before = _effective(facts, possible), sure
        if sure == before:
            break
    return [fact for fact in facts if _counts(fact, facts, sure)]


def _effective(facts: list[Fact], supposed: set[str]) -> set[str]:
    """The ids of the retractions that count if just those supposed ones do."""
    return {f.id for f in facts if f["event"] == "EventRetracted" and _counts(f, facts, supposed)}


def _counts(fact: Fact, facts: list[Fact], retractions: set[str]) -> bool:
    if fact["event"] == "SubjectErased":
        return True
    gone = {f["retracts"] for f in facts if f.id in retractions}
    sent = [f for f in facts if f.id not in gone or f["event"] == "SubjectErased"]
    rings = {f.id for f in sent if _rings(f, sent)}
    sent = [f for f in sent if f.id not in rings]
    if fact not in sent or _children(fact, sent):
        return False
    while (parent := _parent(fact, sent)) is not None:
        if fact != max(_children(parent, sent), key=lambda child: (child.recorded_at, child.id)):
            return False
        fact = parent
    return True


def _parent(fact: Fact, sent: list[Fact]) -> Fact | None:
    found = (f for f in sent if f.id == fact["supersedes"] and f["event"] != "SubjectErased")
    return next(found, None)


def _children(fact: Fact, sent: list[Fact]) -> list[Fact]:
    if fact["event"] == "SubjectErased":
        return []
    return [each for each in sent if each["supersedes"] == fact.id]


def _rings(fact: Fact, sent: list[Fact]) -> bool:
    """Whether an event replaces itself in the end."""
    seen: list[str] = []
    parent = _parent(fact, sent)
    while parent is not None and parent.id not in seen:
        seen.append(parent.id)
        parent = _parent(parent, sent)
    return fact.id in seen
