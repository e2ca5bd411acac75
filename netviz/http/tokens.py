"""Tokens in messages: JSON Web Tokens (RFC 7519) wherever they are, Bearer and Basic credentials (RFC 6750, RFC 7617).

A JWT is encoded, not encrypted: whoever sees the packet can read it, and so can this. Signatures are measured, never
checked. Everything found here is a secret: `secrets.py` covers it.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from netviz.http.cookies import sent_cookies
from netviz.http.exchange import Head
from netviz.http.uri import query_pairs
from netviz.model.evidence import Evidence

_JWT: Final = re.compile(
    r"(?<![A-Za-z0-9_\-.])(e[yw][A-Za-z0-9_\-]+)\.(e[A-Za-z0-9_\-]+)\.([A-Za-z0-9_\-]*)(?![A-Za-z0-9_\-.])"
)
_MOST_TOKENS: Final = 64
"""Tokens listed of one message; nobody sends more, and each is parsed."""

_MOST_TEXT: Final = 1 << 20
"""Characters of a body that are searched for tokens."""


class Claim(NamedTuple):
    """A moment in a token's payload, in seconds since the epoch; None where it is missing or no number."""

    name: str
    moment: float | None


@dataclass(frozen=True, slots=True)
class Token:
    """One JSON Web Token."""

    where: str
    """Where it was found: `Authorization`, `Cookie: name`, `query: name`, `body`, or the name of a header."""

    text: str
    """As it was sent. A secret."""

    header: dict[str, object]
    payload: dict[str, object]
    signature_bytes: int
    valid_at_packet_time: bool | None
    """Whether exp and nbf allow the packet's time; None where the token has neither."""

    at: Evidence | None
    """The field it was found in; None in a body."""

    @property
    def signature(self) -> bytes:
        """The signature's bytes."""
        return _bytes(self.text.rpartition(".")[2]) or b""

    @property
    def claims(self) -> list[Claim]:
        """exp, nbf and iat, as moments."""
        return [Claim(name, _moment(self.payload.get(name))) for name in ("exp", "nbf", "iat")]


@dataclass(frozen=True, slots=True)
class Credentials:
    """An Authorization field taken apart. `user` and `password` are secrets, known for Basic alone."""

    scheme: str
    value: str
    user: str | None = None
    password: str | None = None


def credentials(value: str) -> Credentials:
    """Scheme and what follows it; Basic is decoded where it is base64 with a colon in it."""
    scheme, _, rest = value.partition(" ")
    rest = rest.strip()
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(rest, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return Credentials(scheme, rest)
        user, colon, password = text.partition(":")
        if colon:
            return Credentials(scheme, rest, user, password)
    return Credentials(scheme, rest)


def tokens_in(head: Head, now: int, body: str = "") -> list[Token]:
    """All JSON Web Tokens of a message, each once. `now`: the packet's time in nanoseconds since the epoch."""
    found: dict[tuple[str, str], Token] = {}
    for where, text, at in _places(head, body):
        for match in _JWT.finditer(text):
            token = _token(match, where, now, at)
            if token is not None and len(found) < _MOST_TOKENS:
                found.setdefault((where, token.text), token)
    return list(found.values())


def _places(head: Head, body: str) -> Iterator[tuple[str, str, Evidence | None]]:
    _, mark, query = head.target.partition("?")
    for name, value in query_pairs(query) if mark else ():
        yield f"query: {name}", value, head.line_at
    for pair in sent_cookies(head):
        yield f"Cookie: {pair.name}", pair.value, pair.at
    for header in head.headers:
        if header.name.lower() != "cookie":
            yield header.name, header.value, header.value_at
    if body:
        yield "body", body[:_MOST_TEXT], None


def _token(match: re.Match[str], where: str, now: int, at: Evidence | None) -> Token | None:
    header, payload = _json(match[1]), _json(match[2])
    if header is None or payload is None or "alg" not in header:
        return None
    signature = _bytes(match[3])
    if signature is None:
        return None
    return Token(where, match[0], header, payload, len(signature), _valid(payload, now), at)


def _bytes(part: str) -> bytes | None:
    """base64url without padding (RFC 7515 2)."""
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return None


def _json(part: str) -> dict[str, object] | None:
    raw = _bytes(part)
    try:
        value = json.loads(raw) if raw is not None else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _valid(payload: dict[str, object], now: int) -> bool | None:
    """RFC 7519 4.1.4 and 4.1.5: before exp, not before nbf."""
    expires, begins = _moment(payload.get("exp")), _moment(payload.get("nbf"))
    if expires is None and begins is None:
        return None
    seconds = now / 1e9
    return (expires is None or seconds < expires) and (begins is None or seconds >= begins)


def _moment(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A number too large for a float is far beyond any moment, and inf compares as that.
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
