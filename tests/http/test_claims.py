"""What a token's header and claims say at a packet's time."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from netviz.http.claims import findings
from netviz.http.exchange import Head
from netviz.http.tokens import Token, tokens_in

HeadOf = Callable[[bytes], Head]
NOW = 1_700_000_000


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def token(head_of: HeadOf, header: dict[str, object], payload: dict[str, object], key: bytes | None = b"key") -> Token:
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, payload))
    signature = encoded(hmac.digest(key, signed.encode(), hashlib.sha256)) if key else ""
    head = head_of(f"GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {signed}.{signature}\r\n\r\n".encode())
    return tokens_in(head, NOW * 10**9)[0]


FULL: dict[str, object] = {"iss": "i", "aud": "a", "exp": NOW + 60, "iat": NOW}


@pytest.mark.parametrize(
    ("header", "payload", "key", "expected"),
    [
        ({"alg": "HS256"}, FULL, b"key", {"alg-shared": None, "valid": 60}),
        ({"alg": "RS256"}, FULL, b"key", {"alg-public": None, "valid": 60}),
        ({"alg": "none"}, FULL, None, {"alg-none": None, "valid": 60}),
        ({"alg": "HS256"}, FULL, None, {"no-signature": None, "valid": 60}),
        ({"alg": "XX"}, FULL, b"key", {"alg-unknown": None, "valid": 60}),
        ({"alg": "HS256"}, FULL | {"exp": NOW - 5}, b"key", {"alg-shared": None, "expired": 5}),
        ({"alg": "HS256"}, FULL | {"nbf": NOW + 9}, b"key", {"alg-shared": None, "valid": 60, "not-yet": 9}),
        ({"alg": "HS256"}, FULL | {"iat": NOW + 9}, b"key", {"alg-shared": None, "valid": 60, "iat-future": 9}),
        ({"alg": "HS256"}, {"sub": "x"}, b"key", {"alg-shared": None, "no-exp": None, "no-aud": None, "no-iss": None}),
        (
            {"alg": "HS256"}, FULL | {"exp": NOW + 200_000}, b"key",
            {"alg-shared": None, "valid": 200_000, "long-lived": 200_000},
        ),
        ({"alg": "HS256"}, FULL | {"exp": 10**400}, b"key", {"alg-shared": None, "valid": 10**15, "long-lived": 10**15}),
    ],
)  # fmt: skip
def test_findings(
    head_of: HeadOf,
    header: dict[str, object],
    payload: dict[str, object],
    key: bytes | None,
    expected: dict[str, object],
) -> None:
    found = findings(token(head_of, header, payload, key), NOW * 10**9)
    assert {each.key: each.seconds for each in found} == expected
