"""When does the archiver sign? When something was archived, and the last checkpoint is old enough."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lineage.archive import manifest
from lineage.proof.chain import FOLDER, latest
from lineage.proof.checkpoint import Checkpoint
from lineage.proof.keys import signer
from lineage.proof.making import checkpoint


def _now() -> datetime:
    return datetime.now(UTC)


class Scheduled:
    """Signs the checkpoints of one archive with the key of one home, as a watcher of its archiver.

    ``copies``: a folder elsewhere that gets each of them, too. ``on_checkpoint`` is called with each.
    """

    def __init__(
        self,
        archive: Path,
        home: Path,
        *,
        every: timedelta,
        copies: Path | None = None,
        clock: Callable[[], datetime] = _now,
        on_checkpoint: Callable[[Checkpoint], None] | None = None,
    ) -> None:
        self._archive, self._home, self._copies = archive, home, copies
        self._on_checkpoint = on_checkpoint
        self._every, self._clock = every, clock
        # An earlier run may have ended with something unsigned.
        self._is_new = True
        before = latest(archive / FOLDER)
        self._due = clock() if before is None else before.time + every

    def wrote(self, records: int, seconds: float, reached: Mapping[int, int]) -> None:
        """There is something to sign."""
        self._is_new = True

    def stepped(self, reached: Mapping[int, int]) -> None:
        """Sign if it is time to. Raises as :func:`lineage.proof.making.checkpoint` does."""
        now = self._clock()
        if not self._is_new or now < self._due or not manifest.is_archive(self._archive):
            return
        name = manifest.read(self._archive).log
        made = checkpoint(self._archive, signer(self._home, name), now, copies=self._copies)
        self._is_new = False
        if made is None:  # no segment is closed yet: the first one is signed at once
            return
        self._due = now + self._every
        if self._on_checkpoint is not None:
            self._on_checkpoint(made)
