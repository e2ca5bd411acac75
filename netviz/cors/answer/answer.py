"""What one response says to CORS, as plain values: the ground on which the rules of `rules.py` are tested.

Values are as received, several fields of one name joined as RFC 9110 5.2 says; None where a header is absent. Equal
answers are equal values, so each distinct one is assessed once.
"""

from typing import NamedTuple


class Answer(NamedTuple):
    """A response as far as access control looks at it, with what the request had asked."""

    origin: str
    """The request's Origin, byte for byte."""

    status: int
    allow_origin: str | None
    allow_credentials: str | None
    after_preflight: bool = False
    """The response answers a request that a preflight had let through."""

    allow_methods: str | None = None
    allow_headers: str | None = None
    method: str = ""
    """Access-Control-Request-Method, of a preflight."""

    headers: tuple[str, ...] = ()
    """Names of Access-Control-Request-Headers, in lower case, in order."""

    wildcard_covers_authorization: bool = True
    redirects: bool = False
    """A redirect status with a Location; a preflight may not be redirected (R27)."""


def listed(value: str | None) -> list[str]:
    """Elements of a comma-separated field; empty elements do not count (RFC 9110 5.6.1.2)."""
    if value is None:
        return []
    return [part for part in (piece.strip(" \t") for piece in value.split(",")) if part]
