"""Which characters are words, and which are orders to a terminal?

C0 and C1 controls move the cursor, recolour and rename windows, or hide what stands before them; tabs and
ends of lines are let through. Halves of characters can be written nowhere.
"""

import re
from typing import Final

UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with a mark (U+FFFD) in place of everything that is no character to be read.

    >>> printable("a recipient\\x1b[2J")
    'a recipient�[2J'
    """
    return UNPRINTABLE.sub("\ufffd", text)
