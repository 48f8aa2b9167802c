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


class SpoolUnavailable(LogUnavailable):
    """The spool's file took nothing of it: disk, rights or the file itself. Mend that, then try again."""


class SpoolFull(SpoolUnavailable):
    """What waits in the spool has reached its bound; nothing was taken. See why the log takes nothing."""


class OutboxUnavailable(LineageError):
    """The database of a service's outbox cannot be used. What waits in it waits on; try again later."""


class LogChanged(LineageError):
    """The log is not the one that was projected: made anew, cut off, or shorter. A person has to decide."""


class TooManyParked(LineageError):
    """So many records would be parked that something is broken. Nothing was written; a person decides."""


class StoreInUse(LineageError):
    """Another process owns the database file."""


class StoreUnreadable(LineageError):
    """The database file cannot be opened. It is derived from the log: set it aside and rebuild."""


class RegistryChanged(LineageError):
    """The schema registry gives an id another meaning than before. A person has to decide."""


class RegistryUnavailable(LineageError):
    """The schema registry could not be reached. Nothing that publishes or projects needs it; try later."""


class ArchiveDamaged(LineageError):
    """The archive has a hole, an unreadable segment, or no word on whose it is. A person has to decide."""


class ArchiveInUse(LineageError):
    """Another process writes the archive."""
