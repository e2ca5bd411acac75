"""What an exchange has to do with others for the same URL: the copy that it asks about, the challenge that it answers.

Looks among the same client's exchanges, only so far before and after (`limits.page_requests`). As of a packet.
"""

from collections.abc import Iterator
from typing import NamedTuple

from netviz.http.caching import conditions, same_version
from netviz.http.exchange import Header, ReadExchange
from netviz.model.evidence import Evidence
from netviz.pipeline.store import Store

_CHALLENGES = {401: "authorization", 407: "proxy-authorization"}


class Copy(NamedTuple):
    """The answer whose version a conditional request names."""

    exchange: int
    field: str
    """`ETag` or `Last-Modified`."""

    value: str
    at: Evidence
    body_bytes: int


class Challenge(NamedTuple):
    """The same request without credentials, and that it was refused."""

    exchange: int
    status: int
    at: Evidence
    added: tuple[Header, ...]
    """Fields of the present request that the refused one did not have."""


class SameUrl(NamedTuple):
    """An exchange beside those for the same URL."""

    is_conditional: bool
    copy: Copy | None
    asked_again: tuple[int, ...]
    """Later exchanges whose request names this answer's version."""

    challenge: Challenge | None
    answered: int | None
    """Later exchange that brings the credentials which this one's 401 or 407 asked for."""


def same_url(store: Store, number: int, as_of: int) -> SameUrl:
    """What is known by packet `as_of` of exchange `number` beside others for the same URL."""
    read = store.read(number)
    request = read.request
    if request is None:
        return SameUrl(False, None, (), None, None)
    named = [each for each in conditions(request) if each.name in ("If-None-Match", "If-Modified-Since")]
    copy = next(filter(None, (_copy(read, other) for other in _before(store, read))), None) if named else None
    later = list(_behind(store, read, as_of)) if _response(read, as_of) else []
    again = tuple(other.id for other in later if _copy(other, read) is not None)
    refused = next(filter(None, (_challenge(read, other) for other in _before(store, read))), None)
    answered = next((other.id for other in later if _challenge(other, read) is not None), None)
    return SameUrl(bool(named), copy, again, refused, answered)


def _response(read: ReadExchange, as_of: int) -> bool:
    response = read.exchange.response
    return response is not None and response.head_row < as_of


def _before(store: Store, read: ReadExchange) -> Iterator[ReadExchange]:
    """Earlier exchanges of the client for the same URL, the nearest first."""
    first = max(read.id - store.limits.page_requests, 1)
    return (other for other in map(store.read, range(read.id - 1, first - 1, -1)) if _is_same(other, read))


def _behind(store: Store, read: ReadExchange, as_of: int) -> Iterator[ReadExchange]:
    last = min(read.id + store.limits.page_requests, store.exchange_count(as_of))
    return (other for other in map(store.read, range(read.id + 1, last + 1)) if _is_same(other, read))


def _is_same(one: ReadExchange, other: ReadExchange) -> bool:
    return one.client == other.client and one.request is not None and one.url == other.url


def _copy(asking: ReadExchange, giving: ReadExchange) -> Copy | None:
    """The version that one answer gave and the other request names; None where it names none of it."""
    request, response, message = asking.request, giving.response, giving.exchange.response
    if request is None or response is None or message is None or response.status not in (200, 203, 206):
        return None
    for field, condition in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
        for given in response.get_all(field):
            for sent in request.get_all(condition):
                is_it = same_version(sent.value, given.value) if field == "ETag" else sent.value == given.value
                if is_it:
                    return Copy(giving.id, field, given.value, given.value_at, message.body_bytes)
    return None


def _challenge(asking: ReadExchange, refusing: ReadExchange) -> Challenge | None:
    """That a request brings the credentials for which a refusal of the same method asked."""
    request, refused, response = asking.request, refusing.request, refusing.response
    if request is None or refused is None or response is None or response.status not in _CHALLENGES:
        return None
    wanted = _CHALLENGES[response.status]
    if request.method != refused.method or refused.get_all(wanted) or not request.get_all(wanted):
        return None
    before = set(refused.names())
    added = tuple(header for header in request.headers if header.name.lower() not in before)
    return Challenge(refusing.id, response.status, response.line_at, added)
