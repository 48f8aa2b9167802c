"""What is said when a schema registry says something odd? A server of our own answers here as it is told."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lineage.codec.schemas import shipped
from lineage.errors import Refused, RegistryUnavailable
from lineage.framing import keep_ids
from lineage.registry.client import RegistryClient
from lineage.registry.foreign import released_as
from lineage.registry.push import learn, push
from lineage.resources import folder


@dataclass
class Odd:
    """A server that gives one answer to everything but the list of versions, and what it was asked."""

    port: int = 0
    status: int = 200
    body: bytes = b"{}"
    versions: bytes | None = None
    location: str | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def url(self, user: str = "") -> str:
        return f"http://{user}127.0.0.1:{self.port}/api"


@pytest.fixture
def server() -> Iterator[Odd]:
    odd = Odd()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            odd.asked.append((f"{self.command} {self.path}", self.headers.get("Authorization")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            listed = self.command == "GET" and self.path.endswith("/versions")
            body = odd.body if odd.versions is None or not listed else odd.versions
            self.send_response(odd.status)
            if odd.location is not None:
                self.send_header("Location", odd.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    odd.port = listening.server_address[1]
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield odd
    listening.shutdown()
    listening.server_close()
    thread.join()


def test_user_and_password_are_sent_and_shown_nowhere(server: Odd) -> None:
    server.status, server.body = 403, b'{"error_code": 40301, "message": "no"}'
    client = RegistryClient(server.url("clerk:poi%3Asoned@"))

    with pytest.raises(Refused, match="403: no") as caught:
        client.subjects()
    assert "soned" not in str(caught.value)
    assert server.asked == [("GET /api/subjects", f"Basic {b64encode(b'clerk:poi:soned').decode()}")]


def test_they_do_not_follow_a_redirect(server: Odd) -> None:
    server.status, server.location = 302, f"{server.url()}/elsewhere"

    with pytest.raises(Refused, match="302"):
        RegistryClient(server.url("clerk:secret@")).subjects()
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_in_trouble_is_asked_again_later(server: Odd, status: int) -> None:
    server.status, server.body = status, b"<html>"

    with pytest.raises(RegistryUnavailable, match="Try again later"):
        RegistryClient(server.url()).subjects()


def test_what_is_no_json_is_no_registry(server: Odd) -> None:
    server.body = b"<html>"

    with pytest.raises(RegistryUnavailable):
        RegistryClient(server.url()).subjects()


@pytest.mark.parametrize("body", [b"{}", b"[]", b"7", b'{"id": "x"}', b"null"])
def test_other_json_than_a_registrys_is_named(server: Odd, body: bytes) -> None:
    server.body = body

    with pytest.raises(Refused, match="as no schema registry does"):
        RegistryClient(server.url()).register("subject", "{}")


def test_a_registry_that_does_not_keep_the_level_is_not_relied_on(server: Odd) -> None:
    server.versions, server.body = b"[]", b'{"id": 1, "compatibilityLevel": "NONE"}'

    with pytest.raises(Refused, match="does not keep BACKWARD_TRANSITIVE"):
        list(push(RegistryClient(server.url()), folder("schemas")))


def test_nothing_is_learned_from_subjects_that_are_not_ours(server: Odd) -> None:
    server.body = b'["orders-value", "customers-value"]'

    assert learn(RegistryClient(server.url()), shipped(), "personal-data-events") == {}
    assert [asked for asked, _ in server.asked] == ["GET /api/subjects"]


@pytest.mark.parametrize("number", [-1, 1 << 31])
def test_an_id_that_fits_into_no_value_is_refused(tmp_path: Path, number: int) -> None:
    with pytest.raises(Refused, match="four bytes"):
        keep_ids(tmp_path, {number: "0123456789abcdef"})


@pytest.mark.parametrize(
    "text", ["", "{", "7", "null", '"string"', "[]", '{"type": "record"}', '{"type": "string"}']
)
def test_what_is_none_of_ours_is_none_of_ours(text: str) -> None:
    assert released_as(text, shipped()) is None


def test_each_released_schema_is_known_again_also_without_its_texts() -> None:
    def bare(node: object) -> object:
        if isinstance(node, list):
            return [bare(each) for each in node]
        if isinstance(node, dict):
            return {key: bare(value) for key, value in node.items() if key not in ("doc", "default")}
        return node

    for event, fingerprints in shipped().fingerprints().items():
        schema = shipped().current(event).schema
        assert released_as(json.dumps(bare(json.loads(json.dumps(schema)))), shipped()) in fingerprints
