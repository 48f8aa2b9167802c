"""Who is the person? From what was told of tokens: which of them, over which time, are one person.

Pure, but for a question to the database (``history.sql``), asked again for each new ring of linked tokens.
"""

from lineage.identity.decided import NOTHING, Decided, Verdict
from lineage.identity.members import Member, Stopped, Who
from lineage.identity.resolving import crowd_taken_out, resolve

__all__ = [
    "NOTHING",
    "Decided",
    "Member",
    "Stopped",
    "Verdict",
    "Who",
    "crowd_taken_out",
    "resolve",
]
