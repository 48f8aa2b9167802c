"""Is nothing shown that must only be named, and is no value here? (law.md A.8; R 7024(d))"""

from collections.abc import Iterator

from lineage.policy.personal import looks_personal
from lineage.policy.vocabulary import NOT_A_PIECE, statute
from lineage.report.check.document import Document
from lineage.report.check.problem import Problem, path
from lineage.report.check.rows import Piece

RULE = "law A.8, R 7024(d)"


def check(document: Document) -> Iterator[Problem]:
    for number, item in enumerate(document.pieces.items):
        where = ("pieces", "items", number)
        yield from _withheld(item, where)
        yield from _no_value(item, where)
    collected = {element for line in document.collected for element in line.elements}
    if not collected.isdisjoint(document.held_collected_earlier):
        why = "Repeats an element of collected; it lists what was collected before the window only."
        yield Problem("$.held_collected_earlier", "rulings 33", why)


def _withheld(item: Piece, where: tuple[str | int, ...]) -> Iterator[Problem]:
    words = statute()
    known = words.element(item.element)
    code = known.withhold if known else None
    if item.withheld == NOT_A_PIECE or (code == NOT_A_PIECE and item.show):
        why = "Is data made for security, which is no piece: its category is told, itself it is not."
        yield Problem(path(*where), "§1798.130(a)(3)(B)(iii)", why)
        return
    # A policy may withhold an element by another code of the law; it cannot have it shown.
    if item.show and (code is not None or item.withheld is not None):
        yield Problem(path(*where, "show"), RULE, "Shows what the law lets us name only.")
    elif not item.show and item.withheld not in words.withhold:
        yield Problem(
            path(*where, "withheld"), RULE, "Withholds by no code of the law; show it, or name one."
        )
    elif item.withheld is not None and item.statement != words.withhold[item.withheld]:
        why = "Does not tell in the fixed words what is held, with enough detail to understand."
        yield Problem(path(*where, "statement"), RULE, why)
    if item.show and item.statement is not None:
        yield Problem(path(*where, "statement"), RULE, "Says something beside a piece that is shown.")


def _no_value(item: Piece, where: tuple[str | int, ...]) -> Iterator[Problem]:
    """Values go into the sealed attachment. An addition may be a mark, never text or a number."""
    why = "May be a value of personal data. Values go into the sealed attachment and nowhere else."
    for key, value in (item.model_extra or {}).items():
        if value is not None and not isinstance(value, bool):
            yield Problem(path(*where, key), "design 7", why)
    for number, pointer in enumerate(item.held_in or ()):
        if looks_personal(pointer):
            yield Problem(path(*where, "held_in", number), "design 7", why)
