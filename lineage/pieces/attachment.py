"""What does the person receive, and how is it sealed until then? (§1798.130(a)(3)(B)(iii); A.8)

The content is JSON: the pieces with their values, what is held and only named, and what could not be read. It
is encrypted with a key of its own (Fernet: AES-128-CBC and HMAC-SHA-256). The digest is that of the sealed
bytes: it proves which attachment was made and tells nothing of what is in it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from lineage.errors import LineageError, Refused
from lineage.pieces.gather import Gathered
from lineage.policy.vocabulary import statute
from lineage.report.canonical import canonical, sealed
from lineage.report.sentences import said

SCHEMA = "ccpa.pieces/1"
OTHERS = "DN_OTHER_PERSON"


class Unsealable(LineageError):
    """A sealed attachment does not open: another key, or other bytes than were sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The encrypted attachment, its SHA-256 in hex, and the key that opens it."""

    digest: str
    sealed: bytes = field(repr=False)
    key: bytes = field(repr=False)


def content(document: Mapping[str, Any], gathered: Gathered) -> bytes:
    """The copy itself, in canonical JSON. No system, pointer or token stands in it."""
    return canonical(
        {
            "schema": SCHEMA,
            "window": {key: document["window"][key] for key in ("from", "to", "time_zone")},
            "pieces": [
                {"element": each.element, "wording": each.wording, "values": list(each.values)}
                for each in gathered.pieces
            ],
            "named": [
                {"element": each.element, "statement": each.statement} for each in gathered.named
            ],
            "not_read": sorted({each.element for each in gathered.missing}),
            "left_out": [],
        }
    )  # fmt: skip


def without(copy: bytes, elements: Collection[str]) -> bytes:
    """The copy without these elements, which would show another person's data; it says so (§1798.145(k)).

    Raises:
        Refused: the copy has no such element.
    """
    told = json.loads(copy)
    if not set(elements) <= {each["element"] for each in told["pieces"]}:
        raise Refused("An element to be left out is not in the copy. Name it as the review prints it.")
    gone = [each["element"] for each in told["pieces"] if each["element"] in elements]
    told["pieces"] = [each for each in told["pieces"] if each["element"] not in elements]
    told["left_out"] = [
        {"element": each, "code": OTHERS, "statement": statute().denial(OTHERS)} for each in gone
    ]
    return canonical(told)


def seal(copy: bytes) -> Sealed:
    """Encrypt under a new key, which is used for nothing else."""
    key = Fernet.generate_key()
    closed = Fernet(key).encrypt(copy)
    return Sealed(sha256(closed).hexdigest(), closed, key)


def unseal(closed: bytes, key: bytes) -> bytes:
    """The copy. Raises Unsealable when key or bytes are not those of the sealing."""
    try:
        return Fernet(key).decrypt(closed)
    except (InvalidToken, ValueError):
        raise Unsealable(
            "The attachment does not open with its key: one of them was changed. Destroy it and gather anew."
        ) from None


def attached(document: Mapping[str, Any], digest: str, gathered: Gathered) -> dict[str, Any]:
    """The report with its attachment's digest and, for the handler, each system that did not answer."""
    body = {key: value for key, value in document.items() if key not in ("digest", "answer_digest")}
    unanswered = [
        {"element": each.element, "system": each.system, "cause": each.cause} for each in gathered.missing
    ]
    body["pieces"] = {**body["pieces"], "attachment": {"digest": digest}, "unanswered": unanswered}
    if unanswered:
        told = {"code": "PIECES_INCOMPLETE", "block": "pieces", "statement": said("PIECES_INCOMPLETE")}
        body["statements"] = [*body["statements"], told]
    return sealed(body)
