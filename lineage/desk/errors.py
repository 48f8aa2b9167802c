"""What can go wrong at the desk, beside input that is refused?"""

from lineage.errors import LineageError, LogUnavailable


class ChangedMeanwhile(LineageError):
    """Somebody else decided at the same moment. Nothing was written: look again, then decide again."""


class DeskUnavailable(LogUnavailable):
    """The desk store, itself a log of decisions, could not be reached. Nothing is known to be lost."""
