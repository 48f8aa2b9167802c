"""Which lists has a coverage document, and what do their rows tell? docs/coverage.md says it at length."""

from collections.abc import Mapping
from typing import Final

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "gaps": ("reason", "producer", "system", "from", "to"),
    "producers": (
        *("producer", "systems", "from", "incarnations", "open_incarnations", "count_missing"),
        *("told_from", "told_until", "holes", "last_report_at", "is_late", "is_closed"),
    ),
    "incarnations": (
        *("producer", "incarnation", "is_declared", "last_number", "count_missing", "missing"),
        *("count_ranges", "is_gap", "covers_from", "covers_until", "closed", "closed_at", "closed_by"),
    ),
    "systems": (
        *("system", "publishes", "attested_free", "holdings_known", "is_gap", "published_by", "told_by"),
        *("events", "last_recorded_at", "last_reconciled"),
    ),
    "parked": (*("reason", "records", "concerning_everybody", "first_recorded_at", "last_recorded_at"),),
    "outside": ("producer", "system", "why", "events", "first_recorded_at", "last_recorded_at"),
    "attestations": (
        *("about", "of", "who", "when", "valid_from", "valid_until", "incarnation", "last_sequence"),
        *("adopted_at", "in_force"),
    ),
}
"""Part -> the columns of its rows, in their order."""
