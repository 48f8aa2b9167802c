"""``python -m gallery -o FOLDER``: every form of a dozen answers, as pictures too, and a page of them all.

Open ``index.html`` in that folder. The same worlds make the same answers each time, so that two galleries,
before a change and after it, differ in what was changed.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser

from gallery import pictures
from gallery.browser import NoBrowser, started
from gallery.world import World
from gallery.worlds import WORLDS
from lineage.forms import Form, made
from lineage.report import Audience
from lineage.report.canonical import canonical
from lineage.words import ENGLISH, languages

ENDINGS: Final = {Form.TEXT: "txt"}
"""Of files; the other forms have their names."""


def main() -> None:
    asked = _asked()
    worlds = [each for each in WORLDS if not asked.world or each.name in asked.world]
    forms = [Form(each) for each in asked.form] or list(Form)
    with ExitStack() as stack:
        browser = None
        try:
            browser = stack.enter_context(started()) if Form.HTML in forms else None
        except NoBrowser as error:
            _say(f"Without pictures of pages: {error}.")
        for number, world in enumerate(worlds, start=1):
            begun = monotonic()
            hang(world, asked.output, forms, browser)
            _say(f"{number}/{len(worlds)} {world.name} ({monotonic() - begun:.0f} s)")
    _say(f"Look at {index(asked.output)}")


def hang(world: World, folder: Path, forms: Iterable[Form], browser: Browser | None) -> None:
    """Every copy of the world's answer as JSON and in these forms, with pictures, in a folder of its own, in
    place of what hung there. Without a ``browser`` there are no pictures of pages.
    """
    answered = world.answered(is_explained=True)
    place = folder / world.name
    place.mkdir(parents=True, exist_ok=True)
    for audience, document in answered.documents.items():
        for earlier in place.glob(f"{audience.value}.*"):
            earlier.unlink()
        (place / f"{audience.value}.{ENGLISH}.json").write_bytes(canonical(document) + b"\n")
        behind = answered.explained if audience is Audience.HANDLER else None
        for language in languages() if world.is_translated else (ENGLISH,):
            copy = f"{audience.value}.{language}"
            for form in forms:
                content = made(document, form, language, behind)
                (place / f"{copy}.{ENDINGS.get(form, form.value)}").write_bytes(content)
                for shows, picture in _drawn(form, content, browser):
                    (place / f"{copy}.{shows}.png").write_bytes(picture)


def index(folder: Path) -> Path:
    """The page that shows all that hangs in the folder; returns where it is."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )

    def hung(world: World) -> Iterator[tuple[str, list[Path]]]:
        copies = groupby(sorted((folder / world.name).iterdir()), lambda file: file.name.split(".")[:2])
        return ((" ".join(copy), list(files)) for copy, files in copies)

    worlds = [each for each in WORLDS if (folder / each.name).is_dir()]
    page = folder / "index.html"
    text = environment.get_template("index.html").render(worlds=worlds, hung=hung)
    page.write_text(text, encoding="utf-8")
    return page


def _drawn(form: Form, content: bytes, browser: Browser | None) -> pictures.Drawn:
    if form is Form.PDF:
        yield from pictures.of_sheets("pdf", content)
    elif form is Form.HTML and browser is not None:
        yield from pictures.of_page(browser, content)


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 (whoever runs it wants to know how far it is)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gallery", description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder to fill")
    parser.add_argument("--world", action="append", choices=[each.name for each in WORLDS], default=[])
    parser.add_argument("--form", action="append", choices=[each.value for each in Form], default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
