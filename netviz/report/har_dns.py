"""How long looking up a host took for the first request to it, where the capture has the lookup. For HTTP archives."""

from collections.abc import Iterable
from typing import Final

from netviz.http.exchange import Exchange
from netviz.pipeline.host_lookups import host_lookups, host_of
from netviz.pipeline.pages import Member, Page
from netviz.pipeline.store import Store

_LONGEST_PAUSE: Final = 1.0
"""Seconds between the answer and the first packet to the address; an answer that waited longer was not waited for."""


def lookup_seconds(store: Store, exchanges: Iterable[Exchange]) -> dict[int, float]:
    """Number of an exchange -> seconds of the DNS lookup right before its connection. Exchanges in the order of time."""
    seen: set[tuple[str, str, str]] = set()
    found: dict[int, float] = {}
    for each in exchanges:
        read = store.read(each.id)
        place = read.client, host_of(read), read.server
        if not place[1] or place in seen:
            continue
        seen.add(place)
        hosts = host_lookups(store, Page(None, (Member(each.id, "other", "", None),)), len(store.packets))
        for host in hosts:
            span = host.span(store)
            if span is not None and not host.cached and host.age <= _LONGEST_PAUSE:
                found[each.id] = (span[1] - span[0]) / 1e9
    return found
