"""What can go wrong, sorted by what the caller can do about it.

Messages say what happened, where, and what to do next. They never hold an identifier, a token or a value of
personal data: a message may end in a log that anybody reads.
"""


class LineageError(Exception):
    """The root of every error that this package raises on purpose."""


class Refused(LineageError):
    """The caller's input cannot be accepted as it is; nothing of it was written. Correct it and try again."""


class PolicyError(Refused):
    """A policy folder does not say what a policy must say. The message names file, line and key."""


class LogUnavailable(LineageError):
    """The log could not be reached or did not confirm. Nothing is known to be lost; try again later."""


class LogChanged(LineageError):
    """The log is not the one that was projected: made anew, cut off, or shorter. A person has to decide."""


class StoreInUse(LineageError):
    """Another process owns the database file."""


class StoreUnreadable(LineageError):
    """The database file cannot be opened. It is derived from the log: set it aside and rebuild."""
