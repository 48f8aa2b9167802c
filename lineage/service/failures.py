"""What happened and stands in no record? Each such thing is counted, logged and told; none is kept silent.

Errors of this package hold nothing personal and are told as they are. Of any other exception only the name of
its class is told: its text may be an identifier, and so may those of its causes.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from lineage.errors import LineageError
from lineage.events import Event
from lineage.service.visit import visit

LOG: Final = logging.getLogger("lineage.service")


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was not recorded. ``what``: the activity, or what else was to be told.

    ``event``: the whole event where there is one; published again as it is, it fills its own place.
    """

    what: str
    reason: str
    request_id: str | None = None
    event: Event | None = field(default=None, repr=False)


OnFailure = Callable[[Failure], None]


class Failures:
    """Counts them, writes a line for each, and tells whoever wants to hear. Thread-safe."""

    def __init__(self, on_failure: OnFailure | None = None) -> None:
        self._on_failure = on_failure
        self._lock = Lock()
        self._count = 0

    @property
    def count(self) -> int:
        """How many there were in this process."""
        return self._count

    def tell(self, what: str, error: Exception, event: Event | None = None) -> None:
        """One more. Never raises."""
        request = visit()
        failure = Failure(what, said(error), request.id if request else None, event)
        with self._lock:
            self._count += 1
        LOG.error("%s was not recorded: %s (request %s)", what, failure.reason, failure.request_id or "none")
        if self._on_failure is not None:
            try:
                self._on_failure(failure)
            except Exception as another:
                LOG.error("on_failure itself failed: %s", said(another))

    def undelivered(self, event: Event, error: Exception) -> None:
        """The log gave this event up after it had been taken."""
        self.tell(getattr(event, "activity", None) or type(event).__name__, error, event)


def said(error: Exception) -> str:
    """What may be said of an error.

    >>> said(KeyError("ana@example.com"))
    'KeyError'
    """
    return str(error) if isinstance(error, LineageError) else type(error).__name__
