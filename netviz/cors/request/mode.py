"""What kind of request the browser made: its mode, read from what it sent (R1 to R8, R68, R72, R74).

Works on values only, so equal requests are classified once. A mode that the bytes do not tell is said to be open.
"""

from functools import lru_cache
from typing import Literal, NamedTuple

from netviz.cors.request.origin import origin_of, origin_of_host
from netviz.cors.request.safelist import EXEMPT_CONTENT_TYPES, SAFE_METHODS, essence_of

ModeWord = Literal["cors", "no-cors", "same-origin", "navigate", "websocket", "open", "quiet", "none"]
"""`cors`: cross-origin, and the response is CORS-checked. `no-cors`: cross-origin, no check, nothing to read. `open`:
a POST whose bytes fit both. `quiet`: no Origin and nothing that tells the page: no check either way. `none`: no
browser."""

Accepts = Literal["html", "image", "style", "events", "any", "other", "nothing"]


class Signs(NamedTuple):
    """What a request shows of its mode."""

    method: str
    target: str
    """Serialised origin of its URL."""

    origin: str | None
    referer: str | None
    """Serialised origin of the Referer."""

    fetch_mode: str | None
    fetch_site: str | None
    has_cookie: bool
    accepts: Accepts
    upgrades_insecure: bool
    websocket: bool
    is_browser: bool
    has_unsafe_headers: bool
    content_type: str | None


class Mode(NamedTuple):
    """The mode of one request, whether it crosses origins, and which rule told."""

    word: ModeWord
    cross_origin: bool | None
    rule: str


@lru_cache(maxsize=1024)
def accepts_of(accept: str | None) -> Accepts:
    """What an Accept value is the signature of (R8)."""
    if accept is None:
        return "nothing"
    if accept.startswith("text/html,application/xhtml+xml"):
        return "html"
    for start, word in _SIGNATURES:
        if accept.startswith(start):
            return word
    return "any" if accept == "*/*" else "other"


_SIGNATURES: tuple[tuple[str, Accepts], ...] = (
    ("image/", "image"), ("text/css", "style"), ("text/event-stream", "events"),
)  # fmt: skip


def origin_of_referer(referer: str | None) -> str | None:
    """Origin of the page as the Referer names it; the path need not be read for it."""
    if referer is None:
        return None
    slash = referer.find("/", 8)
    return origin_of(referer if slash < 0 else referer[:slash])


@lru_cache(maxsize=8192)
def mode_of(signs: Signs) -> Mode:
    """The mode of a request, by the best sign it carries."""
    if signs.websocket:
        return Mode("websocket", _crosses(signs), "R68")
    if signs.upgrades_insecure or signs.fetch_mode in ("navigate", "nested-navigate"):
        return Mode("navigate", None, "R5")
    if not signs.is_browser and signs.origin is None:
        return Mode("none", None, "R7")
    if signs.fetch_site == "same-origin" or signs.fetch_mode == "same-origin" or _equal_origins(signs):
        return Mode("same-origin", False, "R3")
    if signs.origin is None:
        return _without_origin(signs)
    if signs.fetch_mode in ("cors", "no-cors"):
        return Mode("cors" if signs.fetch_mode == "cors" else "no-cors", True, "R5")
    if signs.method in ("GET", "HEAD"):
        return Mode("cors", True, "R4")
    return _with_origin(signs)


def _equal_origins(signs: Signs) -> bool:
    return signs.origin is not None and (signs.origin == signs.target or _behind_tls(signs))


def _behind_tls(signs: Signs) -> bool:
    # An https page may not call plain http on a named host (mixed content): this is one host behind a TLS terminator.
    if signs.origin is None or not signs.origin.startswith("https://") or not signs.target.startswith("http://"):
        return False
    host = signs.target[7:]
    return signs.origin[8:] == host and not _is_loopback(host)


def _is_loopback(host: str) -> bool:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name == "localhost" or name.endswith(".localhost") or name.startswith("127.") or name == "[::1]"


def _crosses(signs: Signs) -> bool | None:
    if signs.fetch_site in ("same-site", "cross-site"):
        return True
    page = signs.origin or signs.referer
    return page != signs.target if page is not None else None


def _without_origin(signs: Signs) -> Mode:
    if signs.accepts == "html":
        return Mode("navigate", None, "R5")
    crosses = _crosses(signs)
    if crosses is None or signs.method not in ("GET", "HEAD"):
        return Mode("quiet", crosses, "R4")
    if not crosses:
        return Mode("same-origin", False, "R74")
    return Mode("no-cors", True, "R8")


def _with_origin(signs: Signs) -> Mode:
    """A cross-origin request other than GET and HEAD, without Sec-Fetch."""
    if signs.method not in SAFE_METHODS:
        return Mode("cors", True, "R9")
    if signs.accepts == "html":
        return Mode("navigate", None, "R5")
    essence = essence_of(signs.content_type) if signs.content_type is not None else None
    if essence in EXEMPT_CONTENT_TYPES or essence == "text/ping":
        return Mode("no-cors", True, "R20")
    if signs.has_unsafe_headers:
        return Mode("cors", True, "R12")
    return Mode("open", True, "R72")


def target_of(scheme: str, host: str) -> str:
    """Serialised origin of a request's target from its scheme and Host (R1)."""
    return origin_of_host(scheme, host)
