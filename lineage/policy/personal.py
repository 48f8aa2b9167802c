"""Does this look like a person's datum where a code belongs?

An id field holds codes, ids and pointers. A guess by shape catches the usual slips (an address, a number, a
sentence) before they are written into a log that nobody can wash.
"""

import re

LONGEST_ID = 200  # characters; a code, id or pointer is shorter, a sentence about somebody often is not

# Random hex (UUIDs, digests) is no phone number, however many digits stand in a row.
_RANDOM = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32,128}\b", re.I
)
_PERSONAL = re.compile(
    r"@|\s|[0-9]{9}"
    r"|(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"  # a Social Security number
    r"|(?<!\d)\(?\d{3}\)?[-.]\d{3}[-.]\d{4}(?!\d)"  # a telephone number
    r"|(?<!\d)\d{4}-\d{4}-\d{4}-\d{4}(?!\d)"  # a card number
)


def looks_personal(value: str) -> bool:
    """Whether a value that should be an id, code or pointer looks like a person's datum or like free text."""
    if len(value) > LONGEST_ID:
        return True
    return _PERSONAL.search(value) is not None and _PERSONAL.search(_RANDOM.sub("", value)) is not None
