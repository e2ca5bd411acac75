"""The curl line is run in a shell against a server that writes down what it is asked, and compared with the request."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from netviz.pipeline.repeating import copied
from netviz.pipeline.store import Store

needs_curl = pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="no curl and bash")


@contextmanager
def listening() -> Iterator[tuple[int, list[tuple[str, str, list[tuple[str, str]], bytes]]]]:
    """A server on loopback, its port, and what it was asked: method, target, fields, body."""
    heard: list[tuple[str, str, list[tuple[str, str]], bytes]] = []

    class Asked(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            heard.append((self.command, self.path, list(self.headers.items()), body))
            self.wfile.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


REQUESTS = {
    "plain": b"GET /a?x=[1]&y={2}&z=../.. HTTP/1.1\r\nHost: @\r\nUser-Agent: u\r\nAccept: */*\r\n\r\n",
    "dots": b"GET /a/../b HTTP/1.1\r\nHost: @\r\n\r\n",
    "head": b"HEAD /a HTTP/1.1\r\nHost: @\r\n\r\n",
    "method": b"PURGE /a HTTP/1.1\r\nHost: @\r\nX-Empty:\r\n\r\n",
    "options": b"OPTIONS * HTTP/1.1\r\nHost: @\r\n\r\n",
    "body": b"POST /a HTTP/1.1\r\nHost: @\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n@/etc/pwd",
    "put": b"PUT /a HTTP/1.1\r\nHost: @\r\nContent-Length: 4\r\n\r\n'$x'",
    "octets": b"POST /a HTTP/1.1\r\nHost: @\r\nContent-Type: image/png\r\nContent-Length: 5\r\n\r\n\x89P\0\xff\r",
    "hostile": b"GET /'$(touch${IFS}pwned)'`touch${IFS}pwned` HTTP/1.1\r\nHost: @\r\nUser-Agent: ';touch pwned;'\r\n"
    b"Cookie: a=$(touch pwned)\r\nX-Two: \"`touch pwned`\"\r\nX-Escape: \x1b]0;pwned\x07\r\nX-Korean: \xed\x95\x9c\r\n\r\n",
    "chunked": b"POST /a HTTP/1.1\r\nHost: @\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n"
    b"3\r\nabc\r\n0\r\n\r\n",
}  # fmt: skip


def fields(message: bytes) -> set[tuple[str, str]]:
    head = message.partition(b"\r\n\r\n")[0].decode("latin-1")
    pairs = (line.partition(":") for line in head.split("\r\n")[1:])
    return {(name.lower(), value.strip()) for name, _, value in pairs} - {("transfer-encoding", "chunked")}


@needs_curl
@pytest.mark.parametrize("name", REQUESTS)
def test_the_line_sends_the_same_request_and_runs_nothing_else(
    name: str, talked: Callable[..., Store], tmp_path: Path
) -> None:
    with listening() as (port, heard):
        request = REQUESTS[name].replace(b"@\r\n", f"127.0.0.1:{port}\r\n".encode(), 1)
        line = copied(talked([(0, request)]), 1, "curl", True).text
        assert line is not None and line.isprintable() and line.isascii()
        subprocess.run(["bash", "-c", f"{line} --silent --max-time 10"], cwd=tmp_path, check=True, capture_output=True)
    ((method, target, sent, body),) = heard
    start = request.decode("latin-1").split(" ", 2)
    assert (method, target) == (start[0], start[1])
    assert {(key.lower(), value.encode("latin-1").decode("latin-1")) for key, value in sent} - {
        ("content-length", str(len(body)))
    } == fields(request) - {("content-length", str(len(body)))}
    expected = b"abc" if name == "chunked" else request.partition(b"\r\n\r\n")[2]
    assert body == expected
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_covered_until_asked_for(talked: Callable[..., Store]) -> None:
    request = (
        b"POST /login?token=geheim-geheim HTTP/1.1\r\nHost: h\r\nCookie: sid=4f1c7a9be2d04d6f\r\n"
        b"Authorization: Bearer abcdefghijklmnop\r\n"
        b"Content-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"password\": \"hidden\"}"
    )  # fmt: skip
    store = talked([(0, request)])
    secrets = ("geheim-geheim", "4f1c7a9be2d04d6f", "abcdefghijklmnop", "hidden")
    for form in ("curl", "fetch"):
        covered, clear = copied(store, 1, form, False), copied(store, 1, form, True)  # type: ignore[arg-type]
        assert covered.text is not None and clear.text is not None
        assert not any(secret in covered.text for secret in secrets), form
        assert "secrets" in covered.left_out and "secrets" not in clear.left_out
        assert sum(secret in clear.text for secret in secrets) == (3 if form == "fetch" else 4)
    assert "geheim-geheim" not in (copied(store, 1, "url", False).text or "geheim-geheim")


@pytest.mark.parametrize(
    ("request_", "left_out"),
    [
        (b"GET / HTTP/1.1\r\nHost: h\r\n@file: x\r\n\r\n", ("header-name",)),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70000, ("body-long",)),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nxyz", ("body-broken",)),
        (b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", ()),
    ],
)
def test_what_is_not_in_it_is_named(request_: bytes, left_out: tuple[str, ...], talked: Callable[..., Store]) -> None:
    parts = [(0, request_[at : at + 1400]) for at in range(0, len(request_), 1400)]
    found = copied(talked(parts), 1, "curl", True)
    assert found.left_out == left_out
    assert found.text is not None and "@file" not in found.text and "x" * 70000 not in found.text


@pytest.mark.parametrize("request_", [b"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"])
def test_what_has_no_url_gives_no_line(request_: bytes, talked: Callable[..., Store]) -> None:
    store = talked([(0, request_)])
    assert copied(store, 1, "curl", True).text is None
    assert copied(store, 1, "fetch", True).text is None
