"""Do the digests of a partition make the roots that were signed? Its tree grows past each of their marks."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

import pyarrow.compute as pc

from lineage.archive.form import Segment
from lineage.proof import erased
from lineage.proof.checkpoint import Checkpoint, Head
from lineage.proof.finding import Finding, What, of_range, of_segment
from lineage.proof.merkle import Tree
from lineage.proof.pieces import Piece, Unreadable


class Following:
    """One partition under the look, piece by piece in the order of its segments."""

    def __init__(self, part: int, segments: Sequence[Segment], checkpoints: Sequence[Checkpoint]) -> None:
        self.part: Final = part
        self.findings: list[Finding] = []
        self.records = 0
        self.erased = 0
        self.erasures: set[bytes] = set()
        self.segments: Final = segments
        self._marks = [(each.number, each.heads[part]) for each in checkpoints if part in each.heads]
        self._head: Head | None = self._marks[-1][1] if self._marks else None
        self._at = 0
        self._tree = Tree()
        self._good = -1
        self._ended = -1
        self._is_judged = True
        self._gone = Tree()
        self._erased_by: dict[bytes, tuple[Segment, int, int]] = {}

    @property
    def erased_since(self) -> int:
        """Erased records beyond those that the last checkpoint counted."""
        return max(0, self.erased - (self._head.erased if self._head else 0))

    def take(self, piece: Piece | Unreadable) -> None:
        """Go on by one piece."""
        self.findings += piece.findings
        if isinstance(piece, Unreadable):
            self._is_judged = False  # without its digests no later root can be made
            self._ended = piece.segment.last
            return
        self._keep_erased(piece)
        self.erasures |= piece.erasures
        self.records += len(piece.offsets)
        if len(piece.offsets) and piece.offsets[0].as_py() <= self._ended:
            first, last = piece.offsets[0].as_py(), piece.offsets[-1].as_py()
            self.findings.append(of_segment(What.DISORDERED, self.part, piece.segment, first, last))
        reached = piece.segment.last if piece.is_last else piece.offsets[-1].as_py()
        self._ended = max(self._ended, reached)
        begin = 0
        while self._at < len(self._marks) and self._marks[self._at][1].last <= self._ended:
            number, head = self._marks[self._at]
            end = bisect_right(range(len(piece.offsets)), head.last, key=lambda at: piece.offsets[at].as_py())
            piece.digests.under(self._tree, begin, end)
            begin = max(begin, end)
            self._judge(number, head)
            self._at += 1
        piece.digests.under(self._tree, begin, len(piece.digests))

    def end(self) -> None:
        """There are no more pieces: what was checkpointed beyond is gone."""
        if self._at < len(self._marks):
            _, head = self._marks[-1]
            beside = f"checkpoint {self._marks[self._at][0]} and later"
            self._found(What.CUT_OFF, self._ended + 1, head.last, beside)
        if self._head is not None and self._is_judged:
            seen = self._gone.size, self._gone.root()
            if seen[0] < self._head.erased:
                self._found(What.ERASURE_UNDONE, 0, self._head.last, "the last checkpoint")
            elif seen[0] == self._head.erased and seen[1] != self._head.erased_root:
                self._found(What.ERASURE_CHANGED, 0, self._head.last, "the last checkpoint")

    def erased_by_nothing(self, standing: frozenset[bytes]) -> list[Finding]:
        """The records whose erasure is not among those that stand in the archive."""
        return [
            of_segment(What.ERASED_BY_NOTHING, self.part, *where)
            for by, where in self._erased_by.items()
            if by not in standing
        ]

    def _judge(self, number: int, head: Head) -> None:
        """Compare with one checkpoint. Only the first that does not hold says where."""
        if not self._is_judged:
            return
        size = self._tree.size
        if (size, self._tree.root()) == (head.size, head.root):
            self._good = head.last
            return
        self._is_judged = False
        what = What.MISSING if size < head.size else What.ADDED if size > head.size else What.REWRITTEN
        beside = f"checkpoint {number}: {head.size} records up to {head.last}, here {size}"
        self._found(what, self._good + 1, head.last, beside)

    def _keep_erased(self, piece: Piece) -> None:
        if not len(piece.erased):
            return
        self.erased += len(piece.erased)
        if self._head is not None:
            self._gone.extend(
                erased.leaves(piece.erased.filter(pc.less_equal(piece.erased["offset"], self._head.last)))
            )
        for offset, by in zip(
            piece.erased["offset"].to_pylist(), piece.erased["erased_by"].to_pylist(), strict=True
        ):
            segment, first, last = self._erased_by.get(by, (piece.segment, offset, offset))
            self._erased_by[by] = segment, min(first, offset), max(last, offset)

    def _found(self, what: What, first: int, last: int, beside: str) -> None:
        self.findings.append(of_range(what, self.part, self.segments, first, last, beside))
