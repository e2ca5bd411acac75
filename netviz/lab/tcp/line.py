"""The line between two TAP interfaces: every frame takes its time, and rules lose, repeat, delay or forge single ones."""

import heapq
import os
import select
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from netviz.lab.tcp.frame import Frame, read_frame
from netviz.lab.wire import Sender, frames

_MAGIC_NANOSECONDS: Final = 0xA1B23C4D
_ETHERNET: Final = 1


class Delivery(NamedTuple):
    """A frame on its way."""

    to: Sender
    raw: bytes
    after: float = 0.0
    """Seconds later than the line takes anyway."""

    arrives: bool = True
    """False: lost behind the middle of the line."""

    passes: bool = True
    """False: lost before the middle."""


Rule = Callable[[Frame], "list[Delivery] | None"]
"""What becomes of a segment; None: nothing special, the next rule is asked."""

Test = Callable[[Frame], bool]


def other(end: Sender) -> Sender:
    """The end that a frame goes to."""
    return "server" if end == "client" else "client"


def matching(test: Test, act: Callable[[Frame], list[Delivery]], nth: int = 1, times: int = 1) -> Rule:
    """A rule for the nth segment that a test likes, and the `times` - 1 after it."""
    seen = 0

    def rule(frame: Frame) -> list[Delivery] | None:
        nonlocal seen
        if not test(frame):
            return None
        seen += 1
        return act(frame) if nth <= seen < nth + times else None

    return rule


def lost(test: Test, nth: int = 1, times: int = 1, early: bool = False) -> Rule:
    """The line loses it: behind the middle, or `early` before it."""
    return matching(test, lambda frame: [Delivery(other(frame.sender), frame.raw, 0, False, not early)], nth, times)


def late(test: Test, seconds: float, nth: int = 1) -> Rule:
    """The line takes longer for it, so that others overtake it."""
    return matching(test, lambda frame: [Delivery(other(frame.sender), frame.raw, seconds)], nth)


def twice(test: Test, gap: float = 0.0005, nth: int = 1) -> Rule:
    """The line makes a copy."""
    return matching(
        test,
        lambda frame: [Delivery(other(frame.sender), frame.raw), Delivery(other(frame.sender), frame.raw, gap)],
        nth,
    )


def then(test: Test, more: Callable[[Frame], list[Delivery]], nth: int = 1) -> Rule:
    """It passes, and other frames with it."""
    return matching(test, lambda frame: [Delivery(other(frame.sender), frame.raw), *more(frame)], nth)


@dataclass(slots=True)
class Line:
    """Carries frames between two descriptors and keeps what passes its middle as a capture."""

    ends: dict[Sender, int]
    delay: float
    """Seconds from one end to the other."""

    rules: tuple[Rule, ...] = ()
    middle: list[tuple[int, bytes]] = field(default_factory=list)
    """Time in nanoseconds since the epoch, and frame."""

    _under_way: list[tuple[float, int, bool, Delivery]] = field(default_factory=list)
    _count: int = 0

    def carry(self, until: int) -> None:
        """Carry frames until the descriptor `until` becomes readable."""
        of_descriptor: dict[int, Sender] = {descriptor: end for end, descriptor in self.ends.items()}
        while True:
            wait = max(0.0, self._under_way[0][0] - time.monotonic()) if self._under_way else None
            ready = select.select([*of_descriptor, until], [], [], wait)[0]
            if until in ready:
                return
            for descriptor in ready:
                for raw in frames(descriptor):
                    for delivery in self._decide(raw, of_descriptor[descriptor]):
                        self._send(delivery)
            while self._under_way and self._under_way[0][0] <= time.monotonic():
                self._move(*heapq.heappop(self._under_way)[2:])

    def _decide(self, raw: bytes, sender: Sender) -> list[Delivery]:
        frame = read_frame(raw, sender)
        if frame is not None:
            for rule in self.rules:
                found = rule(frame)
                if found is not None:
                    return found
        return [Delivery(other(sender), raw)]

    def _send(self, delivery: Delivery) -> None:
        self._push(self.delay / 2 + delivery.after, False, delivery)

    def _push(self, seconds: float, passed: bool, delivery: Delivery) -> None:
        self._count += 1
        heapq.heappush(self._under_way, (time.monotonic() + seconds, self._count, passed, delivery))

    def _move(self, passed: bool, delivery: Delivery) -> None:
        if passed:
            os.write(self.ends[delivery.to], delivery.raw)
            return
        if delivery.passes:
            self.middle.append((time.time_ns(), delivery.raw))
        if delivery.passes and delivery.arrives:
            self._push(self.delay / 2, True, delivery)

    def save(self, file: Path) -> None:
        """Write what passed the middle as a pcap."""
        write_pcap(file, self.middle)


def write_pcap(file: Path, packets: list[tuple[int, bytes]], snaplen: int = 262_144) -> None:
    """A pcap with nanoseconds; frames are cut at the snaplen."""
    with file.open("wb") as out:
        out.write(struct.pack("<IHHiIII", _MAGIC_NANOSECONDS, 2, 4, 0, 0, snaplen, _ETHERNET))
        for at, raw in packets:
            kept = raw[:snaplen]
            out.write(struct.pack("<IIII", at // 10**9, at % 10**9, len(kept), len(raw)) + kept)
