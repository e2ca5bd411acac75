"""What is known of HTTP messages and exchanges, each with the packets that prove it. Data only.

Two depths. `Message` is what the framer keeps for every message: where it lies, how long it is, little more. `Head` and
`Body` are made from it on demand, with the bytes of every part. Rows count from 0 and index the packet table; packet
numbers are row + 1. Nothing here knows TCP or ports.
"""

from abc import abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from netviz.model.evidence import Evidence


class Piece(NamedTuple):
    """A run of stream bytes inside one packet: buffer[start:stop] of that packet's buffer."""

    row: int
    start: int
    stop: int


@dataclass(slots=True, eq=False)
class Message:
    """One request or response as the framer found it: kept for all messages, so it is small."""

    kind: Literal["request", "response"]
    direction: int
    """Which side of the connection sent it, 0 or 1 (the packet table's `side`)."""

    start: int
    """Stream offset of its first byte in that direction."""

    head: tuple[Piece, ...]
    """Where the head lies, up to and with the empty line."""

    head_row: int
    """Row of the packet with which the head was complete: the message is known from then on."""

    first_row: int
    """Row of the earliest packet in the capture that brought bytes of it; `head[0].row` is the one with its first byte,
    which is another where packets came out of order."""

    last_row: int
    """Row of the newest packet that brought bytes of it."""

    verb: str
    """Method of a request; empty for a response."""

    status: int = 0
    """Status code of a response, 0 for a request."""

    body_start: int = 0
    """Stream offset at which the body begins."""

    body_end: int = 0
    """Stream offset after the last byte of the body (with its chunk framing) seen so far."""

    body_bytes: int = 0
    """Bytes of the body itself, without chunk framing, seen so far."""

    complete: bool = False
    """The whole message was seen, by its own framing."""

    framing: str = "none"
    """How the body's length is known: none, length, chunked, close (ends with the connection), tunnel, upgrade."""

    missing: int = 0
    """Bytes of the body that fell into gaps of the capture; where a gap begins between two chunks, the whole gap."""

    violations: tuple[str, ...] = ()
    """Keys (`http.violation.*`) of what is against RFC 9112 and was read all the same: `bare-lf`, `both-lengths` ..."""

    hints: int = 0
    """Which fields the head has: bits ORIGIN, REFERER, SEC_FETCH, COOKIE ... of `fields.py`, to choose cheaply."""

    gaps: tuple[tuple[int, int], ...] = ()
    """Gaps in the body: (stream offset, length)."""

    wording: Hashable | None = None
    """The same object only in messages whose heads are equal to the last byte; None where that is not known."""


@dataclass(slots=True, eq=False)
class Exchange:
    """A request and its response. Either may be missing; interim (1xx) responses stand beside the final one."""

    id: int
    """From 1, in the order in which they became known."""

    connection: int
    request: Message | None = None
    response: Message | None = None
    interim: list[Message] = field(default_factory=list)
    inferred: bool = False
    """Bytes were lost before the response, so which request it answers was inferred from their order in time."""

    @property
    def wording(self) -> Hashable | None:
        """Equal only in exchanges of which both heads are equal to the last byte; None where that is not known."""
        request, response = self.request, self.response
        if request is None or response is None or request.wording is None or response.wording is None:
            return None
        return request.wording, response.wording


class Header(NamedTuple):
    """One header field line, as received. Texts are as on the wire (latin-1 where not UTF-8): not yet safe."""

    name: str
    value: str
    """Without the white space around it; folded lines joined by one space."""

    name_at: Evidence
    value_at: Evidence
    """Evidence of a value that crosses packets names the packet in which it begins, and the span there."""


class IndexedHeaders(Sequence[Header]):
    """Header fields that can be found by name without looking at each. Names are given in lower case."""

    __slots__ = ()

    @property
    @abstractmethod
    def shared(self) -> Hashable:
        """The same object for fields that are equal to the last byte: what follows from them alone can be kept by it."""

    @abstractmethod
    def named(self, name: str) -> list[Header]:
        """All fields of a name, in order."""

    @abstractmethod
    def values(self, name: str) -> list[str]:
        """Their values only."""

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Names of all fields, in order, in lower case."""


@dataclass(slots=True, eq=False)
class Head:
    """Start line and header fields of one message, each with its bytes. Made for every exchange that is judged, and not
    frozen, because that costs more than all else in making one."""

    method: str
    target: str
    version: str
    """`HTTP/1.1`; empty where the line had none (HTTP/0.9)."""

    status: int
    reason: str
    line_at: Evidence
    headers: Sequence[Header]
    violations: tuple[str, ...] = ()

    def get_all(self, name: str) -> list[Header]:
        """All fields of a name, in order; the name is compared without case."""
        wanted = name.lower()
        if isinstance(self.headers, IndexedHeaders):
            return self.headers.named(wanted)
        return [header for header in self.headers if header.name.lower() == wanted]

    def get(self, name: str) -> str | None:
        """Value of a field as RFC 9110 5.2 combines it (`, ` between several), or None."""
        if isinstance(self.headers, IndexedHeaders):
            values = self.headers.values(name.lower())
        else:
            values = [header.value for header in self.get_all(name)]
        return ", ".join(values) if values else None

    @property
    def shared(self) -> Hashable | None:
        """The same object for heads with equal fields; None where that is not known."""
        return self.headers.shared if isinstance(self.headers, IndexedHeaders) else None

    def names(self) -> tuple[str, ...]:
        """Names of all fields, in order, in lower case."""
        if isinstance(self.headers, IndexedHeaders):
            return self.headers.names()
        return tuple(header.name.lower() for header in self.headers)


@dataclass(frozen=True, slots=True)
class Body:
    """A message's content, decoded as far as bounds and the capture allow."""

    raw: bytes
    """Transfer decoding undone (chunks joined), content coding still on."""

    content: bytes
    """Content coding undone, as far as possible."""

    coding: str = ""
    """Content-Encoding that was undone, or tried."""

    problem: str = ""
    """Why `content` is not whole, empty where it is: `gap`, `cut-short`, `bomb`, `bad-coding`, `unknown-coding`,
    `bad-chunk` (`http.body.*` in `explain/`)."""

    trailers: tuple[tuple[str, str], ...] = ()
    """Name and value of the fields behind the last chunk, in order: not yet safe."""


@dataclass(slots=True, eq=False)
class ReadExchange:
    """An exchange with its heads read: what `cors/`, `report/` and the screen look at."""

    exchange: Exchange
    request: Head | None
    response: Head | None
    request_packets: Sequence[int]
    """Numbers of the packets that carried the request, in stream order."""

    response_packets: Sequence[int]
    request_time: int | None
    """Nanoseconds, of the packet that brought the request's first byte."""

    response_time: int | None
    client: str
    """Address of who sent the request (or received the response)."""

    client_port: int
    server: str
    server_port: int
    closed_row: int | None = None
    """Row of the packet (FIN or RST) that closed the connection on a request without an answer. None where there is an
    answer, where the connection was still open, or where bytes of the server are missing from the capture."""

    head_was_reset: bool = False
    """A RST ended the connection in the middle of the response's head."""

    @property
    def id(self) -> int:
        """The exchange's number, from 1."""
        return self.exchange.id

    @property
    def url(self) -> str | None:
        """Target and Host put together (RFC 9110 7.1): http://host/path. None without a request."""
        if self.request is None:
            return None
        target = self.request.target
        if target.lower().startswith(("http://", "https://")):
            return target
        host = self.request.get("Host") or f"{self.server}:{self.server_port}"
        return f"http://{host}{target if target != '*' else ''}"
