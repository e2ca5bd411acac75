"""Where a redirect led: the client's next request for the URL that Location names. As of a packet."""

from urllib.parse import urljoin

from netviz.http.exchange import Message, ReadExchange
from netviz.pipeline.store import Store

_REACH = 40
"""A client follows soon: later requests for the same URL are others."""

_REDIRECTS = (301, 302, 303, 307, 308)


def followed(store: Store, number: int, as_of: int) -> int | None:
    """Number of the exchange with which the client followed exchange `number`'s Location; None where none is seen."""
    read = store.read(number)
    response = read.exchange.response
    if read.response is None or response is None or response.head_row >= as_of or response.status not in _REDIRECTS:
        return None
    wanted = _target(read)
    if wanted is None:
        return None
    last = min(number + _REACH, store.exchange_count(as_of))
    for other in map(store.read, range(number + 1, last + 1)):
        request = other.exchange.request
        if request is None or other.client != read.client or request.first_row < response.head_row:
            continue
        if other.url == wanted and request.verb in _methods(read.exchange.request, response.status):
            return other.id
        if other.url == read.url:
            return None  # asked the same again: what comes behind belongs to that
    return None


def _methods(request: Message | None, status: int) -> tuple[str, ...]:
    """Methods with which a redirect may be followed (RFC 9110 section 15.4; Fetch, HTTP-redirect fetch)."""
    before = request.verb if request is not None else ""
    if status == 303 and before != "HEAD":
        return ("GET",)
    return ("GET", "POST") if before == "POST" and status in (301, 302) else (before,)


def _target(read: ReadExchange) -> str | None:
    """The URL that Location names, made whole (RFC 9110 section 10.2.2), as `ReadExchange.url` has it."""
    location = read.response.get("Location") if read.response is not None else None
    if location is None or read.url is None:
        return None
    try:
        return urljoin(read.url, location.strip()).partition("#")[0]
    except ValueError:
        return None
