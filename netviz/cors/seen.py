"""One exchange as CORS looks at it: the request's signs read in one pass, the response's only when they matter.

Knows heads and their evidence; what they mean together (pairs, redirects, verdicts) is for `chain.py` and after.
"""

from functools import lru_cache
from typing import Final

from netviz.cors.answer import Answer
from netviz.cors.browser import Profile, engine_of
from netviz.cors.fields import Fields
from netviz.cors.mode import Mode, Signs, accepts_of, mode_of, origin_of_referer, target_of
from netviz.cors.origin import Url, parse_url, resolve
from netviz.cors.preflight import Asked, asked_of
from netviz.cors.rules import Assessment, assess
from netviz.cors.safelist import is_forbidden, unsafe_names
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
_NO_RESPONSE: Final = Head("", "", "", 0, "", Evidence(0), ())


class Seen:
    """An exchange with its request's signs. Rows order it among the others; they count from 0."""

    __slots__ = (
        "_assessment", "_response", "asked", "client", "connection", "exchange", "fields", "host", "id", "is_browser",
        "is_preflight", "method", "mode", "origin", "scheme", "signs", "target", "target_origin",
    )  # fmt: skip

    def __init__(self, exchange: ReadExchange, request: Head) -> None:
        self.exchange = exchange
        self.id = exchange.exchange.id
        self.connection = exchange.exchange.connection
        self.client = exchange.client
        self.method = request.method
        self.fields = fields = Fields(request)
        self.origin = fields.value("origin")
        self.is_browser = engine_of(fields.value("user-agent")) is not None
        self.scheme, self.host, self.target = _place(fields, request.target, exchange)
        self.target_origin = target_of(self.scheme, self.host)
        self.asked: Asked | None = None
        if self.method == "OPTIONS" and self.origin is not None:
            wanted = fields.value("access-control-request-method")
            if wanted is not None:
                self.asked = asked_of(wanted, fields.value("access-control-request-headers"))
        self.is_preflight = self.asked is not None
        self.signs = self._signs()
        self.mode: Mode = PREFLIGHT_MODE if self.is_preflight else mode_of(self.signs)
        self._response: Fields | None = None
        self._assessment: Assessment | None = None

    def _signs(self) -> Signs:
        value = self.fields.value
        origin = self.origin
        # Only a request that carries an Origin and is no GET needs its other headers to be told apart.
        is_told = origin is None or self.method in ("GET", "HEAD")
        return Signs(
            self.method,
            self.target_origin,
            origin,
            None if origin is not None else origin_of_referer(value("referer")),
            value("sec-fetch-mode"),
            value("sec-fetch-site"),
            value("cookie") is not None,
            accepts_of(value("accept")),
            value("upgrade-insecure-requests") is not None,
            "websocket" in (value("upgrade") or "").lower(),
            self.is_browser,
            False if is_told else bool(self.unsafe_names()),
            None if is_told else value("content-type"),
        )

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
        return response.head_row if response is not None and self.exchange.response is not None else None

    @property
    def status(self) -> int:
        """Status code of the final response, 0 where there is none."""
        response = self.exchange.response
        return response.status if response is not None else 0

    @property
    def response(self) -> Fields:
        """The response's fields; none where there is no response."""
        if self._response is None:
            self._response = Fields(self.exchange.response or _NO_RESPONSE)
        return self._response

    def response_names(self) -> tuple[str, ...]:
        """Names of the response's fields in lower case, each once, in order of appearance."""
        return self.response.names() if self.exchange.response is not None else ()

    def unsafe_names(self) -> dict[str, str]:
        """Names of headers that only a script can have set and that need a preflight, with their rules."""
        value = self.fields.value
        return unsafe_names((name, value(name) or "") for name in _script_names(self.fields.names()))

    def location(self) -> Url | None:
        """Where a redirect response leads; None where it is no redirect, or leads to what is no URL."""
        location = self.response.value("location") if self.status in REDIRECTS else None
        return resolve(self.url, location) if location else None

    def redirects(self) -> bool:
        """Whether the response is a redirect that a browser would follow: it has a Location, and that is not empty."""
        return self.status in REDIRECTS and bool(self.response.value("location"))

    def assess(self, profile: Profile) -> Assessment | None:
        """The CORS check of its response by the rules' rows; None where there is no response."""
        if self.exchange.response is None:
            return None
        if self._assessment is None:
            self._assessment = assess(self.answer(profile), self.is_preflight)
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


def _place(fields: Fields, target: str, exchange: ReadExchange) -> tuple[str, str, str]:
    """Scheme, host and path of a request (RFC 9112 3.3); the scheme is what a proxy in front says it was."""
    if target[:1] != "/" and "://" in target:
        url = parse_url(target)
        if url is not None and url.origin is not None:
            scheme, _, host = url.origin.partition("://")
            return scheme, host, url.path
    host = fields.value("host") or _address(exchange)
    scheme = _forwarded_scheme(fields.value("x-forwarded-proto")) if "x-forwarded-proto" in fields else "http"
    return scheme, host, target if target != "*" else ""


def _forwarded_scheme(value: str | None) -> str:
    return "https" if value is not None and value.split(",")[0].strip().lower() == "https" else "http"


def _address(exchange: ReadExchange) -> str:
    server = f"[{exchange.server}]" if ":" in exchange.server else exchange.server
    return f"{server}:{exchange.server_port}"
