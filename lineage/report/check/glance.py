"""Does a word stand anywhere in it? One look at the whole, which seldom finds it, saves many at the parts."""

from msgspec.json import encode


def may_hold(value: object, *words: bytes) -> bool:
    """Whether any of these ASCII words, in lower case, stands in the value's JSON text, whatever its case.

    True, too, of what cannot be written as JSON in UTF-8.
    """
    try:
        text = encode(value).lower()
    except UnicodeEncodeError:
        return True
    return any(word in text for word in words)
