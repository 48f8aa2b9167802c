"""What became of one person's request, and what may be told to whoever made it?

A case is what its events say. A command checks the rules; the events are then what was decided, and are never
judged again by later rules. Every time is given, every actor a pseudonym, every reason a code.
"""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from eventsourcing.domain import Aggregate, event

from lineage.desk.asked import request_of, told
from lineage.desk.clocks import Calendars, Deadlines, deadlines, received_from, received_on
from lineage.desk.proof import (
    AUTHORITY,
    CHANNELS,
    EXTENSION_REASONS,
    Method,
    RequestedBy,
    code,
    one_of,
    pointer,
)
from lineage.desk.standing import Standing
from lineage.errors import Refused
from lineage.report.request import Request, Verification


class Case(Aggregate):
    """One request to know, from receipt to the released report (R 7101(b))."""

    TOPIC = "Case"

    @event("Created", topic="Case.Opened")
    def __init__(
        self,
        *,
        asked: dict[str, Any],
        via: str,
        requested_by: str,
        deadlines: dict[str, Any],
        time_zone: str,
        by: str,
        at: datetime,
    ) -> None:
        self.asked = asked
        self.via = via
        self.standing = Standing(RequestedBy(requested_by))
        self.deadlines = Deadlines(**deadlines)
        self.time_zone = time_zone
        self.opened_by, self.opened_at = by, at
        self.extended_at: datetime | None = None
        self.reports: list[str] = []

    @classmethod
    def open(
        cls,
        request: Request,
        *,
        via: str,
        requested_by: RequestedBy = RequestedBy.SELF,
        time_zone: str,
        calendars: Calendars,
        by: str,
        at: datetime,
    ) -> "Case":
        """A new case for a request. Its dates are reckoned once, by the calendars of that day.

        Raises:
            Refused: the way in is no known one, or the request is received after it is opened.
        """
        if received_on(request.received, time_zone) > received_on(at, time_zone):
            raise Refused(
                "The receipt lies after today. Give the day on which the request reached the business."
            )
        return cls(
            asked=told(request),
            via=one_of(via, CHANNELS, "via"),
            requested_by=requested_by.value,
            deadlines=asdict(deadlines(request.received, time_zone, calendars)),
            time_zone=time_zone,
            by=pointer(by, "by"),
            at=at,
        )

    # Who asks

    def show_authority(self, kind: str, *, document: str, by: str, at: datetime) -> None:
        """An agent's or parent's proof was seen; ``document`` points at where it is kept.

        Raises:
            Refused: the kind is none that the rules accept from whoever asks.
        """
        who = self.standing.requested_by
        one_of(kind, AUTHORITY[who], f"authority of {who}")
        self._authority_shown(kind=kind, document=pointer(document, "document"), by=pointer(by, "by"), at=at)

    def verify(self, method: Method, *, by: str, at: datetime, declaration: str | None = None) -> None:
        """The requester's identity was verified in this way.

        ``declaration``: where the declaration under penalty of perjury is kept, which V2 asks for.

        Raises:
            Refused: V2 without a declaration.
        """
        if method is Method.THREE_DATA_POINTS_AND_DECLARATION:
            if declaration is None:
                raise Refused("V2_HIGH needs a signed declaration: say where it is kept (R 7062(c)).")
            pointer(declaration, "declaration")
        self._verified(method=method.value, declaration=declaration, by=pointer(by, "by"), at=at)

    def reauthenticate(self, *, by: str, at: datetime) -> None:
        """The holder of the account logged in anew at ``at``.

        Raises:
            Refused: that was before the request; a session that is older than the request proves nothing of
                whoever made it (R 7061(a)).
        """
        if at < received_from(self.asked["received"], self.time_zone):
            raise Refused("That login is older than the request. The holder has to log in again (R 7061(a)).")
        self._reauthenticated(by=pointer(by, "by"), at=at)

    def hold(self, reason: str, *, by: str, at: datetime) -> None:
        """Somebody else may be using the account: nothing goes out on earlier verification. No clock stops.

        Raises:
            Refused: it is held already, or the reason is no code.
        """
        if self.standing.held_at is not None:
            raise Refused("The case is held already. Verify by three data points and a declaration to go on.")
        self._held(reason=code(reason, "reason"), by=pointer(by, "by"), at=at)

    @property
    def level(self) -> Verification:
        """What the case shows now."""
        return self.standing.level

    # When

    def extend(self, reason: str, *, by: str, at: datetime) -> None:
        """The notice of the one extension was sent, with its reason (§1798.130(a)(2)(A), R 7021(b)).

        Raises:
            Refused: there was one already, or the first 45 days are over.
        """
        one_of(reason, EXTENSION_REASONS, "reason")
        if self.extended_at is not None:
            raise Refused("The case was extended before. The law allows that once.")
        if received_on(at, self.time_zone) > self.deadlines.due:
            raise Refused(
                f"The 45 days ended on {self.deadlines.due}. An extension has to be told within them."
            )
        self._extended(reason=reason, by=pointer(by, "by"), at=at)

    @property
    def due(self) -> date:
        """The last day for the answer."""
        return self.deadlines.due if self.extended_at is None else self.deadlines.extended_due

    # The answer

    @property
    def request(self) -> Request:
        """What is asked, at the level that the case shows."""
        return request_of(self.asked, self.level)

    def release(self, digest: str, *, by: str, at: datetime) -> None:
        """The report with this digest went out."""
        self._released(digest=digest, by=pointer(by, "by"), at=at)

    # What was decided

    @event("AuthorityShown", topic="Case.AuthorityShown")
    def _authority_shown(self, kind: str, document: str, by: str, at: datetime) -> None:
        self.standing = replace(self.standing, authority=kind)

    @event("Verified", topic="Case.Verified")
    def _verified(self, method: str, declaration: str | None, by: str, at: datetime) -> None:
        verified = (*self.standing.verified, (Method(method), at))
        self.standing = replace(self.standing, verified=verified)

    @event("Reauthenticated", topic="Case.Reauthenticated")
    def _reauthenticated(self, by: str, at: datetime) -> None:
        self.standing = replace(self.standing, reauthenticated_at=at)

    @event("Held", topic="Case.Held")
    def _held(self, reason: str, by: str, at: datetime) -> None:
        self.standing = replace(self.standing, held_at=at)

    @event("Extended", topic="Case.Extended")
    def _extended(self, reason: str, by: str, at: datetime) -> None:
        self.extended_at = at

    @event("Released", topic="Case.Released")
    def _released(self, digest: str, by: str, at: datetime) -> None:
        self.reports.append(digest)
