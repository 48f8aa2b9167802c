"""On which ground is something not told, and in which words is the person told so? (law.md A.20; R 7024(e))

One sentence a code, the same for everybody: which of them stand in an answer is all that it tells.
"""

from typing import Final, NamedTuple

from lineage.errors import Refused
from lineage.report.refusal import Reason
from lineage.words import english


class Ground(NamedTuple):
    """Where the law allows it, and the sentence for the person."""

    basis: str
    statement: str


PERIOD: Final = frozenset(reason.denial for reason in Reason)
"""Codes that, without a block, deny a longer period: for the twelve months every block is answered."""

_BASES: Final = {
    "DN_UNVERIFIED": "R 7024(b)",
    "DN_NOT_CONSUMER": "§1798.140(i)",
    "DN_EXEMPT_HIPAA_PHI": "§1798.145(c)(1)",
    "DN_EXEMPT_CMIA": "§1798.145(c)(1)",
    "DN_EXEMPT_FCRA": "§1798.145(d)",
    "DN_EXEMPT_GLBA": "§1798.145(e)",
    "DN_EXEMPT_DPPA": "§1798.145(f)",
    "DN_EXEMPT_CLINICAL_TRIAL": "§1798.145(c)(1)(C)",
    "DN_EXEMPT_PUBLIC": "§1798.140(v)(2)",
    "DN_EXEMPT_DEIDENTIFIED": "§1798.140(v)(3)",
    "DN_EXEMPT_AGGREGATE": "§1798.140(v)(3)",
    "DN_EXEMPT_OUTSIDE_CA": "§1798.145(a)(1)(G)",
    "DN_HOUSEHOLD": "§1798.145(p)",
    "DN_FREQUENCY": "§1798.130(b)",
    "DN_UNFOUNDED_EXCESSIVE": "§1798.145(h)(3)",
    "DN_PRIVILEGE": "§1798.145(b)",
    "DN_TRADE_SECRET": "§1798.100(f)",
    "DN_OTHER_PERSON": "§1798.145(k)",
    "DN_STUDENT_ASSESSMENT": "§1798.145(q)(2)",
    "DN_SP_ROLE": "R 7050(c)",
    "DN_LAW_CONFLICT": "R 7024(e)",
    "DN_IMPOSSIBLE": "R 7024(h)",
    "DN_DISPROPORTIONATE": "R 7024(h)",
    "DN_FRAUD_SUSPECTED": "R 7061(b)",
    "DN_CORRECT_ACCURATE": "R 7023(b)",
    "DN_CORRECT_REPEAT": "R 7023(g)",
    "DN_AGENT_NO_PROOF": "R 7063",
}
"""Where the law allows what each code denies."""

_KEPT: Final = "DN_DEL_EX"
"""How the codes of the exceptions begin that let something be kept; they are told in one sentence."""


def ground(code: str) -> Ground:
    """What backs the denial with this code.

    >>> ground("DN_FREQUENCY").basis
    '§1798.130(b)'

    Raises:
        Refused: there is no such code.
    """
    if code.startswith(_KEPT):
        return Ground("§1798.105(d)", english(f"denials.{_KEPT}"))
    if code not in _BASES:
        raise Refused(f"{code}: no such reason for a denial. Choose among {', '.join(sorted(_BASES))}.")
    return Ground(_BASES[code], english(f"denials.{code}"))


PIECES_UNVERIFIED: Final = Ground("R 7024(a)", english("denials.PIECES_UNVERIFIED"))
"""For whoever asks for the data itself, and is verified for its categories alone."""
