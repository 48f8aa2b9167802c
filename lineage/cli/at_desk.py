"""Who is at the desk, and when? What every command of the desk begins with."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from lineage.cli.instants import INSTANT
from lineage.desk.desk import POSITION, Desk
from lineage.desk.opening import open_desk
from lineage.desk.proof import pointer
from lineage.desk.records import Access
from lineage.errors import Refused
from lineage.settings import Settings, load_settings
from lineage.tokens import Pseudonymiser

if TYPE_CHECKING:
    from lineage.report import Reporter
    from lineage.store import Store

happened_option: Callable[[Any], Any] = click.option(
    "--at", "at", type=INSTANT, help="When it happened, such as 2026-01-31T10:00-08:00. Default: now."
)


@dataclass(frozen=True, slots=True)
class AtDesk:
    """The open desk, who acts, and when what is entered happened."""

    desk: Desk
    settings: Settings
    by: str
    at: datetime

    def reporter(self, store: "Store", until: int | None = None) -> "Reporter":
        """What answers as people have decided: so far, or up to a position of the desk.

        Answers name the position once there is a decision, so that they can be made again.
        """
        from lineage.report import Reporter

        position = self.desk.positions()[POSITION] if until is None else until
        named = {POSITION: position} if position else None
        return Reporter(
            store.cursor(),
            self.desk.verdicts(position),
            named,
            self.desk.reviewed(position),
            self.desk.discarded(position),
            is_behind=store.is_behind,
        )

    def tokens(self, subject: str) -> list[UUID]:
        """Under which tokens the desk may know a subject: that of the secret in use, then the retired one's.

        Raises Refused when it cannot be read.
        """
        from lineage.publish import pseudonymiser_of, retired_secret_of

        found = [pseudonymiser_of(self.settings).token(subject)[0]]
        if (retired := retired_secret_of(self.settings)) is not None:
            found.append(Pseudonymiser(retired).token(subject)[0])
        return list(dict.fromkeys(found))

    def note(self, kind: str, subjects: list[Any], reason: str) -> None:
        """Keep that these people were read."""
        self.desk.note(
            Access(actor=self.by, kind=kind, subject=each, reason=reason, at=self.at) for each in subjects
        )


@contextmanager
def at_desk(at: datetime | None = None) -> Iterator[AtDesk]:
    """The desk of this installation.

    Raises:
        Refused: what is entered is to happen later, or the system's user has a name that is more than a word.
        DeskUnavailable: the store does not answer.
    """
    now = datetime.now(UTC)
    if at is not None and at > now:
        raise Refused("--at lies in the future; enter what has happened.")
    settings = load_settings()
    by = settings.actor or pointer(getpass.getuser(), "the system's user (set LINEAGE_ACTOR)")
    with open_desk(settings) as desk:
        yield AtDesk(desk, settings, by, at or now)
