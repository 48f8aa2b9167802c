"""How far is whoever asks to be believed, from all that was shown so far? (law.md A.10, A.11)"""

from dataclasses import dataclass
from datetime import datetime

from lineage.desk.proof import REACHES, Method, RequestedBy
from lineage.report.request import Verification

_BEST_FIRST = (Verification.V2_HIGH, Verification.V_ACCOUNT, Verification.V1_REASONABLE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was shown in a case.

    ``authority``: what shows that an agent or parent may ask. ``verified``: each way of verifying, and when.
    ``reauthenticated_at``: the latest login into the account since the request was received.
    ``held_at``: since when somebody else is suspected of using the account.
    """

    requested_by: RequestedBy
    authority: str | None = None
    verified: tuple[tuple[Method, datetime], ...] = ()
    reauthenticated_at: datetime | None = None
    held_at: datetime | None = None

    @property
    def level(self) -> Verification:
        """What may be released follows from it.

        Without proof of authority agents and parents get nothing (R 7063, 7070(c)). An account counts once
        its holder has logged in anew since the receipt (R 7061(a)). While a fraud is suspected only a
        verification of the high degree counts that is later than the suspicion (R 7061(b)).
        """
        if self._lacks_authority:
            return Verification.V0_NONE
        reached = {REACHES[method] for method, at in self.verified if self._counts(method, at)}
        return next((level for level in _BEST_FIRST if level in reached), Verification.V0_NONE)

    @property
    def lacks(self) -> str | None:
        """What to ask for next: AUTHORITY, VERIFICATION, REAUTHENTICATION or V2_HIGH. None when everything
        may be released.
        """
        if self._lacks_authority:
            return "AUTHORITY"
        if self.level in (Verification.V2_HIGH, Verification.V_ACCOUNT):
            return None
        if self.held_at is not None:
            return "V2_HIGH"
        has_account = any(method is Method.ACCOUNT for method, _ in self.verified)
        return "REAUTHENTICATION" if has_account else "VERIFICATION"

    @property
    def ground(self) -> str:
        """The code of law.md A.20 for which nothing, or not everything, is told."""
        if self._lacks_authority and self.requested_by is RequestedBy.AGENT:
            return "DN_AGENT_NO_PROOF"
        if self.held_at is not None and not self._lacks_authority:
            return "DN_FRAUD_SUSPECTED"
        return "DN_UNVERIFIED"

    @property
    def _lacks_authority(self) -> bool:
        return self.requested_by is not RequestedBy.SELF and self.authority is None

    def _counts(self, method: Method, at: datetime) -> bool:
        if self.held_at is not None:
            return REACHES[method] is Verification.V2_HIGH and at >= self.held_at
        return method is not Method.ACCOUNT or self.reauthenticated_at is not None
