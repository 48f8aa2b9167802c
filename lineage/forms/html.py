"""How does a letter look in a browser? One file with everything in it, and nothing that runs."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from lineage.forms.parts import Letter

_HERE = Path(__file__).parent


def html(letter: Letter) -> bytes:
    """The page in UTF-8: light or dark as the reader has it, for a desk, a phone and paper.

    It asks for nothing from anywhere: the page itself forbids it.
    """
    return _template().render(letter=letter, style=_style()).encode()


@cache
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    return made.get_template("page.html")


@cache
def _style() -> str:
    return (_HERE / "page.css").read_text(encoding="utf-8")
