"""Where do the tests find a real browser, and can everybody read a page in it?

The Chromium of `LINEAGE_TEST_CHROMIUM`, else one on the PATH. One serves a whole process of the tests.
"""

import os
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from gallery.browser import DARK, LIGHT, PHONE, PRINT, Fetched, Look, NoBrowser, shown, started

__all__ = ["DARK", "LIGHT", "PHONE", "PRINT", "Fetched", "Look", "chromium", "shown", "violations"]

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Without one: skip, or fail where LINEAGE_REQUIRE_CHROMIUM=1."""
    try:
        with started() as browser:
            yield browser
    except NoBrowser as error:
        if os.environ.get("LINEAGE_REQUIRE_CHROMIUM") == "1":
            pytest.fail(f"LINEAGE_REQUIRE_CHROMIUM=1, but there is no Chromium: {error}")
        pytest.skip(f"no Chromium: {error}")


def violations(page: Page) -> list[str]:
    """What axe finds that keeps people from reading a page that was shown with scripts: rule and place."""
    page.evaluate(axe())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        list(RULES),
    )
    return [
        f"{each['id']}: {each['help']}: {' '.join(node['target'][0] for node in each['nodes'][:3])}"
        for each in found["violations"]
    ]


@cache
def axe() -> str:
    """The program of axe-core, as the Python package brings it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
