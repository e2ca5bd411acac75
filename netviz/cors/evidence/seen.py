"""One exchange as CORS looks at it: the request's signs read in one pass, the response's only when they matter.

Knows heads and their evidence; what they mean together (pairs, redirects, verdicts) is for `chain.py` and after.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Final, NamedTuple

from netviz.cors.answer.answer import Answer
from netviz.cors.answer.preflight import Asked, asked_of
from netviz.cors.answer.rules import Assessment, assess
from netviz.cors.browser import Profile, engine_of
from netviz.cors.evidence.kept import Kept
from netviz.cors.request.fields import Fields
from netviz.cors.request.mode import Mode, Signs, accepts_of, mode_of, origin_of_referer, target_of
from netviz.cors.request.origin import Url, parse_url, resolve
from netviz.cors.request.safelist import is_forbidden, unsafe_names
from netviz.http.exchange import Head, ReadExchange
from netviz.model.evidence import Evidence

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BROWSER_SET: Final = frozenset(
    {
        "user-agent", "cache-control", "pragma", "if-none-match", "if-modified-since", "if-range", "purpose",
        "priority", "upgrade-insecure-requests", "x-client-data", "authorization", "last-event-id", "ping-from",
        "ping-to", "x-moz", "forwarded", "x-real-ip", "cdn-loop", "x-amzn-trace-id",
    }
)  # fmt: skip
"""Names that a browser or a proxy may add by itself: they prove nothing about the script."""

PREFLIGHT_MODE: Final = Mode("cors", True, "R22")
_NO_HEAD: Final = Head("", "", "", 0, "", Evidence(0), ())


class Seen:
    """An exchange with its request's signs. Rows order it among the others; they count from 0."""

    __slots__ = (
        "_assessment", "_fields", "_response", "asked", "client", "connection", "exchange", "host", "id", "is_browser",
        "is_preflight", "method", "mode", "names", "origin", "scheme", "signs", "target", "target_origin",
    )  # fmt: skip

    def __init__(self, exchange: ReadExchange) -> None:
        self.exchange = exchange
        self.id = exchange.exchange.id
        self.connection = exchange.exchange.connection
        self.client = exchange.client
        self._fields: Fields | None = None
        self.method, self.target, told = _asking(exchange)
        (
            self.origin, self.is_browser, self.scheme, self.host, _, self.target_origin, self.asked, self.signs, self.mode,
            self.names,
        ) = told  # fmt: skip
        self.is_preflight = self.asked is not None
        self._response: Fields | None = None
        self._assessment: Assessment | None = None

    @property
    def fields(self) -> Fields:
        """The request's fields."""
        if self._fields is None:
            self._fields = Fields(self.exchange.request or _NO_HEAD)
        return self._fields

    @property
    def key(self) -> str:
        """Its URL as one text, the same for all spellings of it."""
        return f"{self.target_origin}{self.target}"

    @property
    def url(self) -> str:
        """Its URL for people, as it stood on the wire."""
        return f"{self.scheme}://{self.host}{self.target}"

    @property
    def first_row(self) -> int:
        """Row of the packet with the request's first byte."""
        request = self.exchange.exchange.request
        return request.first_row if request is not None else 0

    @property
    def request_packet(self) -> int:
        """Number of the packet with which the request's head was complete."""
        request = self.exchange.exchange.request
        return request.head_row + 1 if request is not None else 0

    @property
    def answered_row(self) -> int | None:
        """Row of the packet with which the response's head was complete; None: no response was seen."""
        response = self.exchange.exchange.response
        return response.head_row if response is not None else None

    @property
    def status(self) -> int:
        """Status code of the final response, 0 where there is none."""
        response = self.exchange.exchange.response
        return response.status if response is not None else 0

    @property
    def response(self) -> Fields:
        """The response's fields; none where there is no response."""
        if self._response is None:
            self._response = Fields(self.exchange.response or _NO_HEAD)
        return self._response

    def response_names(self) -> tuple[str, ...]:
        """Names of the response's fields in lower case, each once, in order of appearance."""
        return self.response.names() if self.exchange.response is not None else ()

    def unsafe_names(self) -> dict[str, str]:
        """Names of headers that only a script can have set and that need a preflight, with their rules."""
        return unsafe_names_of(self.fields)

    def location(self) -> Url | None:
        """Where a redirect response leads; None where it is no redirect, or leads to what is no URL."""
        location = self._location()
        return resolve(self.url, location) if location else None

    def redirects(self) -> bool:
        """Whether the response is a redirect that a browser would follow: it has a Location, and that is not empty."""
        return bool(self._location())

    def _location(self) -> str | None:
        """The Location of a redirect; by the wording of its response, which need not be read for it."""
        response = self.exchange.exchange.response
        if response is None or response.status not in REDIRECTS:
            return None
        if response.wording is None:
            return self.response.value("location")
        known = _LOCATIONS.get(response.wording, _NOT_MET)
        return _LOCATIONS.keep(response.wording, self.response.value("location")) if known is _NOT_MET else known

    def assess(self, profile: Profile) -> Assessment | None:
        """The CORS check of its response by the rules' rows; None where there is no response."""
        response = self.exchange.exchange.response
        if response is None:
            return None
        if self._assessment is None:
            key = (response.wording, self.origin, self.asked, profile.wildcard_covers_authorization)
            known = _ASSESSED.get(key) if response.wording is not None else None
            if known is None:
                known = assess(self.answer(profile), self.is_preflight)
                if response.wording is not None:
                    _ASSESSED.keep(key, known)
            self._assessment = known
        return self._assessment

    def answer(self, profile: Profile) -> Answer:
        """What its response says to CORS."""
        value = self.response.value
        answer = Answer(
            self.origin or "",
            self.status,
            value("access-control-allow-origin"),
            value("access-control-allow-credentials"),
        )
        if self.asked is None:
            return answer
        return answer._replace(
            allow_methods=value("access-control-allow-methods"),
            allow_headers=value("access-control-allow-headers"),
            method=self.asked.method,
            headers=self.asked.names,
            wildcard_covers_authorization=profile.wildcard_covers_authorization,
            redirects=self.redirects(),
        )


@lru_cache(maxsize=1024)
def _script_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those names that may tell of the script: neither forbidden to it nor added by browsers and proxies."""
    return tuple(
        name
        for name in names
        if name not in _BROWSER_SET and not name.startswith(("x-forwarded-", "cf-")) and not is_forbidden(name)
    )


class Told(NamedTuple):
    """What a request's method, fields and place tell: the same for all requests in which they are the same."""

    origin: str | None
    is_browser: bool
    scheme: str
    host: str
    path: str | None
    """Path of a target in absolute form or of `*`; None where the target is the path."""

    target_origin: str
    asked: Asked | None
    signs: Signs
    mode: Mode
    names: frozenset[str]
    """Of the fields, in lower case."""


_ASKING: Final = Kept[Hashable, tuple[str, str, Told]]()
_ASSESSED: Final = Kept[tuple[Hashable, str | None, Asked | None, bool], Assessment]()
_TOLD: Final = Kept[tuple[Hashable, str, str, str], Told]()
_UNSAFE: Final = Kept[Hashable, dict[str, str]]()
_LOCATIONS: Final = Kept[Hashable, str | None]()
_NOT_MET: Final = "\0"


def unsafe_names_of(fields: Fields) -> dict[str, str]:
    """Names of headers that only a script can have set and that need a preflight, with their rules."""
    shared = fields.head.shared
    known = _UNSAFE.get(shared) if shared is not None else None
    if known is None:
        value = fields.value
        known = unsafe_names((name, value(name) or "") for name in _script_names(fields.names()))
        if shared is not None:
            _UNSAFE.keep(shared, known)
    return known


def _asking(exchange: ReadExchange) -> tuple[str, str, Told]:
    """Method, path and what else a request tells; by its wording, its head need not even be read."""
    message = exchange.exchange.request
    wording = message.wording if message is not None else None
    known = _ASKING.get(wording) if wording is not None else None
    if known is None:
        request = exchange.request or _NO_HEAD
        told = _told(request, exchange)
        known = (request.method, request.target if told.path is None else told.path, told)
        if wording is not None and "host" in told.names:
            _ASKING.keep(wording, known)
    return known


def _told(request: Head, exchange: ReadExchange) -> Told:
    target = "" if request.target[:1] == "/" else request.target
    shared = request.shared
    if shared is None:
        return _tell(Fields(request), request, target, _address(exchange))
    # Only of a request without Host does it matter to which address it went: those are kept with their address.
    known = _TOLD.get((shared, request.method, target, ""))
    if known is not None:
        return known
    fields = Fields(request)
    key = (shared, request.method, target, _address(exchange) if "host" not in fields else "")
    return _TOLD.get(key) or _TOLD.keep(key, _tell(fields, request, target, key[3]))


def _tell(fields: Fields, request: Head, target: str, address: str) -> Told:
    value, method = fields.value, request.method
    origin = value("origin")
    scheme, host, path = _place(fields, target, address)
    target_origin = target_of(scheme, host)
    wanted = value("access-control-request-method") if method == "OPTIONS" and origin is not None else None
    asked = asked_of(wanted, value("access-control-request-headers")) if wanted is not None else None
    is_browser = engine_of(value("user-agent")) is not None
    signs = _signs(fields, method, origin, target_origin, is_browser)
    mode = PREFLIGHT_MODE if asked is not None else mode_of(signs)
    names = frozenset(fields.names())
    return Told(origin, is_browser, scheme, host, path, target_origin, asked, signs, mode, names)


def _signs(fields: Fields, method: str, origin: str | None, target_origin: str, is_browser: bool) -> Signs:
    value = fields.value
    # Only a request that carries an Origin and is no GET needs its other headers to be told apart.
    is_told = origin is None or method in ("GET", "HEAD")
    return Signs(
        method,
        target_origin,
        origin,
        None if origin is not None else origin_of_referer(value("referer")),
        value("sec-fetch-mode"),
        value("sec-fetch-site"),
        value("cookie") is not None,
        accepts_of(value("accept")),
        value("upgrade-insecure-requests") is not None,
        "websocket" in (value("upgrade") or "").lower(),
        is_browser,
        False if is_told else bool(unsafe_names_of(fields)),
        None if is_told else value("content-type"),
    )


def _place(fields: Fields, target: str, address: str) -> tuple[str, str, str | None]:
    """Scheme, host and path of a request (RFC 9112 3.3); the scheme is what a proxy in front says it was.

    `target` is empty where it is a path; then the path is None.
    """
    if "://" in target:
        url = parse_url(target)
        if url is not None and url.origin is not None:
            scheme, _, host = url.origin.partition("://")
            return scheme, host, url.path
    host = fields.value("host") or address
    scheme = _forwarded_scheme(fields.value("x-forwarded-proto")) if "x-forwarded-proto" in fields else "http"
    return scheme, host, "" if target == "*" else target or None


def _forwarded_scheme(value: str | None) -> str:
    return "https" if value is not None and value.split(",")[0].strip().lower() == "https" else "http"


def _address(exchange: ReadExchange) -> str:
    server = f"[{exchange.server}]" if ":" in exchange.server else exchange.server
    return f"{server}:{exchange.server_port}"
