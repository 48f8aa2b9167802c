"""May this report leave the house?

Every report passes here: what the law or the design forbids is found in the document itself, without the
database that made it, so that a report edited by hand, or made by somebody else, is refused as well.
"""

from itertools import chain
from typing import Any

from lineage.report.check import copies, lists, negatives, period, pieces, pointing, seal, shape, words
from lineage.report.check.problem import Problem
from lineage.report.request import Audience

__all__ = ["Problem", "audience_of", "problems"]


def problems(document: object, audience: Audience | None = None) -> list[Problem]:
    """Everything that is wrong with a ``ccpa.know/1`` document, sorted by place; nothing: it may go on.

    ``audience``: whose copy it is; by default :func:`audience_of` tells. When keys or types are wrong, only
    this, merged lists and pointing elsewhere are reported: the rest is looked at once it can be read.
    """
    read, found = shape.read(document)
    if isinstance(document, dict):
        found += pointing.check(document)
    if read is None or not isinstance(document, dict):
        return sorted(set(found))
    whose = audience or audience_of(document)
    return sorted(
        {
            *found,
            *chain(
                words.check(read),
                lists.check(read),
                negatives.check(read, whose),
                period.check(read),
                pieces.check(read),
                copies.check(read, document, whose),
                seal.check(read, document),
            ),
        }
    )


def audience_of(document: dict[str, Any]) -> Audience:
    """Whose copy a document is: what its key ``audience`` says; without it the handler's when it has both the
    subject token and the positions, which only the handler may see, else the person's.
    """
    said = document.get("audience")
    if said in tuple(Audience):
        return Audience(said)
    subject = document.get("subject")
    token = subject.get("token") if isinstance(subject, dict) else None
    return Audience.HANDLER if token and document.get("positions") else Audience.PERSON
