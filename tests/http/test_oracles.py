"""h11 and httptools read the same well-formed streams, and find the same messages."""

from typing import Any

import h11
import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.oracle

NAMES = st.sampled_from(["Accept", "X-A", "Cookie", "ETag", "Via", "Content-Type"])
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=4)
CONTENT = st.binary(max_size=60)
REQUESTS = st.tuples(st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS"]), FIELDS, CONTENT, st.booleans())
RESPONSES = st.tuples(st.sampled_from([200, 201, 204, 304, 404, 500]), FIELDS, CONTENT, st.booleans())


def framed(content: bytes, chunked: bool) -> tuple[list[tuple[str, str]], bytes]:
    if not chunked:
        return [("Content-Length", str(len(content)))], content
    halves = [part for part in (content[: len(content) // 2], content[len(content) // 2 :]) if part]
    return [("Transfer-Encoding", "chunked")], b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in halves) + b"0\r\n\r\n"


def message(line: str, fields: list[tuple[str, str]], content: bytes, chunked: bool, has_body: bool) -> bytes:
    lengths, body = framed(content, chunked) if has_body else ([], b"")
    lines = [line, "Host: h", *(f"{name}: {value}" for name, value in (*fields, *lengths))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Seen:
    """What httptools calls back with."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[list[tuple[str, str]]] = []
        self.whole = 0

    def on_message_begin(self) -> None:
        self.bodies.append(b"")
        self.headers.append([])

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[-1].append((name.decode(), value.decode()))

    def on_body(self, body: bytes) -> None:
        self.bodies[-1] += body

    def on_message_complete(self) -> None:
        self.whole += 1


@given(st.lists(st.tuples(REQUESTS, RESPONSES), min_size=1, max_size=4))
def test_httptools_finds_the_same_messages(talk: Any, pairs: list[Any]) -> None:
    requests = [message(f"{r[0]} /{n} HTTP/1.1", r[1], r[2], r[3], r[0] != "GET") for n, (r, _) in enumerate(pairs)]
    responses = [message(f"HTTP/1.1 {s[0]} X", s[1], s[2], s[3], s[0] not in (204, 304)) for _, s in pairs]
    conversation = talk().client(b"".join(requests)).server(b"".join(responses))
    for kind, parser, stream in (
        ("request", httptools.HttpRequestParser, requests),
        ("response", httptools.HttpResponseParser, responses),
    ):
        seen = Seen()
        parser(seen).feed_data(b"".join(stream))
        found = [getattr(each, kind) for each in conversation.exchanges]
        assert [each.body_bytes for each in found] == [len(body) for body in seen.bodies]
        assert sum(each.complete for each in found) == seen.whole == len(pairs)
        heads = [conversation.head(each) for each in found]
        assert [[(header.name, header.value) for header in head.headers] for head in heads] == seen.headers


@given(REQUESTS, RESPONSES)
def test_h11_reads_the_same_exchange(talk: Any, request_: Any, response: Any) -> None:
    method, fields, content, chunked = request_
    asked = message(f"{method} /x HTTP/1.1", fields, content, chunked, method != "GET")
    status, more, answer, coded = response
    answered = message(f"HTTP/1.1 {status} X", more, answer, coded, status not in (204, 304))
    conversation = talk().client(asked).server(answered)
    (exchange,) = conversation.exchanges
    server = h11.Connection(h11.SERVER)
    assert events(server, asked) == (method, exchange.request.body_bytes)
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/x", headers=[("Host", "h")]))
    client.send(h11.EndOfMessage())
    assert events(client, answered) == (status, exchange.response.body_bytes)
    assert exchange.request.complete and exchange.response.complete


def events(connection: h11.Connection, data: bytes) -> tuple[object, int]:
    connection.receive_data(data)
    what: object = None
    size = 0
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            what = event.method.decode()
        elif isinstance(event, h11.Response):
            what = event.status_code
        elif isinstance(event, h11.Data):
            size += len(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return what, size
        else:
            raise AssertionError(f"h11 did not find the end: {event}")
