"""What may people, and their programs, hand in? Anything: true values, and what nobody meant to write."""

import json
from typing import Any, Final
from uuid import uuid4

from hypothesis import strategies as st

POISON: Final = f"account:POISON-{uuid4().hex}"
"""An identifier that nothing may repeat but what is asked for it."""

ODD_TEXTS: Final = (
    "",
    " ",
    "-",
    "--",
    "\x1b[2J\x9bH",
    "\x07\b\r",
    "\udcff\ud800",
    "\u202e\ufeff\u0661",
    "𝒜" * 50,
    "a" * 5000,
    "1" * 5000,
    "../../etc",
    "%s{}$HOME",
    "NaN",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "9999-12-31",
    "0001-01-01",
    "2026-06-15",
    "2026-06-15T17:00:00.000000Z",
    "00000000-0000-0000-0000-000000000000",
    POISON,
)
texts: Final = st.sampled_from(ODD_TEXTS) | st.text(st.characters(codec=None), max_size=20)
whole_numbers: Final = st.integers(-(10**30), 10**30) | st.integers(-3, 3)
plain: Final = st.none() | st.booleans() | whole_numbers | st.floats() | texts
json_values: Final = st.recursive(
    plain,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(texts, inside, max_size=4),
    max_leaves=10,
)


def deep(brackets: str, depth: int = 20_000) -> str:
    """More nested than any reader follows."""
    return brackets[0] * depth + brackets[1] * depth


DEEP_JSON: Final = (deep("[]"), '{"a":' * 20_000 + "1" + "}" * 20_000, "[" * 20_000)


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """The JSON value with one or two things in it left out, added, or put in place of others."""
    copy = json.loads(json.dumps(value))
    for _ in range(draw(st.integers(1, 2))):
        found = [*_places(copy)]
        if not found:
            return draw(json_values)
        holder, key = draw(st.sampled_from(found))
        match draw(st.integers(0, 3)):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[draw(texts)] = draw(json_values)
            case 1:
                holder.insert(key, draw(json_values))
            case 2 if len(found) > 1:
                holder[key] = json.loads(json.dumps(_at(*draw(st.sampled_from(found)))))
            case _:
                holder[key] = draw(json_values)
    return copy


def _at(holder: Any, key: Any) -> Any:
    return holder[key]


def _places(value: Any) -> list[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in inside for place in ((value, key), *_places(each))]


def written(value: Any) -> bytes:
    """As JSON, as bad programs write it: NaN, and halves of characters."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


files: Final = st.deferred(lambda: flat_files | st.sampled_from([each.encode() for each in DEEP_JSON]))
"""The bytes of a file that may be anything."""

flat_files: Final = st.one_of(
    st.binary(max_size=60),
    json_values.map(written),
    json_values.map(written).map(lambda text: b"\xef\xbb\xbf" + text),
    json_values.map(written).map(lambda text: text[: len(text) // 2]),
    texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"1" * 5000, b'{"a": 1, "a": 2}', b"\x00" * 10, b"{}", b"[]", b"null", b'"\\ud800"']),
)
"""Those that nest as people do."""
