"""What an exchange went on as: the frames of a WebSocket connection, both directions in the order of the capture."""

from functools import lru_cache
from typing import Final, Literal, NamedTuple

from netviz.http.websocket import Deflate, Upgrade, is_websocket, upgrade_of
from netviz.http.websocket_frames import Frame, FrameReader, Frames, Run
from netviz.http.websocket_messages import SocketMessage, messages_of
from netviz.model.evidence import Evidence
from netviz.pipeline.facts import Facts
from netviz.pipeline.growth import growth
from netviz.pipeline.reading import ExchangeReader
from netviz.pipeline.runs_at import evidence_at
from netviz.pipeline.store import Store

_ENDLESS: Final = 1 << 62
Sender = Literal["client", "server"]


class SocketFrame(NamedTuple):
    """One frame, who sent it, and the message it is a part of."""

    number: int
    """From 1, in the order of the capture."""

    sender: Sender
    frame: Frame
    at: Evidence
    """Its first bytes: the header, and of the payload what the same packet has."""

    message: SocketMessage
    fragment: int
    """Its place in the message, from 1."""

    @property
    def is_last(self) -> bool:
        """The message is whole with it."""
        return self.frame is self.message.frames[-1] and self.frame.fin


class WebSocketTalk(NamedTuple):
    """A WebSocket connection, from its handshake on."""

    upgrade: Upgrade
    frames: tuple[SocketFrame, ...]
    lost: tuple[Sender, ...]
    """Directions in which a frame's beginning is missing, so that nothing can be told behind it."""

    stopped: tuple[Sender, ...]
    """Directions with more frames than are listed."""

    def until(self, as_of: int) -> tuple[SocketFrame, ...]:
        """The frames whose headers had come by packet `as_of`."""
        return tuple(each for each in self.frames if each.frame.head_row < as_of)


def websocket_of(store: Store, number: int) -> WebSocketTalk | None:
    """The WebSocket connection that exchange `number` began, or asked for; None where it did not."""
    connection = store.exchanges[number - 1].connection
    return _kept(store, number, growth(store, connection))


@lru_cache(maxsize=8)
def _kept(store: Store, number: int, grown: int) -> WebSocketTalk | None:
    """Kept until the connection has more packets."""
    return store.deep(lambda reader: talk_of(store, reader, number))


def talk_of(facts: Facts, reader: ExchangeReader, number: int) -> WebSocketTalk | None:
    """The same with a reader of one's own, for what runs beside the screen."""
    read = reader.read(facts.exchanges[number - 1])
    request, response = read.exchange.request, read.exchange.response
    if read.request is None or request is None or not is_websocket(read.request):
        return None
    upgrade = upgrade_of(read.request, read.response)
    if response is None or response.framing != "upgrade":
        return WebSocketTalk(upgrade, (), (), ())
    client = _Direction("client", request.direction, request.body_end)
    server = _Direction("server", response.direction, response.body_end)
    found, lost, stopped = list[_Found](), list[Sender](), list[Sender]()
    for each in (client, server):
        result = _frames(facts, reader, read.exchange.connection, each, upgrade.deflate, found)
        lost += [each.sender] if result.lost_at is not None else []
        stopped += [each.sender] if result.stopped else []
    found.sort(key=lambda one: (one.frame.head_row, one.frame.start))
    frames = tuple(SocketFrame(place, *one) for place, one in enumerate(found, 1))
    return WebSocketTalk(upgrade, frames, tuple(lost), tuple(stopped))


def carries_websocket(store: Store, row: int) -> bool:
    """Whether a packet's payload is of a WebSocket connection, behind its handshake."""
    number = store.exchange_of(row)
    if number is None:
        return False
    # Of connections that went on in another protocol, `exchange_of` knows those of WebSocket alone.
    response = store.exchanges[number - 1].response
    return response is not None and response.framing == "upgrade" and row > response.last_row


def rest_of_frame(store: Store, row: int) -> int | None:
    """How many bytes at the start of a packet's payload are the rest of an earlier frame; None where that is not known.

    For a packet that `carries_websocket`.
    """
    number = store.exchange_of(row)
    talk = websocket_of(store, number) if number is not None else None
    if number is None or talk is None:
        return None
    exchange, side = store.exchanges[number - 1], store.packets.value("side", row)
    message = exchange.request if exchange.request and exchange.request.direction == side else exchange.response
    assert message is not None
    place = exchange.connection, side, message.body_end, _ENDLESS
    runs = store.deep(lambda reader: reader.stream(*place))
    offset = next((run[0] for run in runs if run[1] == row), None)
    sender: Sender = "client" if message is exchange.request else "server"
    frames = [each.frame for each in talk.frames if each.sender == sender]
    if offset is None or not frames or (sender in talk.lost and offset > frames[-1].start + frames[-1].header):
        return None
    over = (each for each in frames if each.start < offset < each.start + each.header + each.length)
    return next((each.start + each.header + each.length - offset for each in over), 0)


class _Direction(NamedTuple):
    sender: Sender
    side: int
    begin: int
    """Stream offset of the first frame."""


class _Found(NamedTuple):
    """A `SocketFrame` that has no number yet."""

    sender: Sender
    frame: Frame
    at: Evidence
    message: SocketMessage
    fragment: int


def _frames(
    facts: Facts,
    reader: ExchangeReader,
    connection: int,
    way: _Direction,
    deflate: Deflate | None,
    into: list[_Found],
) -> Frames:
    """Read one direction's frames and add them."""
    runs = reader.stream(connection, way.side, way.begin, _ENDLESS)
    limits, counter, by_client = facts.limits, facts.limit_counter, way.sender == "client"
    read = FrameReader(way.begin, by_client, limits.websocket_frames, limits.body_raw_bytes)
    result = read.read(Run(at, row, bytes(buffer[start:stop])) for at, row, buffer, start, stop in runs)
    if result.stopped:
        counter.hit("websocket_frames")
    for message in messages_of(result.frames, by_client, deflate, limits, counter):
        for place, frame in enumerate(message.frames, 1):
            end = frame.start + frame.header + frame.length
            at = evidence_at(facts.packets, runs, frame.start, end)
            into.append(_Found(way.sender, frame, at, message, place))
    return result
