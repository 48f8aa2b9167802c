"""A report with one thing changed in it, and nothing else wrong."""

from typing import Any

from lineage.report.canonical import sealed


def again(document: dict[str, Any]) -> dict[str, Any]:
    """Sealed anew, so that only what was changed is wrong."""
    return sealed({key: value for key, value in document.items() if key not in ("digest", "answer_digest")})
