"""Which response headers a script may read (Fetch 2.2.2, CORS-safelisted response-header names; R51 to R54)."""

from functools import lru_cache
from typing import Final, NamedTuple

from netviz.cors.answer.answer import listed
from netviz.cors.request.safelist import is_token

SAFE_RESPONSE_HEADERS: Final = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
)
FORBIDDEN_RESPONSE_HEADERS: Final = frozenset({"set-cookie", "set-cookie2"})


class Exposure(NamedTuple):
    """Header names in lower case, in order of appearance."""

    readable: tuple[str, ...]
    hidden: tuple[str, ...]
    unsure: tuple[str, ...] = ()
    """Readable without credentials only (`*`), and the mode is not known."""


@lru_cache(maxsize=4096)
def exposure(names: tuple[str, ...], expose_headers: str | None, include: bool | None) -> Exposure:
    """What of a CORS response's header names a script may read.

    `include` is the credentials mode; None: not known. Where the list does not parse, nothing is exposed by it.
    """
    named = {name.lower() for name in listed(expose_headers)}
    if not all(map(is_token, named)):
        named = set()
    sure = SAFE_RESPONSE_HEADERS | named
    readable = [name for name in names if name in sure and name not in FORBIDDEN_RESPONSE_HEADERS]
    others = [name for name in names if name not in sure and name not in FORBIDDEN_RESPONSE_HEADERS]
    never = [name for name in names if name in FORBIDDEN_RESPONSE_HEADERS]
    if "*" not in named or include is True:
        return Exposure(tuple(readable), tuple(others + never))
    if include is None and others:
        return Exposure(tuple(readable), tuple(never), tuple(others))
    return Exposure(tuple(name for name in names if name not in FORBIDDEN_RESPONSE_HEADERS), tuple(never))


@lru_cache(maxsize=4096)
def same_origin_exposure(names: tuple[str, ...]) -> Exposure:
    """What a script of the same origin may read: all but the cookies."""
    hidden = tuple(name for name in names if name in FORBIDDEN_RESPONSE_HEADERS)
    return Exposure(tuple(name for name in names if name not in FORBIDDEN_RESPONSE_HEADERS), hidden)
