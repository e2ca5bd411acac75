"""Conversations as transcripts: `>>` a segment, `<<` what it changed; a difference is shown as a diff of all of it."""

from collections.abc import Iterator
from difflib import ndiff

import numpy as np
import pytest

from netviz.model.endpoint import Endpoint
from netviz.model.protocols import ACK, FIN, RST, SYN, TCP_FLAGS
from netviz.tcp.connection import Connection, Segment, Transition
from netviz.tcp.marks import packets_by_name
from netviz.tcp.sweep import Analyses, Segments
from netviz.tcp.tracker import ConnectionTracker
from netviz.wire.options import tcp_options

MILLISECOND = 1_000_000
_BITS = {name: bit for bit, name in TCP_FLAGS}
_SIDES = {"client": 0, "server": 1}


class Talk:
    """Two endpoints and a capture point between them. Numbers follow from what was said before, unless given.

    `talk >> ("client", "SYN")`, with `data=`, `seq=`, `ack=`, `after=` (milliseconds) as a dict behind the flags;
    `talk >> 3` is packet 3 once more. A segment that the capture missed: `talk.unseen("client", "ACK", data=5)`.
    Expected after `<<`: the states entered, as `client SYN-SENT`; at an earlier packet as `server SYN-RECEIVED @1`; a step
    taken back as `client not TIME-WAIT`; a step the table lacks as `client illegal SEND_FIN`.
    """

    def __init__(self, isns: tuple[int, int] = (1000, 5000), ports: tuple[int, int] = (40000, 80)) -> None:
        self.tracker = ConnectionTracker(0, Endpoint("10.0.0.1", ports[0]), Endpoint("10.0.0.2", ports[1]))
        self.next = list(isns)
        self.heard: list[int | None] = [None, None]
        self.sent: list[Segment] = []
        self.packet = 0
        self.time = 0
        self.transcript: list[str] = []
        self.actual: list[str] = []
        self.analyses = Analyses()
        self.is_reused = False
        self.given: list[int] = []
        self._before: list[str] = []
        self._pending: str | None = None

    @property
    def connection(self) -> Connection:
        """What is known so far."""
        return self.tracker.connection()

    @property
    def analysis(self) -> dict[str, dict[str, list[int]]]:
        """What the analysis says, by name and sender."""
        packets = np.arange(1, len(self.given) + 1)
        is_client = np.array([segment.side == 0 for segment in self.sent])
        return packets_by_name(np.array(self.given, np.uint16), packets, is_client)

    def __rshift__(self, said: "tuple[object, ...] | int") -> "Talk":
        self.check()
        if isinstance(said, int):
            self._capture(self.sent[said - 1]._replace(time=self.time + 300 * MILLISECOND), f"#{said} again")
            return self
        who, flags, *more = said
        options = more[0] if more else {}
        assert isinstance(who, str) and isinstance(flags, str) and isinstance(options, dict)
        self._capture(self._segment(who, flags, **options), f"{who} {flags} {options or ''}".strip())
        return self

    def __lshift__(self, expected: str) -> "Talk":
        assert self._pending is not None, "nothing was said"
        self._compare(sorted(part.strip() for part in expected.split(",") if part.strip()))
        return self

    def unseen(self, who: str, flags: str, **options: int) -> "Talk":
        """A segment that was sent and received, but not captured."""
        self.check()
        self._segment(who, flags, **options)
        return self

    def check(self) -> None:
        """Where nothing was expected, nothing may have happened."""
        if self._pending is not None:
            self._compare([])

    def states(self) -> tuple[str, str]:
        """Both ends' present states, client first."""
        self.check()
        found = self.connection
        return found.final_state("client").value, found.final_state("server").value

    def _segment(
        self, who: str, flags: str, data: int = 0, seq: int | None = None, ack: int | None = None, after: int = 10,
        options: bytes = b"", window: int = 1000,
    ) -> Segment:  # fmt: skip
        side = _SIDES[who]
        bits = sum(_BITS[name] for name in flags.split(",") if name)
        start = self.next[side] if seq is None else seq
        acknowledged = self.next[1 - side] if ack is None else ack
        end = start + data + bool(bits & SYN) + bool(bits & FIN) & 0xFFFFFFFF
        if not bits & RST and 0 <= (end - self.next[side] & 0xFFFFFFFF) < 1 << 31:
            self.next[side] = end
        time = self.time + after * MILLISECOND
        return Segment(0, time, side, bits, start, acknowledged if bits & ACK else 0, window, data, options)

    def _capture(self, segment: Segment, line: str) -> None:
        self.packet += 1
        self.time = segment.time
        segment = segment._replace(packet=self.packet)
        self.sent.append(segment)
        self.tracker.feed(segment)
        self.given += self.analyses.feed(segments_of([segment], self.is_reused)).marks.tolist()
        self._pending = f">> #{self.packet} {line}"

    def _compare(self, expected: list[str]) -> None:
        now = [_line(step) for step in self.connection.transitions]
        changes = [line for line in now if line not in self._before]
        changes += [_gone(line) for line in self._before if line not in now]
        self._before = now
        here = f" @{self.packet}"
        changes = sorted(line.removesuffix(here) for line in changes)
        assert self._pending is not None
        self.transcript += [self._pending, *(f"<< {line}" for line in expected)]
        self.actual += [self._pending, *(f"<< {line}" for line in changes)]
        self._pending = None
        if expected != changes:
            raise AssertionError("\n" + "\n".join(ndiff(self.transcript, self.actual)))


def segments_of(said: list[Segment], is_reused: bool = False) -> Segments:
    """Segments of one connection as columns."""
    scales = [tcp_options(each.options).window_scale for each in said]
    columns = [
        np.array([getattr(each, name) for each in said], np.int64)
        for name in ("time", "flags", "seq", "ack", "window", "length")
    ]
    scale = np.array([-1 if each is None else each for each in scales], np.int64)
    side = np.array([each.side for each in said], np.int8)
    return Segments(np.zeros(len(said), np.int64), side, *columns, scale, np.full(len(said), is_reused))


def _line(step: Transition) -> str:
    what = f"illegal {step.event}" if step.illegal else step.to_state.value
    return f"{step.endpoint} {what} @{step.packet}"


def _gone(line: str) -> str:
    who, what, *rest = line.split(" ")
    return " ".join((who, "not", what, *rest[:-1]))


@pytest.fixture
def talk() -> Iterator[Talk]:
    """An empty conversation."""
    talking = Talk()
    yield talking
    talking.check()


@pytest.fixture
def established(talk: Talk) -> Talk:
    """A conversation after its handshake: packets 1 to 3, both ends ESTABLISHED, nothing left unproven."""
    talk >> ("client", "SYN") << "client SYN-SENT"
    talk >> ("server", "SYN,ACK") << "server SYN-RECEIVED @1, client ESTABLISHED"
    talk >> ("client", "ACK") << "server ESTABLISHED"
    return talk
