"""A conversation as packets bring it: who says what, what is lost, cut into pieces in any way."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from netviz.http.conversation import Conversation
from netviz.http.exchange import Exchange, Head, Message, Piece
from netviz.http.framing import sides_of
from netviz.http.head import read_head
from netviz.model.limits import DEFAULT_LIMITS, LimitCounter, Limits

Cut = Callable[[bytes], list[bytes]]


def whole(data: bytes) -> list[bytes]:
    return [data]


def byte_by_byte(data: bytes) -> list[bytes]:
    return [data[index : index + 1] for index in range(len(data))]


@dataclass
class Talk:
    """Each call of `client`, `server` and `lost` is one packet; its bytes go to the parser in the pieces of `cut`."""

    cut: Cut = whole
    limits: Limits = DEFAULT_LIMITS
    row: int = -1
    packets: list[bytes] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    counter: LimitCounter = field(default_factory=LimitCounter)

    def __post_init__(self) -> None:
        self.sides = sides_of(Conversation(7, self.limits, self.counter, self.exchanges))

    def say(self, side: int, data: bytes) -> "Talk":
        self.row += 1
        # A packet does not begin where its payload does: offsets have to be those of the buffer.
        self.packets.append(b"\xee" * 54 + data + b"\xee")
        at = 54
        for piece in self.cut(data):
            self.sides[side].feed(self.row, self.packets[-1], at, at + len(piece))
            at += len(piece)
        return self

    def client(self, data: bytes) -> "Talk":
        return self.say(0, data)

    def server(self, data: bytes) -> "Talk":
        return self.say(1, data)

    def lost(self, side: int, length: int) -> "Talk":
        self.row += 1
        self.packets.append(b"")
        self.sides[side].gap(self.row, length)
        return self

    def end(self, how: str = "fin") -> "Talk":
        for side in self.sides:
            side.end(self.row, how)
        return self

    def head(self, message: Message | None) -> Head:
        assert message is not None
        pieces = [(piece.row, piece.start, self.bytes_of(piece)) for piece in message.head]
        return read_head(message, pieces, self.limits)

    def bytes_of(self, piece: Piece) -> bytes:
        return self.packets[piece.row][piece.start : piece.stop]

    def shape(self) -> list[object]:
        """What was found, without what depends on how packets were cut."""
        return [
            (each.id, each.inferred, facts(each.request), facts(each.response), [facts(one) for one in each.interim])
            for each in self.exchanges
        ]

    def answers(self) -> list[tuple[str | None, int | None]]:
        """Target and status of each exchange: who was paired with whom."""
        return [
            (
                self.head(each.request).target if each.request else None,
                each.response.status if each.response else None,
            )
            for each in self.exchanges
        ]


FACTS = (
    "kind", "direction", "start", "verb", "status", "body_start", "body_end", "body_bytes", "complete", "framing",
    "missing", "violations", "hints", "gaps",
)  # fmt: skip


def facts(message: Message | None) -> list[object] | None:
    return None if message is None else [getattr(message, name) for name in FACTS]


@pytest.fixture(scope="session")
def talk() -> type[Talk]:
    return Talk


@pytest.fixture(params=[whole, byte_by_byte], ids=["whole", "byte-by-byte"])
def cut(request: pytest.FixtureRequest) -> Cut:
    chosen: Cut = request.param
    return chosen


@pytest.fixture(scope="session")
def head_of(talk: type[Talk]) -> Callable[[bytes], Head]:
    """The head of one message, given as bytes."""

    def read(data: bytes) -> Head:
        conversation = talk()
        conversation.say(0 if not data.startswith(b"HTTP/") else 1, data).end()
        exchange = conversation.exchanges[0]
        return conversation.head(exchange.request or exchange.response)

    return read
