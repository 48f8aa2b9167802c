"""How do the forms look? Pictures (PNG) of a page as people see it, and of the sheets of a PDF."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from playwright.sync_api import Browser
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # it has no types

from gallery.browser import DARK, LIGHT, PHONE, PRINT, shown

TALLEST: Final = 16_000
"""Pixels. Chromium paints nothing further down, and nobody looks at a picture that long."""

SHEET_SCALE: Final = 1.25
"""90 dots an inch: small enough to look at side by side, large enough to read."""

MOST_SHEETS: Final = 12
"""Of one printed answer; what comes after looks like what came before."""

Drawn = Iterator[tuple[str, bytes]]
"""What a picture shows, and the picture."""


def of_page(browser: Browser, html: bytes) -> Drawn:
    """A page at a desk by day and by night, on a phone, and as it comes out of a printer, sheet by sheet."""
    for look in (LIGHT, DARK, PHONE):
        with shown(browser, html, look) as page:
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": look.width, "height": min(height, TALLEST)})
            yield look.name, page.screenshot()
    with shown(browser, html, PRINT) as page:
        printed = page.pdf(prefer_css_page_size=True)
    yield from of_sheets(PRINT.name, printed)


def of_sheets(name: str, pdf: bytes) -> Drawn:
    """The first sheets of a PDF."""
    with PdfDocument(pdf) as document:
        for number in range(min(len(document), MOST_SHEETS)):
            drawn = BytesIO()
            document[number].render(scale=SHEET_SCALE).to_pil().save(drawn, "PNG")
            yield f"{name}-{number + 1:02}", drawn.getvalue()
