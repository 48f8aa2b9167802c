"""Does anything that a person chose forbid this sharing? (law.md A.11, A.14, A.15)

Choices bind from the instant they are made, not from when they had to be obeyed at the latest; they are
lifted only by what came later and is beyond doubt. Where two readings are honest, the answer is no.
"""

from collections.abc import Iterable
from typing import Final

from lineage.choices.judging import Judged
from lineage.choices.permission import Reason
from lineage.choices.said import ALL, ALLOWING, Said, Standing, Word

LEFT_OUT: Final = {"ACTOR": Reason.NOT_OURS, "CUSTOMER": Reason.FOR_CUSTOMER}
"""Why owned.sql leaves an event to others; what else it says is an exemption."""

NEVER: Final = -1
FOR_GOOD: Final = 2**62

UNKNOWN: Final = ((Word.ERASED, Reason.ERASED), (Word.UNREAD, Reason.UNREAD))
"""What the person chose is not known: as if everything were forbidden."""

BARS_SALE: Final = (
    *UNKNOWN,
    (Word.OPTED_OUT, Reason.OPTED_OUT),
    (Word.MAYBE_OPTED_OUT, Reason.OPTED_OUT),
)
BARS_SENSITIVE: Final = (*UNKNOWN, (Word.LIMITED, Reason.LIMITED), (Word.MAYBE_LIMITED, Reason.LIMITED))


def decided(judged: Judged, standing: Standing, now: int, *, signal: bool) -> Reason:
    """Why this may be done with this person's data, or not. ``now``: microseconds since 1970, UTC."""
    if judged.excluded is not None:
        return LEFT_OUT.get(judged.excluded, Reason.EXEMPT)
    forbidden = (
        (_of_sale(judged, standing, now, signal=signal) if judged.sold else None)
        or _of_consent(judged, standing)
        or _of_limit(judged, standing, now)
    )
    if forbidden is not None:
        return forbidden
    if not judged.sold:
        return Reason.NO_SALE
    is_barred = any((word, ALL) in standing for word, _ in BARS_SALE)
    return Reason.OPTED_IN if is_barred or _is_young(standing, now) else Reason.NO_OPT_OUT


def of_everybody(judged: Judged, said: Iterable[Said], now: int) -> Reason:
    """The same where everybody is meant. ``said``: all that was said by anybody at all."""
    worst = {each: FOR_GOOD for each in said if each[0] not in ALLOWING}
    at_best = decided(judged, {}, now, signal=False)
    return at_best if at_best is decided(judged, worst, now, signal=False) else Reason.EVERYBODY


def _of_sale(judged: Judged, standing: Standing, now: int, *, signal: bool) -> Reason | None:
    if not judged.is_contracted:
        return Reason.NO_CONTRACT
    if signal:  # it goes before every setting that is stored (R 7025)
        return Reason.SIGNAL
    allowed = _allowed_at(Word.OPTED_IN, judged, standing)
    if _is_young(standing, now):
        # A child's parent opts in; from 13 on minors do so themselves, and not before (R 7070, 7071).
        thirteen = standing.get((Word.UNDER_13, ALL), NEVER)
        if now < thirteen:
            allowed = _allowed_at(Word.OPTED_IN_BY_PARENT, judged, standing)
        elif allowed < thirteen:
            allowed = NEVER
        if allowed == NEVER:
            return Reason.MINOR
    return _first(BARS_SALE, standing, allowed)


def _of_consent(judged: Judged, standing: Standing) -> Reason | None:
    """Withdrawn for no purpose in particular, it reaches what goes to third parties."""
    for each in judged.purposes:
        allowed = standing.get((Word.CONSENTED, each), NEVER)
        if _holds((Word.WITHDRAWN, each), standing, allowed) or (
            judged.is_to_third_party and _holds((Word.WITHDRAWN, ALL), standing, allowed)
        ):
            return Reason.CONSENT_WITHDRAWN
        if each in judged.marketing and _holds((Word.NO_MARKETING, ALL), standing, allowed):
            return Reason.MARKETING_OPTED_OUT
    return None


def _of_limit(judged: Judged, standing: Standing, now: int) -> Reason | None:
    """All data of somebody known to be under 16 is sensitive (R 7001)."""
    if not judged.is_limited or not (judged.is_sensitive or _is_young(standing, now)):
        return None
    allowed = _allowed_at(Word.SENSITIVE_ALLOWED, judged, standing)
    return _first(BARS_SENSITIVE, standing, allowed)


def _is_young(standing: Standing, now: int) -> bool:
    return now < standing.get((Word.UNDER_16, ALL), NEVER)


def _allowed_at(word: Word, judged: Judged, standing: Standing) -> int:
    """From when on every purpose of it is allowed; NEVER where one is not."""
    of_all = standing.get((word, ALL), NEVER)
    return min((max(of_all, standing.get((word, each), NEVER)) for each in judged.purposes), default=of_all)


def _first(bars: Iterable[tuple[Word, Reason]], standing: Standing, allowed: int) -> Reason | None:
    return next((why for word, why in bars if _holds((word, ALL), standing, allowed)), None)


def _holds(said: Said, standing: Standing, allowed: int) -> bool:
    """Whether it was said, and not lifted later; at one instant the person forbids."""
    at = standing.get(said)
    return at is not None and at >= allowed
