"""What needs no preflight: the methods and the request headers of Fetch 2.2.1 and 2.2.2, byte for byte (R9 to R21).

Names are compared in lower case. Values are text as received; lengths count bytes. Nothing here knows an exchange.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
NORMALIZED_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
"""Methods that the browser writes in capitals for the script (R10); all others go out as the script wrote them."""

FORBIDDEN_METHODS: Final = frozenset({"CONNECT", "TRACE", "TRACK"})
VALUE_LIMIT: Final = 128
VALUES_LIMIT: Final = 1024

SAFE_CONTENT_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
EXEMPT_CONTENT_TYPES: Final = frozenset(
    {
        "application/csp-report",
        "application/expect-ct-report+json",
        "application/xss-auditor-report",
        "application/ocsp-request",
    }
)
"""Reports that a browser sends by itself without asking first (R20)."""

_UNSAFE_BYTE: Final = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGE: Final = re.compile(r"[0-9A-Za-z *,\-.;=]*")
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_RANGE: Final = re.compile(r"bytes=([0-9]+)-([0-9]*)")

_CLIENT_HINTS: Final = frozenset(
    {"device-memory", "dpr", "width", "viewport-width", "rtt", "downlink", "ect", "save-data", "intervention"}
)
_FORBIDDEN: Final = frozenset(
    {
        "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
        "access-control-request-private-network", "connection", "content-length", "cookie", "cookie2", "date", "dnt",
        "expect", "host", "keep-alive", "origin", "referer", "set-cookie", "te", "trailer", "transfer-encoding",
        "upgrade", "via",
    }
)  # fmt: skip
_METHOD_OVERRIDES: Final = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})


@lru_cache(maxsize=1024)
def is_token(text: str) -> bool:
    """RFC 9110 5.6.2."""
    return _TOKEN.fullmatch(text) is not None


def byte_length(value: str) -> int:
    """Bytes of a value on the wire."""
    if value.isascii():
        return len(value)
    try:
        return len(value.encode("latin-1"))
    except UnicodeEncodeError:
        return len(value.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=4096)
def unsafe_because(name: str, value: str) -> str | None:
    """Number of the rule by which a header is not safelisted, or None where it is safe (Fetch 2.2.2).

    `name` in lower case. R12 also stands for a name that is not on the list, and for a value above 128 bytes.
    """
    if name in _CLIENT_HINTS or name.startswith("sec-ch-"):
        return None if name != "save-data" or value == "on" else "R21"
    check = _VALUE_CHECKS.get(name)
    if check is None or byte_length(value) > VALUE_LIMIT:
        return "R12"
    return check(value)


def is_listed(name: str) -> bool:
    """Whether values of the header can be safe at all (R12). `name` in lower case."""
    return name in _VALUE_CHECKS


def is_forbidden(name: str, value: str = "") -> bool:
    """Whether only the browser itself can set the header (R18). `name` in lower case."""
    if name in _FORBIDDEN or name.startswith(("proxy-", "sec-")):
        return True
    if name in _METHOD_OVERRIDES:
        return any(part.strip(" \t").upper() in FORBIDDEN_METHODS for part in value.split(","))
    return False


def unsafe_names(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names that need a preflight, each with its rule, sorted (Fetch: CORS-unsafe request-header names).

    `headers` are (name in lower case, value) of what the script set. Where the safe values together are above 1024
    bytes, all of their names become unsafe too (R17).
    """
    found: dict[str, str] = {}
    safe: list[str] = []
    total = 0
    for name, value in headers:
        rule = unsafe_because(name, value)
        if rule is not None:
            found.setdefault(name, rule)
        else:
            safe.append(name)
            total += byte_length(value)
    if total > VALUES_LIMIT:
        for name in safe:
            found.setdefault(name, "R17")
    return dict(sorted(found.items()))


@lru_cache(maxsize=1024)
def essence_of(value: str) -> str | None:
    """`type/subtype` in lower case of a Content-Type, or None where it is no MIME type (MIME Sniffing 4.4)."""
    essence = value.strip(" \t\r\n").split(";", 1)[0].rstrip(" \t\r\n")
    kind, slash, subtype = essence.partition("/")
    if not slash or not is_token(kind) or not is_token(subtype):
        return None
    return essence.lower()


def _accept(value: str) -> str | None:
    return "R13" if _UNSAFE_BYTE.search(value) else None


def _language(value: str) -> str | None:
    return None if _LANGUAGE.fullmatch(value) else "R14"


def _content_type(value: str) -> str | None:
    if _UNSAFE_BYTE.search(value) or essence_of(value) not in SAFE_CONTENT_TYPES:
        return "R15"
    return None


def _range(value: str) -> str | None:
    match = _RANGE.fullmatch(value)
    if match is None:
        return "R16"
    first, last = match.groups()
    return "R16" if last and int(first) > int(last) else None


_VALUE_CHECKS: Final = {
    "accept": _accept,
    "accept-language": _language,
    "content-language": _language,
    "content-type": _content_type,
    "range": _range,
}
