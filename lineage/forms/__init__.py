"""What people read: an answer as a page, a printed letter, a table, or in the terminal.

Each form is made from the canonical JSON alone, in any language of :mod:`lineage.words`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from lineage.forms.behind import Explained
from lineage.forms.letter import letter
from lineage.forms.parts import Letter
from lineage.words import ENGLISH

__all__ = ["Form", "made", "shaped"]


class Form(StrEnum):
    """The forms that people read; programs read the JSON."""

    TEXT = "text"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"


def made(
    document: Mapping[str, Any], form: Form, language: str = ENGLISH, explained: Explained | None = None
) -> bytes:
    """A ``ccpa.know/1`` document in this form.

    ``explained``: for the handler's copy, ``lineage explain`` by the names of lines, such as ``disclosed/0``.

    Raises:
        Refused: there is no such language, or the answer stopped for a person's decision.
    """
    return shaped(letter(document, language, explained), form)


def shaped(letter: Letter, form: Form) -> bytes:
    """A letter in this form. Each form is imported when it is asked for: most of them take a while."""
    match form:
        case Form.TEXT:
            from lineage.forms.terminal import page

            return page(letter).encode()
        case Form.CSV:
            from lineage.forms.table import csv_of

            return csv_of(letter)
        case Form.HTML:
            from lineage.forms.html import html

            return html(letter)
        case Form.PDF:
            from lineage.forms.pdf import pdf

            return pdf(letter)
