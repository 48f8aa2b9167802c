"""Is every "nothing" borne out, and said in the fixed words? (law.md A.6 rule 8; rulings.md 36)"""

from collections.abc import Iterator

from lineage.report import sentences
from lineage.report.check.copies import is_below_categories
from lineage.report.check.document import BLOCKS, PAIRS, Document
from lineage.report.check.problem import Problem, path
from lineage.report.request import Audience

RULE = "rulings 36"


def check(document: Document, audience: Audience) -> Iterator[Problem]:
    yield from _coverage(document, audience)
    for block in BLOCKS:
        status = document.block_status.of(block)
        released = status == "answered" or (audience is Audience.HANDLER and status == "denied")
        if released:
            yield from _answered(document, block)
        else:
            yield from _silent(document, block)
    yield from _sentences(document)


def _coverage(document: Document, audience: Audience) -> Iterator[Problem]:
    coverage, window = document.coverage, document.window
    where = "$.coverage.complete"
    if coverage.complete and coverage.gaps:
        yield Problem(where, "rulings 36", "Says complete beside gaps.")
    if coverage.complete and document.as_of < window.end:
        yield Problem(where, "rulings 8", "Says complete, though the log is not read up to the window's end.")
    if coverage.complete and coverage.begin is not None and coverage.begin > window.begin:
        yield Problem(where, "rulings 38", "Says complete, though the records start after the window does.")
    untold = audience is Audience.PERSON and is_below_categories(document)
    if not coverage.complete and not coverage.gaps and not untold:
        yield Problem(
            "$.coverage.gaps", "design 7", "Is empty, though coverage is incomplete. Name each gap."
        )


def _answered(document: Document, block: str) -> Iterator[Problem]:
    said, rows, where = document.negative(block), document.rows(block), _where(block)
    if not document.coverage.complete:
        if said == "NONE":
            yield Problem(where, RULE, "Says NONE without complete coverage, which nobody can know.")
        elif said is None:
            yield Problem(where, RULE, "Coverage is incomplete, and the block does not say so.")
    elif said == "COVERAGE_INCOMPLETE":
        yield Problem(where, RULE, "Says that coverage is incomplete, though it is complete.")
    elif said is None and not rows:
        yield Problem(where, RULE, "An empty list with complete coverage is a negative: it must say NONE.")
    if said == "NONE" and rows:
        yield Problem(where, RULE, "Says NONE beside lines.")


def _silent(document: Document, block: str) -> Iterator[Problem]:
    """A block that was not asked for, or is not released, says nothing, not even that there is nothing."""
    if document.rows(block):
        yield Problem(
            path(block), "rulings 35", "Holds lines, though the block is not released or asked for."
        )
    if document.negative(block) is not None:
        yield Problem(_where(block), "rulings 35", "Says something of a block that is not answered.")
    if block == "pieces" and document.pieces.attachment is not None:
        yield Problem("$.pieces.attachment", "rulings 35", "Is there, though pieces are not released.")
    if block == "collected" and document.held_collected_earlier:
        why = "Holds elements, though collected, which it follows, is not answered."
        yield Problem(path("held_collected_earlier"), "rulings 35", why)


def _sentences(document: Document) -> Iterator[Problem]:
    """The words that go with NONE: each block's own, ending with the sentence that is the same for all."""
    negated = {block for block in BLOCKS if document.negative(block) == "NONE"}
    said = set()
    for number, each in enumerate(document.statements):
        where = path("statements", number)
        opens = {block for block, text in sentences.NEGATIVE.items() if text in each.statement}
        if each.code == "NONE" or opens:
            block: str = each.block or ""
            if block not in negated or not opens <= {block}:
                yield Problem(where, RULE, "Says that there is nothing in a block that does not say NONE.")
            elif each.statement != sentences.negative(block):
                why = "Is a negative in other words. Write the block's own, ending with the fixed sentence."
                yield Problem(where, "design 7", why)
            else:
                said.add(block)
    for block in sorted(negated - said):
        why = f"Has no sentence for the negative of {block}, ending with the fixed one about secrecy."
        yield Problem("$.statements", "design 7", why)


def _where(block: str) -> str:
    return path(block, "statement") if block in PAIRS else path("block_statements", block)
