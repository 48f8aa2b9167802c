"""What of an answer goes out, to whom? (law.md A.10; R 7024(a), (b), R 7061, R 7062; rulings.md 14, 35, 42)

The gate takes the handler's whole document and gives the copy that was asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from lineage.report.canonical import sealed
from lineage.report.denials import PERIOD, PIECES_UNVERIFIED, ground
from lineage.report.for_person import for_person
from lineage.report.refusal import Reason, Refusal
from lineage.report.release import WORDS, Bar, bars
from lineage.report.request import BLOCKS, CATEGORY_BLOCKS, Audience, Verification

Document = Mapping[str, Any]

UNVERIFIED: Final = "DN_UNVERIFIED"


def allowed(verification: Verification) -> tuple[str, ...]:
    """The blocks that may be told to somebody verified so far: categories from V1 on, pieces from V2 on."""
    match verification:
        case Verification.V0_NONE:
            return ()
        case Verification.V1_REASONABLE:
            return CATEGORY_BLOCKS
        case Verification.V2_HIGH | Verification.V_ACCOUNT:
            return BLOCKS


def released(
    document: Document,
    verification: Verification,
    blocks: Collection[str] = BLOCKS,
    audience: Audience = Audience.HANDLER,
    case_id: str | None = None,
    *,
    because: str = UNVERIFIED,
    supplement_of: str | None = None,
    checkpoint: str | None = None,
    desk: Mapping[str, int] | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """The copy for this audience, sealed anew.

    ``document``: a handler's document with every block answered (``ccpa.know/1``). ``blocks``: those asked
    for; whoever asks for pieces and may not have them has asked for all categories. ``case_id``: the case
    that the request stands in. For release is a person's copy with a case, unless ``bars`` finds something;
    the handler's copy has a statement of each. ``because``: the code that a case has for showing no level at
    all. ``supplement_of``: the id of the report that this one adds to. ``checkpoint``: digest of the last one
    of the archive, under which the copy is made. ``desk``: the desk's position, to stand among the handler's.
    ``refusal``: why a longer period is not answered; by default what the document says already. A stopped
    answer comes back as it is.
    """
    if "stopped" in document:
        return dict(document)
    may = allowed(verification)
    asked = set(blocks)
    if "pieces" in asked and "pieces" not in may:
        asked |= set(CATEGORY_BLOCKS)
    is_person = audience is Audience.PERSON
    refused = document["window"]["refusal"] if refusal is None else refusal.told()
    others = [
        each
        for each in document["denials"]
        # To a stranger even another ground would tell something.
        if each["code"] not in (UNVERIFIED, because) and _about(each, asked) and (may or not is_person)
    ]
    denied = {block for each in others for block in _about(each, asked)}
    answered = (asked & set(may)) - denied
    barred = bars(document, answered) if may else []
    whole = {
        **document,
        "for_release": is_person and case_id is not None and not barred,
        "request": {
            **document["request"],
            "id": case_id,
            "verification": verification.value,
            "supplement_of": supplement_of,
        },
        "window": {**document["window"], "refusal": refused},
        "positions": {**document["positions"], **(desk or {})},
        "versions": document["versions"] | ({} if checkpoint is None else {"checkpoint": checkpoint}),
        "block_status": {block: _status(block, asked, answered) for block in BLOCKS},
        "denials": [
            *(
                _unverified(block, may, because)
                for block in BLOCKS
                if block in asked - denied and block not in may
            ),
            *others,
            *(_of_the_period(refused) if may or not is_person else ()),
        ],
        "statements": [
            *_statements(document["statements"], case_id, is_refused=refused is not None),
            *({"code": bar.value, "block": None, "statement": WORDS[bar]} for bar in barred),
        ],
    }
    shown = answered if is_person else asked
    copy = _limited(whole, shown)
    if is_person:
        copy = for_person(copy, shown, verified=bool(may))
    return sealed({key: value for key, value in copy.items() if key not in ("answer_digest", "digest")})


def _about(denial: Document, asked: Collection[str]) -> set[str]:
    """The blocks asked for that a denial concerns: its own, or all; none when it denies a longer period."""
    if denial["block"] is not None:
        return {denial["block"]} & set(asked)
    return set() if denial["code"] in PERIOD else set(asked)


def _status(block: str, asked: Collection[str], answered: Collection[str]) -> str:
    if block not in asked:
        return "not_requested"
    return "answered" if block in answered else "denied"


def _unverified(block: str, may: Sequence[str], because: str) -> dict[str, Any]:
    found = ground(because)
    if may:  # the categories are given in place of the pieces
        because, found = UNVERIFIED, PIECES_UNVERIFIED
    elif because == UNVERIFIED and block == "pieces":
        found = found._replace(basis=PIECES_UNVERIFIED.basis)
    return {"block": block, "code": because, "basis": found.basis, "statement": found.statement}


def _of_the_period(refused: Document | None) -> list[dict[str, Any]]:
    """The denial of a longer period. It concerns no block."""
    if refused is None:
        return []
    code = Reason(refused["reason"]).denial
    return [{"block": None, "code": code, **ground(code)._asdict()}]


def _statements(said: Sequence[Document], case_id: str | None, *, is_refused: bool) -> list[Document]:
    """With a case the stamp goes, and who was refused older data is not told to ask for it. The sentence on
    customers' data stands in every report: no hint.
    """
    gone = {"FOR_CUSTOMERS", *Bar}
    gone |= {"NOT_FOR_RELEASE"} if case_id is not None else set()
    gone |= {"OLDER_DATA"} if is_refused else set()
    kept = [each for each in said if each["code"] not in gone]
    return [*kept, {"code": "FOR_CUSTOMERS", "block": None, "statement": ground("DN_SP_ROLE").statement}]


def _limited(document: Document, shown: Collection[str]) -> dict[str, Any]:
    """The document with empty lists for the blocks that are not shown."""
    nothing: dict[str, Any] = {
        **{block: [] for block in BLOCKS},
        **{block: {"pairs": [], "statement": None} for block in ("sold_or_shared", "disclosed")},
        "pieces": {"items": [], "attachment": None},
    }
    return {
        **document,
        **{block: document[block] if block in shown else nothing[block] for block in BLOCKS},
        "held_collected_earlier": document["held_collected_earlier"] if "collected" in shown else [],
        "block_statements": {
            block: said if block in shown else None for block, said in document["block_statements"].items()
        },
        "statements": [
            each
            for each in document["statements"]
            if (each["block"] is None or each["block"] in shown)
            and (each["code"] != "OLDER_DATA" or "collected" in shown)
        ],
    }
