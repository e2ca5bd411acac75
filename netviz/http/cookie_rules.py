"""Which cookies a browser keeps and to which requests it sends them: RFC 6265bis sections 5.1, 5.7 and 5.8.

Judged from two messages; there is no jar here (`jar.py`).
"""

import ipaddress
from dataclasses import dataclass
from typing import Final, Literal

from netviz.http.cookies import SetCookie
from netviz.http.exchange import Head
from netviz.http.suffix import is_address, is_public_suffix
from netviz.http.uri import request_uri

Why = Literal["expired", "domain", "path", "secure", "same-site"]
"""Why a cookie does not go with a request."""

_SAFE: Final = ("GET", "HEAD", "OPTIONS", "TRACE")


@dataclass(frozen=True, slots=True)
class Sending:
    """What of a request decides which cookies go with it."""

    host: str
    """In lower case, without port: cookies know no ports."""

    path: str
    secure: bool
    cross_site: bool | None
    """By Sec-Fetch-Site; None where the request does not say."""

    top_level: bool
    """A navigation of the whole page by a safe method: Lax cookies go along."""


def sending_of(head: Head) -> Sending:
    """What a request says about itself. Messages read here came in the clear, so they are never secure."""
    uri = request_uri(head.method, head.target, head.get("Host"))
    site = (head.get("Sec-Fetch-Site") or "").strip().lower()
    navigates = (head.get("Sec-Fetch-Mode") or "").strip().lower() == "navigate"
    whole_page = (head.get("Sec-Fetch-Dest") or "document").strip().lower() == "document"
    return Sending(
        uri.host.lower(),
        uri.path if uri.path.startswith("/") else "/",
        is_local(uri.host.lower()),
        None if not site else site == "cross-site",
        navigates and whole_page and head.method in _SAFE,
    )


def is_local(host: str) -> bool:
    """Hosts of this very machine: browsers trust them without TLS."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def domain_matches(host: str, domain: str) -> bool:
    """RFC 6265bis 5.1.3; both in lower case."""
    return host == domain or (host.endswith(f".{domain}") and not is_address(host))


def path_matches(path: str, cookie_path: str) -> bool:
    """RFC 6265bis 5.1.4."""
    if path == cookie_path:
        return True
    return path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path) :][:1] == "/")


def default_path(path: str) -> str:
    """The directory of a request's path (RFC 6265bis 5.1.4)."""
    if not path.startswith("/") or path.count("/") == 1:
        return "/"
    return path[: path.rfind("/")]


def refusal(cookie: SetCookie, sending: Sending) -> str:
    """Key of why a browser does not keep a cookie (`http.cookie.*`); empty where it keeps it."""
    if cookie.refused:
        return cookie.refused
    if cookie.domain is not None and not domain_matches(sending.host, cookie.domain):
        return "foreign-domain"
    if cookie.domain is not None and cookie.domain != sending.host and is_public_suffix(cookie.domain):
        return "top-domain"
    if cookie.secure and not sending.secure:
        return "secure-in-clear"
    if cookie.same_site == "None" and not cookie.secure:
        return "none-not-secure"
    return "partitioned-not-secure" if cookie.partitioned and not cookie.secure else ""


def why_not(cookie: SetCookie, host: str, cookie_path: str, sending: Sending, time: int) -> Why | None:
    """The first rule by which a cookie does not go with a request, or None where all let it pass.

    `host`: who set it; `cookie_path`: its path, or the default; `time`: the request's, in nanoseconds.
    """
    if cookie.expires is not None and cookie.expires <= time // 1_000_000_000:
        return "expired"
    fits = sending.host == host if cookie.domain is None else domain_matches(sending.host, cookie.domain)
    if not fits:
        return "domain"
    if not path_matches(sending.path, cookie_path):
        return "path"
    if cookie.secure and not sending.secure:
        return "secure"
    strict = cookie.same_site == "Strict"
    lax = cookie.same_site in ("Lax", None)
    if sending.cross_site and (strict or (lax and not sending.top_level)):
        return "same-site"
    return None
