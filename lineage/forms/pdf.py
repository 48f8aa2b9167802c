"""How does a letter look on paper? As a PDF to be printed, which screen readers read, too (PDF/UA-1)."""

import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Final

import typst

from lineage.errors import Refused
from lineage.forms.parts import Letter

_TEMPLATE: Final = Path(__file__).with_name("letter.typ")
_UNKNOWN: Final = re.compile(r'^PDF/UA-1 error: the text `"(.+)"` could not be displayed', re.DOTALL)


def pdf(letter: Letter) -> bytes:
    """The same letter gives the same bytes, at any time and on any machine: no date, no id and no font but
    those that are inside typst.

    Nothing is written, and what typst keeps for the next one does not grow: thousands can be made in a
    process.

    Raises:
        Refused: none of the fonts has a sign that stands in the letter. They have those of the European
            languages, Arabic and Hebrew.
    """
    try:
        return typst.compile(
            _TEMPLATE,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"letter": json.dumps(asdict(letter), ensure_ascii=False)},
        )
    except typst.TypstError as error:
        if unknown := _UNKNOWN.match(error.message):
            raise Refused(
                f"This PDF cannot be made: no font has the sign {_name(unknown[1])}, which stands in the "
                "answer. Write it in another way in the policy, or send the answer as a page (HTML)."
            ) from None
        raise


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _name(sign: str) -> str:
    """A sign by its code points, of which typst writes some as ``\\u{0}``.

    >>> _name("日"), _name(r"a\\u{0}")
    ('U+65E5', 'U+0061 U+0000')
    """
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda escaped: chr(int(escaped[1], 16)), sign)
    return " ".join(f"U+{ord(each):04X}" for each in plain)
