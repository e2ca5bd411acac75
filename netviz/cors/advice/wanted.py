"""What a server would have to allow so that fetches pass: origins, methods, headers. The ground of every mending.

All values come from packets and go into configurations of servers, so only what is plainly an origin or a name is taken;
the rest is left out, and counted. Only values; the configurations themselves are written by `explain/snippets.py`.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from netviz.cors.advice.lints import HEADERS, METHODS
from netviz.cors.answer.answer import listed
from netviz.cors.evidence.outcome import REDIRECT_CODES
from netviz.cors.evidence.seen import Seen
from netviz.cors.request.origin import parts_of
from netviz.cors.request.site import is_same_site
from netviz.cors.verdict import Fetch
from netviz.http.exchange import ReadExchange

_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ALWAYS: Final = ("GET", "HEAD", "POST")
"""Need no leave, so naming them opens nothing; some frameworks refuse what is not named."""

_MOST: Final = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one server has to allow. Every value is plain enough to stand in any configuration."""

    target: str
    """The server's origin; empty where its name is not plain."""

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    credentials: bool
    dangers: tuple[str, ...]
    """Keys of warnings (`mend.danger.<key>`): what the mend would open."""

    left_out: int = 0
    """Values from packets that are no plain names."""

    doubled: bool = False
    """Access-Control-Allow-Origin came more than once: somebody else adds it already."""


def is_mendable(fetch: Fetch) -> bool:
    """Whether headers of the server would let the fetch pass."""
    return bool(fetch.code) and fetch.code not in REDIRECT_CODES


def wanted(fetches: Iterable[tuple[Fetch, Iterable[ReadExchange]]]) -> list[Wanted]:
    """What each server has to allow so that all these fetches pass, in the order of their appearance."""
    servers: dict[str, list[tuple[Fetch, Seen]]] = {}
    for fetch, exchanges in fetches:
        for exchange in exchanges:
            if exchange.exchange.request is not None:
                seen = Seen(exchange)
                if seen.origin is not None and seen.mode.cross_origin is not False:
                    servers.setdefault(seen.target_origin, []).append((fetch, seen))
    return [_of_server(target, found) for target, found in servers.items()]


def _of_server(target: str, found: list[tuple[Fetch, Seen]]) -> Wanted:
    origins = dict.fromkeys(seen.origin for _, seen in found if seen.origin is not None)
    methods, headers = dict.fromkeys(_ALWAYS), dict[str, None]()
    for fetch, seen in found:
        methods |= dict.fromkeys((*_allowed(seen, METHODS), fetch.method))
        asked = seen.asked.names if seen.asked is not None else ()
        unsafe = () if seen.is_preflight else _own_headers(fetch)
        headers |= dict.fromkeys(name.lower() for name in (*_allowed(seen, HEADERS), *asked, *unsafe))
    plain = tuple(filter(is_plain_origin, origins))
    kept_methods, kept_headers = _plain(methods), _plain(headers)
    lost = len(origins) + len(methods) + len(headers) - len(plain) - len(kept_methods) - len(kept_headers)
    credentials = any(fetch.credentials.mode == "include" for fetch, _ in found)
    is_known = all(fetch.credentials.mode != "unknown" for fetch, _ in found)
    return Wanted(
        target if is_plain_origin(target) else "",
        plain[:_MOST],
        kept_methods[:_MOST],
        kept_headers[:_MOST],
        credentials,
        _dangers(target, origins, credentials, is_known),
        lost - ("null" in origins),
        any(len(seen.response.head.get_all("access-control-allow-origin")) > 1 for _, seen in found),
    )


def _own_headers(fetch: Fetch) -> tuple[str, ...]:
    return tuple(why.header.lower() for why in fetch.why_not_simple if why.header is not None and why.rule != "R9")


def _allowed(seen: Seen, name: str) -> list[str]:
    return [each for each in listed(seen.response.value(name)) if each != "*"]


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if _NAME.fullmatch(name))


def is_plain_origin(origin: str) -> bool:
    """Whether the text is an origin of http or https in its serialised form, and nothing else."""
    return _ORIGIN.fullmatch(origin) is not None and parts_of(origin) is not None


def _dangers(target: str, origins: Iterable[str], credentials: bool, is_known: bool) -> tuple[str, ...]:
    known = list(origins)
    found = []
    if "null" in known:
        found.append("null")
    if credentials:
        found.append("credentials")
        if any(each.startswith("http://") and not _is_local(each) for each in known):
            found.append("insecure")
    elif not is_known:
        found.append("credentials-unknown")
    if any(is_same_site(each, target) is False for each in known):
        found.append("other-site")
    if any(_is_local(each) for each in known):
        found.append("local")
    return tuple(found)


def _is_local(origin: str) -> bool:
    parts = parts_of(origin)
    if parts is None:
        return False
    if parts.host == "localhost" or parts.host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(parts.host.strip("[]")).is_loopback
    except ValueError:
        return False
