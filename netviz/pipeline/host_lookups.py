"""For the hosts of a page: which DNS lookup gave the address that was then connected to, or that none was seen.

By name and address: a lookup counts where its answer names the server's address. As of a packet.
"""

from dataclasses import dataclass
from typing import Final

from netviz.http.exchange import ReadExchange
from netviz.http.suffix import is_address
from netviz.http.uri import request_uri
from netviz.pipeline.exchange_times import phases_of
from netviz.pipeline.lookups import ReadLookup, lookups_of, read_lookup
from netviz.pipeline.pages import Page
from netviz.pipeline.store import Store

_MOST_LOOKUPS: Final = 1000
_MOST_HOSTS: Final = 20


@dataclass(frozen=True, slots=True)
class HostLookup:
    """One host of a page."""

    name: str
    is_address: bool
    """There is nothing to look up."""

    address: str
    """Of the server that the first request to it went to."""

    used: int
    """Packet that first used the address: the SYN, or the request where the connection was open already."""

    lookup: ReadLookup | None
    cached: bool
    """The client had used this answer before the page: no query was needed."""

    age: float
    """Seconds from the answer to `used`."""

    ttl: int
    """Seconds for which the answer may be used; 0 without a lookup."""

    @property
    def packets(self) -> tuple[int | None, int | None]:
        """Numbers of the query and of its response; None where there is none."""
        if self.lookup is None:
            return None, None
        query, response = self.lookup.lookup.query, self.lookup.lookup.response
        return query + 1 if query is not None else None, response + 1 if response is not None else None

    def span(self, store: Store) -> tuple[int, int] | None:
        """When the lookup was, in nanoseconds since the epoch."""
        query, response = self.packets
        if query is None or response is None:
            return None
        return store.packets.value("time", query - 1), store.packets.value("time", response - 1)


def host_lookups(store: Store, page: Page, as_of: int) -> list[HostLookup]:
    """The hosts of a page in the order in which it needed them."""
    found: dict[tuple[str, str], HostLookup] = {}
    for member in page.members:
        read = store.read(member.id)
        name = host_of(read)
        if name and (name, read.server) not in found and len(found) < _MOST_HOSTS:
            found[name, read.server] = _host(store, read, name, page.members[0].id, as_of)
    return list(found.values())


def page_begin(store: Store, page: Page, hosts: list[HostLookup], as_of: int) -> int:
    """When a page began, in nanoseconds since the epoch: with its first lookup, handshake or request; 0 without any."""
    asked = (each.span(store) for each in hosts if not each.cached)
    starts = [span[0] for span in asked if span is not None]
    phases = (phases_of(store, store.exchanges[each.id - 1], as_of).start for each in page.members)
    return min((*starts, *(start for start in phases if start is not None)), default=0)


def host_of(read: ReadExchange) -> str:
    """The host that a request names, in lower case; empty where none is known."""
    head = read.request
    return request_uri(head.method, head.target, head.get("Host")).host.lower() if head is not None else ""


def _host(store: Store, read: ReadExchange, name: str, first: int, as_of: int) -> HostLookup:
    used = _used(store, read)
    if is_address(name):
        return HostLookup(name, True, read.server, used, None, False, 0, 0)
    lookup = _lookup(store, name, read, used, as_of)
    if lookup is None or lookup.response is None or lookup.lookup.response is None:
        return HostLookup(name, False, read.server, used, None, False, 0, 0)
    answered = lookup.lookup.response
    times = store.packets
    age = (times.value("time", used - 1) - times.value("time", answered)) / 1e9
    ttl = min((each.ttl for each in lookup.response.answers), default=0)
    return HostLookup(name, False, read.server, used, lookup, _was_used(store, read, name, answered, first), age, ttl)


def _used(store: Store, read: ReadExchange) -> int:
    exchange = read.exchange
    request = exchange.request
    assert request is not None
    syn = store.connection(exchange.connection).handshake.syn
    is_first = store.exchanges_of_connection(exchange.connection)[0] == exchange.id
    return syn if syn is not None and is_first else request.first_row + 1


def _lookup(store: Store, name: str, read: ReadExchange, used: int, as_of: int) -> ReadLookup | None:
    """The newest lookup of the client, answered before the address was used, that gave this address for this name."""
    for each in lookups_of(store).upto(min(used, as_of))[: -_MOST_LOOKUPS - 1 : -1]:
        if each.response is None or each.response >= used - 1:
            continue
        taken = read_lookup(store, each, as_of)
        if taken.client.address == read.client and taken.name.lower() == name and read.server in taken.addresses:
            return taken
    return None


def _was_used(store: Store, read: ReadExchange, name: str, answered: int, first: int) -> bool:
    """Whether the client had asked this host something between the answer and the page's beginning."""
    for number in range(first - 1, max(first - store.limits.page_requests, 1) - 1, -1):
        other = store.read(number)
        request = other.exchange.request
        if request is not None and other.client == read.client and host_of(other) == name:
            return request.first_row > answered
    return False
