"""Exchanges in depth, worked out when somebody looks: heads parsed with the bytes of every part, bodies put together.

Bodies are not kept: the connection's rows run through its streams once more, up to the message that is asked for.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, overload

from netviz.capture.mapped import release_pages
from netviz.http.body import read_body
from netviz.http.exchange import Body, Exchange, Head, Message, Piece, ReadExchange
from netviz.http.head import HeadPiece, read_head_text
from netviz.http.websocket import is_websocket
from netviz.model.endpoint import Endpoint
from netviz.model.evidence import Span
from netviz.model.frames import Buffer
from netviz.pipeline.closing import closed_row, resets
from netviz.pipeline.facts import Facts
from netviz.pipeline.following import replay
from netviz.pipeline.rows import RowIndex

_KEPT_EXCHANGES: Final = 4096
_KEPT_STREAMS: Final = 16
_RELEASED_AFTER: Final = 4096


class _Collected:
    """A stream's bytes as runs: (stream offset, row, buffer, start, stop), gaps left out."""

    def __init__(self) -> None:
        self.runs: list[tuple[int, int, Buffer, int, int]] = []
        self.length = 0

    def feed(self, row: int, buffer: Buffer, start: int, stop: int) -> None:
        """Bytes in order."""
        self.runs.append((self.length, row, buffer, start, stop))
        self.length += stop - start

    def pass_over(self, first_row: int, last_row: int, size: int) -> bool:
        """Here every byte is kept."""
        return False

    def gap(self, row: int, length: int) -> None:
        """Bytes that were lost."""
        self.length += length

    def end(self, row: int, how: str) -> None:
        """The direction is closed; nothing to keep."""

    def between(self, begin: int, end: int) -> list[tuple[int, bytes]]:
        """(row, bytes) of each run that reaches into begin..end, in order."""
        return [(row, bytes(buffer[start:stop])) for _, row, buffer, start, stop in self.runs_between(begin, end)]

    def runs_between(self, begin: int, end: int) -> list[tuple[int, int, Buffer, int, int]]:
        """The runs that reach into begin..end, cut to it, in order."""
        found = []
        for at, row, buffer, start, stop in self.runs[
            max(bisect_right(self.runs, begin, key=lambda run: run[0]) - 1, 0) :
        ]:
            if at >= end:
                break
            low, high = max(begin - at, 0), min(end - at, stop - start)
            if low < high:
                found.append((at + low, row, buffer, start + low, start + high))
        return found


class Carrier(NamedTuple):
    """A packet that carried bytes of a message."""

    packet: int
    span: Span | None
    """The bytes in the packet; None where they were put together from IP fragments."""

    offset: int
    """Where in the message they lie."""

    length: int


class _Carriers(Sequence[int]):
    """Numbers of the packets that carried a message; put together when first looked at, which is seldom."""

    __slots__ = ("_connection", "_found", "_message", "_reader")

    def __init__(self, reader: "ExchangeReader", connection: int, message: Message | None) -> None:
        self._reader = reader
        self._connection = connection
        self._message = message
        self._found: tuple[int, ...] | None = None if message is not None else ()

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...

    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._numbers()[index]

    def __len__(self) -> int:
        return len(self._numbers())

    def _numbers(self) -> tuple[int, ...]:
        if self._found is None and self._message is not None:
            self._found = self._reader.packets_of(self._connection, self._message)
        return self._found or ()


class _ReadOnDemand(ReadExchange):
    """An exchange of which nothing is read until somebody asks.

    A pass over a whole capture makes one of these for each exchange and looks at little of it; so the other slots of
    `ReadExchange` stay empty, and Python asks `__getattr__` for them the first time that they are read.
    """

    __slots__ = ("_reader",)

    def __init__(self, reader: "ExchangeReader", exchange: Exchange) -> None:
        self._reader = reader
        self.exchange = exchange

    def __getattr__(self, name: str) -> object:
        exchange, reader = self.exchange, self._reader
        request, response = exchange.request, exchange.response
        if name == "request":
            self.request = reader.head(request) if request is not None else None
        elif name == "response":
            self.response = reader.head(response) if response is not None else None
        elif name in ("client", "client_port", "server", "server_port"):
            (self.client, self.client_port), (self.server, self.server_port) = reader.ends(exchange)
        elif name in ("request_time", "response_time"):
            self.request_time, self.response_time = reader.time(request), reader.time(response)
        elif name in ("request_packets", "response_packets"):
            self.request_packets = _Carriers(reader, exchange.connection, request)
            self.response_packets = _Carriers(reader, exchange.connection, response)
        elif name == "closed_row":
            self.closed_row = reader.closed_row(exchange)
        elif name == "head_was_reset":
            self.head_was_reset = reader.head_was_reset(exchange)
        else:
            raise AttributeError(name)
        return getattr(self, name)


class ExchangeReader:
    """Reads exchanges of a store on demand and keeps those read last."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._rows = RowIndex(facts.packets, "connection")
        self._read: OrderedDict[int, tuple[object, ReadExchange]] = OrderedDict()
        self._streams: OrderedDict[tuple[int, int], tuple[_Collected, _Collected]] = OrderedDict()
        self._by_connection: dict[int, list[int]] = {}
        self._indexed = 0
        self._ends = lru_cache(maxsize=_KEPT_EXCHANGES)(self._endpoints)

    def read(self, exchange: Exchange) -> ReadExchange:
        """An exchange with its heads; read anew only when something of it has changed."""
        state = _state(exchange)
        known = self._read.get(exchange.id)
        if known is None or known[0] != state:
            known = (state, _ReadOnDemand(self, exchange))
            self._read[exchange.id] = known
            if len(self._read) > _KEPT_EXCHANGES:
                self._read.popitem(last=False)
        return known[1]

    def read_once(self, exchange: Exchange) -> ReadExchange:
        """The same for a pass over all exchanges, which leaves those that are kept alone."""
        known = self._read.get(exchange.id)
        return known[1] if known is not None and known[0] == _state(exchange) else _ReadOnDemand(self, exchange)

    def passing(self) -> Iterator[Exchange]:
        """All exchanges so far. What of the capture's bytes was read of them is not held in memory behind the pass."""
        for count, exchange in enumerate(self._facts.exchanges):
            if count % _RELEASED_AFTER == 0:
                self._release()
            yield exchange
        self._release()

    def _release(self) -> None:
        for buffer in self._facts.packets.buffers:
            release_pages(buffer)

    def body(self, message: Message, connection: int) -> Body:
        """The body of a message, from its connection's streams."""
        facts = self._facts
        end = min(message.body_end, message.body_start + facts.limits.body_raw_bytes)
        if end < message.body_end:
            facts.limit_counter.hit("body_raw_bytes")
        collected = self._collected(connection)[message.direction]
        raw = b"".join(part for _, part in collected.between(message.body_start, end))
        return read_body(message, self.head(message), raw, facts.limits, facts.limit_counter)

    def exchange_of(self, row: int) -> int | None:
        """Number of the exchange whose bytes a packet carries."""
        packets = self._facts.packets
        connection = packets.value("connection", row)
        if connection < 0 or packets.value("payload_length", row) <= 0:
            return None
        side = packets.value("side", row)
        numbers = self.exchanges_of(connection)
        for number in numbers:
            for message in _messages(self._facts.exchanges[number - 1]):
                if message.direction == side and message.first_row <= row <= message.last_row:
                    return number
        return self._upgraded(numbers, row)

    def _upgraded(self, numbers: list[int], row: int) -> int | None:
        """The exchange after which the connection went on as WebSocket, for the packets behind it."""
        last = self._facts.exchanges[numbers[-1] - 1] if numbers else None
        response = last.response if last is not None else None
        if last is None or response is None or response.framing != "upgrade" or row <= response.head_row:
            return None
        return last.id if is_websocket(self.read(last).request) else None

    def exchanges_of(self, connection: int) -> list[int]:
        """Numbers of the exchanges of a connection."""
        exchanges = self._facts.exchanges
        while self._indexed < len(exchanges):
            exchange = exchanges[self._indexed]
            self._by_connection.setdefault(exchange.connection, []).append(exchange.id)
            self._indexed += 1
        return self._by_connection.get(connection, [])

    def packets_of(self, connection: int, message: Message) -> tuple[int, ...]:
        """Numbers of the packets that carried a message, in stream order."""
        if message.first_row == message.last_row:
            return (message.first_row + 1,)
        collected = self._collected(connection)[message.direction]
        runs = collected.between(message.start, max(message.body_end, message.body_start))
        return tuple(dict.fromkeys(row + 1 for row, _ in runs))

    def carriers(self, connection: int, message: Message) -> list[Carrier]:
        """The packets that carried a message, each with its bytes, in stream order; what came twice counts once."""
        packets = self._facts.packets
        stop = max(message.body_end, message.body_start)
        found = []
        for at, row, _, start, end in self._collected(connection)[message.direction].runs_between(message.start, stop):
            begin = start - packets.value("offset", row)
            span = None if row in packets.reassembled else Span(begin, begin + end - start)
            found.append(Carrier(row + 1, span, at - message.start, end - start))
        return found

    def size(self, connection: int) -> int:
        """How many packets of a connection have come: what was worked out from them holds until there are more."""
        return len(self._rows.rows(connection))

    def stream(self, connection: int, side: int, begin: int, end: int) -> list[tuple[int, int, Buffer, int, int]]:
        """(stream offset, row, buffer, start, stop) of the runs that one side sent within begin..end, in order."""
        return self._collected(connection)[side].runs_between(begin, end)

    def conversation(self, connection: int) -> list[tuple[int, int, bytes]]:
        """(row, side, bytes) of everything that both directions of a connection carried, in the order of the capture."""
        sides = self._collected(connection)
        runs = [
            (row, side, at, data, start, stop) for side in (0, 1) for at, row, data, start, stop in sides[side].runs
        ]
        runs.sort(key=lambda run: (run[0], run[1], run[2]))
        return [(row, side, bytes(data[start:stop])) for row, side, _, data, start, stop in runs]

    def _endpoints(self, connection: int) -> tuple[Endpoint, Endpoint]:
        facts = self._facts
        return facts.flows.endpoints(facts.assigner.flow_of(connection))

    def ends(self, exchange: Exchange) -> tuple[Endpoint, Endpoint]:
        """Client and server of an exchange."""
        request, response = exchange.request, exchange.response
        side_0, side_1 = self._ends(exchange.connection)
        asked_by = request.direction if request is not None else 1 - (response.direction if response else 0)
        return (side_0, side_1) if asked_by == 0 else (side_1, side_0)

    def time(self, message: Message | None) -> int | None:
        """Of the packet that brought a message's first byte."""
        return self._facts.packets.value("time", message.first_row) if message is not None else None

    def closed_row(self, exchange: Exchange) -> int | None:
        """Row of the packet that closed the connection on a request without an answer."""
        if exchange.request is None or exchange.response is not None:
            return None
        rows = self._rows.rows(exchange.connection)
        return closed_row(self._facts.packets, rows, exchange.request.head_row, exchange.request.direction)

    def head_was_reset(self, exchange: Exchange) -> bool:
        """Whether a RST cut the response's head short."""
        response = exchange.response
        if response is None or "head-cut-short" not in response.violations:
            return False
        return resets(self._facts.packets, response.head_row)

    def head(self, message: Message) -> Head:
        """A message's head."""
        packets, head = self._facts.packets, message.head
        if len(head) == 1 and len(packets.buffers) == 1 and not packets.reassembled:
            # Nearly every head: in one piece, and there is one buffer only, so the packet need not be looked up.
            _, start, stop = head[0]
            text = bytes(packets.buffers[0][start:stop])
        else:
            text = b"".join(data for _, _, data in self._pieces(message))
        return read_head_text(message, text, self._pieces, self._facts.limits)

    def _pieces(self, message: Message) -> list[HeadPiece]:
        return [self._piece(piece) for piece in message.head]

    def _piece(self, piece: Piece) -> HeadPiece:
        """A piece's row, where it begins in its frame (None: it was put together from fragments), and its bytes."""
        packets = self._facts.packets
        row, start, stop = piece
        whole = packets.reassembled.get(row)
        if whole is not None:
            return row, None, whole[start:stop]
        buffer = packets.buffers[packets.value("buffer", row)]
        return row, start - packets.value("offset", row), bytes(buffer[start:stop])

    def _collected(self, connection: int) -> tuple[_Collected, _Collected]:
        rows = self._rows.rows(connection)
        key = (connection, len(rows))
        known = self._streams.get(key)
        if known is None:
            facts = self._facts
            following = facts.following
            known = (_Collected(), _Collected())
            used = rows[rows >= following.first_rows.get(connection, 0)]
            replay(facts.packets, used, known, following.first_seqs(connection), facts.limits)
            self._streams[key] = known
            if len(self._streams) > _KEPT_STREAMS:
                self._streams.popitem(last=False)
        self._streams.move_to_end(key)
        return known


def _state(exchange: Exchange) -> tuple[object, ...]:
    """What an exchange was when it was read: it is read anew when this has changed."""
    request, response = exchange.request, exchange.response
    return (request, response, request and request.last_row, response and response.last_row)


def _messages(exchange: Exchange) -> list[Message]:
    return [message for message in (exchange.request, *exchange.interim, exchange.response) if message is not None]
