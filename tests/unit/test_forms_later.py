"""Does an answer get its forms, too, when a later version made it and says a code without words here?"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import pytest
from galleries import Gallery
from resealed import again

from gallery.worlds import WORLDS
from lineage.forms import Form, made
from lineage.forms.changes import changes
from lineage.forms.letter import letter
from lineage.report import Audience
from lineage.report.check import problems

Document = dict[str, Any]
Steps = tuple[str | int, ...]

UNKNOWN: Final = "OF_A_LATER_VERSION"
BY_NAME: Final = {world.name: world for world in WORLDS}
COPIES: Final = [
    *((name, audience) for name in ("unready", "withheld") for audience in Audience),
    *((name, Audience.PERSON) for name in ("excluded", "refused_period", "denied_pieces")),
]


@pytest.fixture(params=COPIES, ids="-".join)
def document(request: pytest.FixtureRequest, answered_in: Gallery) -> Document:
    name, audience = request.param
    return answered_in(BY_NAME[name]).documents[audience]


def test_whatever_text_an_answer_may_have_there_is_a_letter_of_it_and_of_the_change(
    document: Document,
) -> None:
    later = list(filter(is_in_order, with_other_texts(document)))

    assert len(later) > 10
    for each in later:
        assert changes(document, each, "es").title  # it makes the letters of both


@pytest.mark.parametrize("document", COPIES[:2], ids="-".join, indirect=True)
def test_whatever_a_later_version_adds_there_is_a_letter_of_it_and_of_the_change(document: Document) -> None:
    later = list(filter(is_in_order, with_additions(document)))

    assert len(later) > 10
    for each in later:
        assert changes(document, each, "es").title  # it makes the letters of both


def test_whatever_an_answer_may_leave_out_there_is_a_letter_of_it(document: Document) -> None:
    for each in filter(is_in_order, with_less(document)):
        assert letter(each, "es").sections


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "steps",
    [
        ("coverage", "gaps", 0, "reason"),
        ("for_review", 0, "reason"),
        ("under_order", 0, "kinds", 0),
        ("disclosed", "pairs", 0, "kinds", 0),
        ("third_parties", 0, "kinds", 0),
        ("collected", 0, "held"),
        ("purposes", 0, "for", 0),
        ("window", "basis"),
        ("request", "verification"),
    ],
    ids=lambda steps: steps[-2] if isinstance(steps[-1], int) else steps[-1],
)
def test_a_code_without_words_is_told_plainly(answered_in: Gallery, steps: Steps, language: str) -> None:
    """Also where today's check lets none pass: a form is made of what was checked by a later version."""
    document = answered_in(BY_NAME["unready"]).documents[Audience.HANDLER]

    page = made(with_other(document, steps, UNKNOWN), Form.TEXT, language).decode()

    assert "OF A LATER VERSION" in " ".join(page.split())


def with_other_texts(document: Document) -> Iterator[Document]:
    """The document as often as it has kinds of places with a text; another text stands there each time."""
    for steps, was in places(document):
        if isinstance(was, str):
            yield with_other(document, steps, UNKNOWN)


def with_additions(document: Document) -> Iterator[Document]:
    """The same with an addition to each kind of object."""
    for steps, was in places(document):
        if isinstance(was, dict):
            yield with_other(document, (*steps, UNKNOWN), UNKNOWN)


def with_less(document: Document) -> Iterator[Document]:
    """The same without each key."""
    for steps, _ in places(document):
        if isinstance(steps[-1], str):
            less = deepcopy(document)
            del within(less, steps)[steps[-1]]
            yield again(less)


def with_other(document: Document, steps: Steps, value: object) -> Document:
    other = deepcopy(document)
    within(other, steps)[steps[-1]] = value
    return again(other)


def within(document: Document, steps: Steps) -> Any:
    found: Any = document
    for step in steps[:-1]:
        found = found[step]
    return found


def places(found: Any, *steps: str | int) -> Iterator[tuple[Steps, Any]]:
    """All that is in it with the steps to it; of a list the first alone."""
    if steps:
        yield steps, found
    if isinstance(found, dict):
        for key, each in found.items():
            yield from places(each, *steps, key)
    elif isinstance(found, list):
        for each in found[:1]:
            yield from places(each, *steps, 0)


def is_in_order(document: Document) -> bool:
    return not problems(document)
