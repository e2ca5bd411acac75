"""Responses that a browser's network stack throws away before any rule of access is asked: to the script, no answer.

Chromium's reasons (net/base/net_error_list.h): a NUL in the head, fields that may stand once only and differ, a proxy's
login asked for by a server that is no proxy, a connection reset in the middle of the head.
"""

from typing import Final

from netviz.cors.evidence.seen import REDIRECTS, Seen
from netviz.cors.request.fields import Fields

UNUSABLE: Final = "response-not-usable"
PROXY_LOGIN: Final = "proxy-authentication"
UNSAFE_REDIRECT: Final = "unsafe-redirect"
_PROXY_AUTHENTICATION: Final = 407
_ONCE_ONLY: Final = ("content-length", "content-disposition", "location")


def unusable_because(seen: Seen) -> str | None:
    """Key of the condition under which the response counts as none; None where it is used, or there is none."""
    response = seen.exchange.exchange.response
    if response is None:
        return None
    if seen.status == _PROXY_AUTHENTICATION and not _asks_proxy(seen):
        return PROXY_LOGIN
    if "nul" in response.violations or seen.exchange.head_was_reset:
        return UNUSABLE
    if seen.redirects() and seen.location() is None:
        return UNSAFE_REDIRECT
    return UNUSABLE if contradicts_itself(seen.response, seen.status in REDIRECTS) else None


def _asks_proxy(seen: Seen) -> bool:
    # Absolute form (RFC 9112 3.2.2): then the browser asks its user for the proxy's password.
    request = seen.exchange.request
    return request is not None and "://" in request.target.split("?", 1)[0]


def contradicts_itself(fields: Fields, redirects: bool) -> bool:
    """Whether a field that may stand only once stands there with different values."""
    for name in _ONCE_ONLY:
        if name not in fields or (name == "location" and not redirects):
            continue
        if name == "content-length" and "transfer-encoding" in fields:
            continue
        if len({header.value for header in fields.head.get_all(name)}) > 1:
            return True
    return False
