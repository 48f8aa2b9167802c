"""May this be sold or shared, as things stand now? The policy, the snapshot and what was told here, together.

It never raises, and says no wherever it cannot know: without a snapshot that is signed, fresh and of this
policy and this secret nothing is permitted, for choices may forbid also what is no sale.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

import duckdb

from lineage.choices.deciding import decided, of_everybody
from lineage.choices.judging import Judge, Sharing
from lineage.choices.permission import EXPLAINED, Permission, Reason
from lineage.choices.place import ChoicesFile
from lineage.choices.remembered import Remembered
from lineage.choices.said import ALL, Word, micros
from lineage.choices.snapshot import NoSnapshot, Snapshot, known_by
from lineage.errors import Refused
from lineage.events import EmitterHeader, PopulationShared, Shared
from lineage.policy import Policy
from lineage.proof.keys import trusted
from lineage.tokens import Pseudonymiser

CHECK: Final = "installation:choices"
"""Its token tells whether two have the same secret."""

SLACK: Final = timedelta(minutes=5)
"""By how much two clocks may differ (DD-14)."""


class Permissions:
    """Answers for one policy and one secret. Thread-safe; reads a new snapshot when one lies there."""

    def __init__(
        self,
        policy: Policy,
        pseudonymiser: Pseudonymiser,
        remembered: Remembered,
        file: ChoicesFile | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._policy = policy
        self._pseudonymiser = pseudonymiser
        self._remembered = remembered
        self._file = file
        self._clock = clock
        self._judge: Judge | None = None
        self._known: object = None
        self._snapshot: Snapshot | NoSnapshot | None = None
        self._lock = Lock()

    def may_share(
        self,
        sharing: str | EmitterHeader,
        subject: str | UUID | None,
        given: Mapping[str, object],
        *,
        signal: bool,
    ) -> Permission:
        """Yes or no for an activity and a subject, or for a whole event."""
        try:
            event = (
                sharing
                if isinstance(sharing, EmitterHeader)
                else self._policy.fill(sharing, subject, **given)
            )
            if not isinstance(event, Shared | PopulationShared):
                return _answer(Reason.NOT_A_SHARING)
            if problems := self._policy.problems(event):
                return Permission(Reason.NOT_IN_POLICY, "; ".join(problems))
            token = self._pseudonymiser.token(event.subject)[0] if isinstance(event, Shared) else None
            return self._answer(event, token, signal=signal)
        except Refused as error:
            return Permission(Reason.NOT_IN_POLICY, str(error))
        except NoSnapshot as error:
            return Permission(error.reason, EXPLAINED.get(error.reason, str(error)))
        except (OSError, ValueError, duckdb.Error) as error:
            return Permission(Reason.NOT_TRUSTED, f"it could not be looked up ({type(error).__name__})")

    def _answer(self, event: Sharing, token: UUID | None, *, signal: bool) -> Permission:
        now = self._clock()
        snapshot = self._usable(now)
        until = snapshot.head.until
        standing = {} if token is None else self._remembered.said(token, snapshot, now)
        has_chosen = any((word, ALL) in standing for word in (Word.OPTED_OUT, Word.LIMITED))
        judged = self._judging().judged(event, now, has_chosen=has_chosen)
        if judged is None:
            return _answer(Reason.NOT_A_SHARING, as_of=until)
        if token is None:
            reason = of_everybody(judged, {*snapshot.words, *self._remembered.words()}, micros(now))
        else:
            reason = decided(judged, standing, micros(now), signal=signal)
        return _answer(reason, judged.kinds, until)

    def _usable(self, now: datetime) -> Snapshot:
        """The snapshot that lies there. Raises NoSnapshot."""
        if self._file is None:
            raise NoSnapshot(Reason.NO_SNAPSHOT, "")
        snapshot = self._latest(self._file)
        head = snapshot.head
        if head.until > now + SLACK:
            raise NoSnapshot(
                Reason.NOT_TRUSTED, "the snapshot of choices is dated later than now; set the clocks"
            )
        if now - head.until > self._file.max_age or self._remembered.fallen > head.until - SLACK:
            raise NoSnapshot(Reason.TOO_OLD, "")
        if head.secret != str(self._pseudonymiser.token(CHECK)[0]):
            raise NoSnapshot(Reason.OTHER_SECRET, "")
        if head.policy != self._policy.digest:
            raise NoSnapshot(Reason.OTHER_POLICY, "")
        return snapshot

    def _latest(self, file: ChoicesFile) -> Snapshot:
        known = known_by(file.path), known_by(file.keys)
        if known != self._known or self._snapshot is None:
            with self._lock:
                if known != self._known or self._snapshot is None:
                    self._snapshot = self._read(file)
                    self._known = known
        if isinstance(self._snapshot, NoSnapshot):
            raise NoSnapshot(self._snapshot.reason, str(self._snapshot))
        return self._snapshot

    def _read(self, file: ChoicesFile) -> Snapshot | NoSnapshot:
        """The old one is left to whoever is reading it just now."""
        try:
            found = Snapshot(file.path, trusted([file.keys]))
        except NoSnapshot as error:
            return error
        except Refused as error:
            return NoSnapshot(Reason.NOT_TRUSTED, str(error))
        self._remembered.forget_heard(found)
        return found

    def _judging(self) -> Judge:
        with self._lock:
            if self._judge is None:
                self._judge = Judge(self._policy)
            return self._judge


def _answer(reason: Reason, kinds: Iterable[str] = (), as_of: datetime | None = None) -> Permission:
    return Permission(reason, EXPLAINED[reason], tuple(kinds), as_of)
