"""How long does one wait while the log takes nothing, and how often is that said?"""

import logging
import time
from typing import Final

from lineage.errors import LineageError

LEAST_SECONDS, MOST_SECONDS = 0.25, 15.0
SAY_AGAIN_SECONDS: Final = 60.0


class Patience:
    """``trouble``: what stands in the way now. ``who`` waits, in the words of a line."""

    def __init__(self, who: str, says: logging.Logger) -> None:
        self.trouble: LineageError | None = None
        self._who, self._log = who, says
        self._failures = 0
        self._said_at: float | None = None

    def failed(self, error: LineageError) -> None:
        """It did not go; our own errors name nobody, so they can be said."""
        self.trouble = error
        self._failures = min(self._failures + 1, 10)
        self.say(error)

    def say(self, error: LineageError) -> None:
        """At most once a minute."""
        now = time.monotonic()
        if self._said_at is None or now >= self._said_at + SAY_AGAIN_SECONDS:
            self._said_at = now
            self._log.warning("%s waits: %s", self._who, error)

    def went_well(self) -> None:
        """It goes again, or still."""
        if self._said_at is not None:
            self._log.info("%s goes on", self._who)
        self.trouble, self._failures, self._said_at = None, 0, None

    def seconds(self) -> float:
        """How long to wait before it is tried again."""
        return float(min(MOST_SECONDS, LEAST_SECONDS * 2**self._failures))
