"""Fields of HTTP messages and of what CORS made of them, read message by message and marked on their packets.

A message's packet is the one with which it was complete, as tshark has it; while it is not complete, the one with which
its head was.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import numpy as np

from netviz.cors.decision.judge import Judgement
from netviz.cors.verdict import Fetch
from netviz.filter.fields import HEADER_PREFIX
from netviz.filter.part import Part, Sparse, Values
from netviz.http.exchange import Exchange, Head, Message, ReadExchange
from netviz.pipeline.reading import ExchangeReader
from netviz.pipeline.store import Store

Value = str | int | bytes


class Found(NamedTuple):
    """A message, its exchange, and the row it is marked on."""

    row: int
    exchange: Exchange
    message: Message


Get = Callable[[Found], Iterable[Value]]

_HEADERS: Final = {
    "http.host": "host", "http.user_agent": "user-agent", "http.cookie": "cookie", "http.set_cookie": "set-cookie",
    "http.content_type": "content-type", "http.origin": "origin", "http.referer": "referer", "http.server": "server",
    "http.location": "location", "http.authorization": "authorization", "http.connection": "connection",
    "http.accept": "accept", "http.accept_encoding": "accept-encoding", "http.accept_language": "accept-language",
    "http.cache_control": "cache-control", "http.content_encoding": "content-encoding",
    "http.transfer_encoding": "transfer-encoding", "http.last_modified": "last-modified", "http.date": "date",
    "http.upgrade": "upgrade",
}  # fmt: skip


class Messages:
    """The messages of one store as they come, and their fields."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Filters run beside the screen: what is read for one must not be kept by the other.
        self._reader = ExchangeReader(store)
        self._next = 0
        self._settled: list[Found] = []
        self._rows: list[int] = []
        self._open: dict[int, tuple[Exchange, set[int]]] = {}
        """Exchanges that may still change, and which of their messages are settled already."""
        self._found: tuple[int, list[Found], np.ndarray] | None = None
        self._fetches: tuple[Judgement, dict[int, Fetch]] | None = None

    @property
    def unsettled(self) -> int | None:
        """The first row whose marks may still move; None where none may."""
        if self._store.finished:
            return None
        messages = (m for exchange, done in self._open.values() for m in _messages(exchange) if id(m) not in done)
        return min((message.head_row for message in messages), default=None)

    def _all(self) -> tuple[list[Found], np.ndarray]:
        """All messages in the order of their rows, and these rows."""
        version = self._store.version
        if self._found is None or self._found[0] != version or not self._store.finished:
            exchanges = self._store.exchanges
            for exchange in exchanges[self._next : len(exchanges)]:
                self._open[exchange.id] = (exchange, set())
                self._next += 1
            provisional = self._settle()
            found = sorted((*self._settled, *provisional), key=lambda each: each.row)
            self._found = (version, found, np.array([each.row for each in found], np.int64))
        return self._found[1:]

    def _settle(self) -> list[Found]:
        """Move what is complete to the settled; returns the others, marked where they are known."""
        provisional: list[Found] = []
        for number, (exchange, done) in list(self._open.items()):
            for message in _messages(exchange):
                if message.complete and id(message) not in done:
                    done.add(id(message))
                    self._settled.append(Found(message.last_row, exchange, message))
                elif not message.complete:
                    provisional.append(Found(message.head_row, exchange, message))
            if all(each is not None and each.complete for each in (exchange.request, exchange.response)):
                del self._open[number]
        return provisional

    def _inside(self, part: Part) -> list[Found]:
        found, rows = self._all()
        start, stop = np.searchsorted(rows, (part.first, part.stop))
        return found[start:stop]

    def _sparse(self, part: Part, get: Get) -> list[Values]:
        at: list[int] = []
        data: list[Value] = []
        for found in self._inside(part):
            for value in get(found):
                at.append(found.row - part.first)
                data.append(value)
        return [Sparse(np.array(at, np.int64), data)]

    def _read(self, get: Get) -> Callable[[Part], list[Values]]:
        return lambda part: self._sparse(part, get)

    def _exchange(self, found: Found) -> ReadExchange:
        return self._reader.read(found.exchange)

    def _head(self, found: Found) -> Head | None:
        read = self._exchange(found)
        if found.message is found.exchange.request:
            return read.request
        return read.response if found.message is found.exchange.response else None

    def header(self, name: str) -> Callable[[Part], list[Values]]:
        """All values of a header field, by its name in lower case."""

        def get(found: Found) -> list[Value]:
            head = self._head(found)
            return [header.value for header in head.get_all(name)] if head is not None else []

        return self._read(get)

    def _lines(self, found: Found) -> list[Value]:
        head = self._head(found)
        return [f"{header.name}: {header.value}" for header in head.headers] if head is not None else []

    def _part_of(self, kind: str, name: str) -> Callable[[Part], list[Values]]:
        """An attribute of the heads of requests or of responses."""

        def get(found: Found) -> list[Value]:
            head = self._head(found) if found.message.kind == kind else None
            value = getattr(head, name) if head is not None else ""
            return [value] if value else []

        return self._read(get)

    def _lengths(self, found: Found) -> list[Value]:
        head = self._head(found)
        values = head.get_all("content-length") if head is not None else []
        return [int(value) for _, value, *_ in values if value.isascii() and value.isdigit() and len(value) < 18]

    def _bodies(self, found: Found) -> list[Value]:
        if not found.message.body_bytes:
            return []
        content = self._reader.body(found.message, found.exchange.connection).content
        return [content.decode("utf-8", "replace")]

    def _times(self, found: Found) -> list[Value]:
        read = self._exchange(found)
        if found.message.kind == "request" or read.request_time is None or read.response_time is None:
            return []
        return [read.response_time - read.request_time]

    # CORS.

    def _fetch(self, found: Found) -> Fetch | None:
        judgement = self._store.judgement()
        if self._fetches is None or self._fetches[0] is not judgement:
            by_exchange = {number: fetch for fetch in judgement.fetches for number in fetch.exchanges}
            self._fetches = (judgement, by_exchange)
        return self._fetches[1].get(found.exchange.id)

    def _of_fetch(self, name: str) -> Callable[[Part], list[Values]]:
        def get(found: Found) -> list[Value]:
            fetch = self._fetch(found)
            value = getattr(fetch, name) if fetch is not None else None
            return [value] if value else []

        return self._read(get)

    def _codes(self, found: Found) -> list[Value]:
        fetch = self._fetch(found)
        return [] if fetch is None else [code for code in (fetch.code, *fetch.also) if code]

    def _of_role(self, name: str) -> Callable[[Part], list[Values]]:
        def get(found: Found) -> list[Value]:
            role = self._store.judgement().roles.get(found.exchange.id)
            value = getattr(role, name) if role is not None else None
            return [] if value is None else [int(value)]

        return self._read(get)

    def _crosses(self, found: Found) -> list[Value]:
        role = self._store.judgement().roles.get(found.exchange.id)
        return [1] if role is not None and role.cross_origin else []

    def _exchange_rows(self, part: Part) -> list[Values]:
        """Every packet that carries bytes of an exchange."""
        at: list[int] = []
        data: list[Value] = []
        for exchange in self._store.exchanges[:]:
            for message in _messages(exchange):
                if message.first_row >= part.stop or message.last_row < part.first:
                    continue
                rows = (packet - 1 - part.first for packet in self._packets(exchange, message))
                inside = [row for row in rows if 0 <= row < len(part)]
                at += inside
                data += [exchange.id] * len(inside)
        return [Sparse(np.array(at, np.int64), data)]

    def _packets(self, exchange: Exchange, message: Message) -> Iterable[int]:
        if message.first_row == message.last_row:
            return (message.first_row + 1,)
        read = self._reader.read(exchange)
        if message is exchange.request:
            return read.request_packets
        return read.response_packets if message is exchange.response else (message.head_row + 1,)

    def reader(self, name: str) -> Callable[[Part], list[Values]] | None:
        """How a field's values are read, None where it is no field of messages."""
        if name in _HEADERS:
            return self.header(_HEADERS[name])
        if name.startswith(HEADER_PREFIX):
            return self.header(name.removeprefix(HEADER_PREFIX))
        return self._readers().get(name)

    def _readers(self) -> dict[str, Callable[[Part], list[Values]]]:
        return {
            "http": self._read(lambda found: [1]),
            "http.request": self._read(lambda found: [1] if found.message.kind == "request" else []),
            "http.response": self._read(lambda found: [1] if found.message.kind == "response" else []),
            "http.request.method": self._read(lambda found: [found.message.verb] if found.message.verb else []),
            "http.request.uri": self._part_of("request", "target"),
            "http.request.full_uri": self._read(
                lambda found: [self._exchange(found).url or ""] if found.message.kind == "request" else []
            ),
            "http.request.version": self._part_of("request", "version"),
            "http.response.version": self._part_of("response", "version"),
            "http.response.phrase": self._part_of("response", "reason"),
            "http.response.code": self._read(lambda found: [found.message.status] if found.message.status else []),
            "http.content_length": self._read(self._lengths),
            "http.chunked": self._read(lambda found: [1] if found.message.framing == "chunked" else []),
            "http.header": self._read(self._lines),
            "http.file_data": self._read(self._bodies),
            "http.time": self._read(self._times),
            "exchange": self._exchange_rows,
            "cors": self._read(self._crosses),
            "cors.preflight": self._of_role("is_preflight"),
            "cors.cross_origin": self._of_role("cross_origin"),
            "cors.verdict": self._of_fetch("verdict"),
            "cors.code": self._read(self._codes),
            "cors.kind": self._of_fetch("kind"),
            "cors.confidence": self._of_fetch("confidence"),
            "cors.origin": self._of_fetch("origin"),
            "cors.url": self._of_fetch("url"),
        }


def _messages(exchange: Exchange) -> list[Message]:
    return [message for message in (exchange.request, *exchange.interim, exchange.response) if message is not None]
