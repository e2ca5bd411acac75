"""Target and Host put together and taken apart (RFC 3986, RFC 9110 section 7.1), and origins (RFC 6454).

Takes apart what was sent and repairs nothing. The fragment is never sent, so there is none. Texts are as on the wire,
not safe for a terminal.
"""

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote_plus

Form = Literal["origin", "absolute", "authority", "asterisk", "other"]
"""Forms of a request target, RFC 9112 section 3.2."""

DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

_ABSOLUTE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?#]*)([^?#]*)(?:\?([^#]*))?")
_PORT: Final = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Uri:
    """A request's URI in its parts."""

    form: Form
    scheme: str
    userinfo: str | None
    host: str
    """As sent, brackets of an IPv6 address taken off; empty where it is not known."""

    port: int | None
    """The port, also where it is the scheme's default and was left out; None where it can not be known."""

    path: str
    query: str | None
    """Without its question mark; None where there is none, empty where there is only the mark."""

    pairs: tuple[tuple[str, str], ...]
    """Names and values of the query, percent and plus decoded (application/x-www-form-urlencoded)."""

    def __str__(self) -> str:
        user = f"{self.userinfo}@" if self.userinfo is not None else ""
        query = f"?{self.query}" if self.query is not None else ""
        return f"{self.scheme}://{user}{authority(self.scheme, self.host, self.port)}{self.path}{query}"


def request_uri(method: str, target: str, host: str | None, scheme: str = "http") -> Uri:
    """The URI a request asks for, from its target and Host; `host` None where there is no Host field."""
    if method == "CONNECT":
        name, port = split_authority(target)[1:]
        return Uri("authority", scheme, None, name, port, "", None, ())
    whole = _ABSOLUTE.match(target)
    if whole is not None:
        named, given, path, query = whole.groups()
        return _uri("absolute", named.lower(), given, path or "/", query)
    if target == "*":
        return _uri("asterisk", scheme, host or "", "", None)
    path, mark, query = target.partition("?")
    return _uri("origin" if target.startswith("/") else "other", scheme, host or "", path, query if mark else None)


def query_pairs(query: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a query or a form body; also of what is no pair (`a` is ("a", ""))."""
    found = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((unquote_plus(name), unquote_plus(value)))
    return tuple(found)


def split_authority(text: str) -> tuple[str | None, str, int | None]:
    """userinfo, host (brackets off), port (None where none, or none that is a number to 65535)."""
    before, at, rest = text.rpartition("@")
    userinfo = before if at else None
    if rest.startswith("["):
        host, _, after = rest[1:].partition("]")
        number = after.removeprefix(":")
    else:
        host, _, number = rest.partition(":")
    port = int(number) if _PORT.fullmatch(number) else None
    return userinfo, host, port if port is not None and port <= 65535 else None


def authority(scheme: str, host: str, port: int | None) -> str:
    """host:port with the default port left out, IPv6 in brackets."""
    name = f"[{host}]" if ":" in host else host
    return name if port is None or port == DEFAULT_PORTS.get(scheme.lower()) else f"{name}:{port}"


def origin(scheme: str, host: str, port: int | None) -> str:
    """An origin as browsers write it (RFC 6454 6.2, WHATWG URL): lower case, default port left out, IPv6 shortened."""
    name = host.strip("[]").lower()
    if ":" in name:
        with suppress(ValueError):
            name = str(ipaddress.IPv6Address(name))
    return f"{scheme.lower()}://{authority(scheme, name, port)}"


def _uri(form: Form, scheme: str, given: str, path: str, query: str | None) -> Uri:
    userinfo, host, port = split_authority(given)
    if port is None and host:
        port = DEFAULT_PORTS.get(scheme)
    return Uri(form, scheme, userinfo, host, port, path, query, query_pairs(query) if query else ())
