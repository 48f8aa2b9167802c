"""Under which pseudonym is a person recorded?

A subject token is the first 16 bytes of HMAC-SHA-256(secret, namespace 0x00 identifier), written as a UUID of
version 8 (RFC 9562, section 5.8: six bits are given up for version and variant). The identifier is brought to
one form first, so that the same address, typed twice, is the same person. Vectors: token-vectors.json.
"""

import hmac
import os
import re
import secrets
import unicodedata
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import idna
import phonenumbers

from lineage.errors import Refused

SECRET_BYTES = 32
"""What a new secret has, and the least that any must have: the output size of SHA-256."""

REMEMBERED = 65_536
"""Tokens that a pseudonymiser keeps in memory, with their identifiers, for as long as the process lives."""

ROTATION = "subject_secret_rotation"
"""The activity of the link between two tokens of one identifier, under the retired secret and the new one."""

NAMESPACE = re.compile(r"[a-z][a-z0-9_]{0,31}")
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Secret:
    """The key of all tokens of one installation. It never shows: not in repr, not in an error."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) < SECRET_BYTES:
            raise Refused(f"the secret must have {SECRET_BYTES} bytes or more: {2 * SECRET_BYTES} hex digits")
        self._raw = raw

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")

    @classmethod
    def from_hex(cls, text: str) -> "Secret":
        """The secret that these hex digits write. Raises Refused on anything else."""
        try:
            return cls(bytes.fromhex(text.strip()))
        except ValueError:
            raise Refused("the secret must be written in hex digits, two a byte") from None

    @classmethod
    def from_file(cls, path: Path) -> "Secret":
        """The secret in a file of hex digits. Raises Refused when it is missing or not in hex."""
        try:
            text = path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise Refused(f"{path}: no secret can be read there") from None
        return cls.from_hex(text)

    @classmethod
    def create(cls, path: Path) -> "Secret":
        """The secret in that file, made on first use: 32 random bytes, readable by the owner alone."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(SECRET_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first: its secret counts
                os.link(draft, path)
            draft.unlink()
        return cls.from_file(path)

    def digest(self, message: bytes) -> bytes:
        """HMAC-SHA-256 of the message: 32 bytes."""
        return hmac.digest(self._raw, message, "sha256")


def load_secret(value: str | None, home: Path) -> Secret:
    """The secret from the environment (hex) if given, else from ``home/secret``, made on first use."""
    return Secret.from_hex(value) if value else Secret.create(home / "secret")


def normalised(namespace: str, identifier: str) -> str:
    """The one form of an identifier: NFC, no space around; an e-mail's name case-folded, its domain in IDNA;
    a phone number in E.164, given with ``+`` and the country code. Raises Refused, without the value, on
    anything else.
    """
    if NAMESPACE.fullmatch(namespace) is None:
        raise Refused("a namespace is a word of lower-case letters, digits and _, such as account or email")
    plain = unicodedata.normalize("NFC", identifier).strip()
    if not plain:
        raise Refused(f"{namespace}: the identifier is empty")
    try:
        plain.encode()
    except UnicodeEncodeError:
        raise Refused(f"{namespace}: the identifier is no valid Unicode text") from None
    match namespace:
        case "email":
            return _email(plain)
        case "phone":
            return _phone(plain)
    return plain


def _email(plain: str) -> str:
    name, at, domain = plain.rpartition("@")
    local = unicodedata.normalize("NFC", name.casefold())
    if not (local and at and domain) or any(sign.isspace() for sign in plain):
        raise Refused("email: not of the form name@domain")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii').lower()}"
    except idna.IDNAError:  # its text shows the domain
        raise Refused("email: the part behind the @ is no domain name") from None


def _phone(plain: str) -> str:
    try:
        parsed = phonenumbers.parse(plain, None)
    except phonenumbers.NumberParseException:
        raise Refused("phone: write it with + and the country code") from None
    number: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if parsed.extension or not phonenumbers.is_possible_number(parsed) or not E164.fullmatch(number):
        raise Refused("phone: no possible number of that country")
    return number


def token(secret: Secret, namespace: str, identifier: str) -> UUID:
    """The subject token of an identifier. Raises Refused, without the value, when its shape is not known."""
    message = namespace.encode() + b"\x00" + normalised(namespace, identifier).encode()
    raw = bytearray(secret.digest(message)[:16])
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))


def parse_subject(text: str) -> UUID | tuple[str, str]:
    """A subject as people write it: ``email:ana@example.com``, ``account:42``, or a token.

    Returns the token as it is, or (namespace, identifier). Raises Refused, without the value.
    """
    if UUID_TEXT.fullmatch(text.strip()):
        found = UUID(text.strip())
        if found.version != 8:
            raise Refused(
                "subject: this UUID is no token (version 8); write its namespace before it, as account:…"
            )
        return found
    namespace, colon, identifier = text.partition(":")
    if not colon or NAMESPACE.fullmatch(namespace.strip()) is None:
        raise Refused("subject: write it as namespace:identifier, such as account:42, or as a token")
    return namespace.strip(), identifier


class Pseudonymiser:
    """Turns subjects into tokens, remembering the last ones."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._remembered = lru_cache(REMEMBERED)(self._of_text)

    def token(self, subject: str | UUID) -> tuple[UUID, str]:
        """The token and the namespace; the namespace is empty when a token was given.

        Raises Refused, without the value, when the subject is neither a token nor namespace:identifier.
        """
        return (subject, "") if isinstance(subject, UUID) else self._remembered(subject)

    def _of_text(self, text: str) -> tuple[UUID, str]:
        parsed = parse_subject(text)
        if isinstance(parsed, UUID):
            return parsed, ""
        return token(self._secret, *parsed), parsed[0]


def subject_token(secret: Secret, subject: str | UUID) -> tuple[UUID, str]:
    """One subject's token and namespace, without a pseudonymiser to keep."""
    return Pseudonymiser(secret).token(subject)
