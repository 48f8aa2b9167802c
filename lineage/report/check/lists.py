"""Does every pair stand in the list it belongs to? (law.md A.6, K-12; rulings.md 29)"""

from collections.abc import Iterator
from operator import attrgetter

from lineage.report.check.document import Document
from lineage.report.check.problem import Problem, path
from lineage.report.check.shape import TWO_LISTS

SALES = frozenset({"SALE", "SHARE"})
KEYS = {
    "collected": ("category",),
    "sources": ("category",),
    "purposes": ("purpose",),
    "third_parties": ("category",),
    "sold_or_shared": ("category", "recipient_category"),
    "disclosed": ("category", "recipient_category"),
    "pieces": ("element",),
}
"""By what a row of each block is known."""
NEVER_THIRD = frozenset({"BP_SERVICE_PROVIDER", "BP_CONTRACTOR"})


def check(document: Document) -> Iterator[Problem]:
    sold = {(pair.category, pair.recipient_category): pair for pair in document.sold_or_shared.pairs}
    for number, pair in enumerate(document.sold_or_shared.pairs):
        if not SALES.issuperset(pair.kinds):
            why = "Holds a disclosure that is neither a sale nor a sharing; that belongs under disclosed."
            yield Problem(path("sold_or_shared", "pairs", number, "kinds"), TWO_LISTS, why)
    answers_sales = document.block_status.sold_or_shared != "not_requested" or bool(sold)
    for number, pair in enumerate(document.disclosed.pairs):
        sales = SALES.intersection(pair.kinds)
        same = sold.get((pair.category, pair.recipient_category))
        if sales and answers_sales and (same is None or not sales.issubset(same.kinds)):
            why = "Holds a sale or sharing that sold_or_shared lacks; it stands in both lists, each apart."
            yield Problem(path("disclosed", "pairs", number, "kinds"), TWO_LISTS, why)
    for number, line in enumerate(document.third_parties):
        if not NEVER_THIRD.isdisjoint(line.kinds) and NEVER_THIRD.issuperset(line.kinds):
            why = "Lists a service provider or contractor, which is no third party."
            yield Problem(path("third_parties", number, "kinds"), "rulings 29", why)
    yield from _once(document)


def _once(document: Document) -> Iterator[Problem]:
    """One row a category, group or pair: two rows for one would count the same thing twice."""
    for block, names in KEYS.items():
        rows = document.rows(block)
        if len(rows) != len(set(map(attrgetter(*names), rows))):
            yield Problem(path(block), "design 7", f"Has two lines for one {' and '.join(names)}.")
