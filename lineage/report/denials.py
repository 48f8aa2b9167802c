"""On which ground is something not told, and in which words is the person told so? (law.md A.20; R 7024(e))

One sentence a code, the same for everybody: which of them stand in an answer is all that it tells.
"""

from typing import Final, NamedTuple

from lineage.errors import Refused
from lineage.report import sentences
from lineage.report.refusal import Reason


class Ground(NamedTuple):
    """Where the law allows it, and the sentence for the person."""

    basis: str
    statement: str


PERIOD: Final = frozenset(reason.denial for reason in Reason)
"""Codes that, without a block, deny a longer period: for the twelve months every block is answered."""

PIECES_UNVERIFIED: Final = Ground(
    "R 7024(a)",
    "We could not verify your identity to the high degree that the law asks for before the data itself is "
    "handed out; we treat your request as one for the categories instead.",
)

GROUNDS: Final = {
    "DN_UNVERIFIED": Ground("R 7024(b)", sentences.UNVERIFIED),
    "DN_NOT_CONSUMER": Ground(
        "§1798.140(i)", "By our records you were not a resident of California when your request reached us."
    ),
    "DN_EXEMPT_HIPAA_PHI": Ground(
        "§1798.145(c)(1)",
        "Health information that HIPAA protects is outside this law and is not listed here.",
    ),
    "DN_EXEMPT_CMIA": Ground(
        "§1798.145(c)(1)",
        "Medical information that California's Confidentiality of Medical Information Act governs is outside "
        "this law and is not listed here.",
    ),
    "DN_EXEMPT_FCRA": Ground(
        "§1798.145(d)",
        "What we do under the Fair Credit Reporting Act is outside this law and is not listed here.",
    ),
    "DN_EXEMPT_GLBA": Ground(
        "§1798.145(e)",
        "Information that the Gramm-Leach-Bliley Act governs is outside this law and is not listed here.",
    ),
    "DN_EXEMPT_DPPA": Ground(
        "§1798.145(f)",
        "Information that the Driver's Privacy Protection Act governs is outside this law and is not listed "
        "here.",
    ),
    "DN_EXEMPT_CLINICAL_TRIAL": Ground(
        "§1798.145(c)(1)(C)", "Information from clinical trials is outside this law and is not listed here."
    ),
    "DN_EXEMPT_PUBLIC": Ground(
        "§1798.140(v)(2)",
        "Lawfully public information is not personal information under this law and is not listed here.",
    ),
    "DN_EXEMPT_DEIDENTIFIED": Ground(
        "§1798.140(v)(3)",
        "Deidentified information is not personal information under this law and is not listed here.",
    ),
    "DN_EXEMPT_AGGREGATE": Ground(
        "§1798.140(v)(3)",
        "Aggregate information is not personal information under this law and is not listed here.",
    ),
    "DN_EXEMPT_OUTSIDE_CA": Ground(
        "§1798.145(a)(1)(G)",
        "Commercial conduct that took place wholly outside California is outside this law and is not listed "
        "here.",
    ),
    "DN_HOUSEHOLD": Ground(
        "§1798.145(p)",
        "Information about a household that we cannot attribute to one person is outside this right and is "
        "not listed here.",
    ),
    "DN_FREQUENCY": Ground(
        "§1798.130(b)", "We have answered two such requests of yours within twelve months already."
    ),
    "DN_UNFOUNDED_EXCESSIVE": Ground(
        "§1798.145(h)(3)",
        "We consider this request manifestly unfounded or excessive, for the reason stated.",
    ),
    "DN_PRIVILEGE": Ground("§1798.145(b)", "An evidentiary privilege protects some of the information."),
    "DN_TRADE_SECRET": Ground(
        "§1798.100(f)", "Telling some of the information would give away a trade secret."
    ),
    "DN_OTHER_PERSON": Ground("§1798.145(k)", "Some of the information is that of another person."),
    "DN_STUDENT_ASSESSMENT": Ground(
        "§1798.145(q)(2)", "Handing out an educational assessment would endanger its validity."
    ),
    "DN_SP_ROLE": Ground(
        "R 7050(c)",
        "Where we handle personal information for another organization as its service provider, that "
        "organization answers for it; please ask the organization you dealt with. We say this to everybody.",
    ),
    "DN_LAW_CONFLICT": Ground("R 7024(e)", "Another law forbids us to hand out some of the information."),
    "DN_IMPOSSIBLE": Ground(
        "R 7024(h)", "An answer for the longer period is impossible, for the facts that are stated."
    ),
    "DN_DISPROPORTIONATE": Ground(
        "R 7024(h)",
        "An answer for the longer period would take disproportionate effort, for the facts that are stated.",
    ),
    "DN_FRAUD_SUSPECTED": Ground(
        "R 7061(b)",
        "We have documented reason to suspect that somebody else is using your account; we can verify your "
        "identity in another way.",
    ),
    "DN_CORRECT_ACCURATE": Ground(
        "R 7023(b)", "On everything before us we find the information more likely correct than not."
    ),
    "DN_CORRECT_REPEAT": Ground(
        "R 7023(g)", "We denied the same correction within the last six months, and nothing new was brought."
    ),
    "DN_AGENT_NO_PROOF": Ground(
        "R 7063", "The agent has not shown that you permitted them to make this request."
    ),
}

DELETION_EXCEPTION: Final = Ground(
    "§1798.105(d)", "The law lets us keep some of the information although you asked for its deletion."
)


def ground(code: str) -> Ground:
    """What backs the denial with this code.

    >>> ground("DN_FREQUENCY").basis
    '§1798.130(b)'

    Raises:
        Refused: there is no such code.
    """
    if code.startswith("DN_DEL_EX"):
        return DELETION_EXCEPTION
    if code not in GROUNDS:
        raise Refused(f"{code}: no such reason for a denial. Choose among {', '.join(sorted(GROUNDS))}.")
    return GROUNDS[code]
