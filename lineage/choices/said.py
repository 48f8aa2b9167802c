"""What does an event say of what may be done with a person's data? Words, each with an instant.

A word that forbids counts as soon as it is told; a word that allows counts only where it is told as the law
wants it. So what cannot be read, or was asked for in one click, allows nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from lineage.events import Choice, ChoiceMade, MadeBy, Via
from lineage.policy import Policy

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ALL: Final = ""
"""In place of a purpose: whatever the purpose."""


class Word(StrEnum):
    """What was said. The last four allow something, the others forbid.

    MAYBE: by somebody who may be the same person.
    """

    OPTED_OUT = "OPTED_OUT"
    LIMITED = "LIMITED"
    MAYBE_OPTED_OUT = "MAYBE_OPTED_OUT"
    MAYBE_LIMITED = "MAYBE_LIMITED"
    WITHDRAWN = "WITHDRAWN"
    NO_MARKETING = "NO_MARKETING"
    UNDER_13 = "UNDER_13"
    UNDER_16 = "UNDER_16"
    ERASED = "ERASED"
    UNREAD = "UNREAD"
    OPTED_IN = "OPTED_IN"
    OPTED_IN_BY_PARENT = "OPTED_IN_BY_PARENT"
    CONSENTED = "CONSENTED"
    SENSITIVE_ALLOWED = "SENSITIVE_ALLOWED"


ALLOWING: Final = frozenset({Word.OPTED_IN, Word.OPTED_IN_BY_PARENT, Word.CONSENTED, Word.SENSITIVE_ALLOWED})

MAYBE: Final = {Word.OPTED_OUT: Word.MAYBE_OPTED_OUT, Word.LIMITED: Word.MAYBE_LIMITED}

Said = tuple[Word, str]
"""A word and the purpose that it is about."""

Standing = Mapping[Said, int]
"""The last time that each thing was said of a person: microseconds since 1970, UTC. UNDER_13 and UNDER_16: up
to when the person is known to be that young.
"""


def together(standings: Iterable[Standing]) -> dict[Said, int]:
    """What was said here or there: of each word the last time."""
    found: dict[Said, int] = {}
    for each in standings:
        for said, at in each.items():
            if at > found.get(said, -1):
                found[said] = at
    return found


def of_another(said: Said) -> Said:
    """What it says of those who may be the same person."""
    word, purpose = said
    return MAYBE.get(word, word), purpose


def of_choice(made: ChoiceMade, purposes_known: Collection[str]) -> list[Said]:
    """What a choice says.

    To opt in takes two steps (R 7028), of a child's parent a method that shows it is the parent (R 7070). A
    signal, or an agent, opts nobody in. Consent is for named purposes (§1798.140(h)).
    """
    named = tuple(dict.fromkeys(made.purposes))
    known = [each for each in named if each in purposes_known]
    is_own = made.made_by is MadeBy.SELF and made.via not in (Via.GPC, Via.DROP)
    match made.choice:
        case Choice.ADMT_OPT_OUT | Choice.ASKED_TO_OPT_IN:
            return []
        case Choice.LIMIT_SENSITIVE:
            return [(Word.LIMITED, ALL)]
        case Choice.MARKETING_OPT_OUT:
            return [(Word.NO_MARKETING, ALL)]
        case Choice.CONSENT_WITHDRAWN:
            # Of a purpose that the policy does not know: whichever it was.
            return [
                (Word.WITHDRAWN, each) for each in (known if known and len(known) == len(named) else [ALL])
            ]
        case Choice.CONSENT_GIVEN:
            words = [Word.CONSENTED] if is_own or made.made_by is MadeBy.PARENT else []
            words += [Word.SENSITIVE_ALLOWED] if is_own and made.steps >= 2 else []
            return [(word, each) for word in words for each in known]
        case Choice.OPT_IN:
            wanted = known if named else [ALL]
            if made.made_by is MadeBy.PARENT and made.method is not None:
                return [(Word.OPTED_IN_BY_PARENT, each) for each in wanted]
            return [(Word.OPTED_IN, each) for each in wanted] if is_own and made.steps >= 2 else []
    return [(Word.OPTED_OUT, ALL)]


def purposes_of(policy: Policy) -> frozenset[str]:
    """Every purpose that a choice may name: the business's own and the statute's."""
    return frozenset(policy.purposes.keys() | policy.vocabulary.purposes.keys())


def micros(at: datetime) -> int:
    """Microseconds since 1970; what lies before counts as then."""
    return max(0, (at - EPOCH) // timedelta(microseconds=1))
