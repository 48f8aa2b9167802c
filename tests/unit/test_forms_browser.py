"""Can everybody read the page: in the dark, on a phone, on paper, with a screen reader, without scripts?"""

import json
import re
from typing import Protocol

import pytest
from browser import DARK, LIGHT, PHONE, PRINT, Look, shown, violations
from galleries import Gallery
from playwright.sync_api import Browser

from gallery.worlds import WORLDS
from lineage.forms import Form, made
from lineage.report import Audience
from lineage.words import languages

BY_NAME = {world.name: world for world in WORLDS}
LOOKS = {"light": LIGHT, "dark": DARK, "phone": PHONE}


class PageOf(Protocol):
    """The page of a world of the gallery."""

    def __call__(self, name: str, audience: Audience = Audience.PERSON, language: str = "en") -> bytes: ...


@pytest.fixture
def page_of(answered_in: Gallery) -> PageOf:
    def page_of(name: str, audience: Audience = Audience.PERSON, language: str = "en") -> bytes:
        answered = answered_in(BY_NAME[name])
        explained = answered.explained if audience is Audience.HANDLER else None
        return made(answered.documents[audience], Form.HTML, language, explained)

    return page_of


@pytest.mark.parametrize("name", ["nothing_held", "gaps", "withheld", "unverified", "refused_period"])
def test_nothing_keeps_anybody_from_reading_a_persons_page(
    chromium: Browser, page_of: PageOf, name: str
) -> None:
    with shown(chromium, page_of(name), LIGHT, scripts=True) as page:
        assert violations(page) == []


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("audience", Audience)
def test_nothing_keeps_anybody_from_reading_a_page_however_it_is_shown(
    chromium: Browser, page_of: PageOf, look: Look, language: str, audience: Audience
) -> None:
    with shown(chromium, page_of("unready", audience, language), look, scripts=True) as page:
        assert violations(page) == []


@pytest.mark.parametrize("look", [LIGHT, PHONE, PRINT], ids=lambda look: look.name)
@pytest.mark.parametrize("name", ["very_long", "gaps", "unverified"])
def test_no_page_is_wider_than_what_it_is_read_on(
    chromium: Browser, page_of: PageOf, look: Look, name: str
) -> None:
    with shown(chromium, page_of(name, Audience.HANDLER), look, scripts=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width


def test_a_page_has_nothing_that_runs_and_asks_nobody_for_anything(page_of: PageOf) -> None:
    page = page_of("ordinary").decode()

    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=[\"'](?!#)", page)


def test_what_a_business_says_is_words_and_no_markup(answered_in: Gallery) -> None:
    documents = answered_in(BY_NAME["ordinary"]).documents
    document = json.loads(json.dumps(documents[Audience.PERSON]))
    document["purposes"][0]["wording"] = "<script>alert(1)</script> & <b>"

    page = made(document, Form.HTML).decode()

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in page
