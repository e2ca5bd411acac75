"""Messages of which two readers may disagree on the length: both readings are told."""

from typing import Any

import pytest

from netviz.http.smuggling import ambiguity

CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("fields", "body", "lengths", "chunks", "signs"),
    [
        (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", CHUNKS, ("4",), len(CHUNKS), ("both-lengths",)),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello", ("5", "6"), None, ("differing-lengths",)),
        (b"Transfer-Encoding : chunked\r\n", CHUNKS, (), len(CHUNKS), ("space-before-colon",)),
    ],
)
def test_both_lengths_are_told(
    talk: Any, fields: bytes, body: bytes, lengths: tuple[str, ...], chunks: int | None, signs: tuple[str, ...]
) -> None:
    conversation = talk().client(b"POST / HTTP/1.1\r\nHost: h\r\n" + fields + b"\r\n" + body).end()
    message = conversation.exchanges[0].request
    found = ambiguity(message, conversation.head(message))
    assert found is not None
    assert (found.by_length, found.by_chunks) == (lengths, chunks)
    assert set(signs) <= set(found.signs)


def test_a_plain_message_is_not_ambiguous(talk: Any) -> None:
    conversation = talk().client(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok").end()
    message = conversation.exchanges[0].request
    assert ambiguity(message, conversation.head(message)) is None
