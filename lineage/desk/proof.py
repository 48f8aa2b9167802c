"""What does it take to believe who asks? (law.md A.10, A.11; R 7060 to 7063, 7070)

Codes only: no answer, document or data point of the requester is kept here, at most a pointer to where the
business keeps one.
"""

import re
from enum import StrEnum
from typing import Final

from lineage.errors import Refused
from lineage.report.request import Verification


class Method(StrEnum):
    """How the requester's identity was verified."""

    TWO_DATA_POINTS = "TWO_DATA_POINTS"
    THREE_DATA_POINTS_AND_DECLARATION = "THREE_DATA_POINTS_AND_DECLARATION"
    ACCOUNT = "ACCOUNT"


REACHES: Final = {
    Method.TWO_DATA_POINTS: Verification.V1_REASONABLE,  # R 7062(b)
    Method.THREE_DATA_POINTS_AND_DECLARATION: Verification.V2_HIGH,  # R 7062(c)
    Method.ACCOUNT: Verification.V_ACCOUNT,  # R 7061, once the account was opened anew
}


class RequestedBy(StrEnum):
    """Who makes the request."""

    SELF = "SELF"
    AGENT = "AGENT"
    PARENT = "PARENT"


AUTHORITY: Final = {
    RequestedBy.SELF: frozenset[str](),
    # A registration with the Secretary of State is not among them, and nobody may ask for it.
    RequestedBy.AGENT: frozenset({"SIGNED_PERMISSION", "POWER_OF_ATTORNEY"}),
    RequestedBy.PARENT: frozenset(
        {
            "SIGNED_CONSENT_FORM",
            "PAYMENT_CARD_TRANSACTION",
            "TOLL_FREE_CALL",
            "VIDEO_CALL",
            "IN_PERSON",
            "GOVERNMENT_ID_CHECK",
        }
    ),
}
"""What shows that they may: R 7063 (a power of attorney is one by Probate Code 4121-4130), R 7070(a)(2)."""

CHANNELS: Final = frozenset({"FORM", "AGENT", "ACCOUNT", "PHONE", "MAIL", "EMAIL", "IN_PERSON"})
"""The ways in which a request arrives."""

EXTENSION_REASONS: Final = frozenset(
    {"COMPLEXITY", "NUMBER_OF_REQUESTS", "VERIFICATION_PENDING", "SYSTEM_OUTAGE"}
)

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")


def code(text: str, what: str) -> str:
    """The text when it is a code.

    Raises:
        Refused: it is not; the text itself is not repeated, for it may name somebody.
    """
    if not _CODE.fullmatch(text):
        raise Refused(f"{what}: needs a code of capitals, digits and underscores, such as PHONE_CALL.")
    return text


def pointer(text: str, what: str) -> str:
    """The text when it is one word that may point at a document or name who acts: no spaces, no @.

    Raises:
        Refused: it is not; the text itself is not repeated.
    """
    if not _WORD.fullmatch(text):
        raise Refused(f"{what}: needs one word of letters, digits and . _ : / -, and no personal data.")
    return text


def one_of(text: str, choices: frozenset[str], what: str) -> str:
    """The text when it is among the choices.

    Raises:
        Refused: it is not.
    """
    if text not in choices:
        raise Refused(f"{what}: choose among {', '.join(sorted(choices)) or 'nothing: none is asked for'}.")
    return text
