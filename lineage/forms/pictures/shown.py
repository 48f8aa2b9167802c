"""What of an answer is in the picture of who received what, and in which order does it stand?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lineage.forms.blocks import lines
from lineage.forms.pictures.columns import Link
from lineage.forms.pictures.untangled import crossings, untangled
from lineage.forms.wording import Wording

Document = Mapping[str, Any]

LOOKS: Final = {"sold_or_shared": "sold", "disclosed": "disclosed"}
"""The two lists of pairs, and the class of their lines."""

TANGLED: Final = 40
"""With more crossings an eye does not follow a line to its end."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see: names by their ids, in the order in which they stand, and the links."""

    sources: Mapping[str, str]
    categories: Mapping[str, str]
    recipients: Mapping[str, str]
    links: tuple[Link, ...]

    @property
    def is_tangled(self) -> bool:
        """Whether too many lines would cross."""
        pairs = {(link.category, link.recipient) for link in self.links}
        return crossings((tuple(self.categories), tuple(self.recipients)), pairs) > TANGLED


def shown_of(document: Document, say: Wording) -> Shown:
    """What a ``ccpa.know/1`` document has to show, in an order in which few lines cross."""
    pairs = [(block, line) for block in LOOKS for line in lines(document, block)]
    sources = {
        line["category"]: say.named("sources", line["category"], line["wording"]).text
        for line in lines(document, "sources")
    }
    categories = {
        line["category"]: say.named("categories", line["category"], line["statutory_name"]).text
        for line in (*lines(document, "collected"), *(line for _, line in pairs))
    }
    recipients = {
        id: say.named("recipients", id, wording).text
        for id, wording in ((line["recipient_category"], line["recipient_wording"]) for _, line in pairs)
    }
    links = {Link(block, line["category"], line["recipient_category"]) for block, line in pairs}
    what, whom = untangled(
        sorted(categories), list(recipients), sorted({(each.category, each.recipient) for each in links})
    )
    in_order = sorted(
        links, key=lambda each: (what.index(each.category), whom.index(each.recipient), each.block)
    )
    return Shown(
        sources,
        {id: categories[id] for id in what},
        {id: recipients[id] for id in whom},
        tuple(in_order),
    )
