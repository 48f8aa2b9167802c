"""Who can ask a running consumer how it is? Whoever reaches its port: `/healthz` and `/metrics` over HTTP."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol

from lineage.errors import Refused
from lineage.operate.watch.numbers import CONTENT_TYPE, Numbers

LOG = logging.getLogger(__name__)


class Watched(Protocol):
    """What can be asked."""

    @property
    def numbers(self) -> Numbers: ...

    def trouble(self) -> str | None: ...


@contextmanager
def served(watch: Watched, host: str, port: int) -> Iterator[str]:
    """Answer for as long as the block lasts; gives the address. Port 0: any free one.

    Raises Refused when nobody can listen there.
    """
    try:
        server = ThreadingHTTPServer((host, port), _answering(watch))
    except OSError as error:
        raise Refused(
            f"metrics_port: {host}:{port} cannot be listened at ({error.strerror}); another consumer may "
            "have it: give each its own"
        ) from None
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _answering(watch: Watched) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        timeout = 10  # seconds that a client may keep a thread waiting
        server_version = "lineage"
        sys_version = ""

        def do_GET(self) -> None:
            match self.path.partition("?")[0]:
                case "/healthz":
                    trouble = watch.trouble()
                    self._answer(503 if trouble else 200, f"{trouble or 'ok'}\n")
                case "/metrics":
                    self._answer(200, watch.numbers.text(), CONTENT_TYPE)
                case _:
                    self._answer(404, "there are /healthz and /metrics\n")

        do_HEAD = do_GET

        def _answer(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            LOG.debug("asked: %s", self.path.partition("?")[0])

    return Answering
