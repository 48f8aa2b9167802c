"""How does one speak to a schema registry? By the API of Confluent's, which Apicurio and Karapace offer too.

Source: Confluent Schema Registry API reference. Tried with Apicurio Registry 2.6, under ``/apis/ccompat/v7``.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from http.client import HTTPException
from typing import Any, Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lineage.errors import Refused, RegistryUnavailable

CONTENT: Final = "application/vnd.schemaregistry.v1+json"
TIMEOUT_SECONDS: Final = 10.0
NOT_FOUND: Final = 404
SERVER_ERRORS: Final = 500
MAX_REASON: Final = 500  # characters of what the registry says; it repeats schemas, never events


T = TypeVar("T")


class _NoRedirects(HTTPRedirectHandler):
    """Else user and password would follow to wherever an answer points."""

    def redirect_request(self, *_: Any) -> None:
        return None


class RegistryClient:
    """One registry. Calls raise RegistryUnavailable when it does not answer, Refused when it says no."""

    def __init__(self, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused("schema_registry: must be an address such as https://host:8081")
        host = parts.netloc.rpartition("@")[2]
        self.name: Final = f"{parts.scheme}://{host}"
        """The address without user and password: the one to show."""
        self._root = f"{self.name}{parts.path.rstrip('/')}"
        self._timeout_seconds = timeout_seconds
        self._opener = build_opener(_NoRedirects)
        self._headers = {"Accept": CONTENT, "Content-Type": CONTENT}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"

    def subjects(self) -> list[str]:
        """The names under which anything is registered."""
        return self._call("GET", "/subjects", lambda told: [str(name) for name in told])

    def versions(self, subject: str) -> list[int]:
        """The numbers of a subject's versions, ascending; none when there is no such subject."""
        path = f"/subjects/{_part(subject)}/versions"
        return self._asked("GET", path, lambda told: sorted(map(int, told))) or []

    def version(self, subject: str, number: int) -> tuple[int, str]:
        """Id and text of one version."""
        path = f"/subjects/{_part(subject)}/versions/{number}"
        return self._call("GET", path, lambda told: (int(told["id"]), str(told["schema"])))

    def id_of(self, subject: str, text: str) -> int | None:
        """The id of a schema that is registered under the subject, else None."""
        return self._asked("POST", f"/subjects/{_part(subject)}", _id, _schema(text))

    def register(self, subject: str, text: str) -> int:
        """The id of the schema, which is registered now. Raises Refused when it is not compatible."""
        return self._call("POST", f"/subjects/{_part(subject)}/versions", _id, _schema(text))

    def compatibility(self, subject: str) -> str | None:
        """The subject's own level, such as ``BACKWARD_TRANSITIVE``; None when it has none of its own."""
        return self._asked("GET", f"/config/{_part(subject)}", lambda told: str(told["compatibilityLevel"]))

    def set_compatibility(self, subject: str, level: str) -> None:
        """Give a subject that exists its own level."""
        self._call("PUT", f"/config/{_part(subject)}", lambda told: None, {"compatibility": level})

    def _asked(self, method: str, path: str, read: Callable[[Any], T], body: Any = None) -> T | None:
        """As ``_call``; None when the registry does not have it."""
        try:
            return self._call(method, path, read, body)
        except _NotFound:
            return None

    def _call(self, method: str, path: str, read: Callable[[Any], T], body: Any = None) -> T:
        """What ``read`` makes of the answer."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._root + path, data, self._headers, method=method)  # noqa: S310 (http or https)
        try:
            with self._opener.open(request, timeout=self._timeout_seconds) as answer:
                told = json.load(answer)
        except HTTPError as error:
            raise self._said_no(method, path, error) from None
        except (OSError, ValueError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else type(error).__name__
            raise RegistryUnavailable(
                f"the schema registry at {self.name} does not answer ({reason}). Publishing and projecting "
                "go on without it; try again later, or correct the setting schema_registry."
            ) from None
        try:
            return read(told)
        except (KeyError, TypeError, ValueError):
            raise Refused(
                f"schema_registry: {self.name} answers {method} {path} as no schema registry does; "
                "look at the path of its address"
            ) from None

    def _said_no(self, method: str, path: str, error: HTTPError) -> Exception:
        try:
            reason = str(json.load(error)["message"])[:MAX_REASON]
        except (ValueError, KeyError, TypeError, OSError):
            reason = error.reason
        said = f"the schema registry at {self.name} answers {method} {path} with {error.code}: {reason}"
        if error.code >= SERVER_ERRORS:
            return RegistryUnavailable(f"{said}. Try again later.")
        return _NotFound(said) if error.code == NOT_FOUND else Refused(said)


class _NotFound(Refused):
    """The registry does not have what was asked for."""


def _id(told: Any) -> int:
    return int(told["id"])


def _schema(text: str) -> dict[str, str]:
    return {"schema": text, "schemaType": "AVRO"}


def _part(subject: str) -> str:
    return quote(subject, safe="")
