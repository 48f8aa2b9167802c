"""What is asked for, and what may the person be given? (rulings.md 20, 35; law.md A.10)"""

from collections.abc import Sequence

CATEGORY_BLOCKS = ("collected", "sources", "purposes", "third_parties", "sold_or_shared", "disclosed")
BLOCKS = (*CATEGORY_BLOCKS, "pieces")
RELEASES: dict[str, tuple[str, ...]] = {
    "V0_NONE": (),
    "V1_REASONABLE": CATEGORY_BLOCKS,
    "V2_HIGH": BLOCKS,
    "V_ACCOUNT": BLOCKS,
}


def wanted(blocks: Sequence[str], verification: str) -> set[str]:
    """The blocks that count as asked for: pieces that cannot be given ask for all categories."""
    short = "pieces" in blocks and "pieces" not in RELEASES[verification]
    return {*blocks, *(CATEGORY_BLOCKS if short else ())}


def block_status(blocks: Sequence[str], verification: str, *, consumer: bool) -> dict[str, str]:
    asked, released = wanted(blocks, verification), RELEASES[verification] if consumer else ()
    return {
        block: "not_requested" if block not in asked else "answered" if block in released else "denied"
        for block in BLOCKS
    }


def denials(status: dict[str, str], *, consumer: bool) -> set[tuple[str, str]]:
    """(block, code) of every denied block."""
    code = "DN_UNVERIFIED" if consumer else "DN_NOT_CONSUMER"
    return {(block, code) for block, state in status.items() if state == "denied"}
