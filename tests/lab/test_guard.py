"""Who may talk to a lab's servers: right names only, bodies of a bounded length, no file but those of the lab."""

import os
import socket

import pytest

from netviz.lab.guard import serving_here
from netviz.lab.here import ADDRESS, free_port
from netviz.lab.web import LONGEST_BODY, Answer, Asked

_FIRST_PORT = 20_000 + os.getpid() % 20_000
"""Of each test process its own."""


def site(asked: Asked) -> Answer:
    return Answer(200, str(int(asked.body or b"1")).encode())


def status(port: int, request: str) -> str:
    """Status of the answer to a request as it stands, {port} filled in."""
    with socket.create_connection((ADDRESS, port), timeout=5) as client:
        client.sendall(request.replace("{port}", str(port)).replace("\n", "\r\n").encode())
        return client.makefile("rb").readline().decode().split(" ")[1]


@pytest.mark.parametrize(
    ("request_text", "answer"),
    [
        ("GET / HTTP/1.1\nHost: localhost:{port}\n\n", "200"),
        ("GET / HTTP/1.1\nHost: LOCALHOST:{port}\n\n", "200"),
        ("GET / HTTP/1.1\nHost: 127.0.0.1:{port}\n\n", "200"),
        ("GET / HTTP/1.1\nHost: localhost\n\n", "421"),
        ("GET / HTTP/1.1\nHost: rebound.example:{port}\n\n", "421"),
        ("GET / HTTP/1.1\nHost: localhost:{port}\nHost: rebound.example\n\n", "421"),
        ("GET / HTTP/1.1\n\n", "421"),
        ("POST / HTTP/1.1\nHost: localhost:{port}\nContent-Length: 2\n\n12", "200"),
        ("POST / HTTP/1.1\nHost: localhost:{port}\nContent-Length: 2\n\nxx", "400"),
        (f"POST / HTTP/1.1\nHost: localhost:{{port}}\nContent-Length: {LONGEST_BODY + 1}\n\n", "413"),
        ("POST / HTTP/1.1\nHost: localhost:{port}\nContent-Length: -1\n\n", "413"),
        ("POST / HTTP/1.1\nHost: localhost:{port}\nTransfer-Encoding: chunked\n\n0\n\n", "413"),
    ],
)
def test_only_what_means_this_server_is_answered(request_text: str, answer: str) -> None:
    port = free_port(_FIRST_PORT)
    with serving_here(port, site):
        assert status(port, request_text) == answer


def test_a_server_listens_on_loopback_only() -> None:
    port = free_port(_FIRST_PORT)
    with serving_here(port, site) as servers:
        assert {server.server_address[0] for server in servers} <= {"127.0.0.1", "::1"}
