"""How does a page look in a real browser, when nothing but the page itself can be had?"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ADDRESS: Final = "https://answer.invalid/"
"""Where the page says that it is from. No name server knows it: the page is handed over from memory."""


class NoBrowser(Exception):
    """There is no Chromium, or it does not start; the message says why."""


class Fetched(AssertionError):
    """A page asked for something beside itself. Its reader would tell somebody that it was read."""


@dataclass(frozen=True, slots=True)
class Look:
    """On what, and how, somebody looks at a page. ``width`` and ``height`` in CSS pixels."""

    name: str
    width: int = 1280
    height: int = 900
    colours: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"


LIGHT: Final = Look("light")
DARK: Final = Look("dark", colours="dark")
PHONE: Final = Look("phone", width=390, height=844)
PRINT: Final = Look("print", width=816, height=1056, media="print")  # a US letter at 96 dots an inch


@contextmanager
def started() -> Iterator[Browser]:
    """A headless Chromium: that of ``LINEAGE_TEST_CHROMIUM`` (its path), else the first on the PATH.

    Raises:
        NoBrowser: there is none, or it does not start.
    """
    program = os.environ.get("LINEAGE_TEST_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NoBrowser("LINEAGE_TEST_CHROMIUM is not set, and no chromium or google-chrome is on the PATH")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        except Error as error:
            raise NoBrowser(f"{program} does not start: {error.message.splitlines()[0]}") from None
        yield browser
        browser.close()


@contextmanager
def shown(browser: Browser, html: bytes, look: Look = LIGHT, *, scripts: bool = False) -> Iterator[Page]:
    """The page, as somebody sees it who lets no script run, unless ``scripts``: a test may need its own.

    Raises:
        Fetched: the page asked for anything else, which it did not get.
    """
    fetched: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            fetched.append(route.request.url)
            route.abort()

    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.colours,
        java_script_enabled=scripts,
        locale="en-US",
        timezone_id="America/Los_Angeles",
    )
    with context:
        context.route("**/*", answer)
        page = context.new_page()
        page.emulate_media(media=look.media, color_scheme=look.colours)
        page.goto(ADDRESS)
        yield page
    if fetched:
        raise Fetched(
            f"The page asked for {', '.join(fetched)}. It may ask for nothing: put it into the page."
        )
