"""What a block of fields says about framing, and which fields it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http import fields
from netviz.http.fields import NOT_GIVEN, read_framing

BLOCKS: list[tuple[bytes, int, bool, bool, tuple[str, ...]]] = [
    (b"", NOT_GIVEN, False, False, ()),
    (b"\r\nHost: h", NOT_GIVEN, False, False, ()),
    (b"\r\nHost: h\r\nContent-Length: 12", 12, False, False, ()),
    (b"\r\ncontent-LENGTH:12 ", 12, False, False, ()),
    (b"\r\nX-Content-Length: 12", NOT_GIVEN, False, False, ()),
    (b"\r\nX: Content-Length: 12", NOT_GIVEN, False, False, ()),
    (b"\r\nTransfer-Encoding: chunked", NOT_GIVEN, True, True, ()),
    (b"\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked", NOT_GIVEN, True, True, ()),
    (b"\r\nTransfer-Encoding: chunked, gzip", NOT_GIVEN, True, False, ("chunked-not-last",)),
    (b"\r\nTransfer-Encoding: gzip", NOT_GIVEN, True, False, ("not-chunked",)),
    (b"\r\nTransfer-Encoding: chunked, chunked", NOT_GIVEN, True, True, ("repeated-chunked",)),
    (b"\r\nTransfer-Encoding: chunked\r\nContent-Length: 5", 5, True, True, ("both-lengths",)),
    (b"\r\nContent-Length: 5\r\nContent-Length: 5", 5, False, False, ("repeated-length",)),
    (b"\r\nContent-Length: 5\r\nContent-Length: 6", 5, False, False, ("differing-lengths",)),
    (b"\r\nContent-Length: x", NOT_GIVEN, False, False, ("bad-length",)),
    (b"\nContent-Length: 5\nHost: h", 5, False, False, ("bare-lf",)),
    (b"\r\nContent-Length : 5", 5, False, False, ("space-before-colon",)),
    (b"\r\nX: a\r\n Content-Length: 5", NOT_GIVEN, False, False, ("obs-fold",)),
    (b"\r\nContent-Length:\r\n\t5", 5, False, False, ("obs-fold",)),
    (b"\r\nnonsense\r\nHost: h", NOT_GIVEN, False, False, ("no-colon",)),
    (b"\r\nX: a\0b", NOT_GIVEN, False, False, ("nul",)),
    (b"\r\nX: a\rContent-Length: 5", NOT_GIVEN, False, False, ("bare-cr",)),
]


@pytest.mark.parametrize(("block", "length", "coded", "chunked", "marks"), BLOCKS, ids=[repr(b[0]) for b in BLOCKS])
def test_framing(block: bytes, length: int, coded: bool, chunked: bool, marks: tuple[str, ...]) -> None:
    found = read_framing(block)
    assert (found.length, found.coded, found.chunked, found.violations) == (length, coded, chunked, marks)
    assert found.tidy == ("bare-lf" not in marks)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (b"Origin: http://a", fields.ORIGIN),
        (b"referer: http://a/", fields.REFERER),
        (b"Sec-Fetch-Mode: cors", fields.SEC_FETCH),
        (b"Cookie: a=b", fields.COOKIE),
        (b"Access-Control-Request-Method: PUT", fields.AC_REQUEST_METHOD),
        (b"Authorization: Basic eA==", fields.AUTHORIZATION),
        (b"Set-Cookie: a=b", fields.SET_COOKIE),
        (b"Upgrade: websocket", fields.UPGRADE),
        (b"Expect: 100-Continue", fields.EXPECT),
        (b"Expect: something", 0),
        (b"X-Origin: http://a", 0),
    ],
)
def test_hints_say_which_fields_are_there(line: bytes, hint: int) -> None:
    assert read_framing(b"\r\nHost: h\r\n" + line).hints == hint


def test_fields_are_counted() -> None:
    assert read_framing(b"\r\nA: b\r\nC: d\r\nA: e").fields == 3


@given(st.binary(max_size=200))
def test_any_block_gives_an_answer(block: bytes) -> None:
    found = read_framing(b"\r\n" + block)
    assert found.length >= NOT_GIVEN
    assert len(set(found.violations)) == len(found.violations)
