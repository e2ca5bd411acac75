"""An HTTP/1.1 server that answers from a function and remembers what it answered. Knows no capture."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http import cookies
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from netviz.lab.namespaces import Namespace
from netviz.lab.story import Table


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server received it."""

    method: str
    target: str
    headers: Message
    body: bytes
    client_port: int = 0

    def cookie(self, name: str) -> str | None:
        """Value of a cookie that came with the request."""
        found = cookies.SimpleCookie(self.headers.get("Cookie", "")).get(name)
        return found.value if found is not None else None


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status, header lines in order, body."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    parts: Iterable[bytes] | None = None
    """In place of a body: a chunk each, sent as soon as it is there."""


LONGEST_BODY: Final = 1 << 16
"""Bytes of a request's body that a server takes."""

LONGEST_LOG: Final = 10_000
"""Lines that a server remembers."""

Site = Callable[[Asked], Answer | None]
"""None: close the connection and say nothing."""


class WebServer(ThreadingHTTPServer):
    """A site at one address. `log` holds what it answered, `accepted` the clients' ports, both in order."""

    daemon_threads = True

    def __init__(self, address: str, port: int, site: Site) -> None:
        self.site = site
        self.log: list[Table] = []
        self.accepted: list[int] = []
        if ":" in address:
            self.address_family = socket.AF_INET6
        self.end = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        super().__init__((address, port), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and note the client's port."""
        connection, client = super().get_request()
        if len(self.accepted) < LONGEST_LOG:
            self.accepted.append(client[1])
        return connection, client

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is nothing to speak of on a screen that somebody looks at."""

    def server_bind(self) -> None:
        """Bind without asking any name server for our own name, as http.server would."""
        socketserver.TCPServer.server_bind(self)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lab"
    sys_version = ""
    wbufsize = -1
    server: WebServer

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            answer: Answer | None = Answer(413, headers=[("Connection", "close")])
        else:
            body = self.rfile.read(int(length))
            answer = self.server.site(Asked(self.command, self.path, self.headers, body, self.client_address[1]))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status == 101:
            self.close_connection = True
        elif answer.parts is not None:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self._note(answer.status)
        self.end_headers()
        if answer.parts is not None:
            self._stream(answer.parts)
        elif self.command != "HEAD":
            self.wfile.write(answer.body)

    def _stream(self, parts: Iterable[bytes]) -> None:
        self.wfile.flush()
        for part in parts:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def _note(self, status: int) -> None:
        if len(self.server.log) < LONGEST_LOG:
            self.server.log.append(
                {
                    "client_port": self.client_address[1],
                    "server": self.server.end,
                    "method": self.command,
                    "target": self.path,
                    "status": status,
                }
            )

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_patch = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal: the log is a list."""


@contextmanager
def serving(machine: Namespace, address: str, port: int, site: Site) -> Iterator[WebServer]:
    """The site is served on the machine during the block."""
    with machine.entered():
        server = WebServer(address, port, site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="web")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
