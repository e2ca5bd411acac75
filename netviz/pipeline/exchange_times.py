"""When each phase of an exchange was, from the times of its packets, and how the exchanges of a page lie in time.

Nanoseconds since the epoch where a moment is meant. As of a packet: what later ones tell is not used.
"""

from bisect import bisect_left
from typing import NamedTuple

from netviz.http.exchange import Exchange, Message
from netviz.http.overlap import Bar
from netviz.http.timing import Moments, Timing, exchange_timing
from netviz.pipeline.store import Store


class Phases(NamedTuple):
    """Begin and end of each phase; None where it was not seen, or did not happen."""

    connect: tuple[int, int] | None
    blocked: tuple[int, int] | None
    send: tuple[int, int] | None
    wait: tuple[int, int] | None
    receive: tuple[int, int] | None

    @property
    def start(self) -> int | None:
        """The earliest moment."""
        return min((phase[0] for phase in self if phase is not None), default=None)

    @property
    def end(self) -> int | None:
        """The latest moment."""
        return max((phase[1] for phase in self if phase is not None), default=None)


def timing_of(store: Store, exchange: Exchange) -> Timing:
    """Seconds of each phase (CONTRACT's `timing`)."""
    previous, is_first = _before(store, exchange)
    handshake = store.connection(exchange.connection).handshake
    return exchange_timing(
        _moments(store, exchange.request),
        _moments(store, exchange.response),
        store.packets.value("time", previous.last_row) if previous is not None else None,
        is_first,
        (_time_of(store, handshake.syn), _time_of(store, handshake.ack)),
    )


def phases_of(store: Store, exchange: Exchange, as_of: int) -> Phases:
    """The phases of an exchange as of packet `as_of`."""
    request, response = _until(exchange.request, as_of), _until(exchange.response, as_of)
    now = store.packets.value("time", as_of - 1)
    previous, is_first = _before(store, exchange)
    asked, answered = _moments(store, request), _moments(store, response)
    connect = blocked = wait = None
    if is_first:
        handshake = store.connection(exchange.connection).handshake
        begin, end = _time_of(store, handshake.syn), _time_of(store, handshake.ack)
        connect = (begin, end) if begin is not None and end is not None else None
    ready = min(asked.last, now) if asked else None
    if asked and previous is not None and ready is not None:
        free = min(store.packets.value("time", previous.last_row), now)
        blocked = (ready, free) if free > ready else None
        ready = max(ready, free)
    if ready is not None:
        wait = (ready, max(answered.first if answered else now, ready))
        if answered is None and store.finished and as_of >= len(store.packets):
            wait = None
    return Phases(connect, blocked, _cut(asked, now), wait, _cut(answered, now))


def bar_of(store: Store, exchange: Exchange, as_of: int) -> Bar | None:
    """An exchange in time, from its request's first byte; None where it has no request."""
    request, response = _until(exchange.request, as_of), _until(exchange.response, as_of)
    if request is None:
        return None
    start = store.packets.value("time", request.first_row)
    whole = response is not None and response.last_row < as_of
    end = store.packets.value("time", response.last_row) if response is not None and whole else None
    return Bar(exchange.id, exchange.connection, start, end)


def _until(message: Message | None, as_of: int) -> Message | None:
    return message if message is not None and message.head_row < as_of else None


def _cut(moments: Moments | None, now: int) -> tuple[int, int] | None:
    return (moments.first, min(moments.last, now)) if moments is not None else None


def _before(store: Store, exchange: Exchange) -> tuple[Message | None, bool]:
    """The response before on the connection, and whether this exchange is the connection's first."""
    numbers = store.exchanges_of_connection(exchange.connection)
    place = bisect_left(numbers, exchange.id)
    return (store.exchanges[numbers[place - 1] - 1].response if place else None), place == 0


def _moments(store: Store, message: Message | None) -> Moments | None:
    if message is None:
        return None
    return Moments(store.packets.value("time", message.first_row), store.packets.value("time", message.last_row))


def _time_of(store: Store, packet: int | None) -> int | None:
    return store.packets.value("time", packet - 1) if packet is not None else None
