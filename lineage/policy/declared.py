"""What for, for how long, and what were people told? Reads purposes, notices, retention, promises."""

from lineage.policy.dated import Dated
from lineage.policy.models import Notice, Promise, Purpose, RetentionRule
from lineage.policy.rows import Row
from lineage.policy.scalars import plain, read_text, read_texts, read_whole, some_of
from lineage.policy.tree import Value
from lineage.policy.vocabulary import Vocabulary


def purposes(row: Row, words: Vocabulary) -> dict[str, Purpose]:
    """The business's own purposes. One that bears a statutory id keeps its meaning."""
    built = {id: _purpose(id, each, words) for id, each in row.named("purposes").items()}
    row.finish()
    return built


def _purpose(id: str, row: Row, words: Vocabulary) -> Purpose:
    statutory = row.dated("statutory", some_of(words.purposes))
    same = words.purposes.get(id)
    if same is not None and statutory is None:
        statutory = same.statutory
    fixed = words.business_purposes | words.cross_context
    if id in fixed and statutory is not None and not all(id in each for each in statutory.values()):
        row.wrong("is a purpose of the statute and must be mapped to itself, too", "statutory")
    purpose = Purpose(
        id=id,
        statutory=statutory or Dated(),
        limit=row.get("limit", some_of(words.limits)) or (),
        elements=row.get("elements", read_texts),
        compatible_with=row.texts("compatible_with"),
        wording=row.get("wording", read_text) or (same.wording if same else id),
    )
    row.finish()
    return purpose


def notices(row: Row) -> tuple[Notice, ...]:
    """Published notices in the order of the file; ``sold``, ``disclosed`` and ``retention`` are free data."""
    built = tuple(_notice(each) for each in row.rows("notices"))
    row.finish()
    return built


def _notice(row: Row) -> Notice:
    notice = Notice(
        version=row.need("version", read_text, ""),
        effective=row.instant("effective"),
        applies_to=row.texts("applies_to"),
        elements=row.texts("elements"),
        categories=row.texts("categories"),
        sources=row.texts("sources"),
        purposes=row.texts("purposes"),
        recipients=row.texts("recipients"),
        sold=_free(row.raw("sold")),
        disclosed=_free(row.raw("disclosed")),
        retention=_free(row.raw("retention")),
    )
    row.finish()
    return notice


def _free(value: Value | None) -> object:
    return None if value is None else plain(value)


def retention(row: Row) -> dict[str, RetentionRule]:
    """How long data may be kept."""
    built = {}
    for id, each in row.named("rules").items():
        built[id] = RetentionRule(
            id=id,
            elements=each.texts("elements"),
            purposes=each.texts("purposes"),
            days=each.need("days", read_whole, 0),
        )
        each.finish()
    row.finish()
    return built


def promises(row: Row) -> tuple[Promise, ...]:
    """What was promised, and the question that finds the events which break it."""
    built = []
    for number, each in enumerate(row.rows("promises"), start=1):
        id = each.need("id", read_text, f"promise-{number}")
        built.append(
            Promise(
                id=id,
                says=each.get("says", read_text) or id,
                query=each.get("query", read_text),
                severity=each.get("severity", read_text) or "warning",
            )
        )
        each.finish()
    row.finish()
    return tuple(built)
