"""A head taken apart: every name and value with the packet and the bytes that carry it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.exchange import Head, Message
from netviz.http.head import read_head
from netviz.model.evidence import Evidence, Span
from netviz.model.limits import Limits

REQUEST = b"POST /a?b=c HTTP/1.1\r\nHost: example.test\r\nOrigin:\thttp://a.test \r\nCookie: x=1\r\ncookie: y=2\r\n\r\n"


def bytes_at(talk: Any, at: Evidence) -> bytes:
    assert at.span is not None
    found: bytes = talk.packets[at.packet - 1][at.span.start : at.span.end]
    return found


def test_every_part_lies_where_it_says(talk: Any) -> None:
    conversation = talk().client(REQUEST)
    head = conversation.head(conversation.exchanges[0].request)
    assert (head.method, head.target, head.version, head.status) == ("POST", "/a?b=c", "HTTP/1.1", 0)
    assert bytes_at(conversation, head.line_at) == b"POST /a?b=c HTTP/1.1"
    assert [(header.name, header.value) for header in head.headers] == [
        ("Host", "example.test"), ("Origin", "http://a.test"), ("Cookie", "x=1"), ("cookie", "y=2"),
    ]  # fmt: skip
    for header in head.headers:
        assert bytes_at(conversation, header.name_at) == header.name.encode()
        assert bytes_at(conversation, header.value_at) == header.value.encode()
    assert head.get("COOKIE") == "x=1, y=2"
    assert head.get("Accept") is None


@pytest.mark.parametrize("cut_at", range(1, len(REQUEST)))
def test_a_head_over_two_packets_names_the_packet_of_each_part(talk: Any, cut_at: int) -> None:
    conversation = talk().client(REQUEST[:cut_at]).client(REQUEST[cut_at:])
    head = conversation.head(conversation.exchanges[0].request)
    assert [header.value for header in head.headers] == ["example.test", "http://a.test", "x=1", "y=2"]
    for header in head.headers:
        begin = REQUEST.index(header.value.encode())
        assert header.value_at.packet == (1 if begin < cut_at else 2)
        assert header.value.encode().startswith(bytes_at(conversation, header.value_at))
        assert bytes_at(conversation, header.value_at)


def test_a_response(head_of: Callable[[bytes], Head]) -> None:
    head = head_of(b"HTTP/1.1 404 Nothing to see here \r\nX:\r\n\r\n")
    assert (head.method, head.target, head.status, head.reason) == ("", "", 404, "Nothing to see here")
    assert [(header.name, header.value) for header in head.headers] == [("X", "")]


@pytest.mark.parametrize(
    ("line", "headers", "mark"),
    [
        (b"A : b", [("A", "b")], "space-before-colon"),
        (b"A: b\r\n c\r\n\td", [("A", "b c d")], "obs-fold"),
        (b"A:\r\n b", [("A", "b")], "obs-fold"),
        (b"nonsense\r\nA: b", [("A", "b")], "no-colon"),
        (b"A: b\x01c", [("A", "b\x01c")], "control-in-value"),
        (b"A(: b", [("A(", "b")], "bad-field-name"),
        (b": b", [("", "b")], "bad-field-name"),
        (b" A: b", [("A", "b")], "space-before-name"),
        (b"A: b\nC: d", [("A", "b"), ("C", "d")], "bare-lf"),
    ],
)
def test_what_is_wrong_is_marked_and_read(
    head_of: Callable[[bytes], Head], line: bytes, headers: list[tuple[str, str]], mark: str
) -> None:
    head = head_of(b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n")
    assert [(header.name, header.value) for header in head.headers] == headers
    assert mark in head.violations


def test_texts_are_utf_8_where_they_are_that(head_of: Callable[[bytes], Head]) -> None:
    head = head_of("GET /가 HTTP/1.1\r\nA: 나\r\n".encode() + b"B: \xe9\r\n\r\n")
    assert (head.target, head.get("A"), head.get("B")) == ("/가", "나", "é")


def test_fields_are_bounded() -> None:
    text = b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 9 + b"\r\n"
    head = read_head(message(), [(4, 10, text)], Limits(message_headers=5))
    assert len(head.headers) == 5
    assert "too-many-fields" in head.violations


def test_bytes_that_lie_in_no_frame_have_no_span() -> None:
    head = read_head(message(), [(4, None, REQUEST)])
    assert head.line_at == Evidence(5, None)
    assert head.headers[0].value_at == Evidence(5, None)


def test_the_same_fields_elsewhere_have_other_spans() -> None:
    first, second = (read_head(message(), [(row, row * 100, REQUEST)]) for row in (1, 2))
    assert first.headers[0].name_at == Evidence(2, Span(122, 126))
    assert second.headers[0].name_at == Evidence(3, Span(222, 226))


def message() -> Message:
    return Message("request", 0, 0, (), 0, 0, 0, "GET")


@given(
    st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, 99)), st.binary(max_size=50)), max_size=4)
)
def test_any_bytes_give_a_head_whose_spans_stay_in_their_packets(pieces: list[tuple[int, int | None, bytes]]) -> None:
    head = read_head(message(), pieces)
    for at in (head.line_at, *(each for header in head.headers for each in (header.name_at, header.value_at))):
        if at.span is not None:
            assert any(
                row + 1 == at.packet
                and start is not None
                and start <= at.span.start <= at.span.end <= start + len(data)
                for row, start, data in pieces
            )
