"""May this report leave the house?

Every report passes here: what the law or the design forbids is found in the document itself, without the
database that made it, so that a report edited by hand, or made by somebody else, is refused as well.
"""

from itertools import chain
from typing import Any

from lineage.errors import LineageError
from lineage.report.check import copies, lists, negatives, period, pieces, pointing, seal, shape, words
from lineage.report.check.problem import Problem
from lineage.report.request import Audience

__all__ = ["NotInOrder", "Problem", "audience_of", "in_order", "problems"]


class NotInOrder(LineageError):
    """A report that must not leave the house. A person has to find out why it was made so."""


def in_order(document: dict[str, Any], audience: Audience) -> dict[str, Any]:
    """The same report, just made and sealed for this audience, when nothing forbids it.

    Raises:
        NotInOrder: something does; the first of it is named, no value of the report.
    """
    found = problems(document, audience, is_just_sealed=True)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise NotInOrder(f"The report is not in order, and was not given out: {found[0]}{more}.")
    return document


def problems(
    document: object, audience: Audience | None = None, *, is_just_sealed: bool = False
) -> list[Problem]:
    """Everything that is wrong with a ``ccpa.know/1`` document, sorted by place; nothing: it may go on.

    ``audience``: whose copy it is; by default :func:`audience_of` tells. ``is_just_sealed``: its order and
    digests are this program's own work of a moment ago, and are not reckoned a second time. When keys or
    types are wrong, only this, merged lists and pointing elsewhere are reported: the rest is looked at once
    it can be read.
    """
    read, found = shape.read(document, is_written=is_just_sealed)
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
                seal.backing(read),
                () if is_just_sealed else seal.check(document),
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
