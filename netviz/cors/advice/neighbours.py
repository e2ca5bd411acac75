"""CORS's neighbours, told apart from it (R62 to R68): what else lets a response in, keeps it out, or came before CORS.

Each looks at one exchange and yields findings of its own; none of them changes what CORS decided. Where packets show
only that a neighbour would refuse, `refuses` is set and the sentence says by which header.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Final, Literal

from netviz.cors.advice.finding import Finding, Severity
from netviz.cors.answer.answer import listed
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.surroundings import Surroundings
from netviz.cors.request.mode import ModeWord
from netviz.cors.request.safelist import essence_of
from netviz.cors.request.site import is_same_site
from netviz.cors.verdict import Fetch

Neighbour = Callable[[Seen, Fetch, Surroundings], Iterator[Finding]]
Space = Literal["loopback", "local", "public"]

_CORP: Final = "cross-origin-resource-policy"
_LOADS: Final[frozenset[ModeWord]] = frozenset({"no-cors", "quiet"})
_CALLBACK: Final = re.compile(r"[?&](callback|jsonp|cb)=([^&]*)", re.IGNORECASE)
_FORM_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
_NEVER_SNIFFED: Final = frozenset(
    {"application/gzip", "application/pdf", "application/zip", "application/x-gzip", "application/x-protobuf",
     "application/vnd.ms-excel", "application/msword", "text/csv", "text/event-stream", "multipart/byteranges"}
)  # fmt: skip
_MORE_PRIVATE: Final[dict[Space, int]] = {"public": 0, "local": 1, "loopback": 2}


def neighbour(
    seen: Seen, id: str, rule: str, severity: Severity, name: str | None, *, refuses: bool = False, asked: bool = False,
    **details: str,
) -> Finding:  # fmt: skip
    """A finding on a header of the response, or with `asked` of the request."""
    fields = seen.fields if asked else seen.response
    header = fields.header(name) if name is not None else None
    return Finding(
        id, rule, "neighbour", severity, fields.at(name), seen.id, header.name if header is not None else None,
        fields.value(name) if name is not None else None, refuses,
        {"origin": seen.origin or seen.signs.referer or "", "target": seen.target_origin, **details},
    )  # fmt: skip


def _page(seen: Seen, fetch: Fetch) -> str | None:
    return seen.origin or seen.signs.referer or fetch.origin


def _is_load(seen: Seen, fetch: Fetch) -> bool:
    """An opaque load of another origin: what CORP and ORB are about."""
    return fetch.kind == "no-cors" or (seen.mode.word in _LOADS and seen.mode.cross_origin is True)


def _resource_policy(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R62, R63: Cross-Origin-Resource-Policy, and the page's embedder policy in its absence."""
    value, page = seen.response.value(_CORP), _page(seen, fetch)
    if value is None:
        yield from _embedder(seen, fetch, around, page)
        return
    if not _is_load(seen, fetch):
        if seen.mode.cross_origin and fetch.kind in ("simple", "preflighted"):
            yield neighbour(seen, "corp-not-asked", "R62", "note", _CORP)
        return
    if value not in ("same-origin", "same-site", "cross-origin"):
        yield neighbour(seen, "corp-unknown", "R62", "warning", _CORP)
    elif value == "cross-origin":
        yield neighbour(seen, "corp-lets-in", "R62", "note", _CORP)
    else:
        site = seen.signs.fetch_site
        same = site == "same-site" if site is not None else is_same_site(page, seen.target_origin)
        lets_in = value == "same-site" and same
        id = (
            "corp-lets-in"
            if lets_in
            else "corp-refuses"
            if same is not None or value == "same-origin"
            else "corp-perhaps"
        )
        yield neighbour(seen, id, "R62", "note" if lets_in else "warning", _CORP, refuses=id == "corp-refuses")


def _embedder(seen: Seen, fetch: Fetch, around: Surroundings, page: str | None) -> Iterator[Finding]:
    """R63: `require-corp` makes of a missing policy `same-origin`."""
    document = around.pages.get(page) if page is not None else None
    if document is None or not _is_load(seen, fetch) or document.embedder_policy is None:
        return
    policy = document.embedder_policy.split(";")[0].strip()
    if policy == "require-corp":
        yield neighbour(seen, "coep-refuses", "R63", "warning", None, refuses=True, policy=policy)
    elif policy == "credentialless":
        yield neighbour(seen, "coep-without-credentials", "R63", "note", None, policy=policy)


def _opaque_response(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R64: opaque response blocking of what no picture, script or style is."""
    if not _is_load(seen, fetch) or not seen.exchange.response or not 200 <= seen.status <= 299 or seen.status == 204:
        return
    essence = essence_of(seen.response.value("content-type") or "") or ""
    nosniff = (seen.response.value("x-content-type-options") or "").split(",")[0].strip().lower() == "nosniff"
    protected = essence == "text/html" or is_json(essence) or is_xml(essence)
    if (
        essence in _NEVER_SNIFFED
        or (protected and (nosniff or seen.status == 206))
        or (essence == "text/plain" and nosniff)
    ):
        yield neighbour(seen, "orb-refuses", "R64", "warning", "content-type", refuses=True)
    elif protected:
        yield neighbour(seen, "orb-by-body", "R64", "note", "content-type")


def is_json(essence: str) -> bool:
    """MIME Sniffing 4.6."""
    return essence in ("application/json", "text/json") or essence.endswith("+json")


def is_xml(essence: str) -> bool:
    """MIME Sniffing 4.6, without SVG, which is a picture."""
    if essence == "image/svg+xml":
        return False
    return essence in ("application/xml", "text/xml") or essence.endswith("+xml")


def _timing(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R65: Timing-Allow-Origin gates only what performance timing tells."""
    value = seen.response.value("timing-allow-origin")
    if value is None:
        return
    shows = "*" in listed(value) or _page(seen, fetch) in listed(value)
    yield neighbour(seen, "timing-shown" if shows else "timing-hidden", "R65", "note", "timing-allow-origin")


def _local_network(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R66: a page asks for an address in a more private network than its own."""
    for name, side in (
        ("access-control-request-private-network", True),
        ("access-control-allow-private-network", False),
    ):
        fields = seen.fields if side else seen.response
        if name in fields:
            yield neighbour(seen, "private-network-legacy", "R66", "note", name, asked=side)
    page = around.pages.get(_page(seen, fetch) or "")
    if page is None or seen.mode.cross_origin is not True:
        return
    ours, theirs = space_of(page.address), space_of(seen.exchange.server)
    if ours is None or theirs is None or _MORE_PRIVATE[theirs] <= _MORE_PRIVATE[ours]:
        return
    insecure = not (_page(seen, fetch) or "").startswith("https://")
    id = "local-network-insecure" if insecure and ours == "public" else "local-network"
    yield neighbour(seen, id, "R66", "warning", "host", asked=True, ours=ours, theirs=theirs)


def space_of(address: str) -> Space | None:
    """Address space of an IP address (Local Network Access 2.1); None for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if found.is_loopback:
        return "loopback"
    return "local" if found.is_private or found.is_link_local else "public"


def _mixed_content(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R67: an https page that asks for plain http; what is blocked for it leaves no packet."""
    page = _page(seen, fetch)
    if page is None or not page.startswith("https://") or not seen.target_origin.startswith("http://"):
        return
    if space_of(seen.exchange.server) != "loopback" and seen.mode.cross_origin is True:
        yield neighbour(seen, "mixed-content", "R67", "note", "origin" if seen.origin else "referer", asked=True)


def _websocket(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R68: CORS does not guard a WebSocket; the server has to look at Origin."""
    if seen.mode.word != "websocket" or seen.mode.cross_origin is not True or not seen.exchange.response:
        return
    taken = seen.status == 101
    yield neighbour(seen, "websocket-taken" if taken else "websocket-refused", "R68", "warning" if taken else "note",
                    "origin", asked=True, status=str(seen.status))  # fmt: skip


def _older_ways(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R8, R20: a form and a script's callback cross origins without CORS."""
    if seen.mode.word == "navigate" and seen.method == "POST":
        essence = essence_of(seen.fields.value("content-type") or "") or ""
        if essence in _FORM_TYPES and seen.origin not in (None, seen.target_origin):
            cookie = "form-with-cookie" if seen.signs.has_cookie else "form"
            yield neighbour(seen, cookie, "R8", "warning" if seen.signs.has_cookie else "note", "origin", asked=True)
    match = _CALLBACK.search(seen.target) if fetch.kind == "no-cors" else None
    if match is not None and "javascript" in (seen.response.value("content-type") or ""):
        yield neighbour(seen, "jsonp", "R8", "note", "content-type", callback=match.group(2), parameter=match.group(1))


NEIGHBOURS: Final[tuple[Neighbour, ...]] = (
    _resource_policy, _opaque_response, _timing, _local_network, _mixed_content, _websocket, _older_ways,
)  # fmt: skip
