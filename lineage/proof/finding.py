"""What can be wrong with an archive, and where is it? One finding a fault, in words for who has to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lineage.archive.form import Segment


class What(StrEnum):
    """The kinds of fault."""

    CHANGED = "CHANGED"
    NOT_ERASED = "NOT_ERASED"
    ERASED_WITH_CONTENT = "ERASED_WITH_CONTENT"
    ERASED_BY_NOTHING = "ERASED_BY_NOTHING"
    ERASURE_CHANGED = "ERASURE_CHANGED"
    ERASURE_UNDONE = "ERASURE_UNDONE"
    DISORDERED = "DISORDERED"
    MISNAMED = "MISNAMED"
    MISDESCRIBED = "MISDESCRIBED"
    UNREADABLE = "UNREADABLE"
    HOLE = "HOLE"
    MISSING = "MISSING"
    ADDED = "ADDED"
    REWRITTEN = "REWRITTEN"
    CUT_OFF = "CUT_OFF"
    NOT_PROJECTED = "NOT_PROJECTED"
    PROJECTED_TWICE = "PROJECTED_TWICE"
    NOT_ARCHIVED = "NOT_ARCHIVED"
    NO_CHECKPOINT = "NO_CHECKPOINT"
    CHECKPOINT_MISSING = "CHECKPOINT_MISSING"
    CHECKPOINT_CHANGED = "CHECKPOINT_CHANGED"
    CHECKPOINT_AGAINST = "CHECKPOINT_AGAINST"


SAYS = {
    What.CHANGED: "key, value or time is not what was archived",
    What.NOT_ERASED: "it is told whose number it was, as of an erased record, and names no erasure",
    What.ERASED_WITH_CONTENT: "it is marked as erased and holds a key or a value",
    What.ERASED_BY_NOTHING: "the erasure that it names does not stand in the archive",
    What.ERASURE_CHANGED: "what stands in place of erased records is not what was checkpointed",
    What.ERASURE_UNDONE: "records that were erased are back, or gone altogether",
    What.DISORDERED: "offsets do not ascend",
    What.MISNAMED: "it holds offsets that its name does not cover",
    What.MISDESCRIBED: "the file tells wrong bounds of its offsets, which hides records from readers",
    What.UNREADABLE: "the file is no whole segment",
    What.HOLE: "no segment covers these offsets",
    What.MISSING: "there are fewer records than were checkpointed",
    What.ADDED: "there are more records than were checkpointed",
    What.REWRITTEN: "digests or their order are not what was checkpointed",
    What.CUT_OFF: "the archive ends before what was checkpointed",
    What.NOT_PROJECTED: "the archive has records that never came into the database",
    What.PROJECTED_TWICE: "records stand in the database in more than one way",
    What.NOT_ARCHIVED: "the database has records that the archive does not have",
}
"""What each fault of a record or a segment means, in words."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, from offset ``first`` to ``last`` of a partition, both included; None: not of one place."""

    what: What
    says: str
    partition: int | None = None
    first: int | None = None
    last: int | None = None
    segment: str | None = None


def of_segment(what: What, partition: int, segment: Segment, first: int, last: int) -> Finding:
    """A fault within one segment."""
    return Finding(what, SAYS[what], partition, first, last, f"{partition}/{segment.path.name}")


def of_range(
    what: What, partition: int, segments: Sequence[Segment], first: int, last: int, beside: str
) -> Finding:
    """A fault somewhere between two offsets, known from what is ``beside`` the archive."""
    within = (each for each in segments if first <= each.last and each.first <= last)
    names = [f"{partition}/{each.path.name}" for each in within]
    where = None if not names else names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
    return Finding(what, f"{SAYS[what]} ({beside})", partition, first, last, where)
