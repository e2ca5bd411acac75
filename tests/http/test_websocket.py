"""The opening handshake: RFC 6455's own example, and each way in which one can be wrong."""

import pytest

from netviz.http.exchange import Head, Message
from netviz.http.head import read_head
from netviz.http.websocket import Deflate, accept_of, extensions_of, is_websocket, upgrade_of

KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
REQUEST = {
    "Host": "server.example.com", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": KEY,
    "Origin": "http://example.com", "Sec-WebSocket-Protocol": "chat, superchat", "Sec-WebSocket-Version": "13",
}  # fmt: skip
RESPONSE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": ACCEPT, "Sec-WebSocket-Protocol": "chat",
}  # fmt: skip

DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate"}


def head(first: str, fields: dict[str, str | None]) -> Head:
    lines = [first, *(f"{name}: {value}" for name, value in fields.items() if value is not None)]
    data = ("\r\n".join(lines) + "\r\n\r\n").encode()
    kind = "response" if first.startswith("HTTP/") else "request"
    return read_head(Message(kind, 0, 0, (), 0, 0, 0, "GET", 0), [(0, 0, data)])  # type: ignore[arg-type]


def test_the_example_of_the_rfc() -> None:
    assert accept_of(KEY) == ACCEPT
    found = upgrade_of(head("GET /chat HTTP/1.1", REQUEST), head("HTTP/1.1 101 Switching Protocols", RESPONSE))
    assert (found.is_accepted, found.expected, found.faults) == (True, ACCEPT, ())
    assert (found.protocols, found.protocol, found.origin) == (("chat", "superchat"), "chat", "http://example.com")


@pytest.mark.parametrize(
    ("start", "request_", "status", "response", "faults"),
    [
        ("GET", {}, 101, {"Sec-WebSocket-Accept": None}, ("no-accept",)),
        ("GET", {}, 101, {"Sec-WebSocket-Accept": ACCEPT.lower()}, ("accept",)),
        ("GET", {"Sec-WebSocket-Key": None}, 101, {}, ("key", "accept")),
        ("GET", {"Sec-WebSocket-Key": "c2hvcnQ="}, 400, {}, ("key", "refused")),
        ("GET", {"Sec-WebSocket-Key": "not base64!"}, 400, {}, ("key", "refused")),
        ("GET", {"Sec-WebSocket-Version": "8"}, 426, {}, ("version", "refused")),
        ("POST", {}, 101, {}, ("method",)),
        ("GET", {}, 101, {"Sec-WebSocket-Protocol": "other"}, ("protocol",)),
        ("GET", {}, 101, DEFLATE, ("extension",)),
        ("GET", DEFLATE, 101, DEFLATE, ()),
    ],
)  # fmt: skip
def test_each_fault_has_a_name(start, request_, status, response, faults) -> None:
    asked = head(f"{start} /chat HTTP/1.1", REQUEST | request_)
    found = upgrade_of(asked, head(f"HTTP/1.1 {status} x", RESPONSE | response))
    assert found.faults == faults
    assert found.is_accepted == (status == 101 and not {"accept", "no-accept"} & {*faults})


def test_an_answer_that_has_not_come_is_no_fault() -> None:
    found = upgrade_of(head("GET / HTTP/1.1", REQUEST), None)
    assert not found.faults and not found.is_accepted


@pytest.mark.parametrize(
    ("value", "is_so"), [("websocket", True), ("WebSocket", True), ("h2c, websocket", True), ("h2c", False)]
)
def test_what_asks_for_websocket(value: str, is_so: bool) -> None:
    assert is_websocket(head("GET / HTTP/1.1", {"Upgrade": value})) == is_so
    assert not is_websocket(None)


@pytest.mark.parametrize(
    ("value", "deflate"),
    [
        ("permessage-deflate", Deflate()),
        ("permessage-deflate; client_no_context_takeover; server_max_window_bits=10", Deflate(15, 10, True, False)),
        ('permessage-deflate; client_max_window_bits="9"; server_no_context_takeover', Deflate(9, 15, False, True)),
        ("permessage-deflate; server_max_window_bits=99", Deflate()),
        ("x-other; a=b", None),
    ],
)
def test_parameters_of_the_compression(value: str, deflate: Deflate | None) -> None:
    response = head("HTTP/1.1 101 x", RESPONSE | {"Sec-WebSocket-Extensions": value})
    assert upgrade_of(head("GET / HTTP/1.1", REQUEST), response).deflate == deflate
    assert extensions_of(value)[0].name in ("permessage-deflate", "x-other")
