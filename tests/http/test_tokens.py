"""Tokens are found where they are, read, measured, and never trusted."""

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.exchange import Head
from netviz.http.tokens import credentials, tokens_in

NOW = 1_763_859_600


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(payload: object, header: object = None, signature: bytes = b"s" * 32) -> str:
    sealed = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    return f"{encoded(header or {'alg': 'HS256', 'typ': 'JWT'})}.{encoded(payload)}.{sealed}"


def found(head_of: Callable[[bytes], Head], lines: str, target: str = "/", body: str = ""):  # type: ignore[no-untyped-def]
    head = head_of(f"GET {target} HTTP/1.1\r\n{lines}\r\n".encode())
    return tokens_in(head, NOW * 1_000_000_000, body)


def test_a_token_is_read(head_of: Callable[[bytes], Head]) -> None:
    (one,) = found(head_of, f"Authorization: Bearer {token({'sub': 'kim', 'iat': 5})}\r\n")
    assert (one.where, one.header["alg"], one.payload["sub"], one.signature_bytes) == (
        "Authorization",
        "HS256",
        "kim",
        32,
    )
    assert one.valid_at_packet_time is None
    assert [claim.moment for claim in one.claims] == [None, None, 5.0]
    assert one.at is not None and one.at.packet == 1


@pytest.mark.parametrize(
    ("lines", "target", "body", "where"),
    [
        ("Authorization: Bearer {}\r\n", "/", "", "Authorization"),
        ("Cookie: a=b; session={}\r\n", "/", "", "Cookie: session"),
        ("X-Auth: {}\r\n", "/", "", "X-Auth"),
        ("", "/?access_token={}", "", "query: access_token"),
        ("", "/", '{{"token": "{}"}}', "body"),
    ],
)
def test_where_tokens_are(head_of: Callable[[bytes], Head], lines: str, target: str, body: str, where: str) -> None:
    text = token({"a": 1})
    (one,) = found(head_of, lines.format(text), target.format(text), body.format(text))
    assert (one.where, one.text) == (where, text)


@pytest.mark.parametrize(
    ("payload", "valid"),
    [
        ({"exp": NOW + 1}, True),
        ({"exp": NOW}, False),
        ({"nbf": NOW}, True),
        ({"nbf": NOW + 1}, False),
        ({"nbf": NOW - 9, "exp": NOW + 9}, True),
        ({"nbf": NOW + 9, "exp": NOW + 99}, False),
        ({"exp": "tomorrow"}, None),
        ({"exp": True}, None),
        ({"exp": 10**400}, True),
        ({"iat": 1}, None),
        ({}, None),
    ],
)
def test_validity_at_the_packets_time(head_of: Callable[[bytes], Head], payload: object, valid: bool | None) -> None:
    (one,) = found(head_of, f"Authorization: Bearer {token(payload)}\r\n")
    assert one.valid_at_packet_time is valid


def test_no_signature_is_none(head_of: Callable[[bytes], Head]) -> None:
    (one,) = found(head_of, f"Authorization: Bearer {token({'a': 1}, {'alg': 'none'}, b'')}\r\n")
    assert (one.header["alg"], one.signature_bytes) == ("none", 0)


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJhIjox.c2ln", "eyJ.eyJ.x", "abc.def.ghi", token([1]), token({"a": 1}, {"typ": "JWT"}),
        f"{token({'a': 1})}.fourth.fifth", f"x{token({'a': 1})}",
    ],
)  # fmt: skip
def test_what_is_no_token(head_of: Callable[[bytes], Head], text: str) -> None:
    assert found(head_of, f"X: {text}\r\n") == []


def test_each_token_is_listed_once_for_each_place(head_of: Callable[[bytes], Head]) -> None:
    text = token({"a": 1})
    listed = found(head_of, f"X: {text} {text}\r\nY: {text}\r\n")
    assert [one.where for one in listed] == ["X", "Y"]
    many = "".join(f"X: {token({'n': n})}\r\n" for n in range(90))
    assert len(found(head_of, many)) == 64


def test_credentials() -> None:
    basic = credentials("Basic " + base64.b64encode(b"kim:a:b").decode())
    assert (basic.scheme, basic.user, basic.password) == ("Basic", "kim", "a:b")
    assert credentials("basic   eDp5").user == "x"
    for value in ("Basic !!!", "Basic " + base64.b64encode(b"no colon").decode(), "Bearer x", "", "Basic"):
        assert credentials(value).user is None


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
def test_any_value_never_raises(head_of: Callable[[bytes], Head], text: str) -> None:
    credentials(text)
    found(head_of, f"Authorization: {text}\r\nCookie: {text}\r\n", body=f"eyJ{text}.eyJ{text}.{text}")
