"""Bodies: chunks joined, codings undone, and why a body is not whole."""

import gzip
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.body import read_body
from netviz.http.exchange import Body
from netviz.model.limits import LimitCounter, Limits

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


def body_of(talk: Any, head: bytes, parts: list[bytes | int], limits: Limits | None = None) -> Body:
    """Body of a response; a number is a gap of that many bytes."""
    conversation = talk().client(GET).server(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
    for part in parts:
        conversation = conversation.lost(1, part) if isinstance(part, int) else conversation.server(part)
    message = conversation.end().exchanges[0].response
    seen = b"".join(part for part in parts if isinstance(part, bytes))
    raw = seen[: message.body_end - message.body_start - message.missing]
    return read_body(message, conversation.head(message), raw, limits or Limits(), LimitCounter())


def test_chunks_are_joined(talk: Any) -> None:
    body = body_of(talk, b"Transfer-Encoding: chunked", [b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"])
    assert (body.raw, body.content, body.coding, body.problem) == (b"abcde", b"abcde", "", "")


def test_content_codings_are_undone_from_the_last_to_the_first(talk: Any) -> None:
    coded = zlib.compress(gzip.compress(b"hello"))
    body = body_of(talk, b"Content-Encoding: gzip, deflate\r\nContent-Length: %d" % len(coded), [coded])
    assert (body.raw, body.content, body.coding, body.problem) == (coded, b"hello", "gzip, deflate", "")


def test_a_transfer_coding_under_chunks(talk: Any) -> None:
    coded = gzip.compress(b"hello")
    body = body_of(talk, b"Transfer-Encoding: gzip, chunked", [b"%x\r\n%b\r\n0\r\n\r\n" % (len(coded), coded)])
    assert (body.raw, body.content, body.problem) == (b"hello", b"hello", "")


def test_a_body_cut_short(talk: Any) -> None:
    body = body_of(talk, b"Content-Length: 9", [b"hello"])
    assert (body.content, body.problem) == (b"hello", "cut-short")


def test_a_gap_in_coded_content_keeps_what_came_before(talk: Any) -> None:
    coded = gzip.compress(bytes(range(256)) * 40, 0)
    body = body_of(
        talk, b"Content-Encoding: gzip\r\nContent-Length: %d" % len(coded), [coded[:5000], 100, coded[5100:]]
    )
    assert body.problem == "gap"
    assert body.content and (bytes(range(256)) * 40).startswith(body.content)


def test_a_gap_inside_a_chunk_does_not_mix_framing_into_content(talk: Any) -> None:
    body = body_of(talk, b"Transfer-Encoding: chunked", [b"8\r\nabc", 2, b"fgh\r\n1\r\ni\r\n0\r\n\r\n"])
    assert (body.raw, body.problem) == (b"abcfghi", "gap")


def test_a_gap_over_chunk_framing_ends_the_content(talk: Any) -> None:
    body = body_of(talk, b"Transfer-Encoding: chunked", [b"3\r\nabc\r\n", 9, b"xyz\r\n0\r\n\r\n"])
    assert (body.raw, body.problem) == (b"abc", "gap")


def test_broken_chunks(talk: Any) -> None:
    body = body_of(talk, b"Transfer-Encoding: chunked", [b"3\r\nabc\r\nzzz\r\n"])
    assert (body.raw, body.problem) == (b"abc", "bad-chunk")


def test_a_bomb_is_refused_and_counted(talk: Any) -> None:
    coded = gzip.compress(bytes(1 << 22))
    conversation = talk().client(GET)
    conversation.server(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(coded) + coded)
    message = conversation.exchanges[0].response
    counter = LimitCounter()
    limits = Limits(body_decoded_bytes=1000)
    body = read_body(message, conversation.head(message), coded, limits, counter)
    assert (len(body.content), body.problem, counter.counts) == (1000, "bomb", {"body_decoded_bytes": 1})


@pytest.mark.parametrize("name", [b"compress", b"aes128gcm", b"x"])
def test_an_unknown_coding_leaves_the_bytes(talk: Any, name: bytes) -> None:
    body = body_of(talk, b"Content-Encoding: %b\r\nContent-Length: 3" % name, [b"abc"])
    assert (body.content, body.coding, body.problem) == (b"abc", name.decode(), "unknown-coding")


def test_a_hundred_codings_are_not_tried(talk: Any) -> None:
    body = body_of(talk, b"Content-Encoding: " + b"gzip," * 100 + b"gzip\r\nContent-Length: 3", [b"abc"])
    assert body.problem == "unknown-coding"


@given(
    st.sampled_from(
        [b"Transfer-Encoding: chunked", b"Content-Length: 30", b"Content-Encoding: gzip", b"Content-Encoding: br"]
    ),
    st.lists(st.one_of(st.binary(max_size=40), st.integers(1, 30)), max_size=5),
)
def test_any_body_gives_a_body(talk: Any, head: bytes, parts: list[bytes | int]) -> None:
    body = body_of(talk, head, parts, Limits(body_decoded_bytes=2000))
    assert len(body.content) <= 2000
