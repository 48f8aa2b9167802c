"""How is a thing said in the reader's language: sentences, names, days and numbers?"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from lineage.forms.parts import Cell, Said
from lineage.policy.vocabulary import statute
from lineage.words import ENGLISH, filled_in, words

COUNTRY: Final = "US"
"""Days and numbers are written as they are in California, in each of its languages."""


class Wording:
    """One language, and the business's time zone (IANA), in which days are told."""

    def __init__(self, language: str, time_zone: str) -> None:
        """Raises Refused: no answer speaks this language."""
        self.language = language
        self.zone = ZoneInfo(time_zone)
        self._words = words(language)
        self._locale = Locale(language, COUNTRY)

    def say(self, key: str, **values: str) -> str:
        """The form's own words.

        >>> Wording("en", "America/Los_Angeles").say("form.page", page="1", pages="3")
        'Page 1 of 3'
        """
        return self._words[key].format(**values)

    def told(self, key: str, original: str) -> Said:
        """A sentence of the answer, which is ``original`` in English.

        Words that another version of the software, or the business itself, has put there stay as they are.
        """
        if self.language == ENGLISH:
            return Said(original)
        values = filled_in(key, original) if key in words() else None
        return self._english(original) if values is None else Said(self.say(key, **values))

    def negative(self, block: str, original: str) -> Said:
        """What is said of a block without lines: its own sentence, then the one about secrecy."""
        keys = (f"statements.NONE.{block}", "statements.FORBIDDEN_TO_DESCRIBE")
        if self.language == ENGLISH or original != " ".join(words().get(key, "") for key in keys):
            return self._english(original)
        return Said(" ".join(self.say(key) for key in keys))

    def coded(self, group: str, code: str) -> Said:
        """What a code of the answer says; one without words here, of a later version, as it is.

        >>> Wording("en", "America/Los_Angeles").coded("kinds", "LENT_OUT")
        Said(text='LENT OUT', language=None)
        """
        known = self._words.get(f"{group}.{code}")
        return self._english(plain(code)) if known is None else Said(known)

    def named(self, group: str, id: str, original: str | None) -> Said:
        """A name of the statute or the policy: translated by its id, else as the answer has it."""
        translated = self._words.get(f"{group}.{id}")
        if self.language != ENGLISH and translated is not None:
            return Said(translated)
        return self._english(original or plain(id))

    def element(self, id: str) -> Said:
        """A kind of datum in words: the vocabulary's, else the id that the policy gave it."""
        known = statute().elements.get(id)
        return self.named("elements", id, known.wording if known else None)

    def purpose(self, id: str) -> Said:
        """A purpose of the statute."""
        known = statute().purposes.get(id)
        return self.named("purposes", id, known.wording if known else None)

    def day(self, instant: str) -> str:
        """The day of an instant of the answer, as it was where the business is.

        >>> Wording("en", "America/Los_Angeles").day("2026-01-01T02:00:00.000000Z")
        'Dec 31, 2025'
        """
        return format_date(self._local(instant), "medium", self._locale)

    def cell_of_day(self, instant: str) -> Cell:
        """The same as a cell."""
        return Cell((Said(self.day(instant)),), value=self._local(instant).date().isoformat())

    def minute(self, instant: str) -> str:
        """Day and minute of an instant, with its zone.

        >>> Wording("en", "America/Los_Angeles").minute("2026-06-15T17:00:00.000000Z")
        'June 15, 2026, 10:00 AM PDT'
        """
        local = self._local(instant)
        day = format_date(local, "long", self._locale)
        return f"{day}, {format_time(local, 'h:mm a z', locale=self._locale)}"

    def month(self, instant: datetime) -> str:
        """The short name of a month."""
        return format_date(instant, "MMM", self._locale)

    def number(self, number: int) -> str:
        """A whole number.

        >>> Wording("en", "America/Los_Angeles").number(12000)
        '12,000'
        """
        return format_decimal(number, locale=self._locale)

    def _english(self, text: str) -> Said:
        return Said(text, None if self.language == ENGLISH else ENGLISH)

    def _local(self, instant: str) -> datetime:
        told = datetime.fromisoformat(instant)
        return told.replace(tzinfo=self.zone) if told.tzinfo is None else told.astimezone(self.zone)


def plain(id: str) -> str:
    """An id as words.

    >>> plain("loyalty_no")
    'loyalty no'
    """
    return id.replace("_", " ")
