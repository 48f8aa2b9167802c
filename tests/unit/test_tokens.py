"""Is a person named by the same token everywhere, and by nothing else?"""

import hashlib
import hmac
import json
import os
import pickle
import stat
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import a_subject

from lineage.errors import Refused
from lineage.resources import folder
from lineage.tokens import (
    Pseudonymiser,
    Secret,
    load_secret,
    normalised,
    parse_subject,
    subject_token,
    token,
)

VECTORS = json.loads((folder("schemas") / "token-vectors.json").read_text(encoding="utf-8"))
SECRET = Secret(bytes(range(32)))


@pytest.mark.parametrize("vector", VECTORS["tokens"], ids=lambda vector: vector["note"])
def test_a_vector_gives_its_token(vector: dict[str, str]) -> None:
    assert normalised(vector["namespace"], vector["identifier"]) == vector["normalised"]
    secret = Secret.from_hex(vector["secret"])
    assert str(token(secret, vector["namespace"], vector["identifier"])) == vector["token"]


@pytest.mark.parametrize("vector", VECTORS["tokens"], ids=lambda vector: vector["note"])
def test_a_vector_follows_from_the_readme(vector: dict[str, str]) -> None:
    message = vector["namespace"].encode() + b"\0" + vector["normalised"].encode()
    raw = bytearray(hmac.new(bytes.fromhex(vector["secret"]), message, hashlib.sha256).digest()[:16])
    raw[6] = raw[6] & 0b00001111 | 0b10000000
    raw[8] = raw[8] & 0b00111111 | 0b10000000
    assert UUID(bytes=bytes(raw)) == UUID(vector["token"])
    assert UUID(vector["token"]).version == 8


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["note"])
def test_what_has_no_known_shape_is_refused_without_being_shown(vector: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        token(SECRET, vector["namespace"], vector["identifier"])
    assert refusal.value.__suppress_context__ or refusal.value.__cause__ is refusal.value.__context__ is None
    identifier = vector["identifier"].strip()
    assert len(identifier) < 3 or identifier not in str(refusal.value)


@given(st.text(), st.sampled_from(["account", "email", "phone", "cookie"]))
def test_a_normalised_identifier_is_normal_already(identifier: str, namespace: str) -> None:
    try:
        once = normalised(namespace, identifier)
    except Refused:
        return
    assert normalised(namespace, once) == once


@given(st.text(min_size=8).filter(lambda text: text.strip() == text))
def test_no_refusal_repeats_the_subject(text: str) -> None:
    for subject in (f"email:{text}", f"phone:{text}", text):
        refusal = ""
        try:
            Pseudonymiser(SECRET).token(subject)
        except Refused as problem:
            refusal = repr(problem)
        assert text not in refusal


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("account:42", ("account", "42")),
        ("email:ana@example.com", ("email", "ana@example.com")),
        ("cookie:a:b", ("cookie", "a:b")),
    ],
)
def test_a_subject_is_written_with_its_namespace(text: str, parsed: Any) -> None:
    assert parse_subject(text) == parsed


def test_a_token_is_itself_whether_as_text_or_as_uuid() -> None:
    someone = a_subject()
    pseudonymiser = Pseudonymiser(SECRET)
    assert pseudonymiser.token(str(someone)) == (someone, "")
    assert pseudonymiser.token(str(someone).upper()) == (someone, "")
    assert pseudonymiser.token(someone) == (someone, "")


def test_a_uuid_that_is_no_token_is_refused() -> None:
    with pytest.raises(Refused):
        parse_subject(str(uuid4()))


@pytest.mark.parametrize("text", ["42", "", ":", ":42", "Account:42", "ana@example.com"])
def test_a_subject_without_a_namespace_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_subject(text)


def test_the_same_person_typed_twice_is_one_person() -> None:
    assert subject_token(SECRET, "email:Ana@Example.com ") == subject_token(SECRET, "email:ana@example.com")
    assert subject_token(SECRET, "email:ana@example.com")[1] == "email"


def test_a_secret_is_made_once_and_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    first = load_secret(None, home)
    path = home / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(home) == ["secret"]
    assert len(bytes.fromhex(path.read_text())) == 32
    assert token(load_secret(None, home), "account", "42") == token(first, "account", "42")
    assert token(load_secret(None, tmp_path / "other"), "account", "42") != token(first, "account", "42")


def test_the_secret_of_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    given_secret = load_secret(bytes(range(32)).hex(), tmp_path)
    assert token(given_secret, "account", "42") == token(SECRET, "account", "42")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["hunter2-hunter2-hunter2-hunter2-hunter2", "ab" * 31, "abc"])
def test_a_secret_too_short_or_not_in_hex_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        Secret.from_hex(text)
    assert text not in str(refusal.value)


def test_a_missing_secret_file_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no secret can be read"):
        Secret.from_file(tmp_path / "nowhere")


def test_a_secret_shows_nowhere() -> None:
    assert repr(SECRET) == "Secret(…)"
    with pytest.raises(TypeError):
        pickle.dumps(SECRET)
