"""Which kinds of datum are there? The shipped elements, and a policy's own laid over them key by key."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from lineage.policy.models import Element, SensitiveWhen
from lineage.policy.rows import Row
from lineage.policy.scalars import one_of, read_flag, read_text, read_texts, some_of
from lineage.policy.tree import Value, shown

if TYPE_CHECKING:
    from lineage.policy.vocabulary import Vocabulary

T = TypeVar("T")


def with_elements(base: "Vocabulary", row: Row) -> "Vocabulary":
    """The vocabulary with the elements of a file, which override the known ones key by key."""
    elements, places = dict(base.elements), dict[str, Row]()
    for id, each in row.named("elements").items():
        elements[id] = _element(id, each, base)
        places[id] = each
    aliases: dict[str, str] = {}
    for id, element in elements.items():
        for alias in element.aliases:
            if alias in elements or aliases.get(alias, id) != id:
                place = places.get(id) or places.get(aliases.get(alias, ""), row)
                place.wrong(f"the alias {shown(alias)} already names another element", "aliases")
            aliases.setdefault(alias, id)
    known = elements.keys() | aliases.keys()
    for id, each in places.items():
        for rule in elements[id].sensitive_when:
            for word in rule.with_elements:
                if word not in known:
                    each.wrong(f"names the element {shown(word)}, which nobody declares", "sensitive_when")
    return replace(base, elements=elements, aliases=aliases)


def _element(id: str, row: Row, base: "Vocabulary") -> Element:
    before = base.elements.get(id) or Element(id)
    free = row.get("free_content", read_flag)
    element = Element(
        id=id,
        categories=_or(row.dated("categories", _categories(base)), before.categories),
        sensitive=_or(row.dated("sensitive", some_of(base.sensitive)), before.sensitive),
        sensitive_when=_or(_sensitive_when(row, base), before.sensitive_when),
        withhold=_or(row.get("withhold", one_of(base.withhold)), before.withhold),
        free_content=before.free_content if free is None else free,
        aliases=_or(row.get("aliases", read_texts), before.aliases),
        wording=row.get("wording", read_text) or before.wording or id.replace("_", " "),
    )
    row.finish()
    return element


def _or(own: T | None, before: T) -> T:
    return before if own is None else own


def _categories(base: "Vocabulary") -> "_Categories":
    return _Categories(tuple(base.categories))


@dataclass(frozen=True, slots=True)
class _Categories:
    """Reads category ids; the statute's letter alone (``A``, ``PI_A``) stands for the id."""

    known: tuple[str, ...]

    def __call__(self, value: Value) -> tuple[str, ...]:
        letters = {short: id for id in self.known for short in (id[3], id[:4])}
        words = tuple(dict.fromkeys(letters.get(word, word) for word in read_texts(value)))
        for word in words:
            if word == "PI_L_SENSITIVE":
                raise ValueError("PI_L_SENSITIVE is derived from sensitive; declare that instead")
            if word not in self.known:
                raise ValueError(
                    f"does not know the category {shown(word)}; it takes {', '.join(self.known)}"
                )
        return words


def _sensitive_when(row: Row, base: "Vocabulary") -> tuple[SensitiveWhen, ...] | None:
    inner = row.child("sensitive_when")
    if inner is None:
        return None
    found = []
    for spi in inner.items:
        rule = inner.child(spi)
        if spi not in base.sensitive:
            inner.wrong(f"does not know {shown(spi)}; it takes {', '.join(base.sensitive)}", spi)
        elif rule is not None:
            found.append(SensitiveWhen(spi, rule.need("with", read_texts, ())))
            rule.finish()
    return tuple(found)
