"""Which words does the statute give, and what do they say to a person?

The vocabulary ships with the package (``statute/*.yaml``), has a version and a digest, and is merged with the
elements of a policy key by key. Lookups take an id and return its words; an unknown id raises ``KeyError``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TypeVar
from zoneinfo import ZoneInfo

from lineage.policy.dated import Dated
from lineage.policy.elements import with_elements
from lineage.policy.keeping import Floor, floors
from lineage.policy.models import Element, Purpose
from lineage.policy.rows import Row
from lineage.policy.scalars import plain, read_flag, read_text
from lineage.policy.tree import Problems, tree

T = TypeVar("T")

NOT_A_PIECE = "NOT_A_PIECE"

RECORDED_DENIALS = ("DN_TRADE_SECRET", "DN_PRIVILEGE", "DN_STUDENT_ASSESSMENT")
"""Why a policy may withhold what the statute would show; the rest is released (R 7024(e))."""

CROSS_CONTEXT = "PUR_CROSS_CONTEXT_ADS"
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The statute's words together with the elements of a policy."""

    version: str
    digest: str
    categories: Mapping[str, str]
    sensitive: Mapping[str, str]
    sources: Mapping[str, str]
    recipients: Mapping[str, str]
    unknown: Mapping[str, str]
    purposes: Mapping[str, Purpose]
    business_purposes: frozenset[str]
    cross_context: frozenset[str]
    limits: Mapping[str, str]
    withhold: Mapping[str, str]
    denials: Mapping[str, str]
    exemptions: Mapping[str, str]
    deletion_exceptions: Mapping[str, str]
    floors: Mapping[str, Floor]
    elements: Mapping[str, Element] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def category_name(self, id: str) -> str:
        """The statutory name of a category or sensitive category (§1798.130(c)), or words for UNMAPPED."""
        return _first(id, self.categories, self.sensitive, self.unknown)

    def source_wording(self, id: str) -> str:
        """A category of sources in plain words (R 7001)."""
        return _first(id, self.sources, self.unknown)

    def recipient_wording(self, id: str) -> str:
        """A category of recipients in plain words (R 7001)."""
        return _first(id, self.recipients, self.unknown)

    def purpose(self, id: str) -> Purpose:
        """A statutory purpose with its wording; the policy's own are in ``Policy.purposes``."""
        return self.purposes[id]

    def withhold_statement(self, code: str) -> str:
        """What is said in place of a value that must not be printed (R 7024(d))."""
        return self.withhold[code]

    def denial(self, code: str) -> str:
        """The words of a denial code; ``DN_EXEMPT_…`` and ``DN_DEL_…`` speak with the basis they name."""
        if code.startswith("DN_EXEMPT_"):
            return f"This information is exempt from the law: {self.exemptions[code[10:]]}."
        if code.startswith("DN_DEL_"):
            return f"The law allows us to keep this information: {self.deletion_exceptions[code[7:]]}."
        return self.denials[code]

    def element(self, word: str) -> Element | None:
        """The element that a word names, by id or alias; ``None`` when no one knows it."""
        return self.elements.get(self.aliases.get(word, word))


def _first(id: str, *words: Mapping[str, str]) -> str:
    for each in words:
        if id in each:
            return each[id]
    raise KeyError(id)


@cache
def statute() -> Vocabulary:
    """The shipped vocabulary, without any policy."""
    folder = files("lineage.policy").joinpath("statute")
    texts = {
        item.name: item.read_text(encoding="utf-8")
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".yaml")
    }
    problems = Problems()
    tops = {name.removesuffix(".yaml"): tree(name, text, problems) for name, text in texts.items()}
    problems.raise_any()
    rows = {name: Row(top, problems, _UTC) for name, top in tops.items()}
    words = {name: _words(row) for name, row in rows.items()}
    categories, parties, withheld = words["categories"], words["parties"], words["withheld"]
    purposes = rows["purposes"].named("purposes")
    built = Vocabulary(
        version=" ".join(sorted({row.need("version", read_text, "") for row in rows.values()})),
        digest=digest(texts),
        categories=categories["categories"],
        sensitive=categories["sensitive"],
        sources=parties["sources"],
        recipients=parties["recipients"],
        unknown={**categories["unknown"], **parties["unknown"]},
        purposes={
            id: Purpose(id, Dated.always((id,)), wording=row.need("wording", read_text, ""))
            for id, row in purposes.items()
        },
        business_purposes=frozenset(id for id, row in purposes.items() if row.get("business", read_flag)),
        cross_context=frozenset(id for id, row in purposes.items() if row.get("cross_context", read_flag)),
        limits=words["purposes"]["limit"],
        withhold=withheld["withhold"] | {code: withheld["denials"][code] for code in RECORDED_DENIALS},
        denials=withheld["denials"],
        exemptions=withheld["exemptions"],
        deletion_exceptions=withheld["deletion_exceptions"],
        floors=floors(rows["record_keeping"]),
    )
    built = with_elements(built, rows["elements"])
    problems.raise_any()
    return built


def digest(texts: Mapping[str, str]) -> str:
    """SHA-256 over names and texts, each with its length, so that no two folders share one."""
    whole = sha256()
    for name in sorted(texts):
        for part in (name.encode(), texts[name].encode()):
            whole.update(len(part).to_bytes(8, "big"))
            whole.update(part)
    return whole.hexdigest()


def _words(row: Row) -> dict[str, dict[str, str]]:
    """The tables of a statute file whose rows are a single text each."""
    tables: dict[str, dict[str, str]] = {}
    for key, value in row.items.items():
        free = plain(value)
        if isinstance(free, dict):
            tables[key] = {id: str(text) for id, text in free.items() if isinstance(text, str)}
    return tables
