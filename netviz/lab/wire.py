"""A wire in user space: carries frames between TAP interfaces, with delay and loss, and shows a copy with VLAN tags.

This is what a switch's trunk and a bad line are to the machines on both ends; the kernel needs neither a `vlan` nor a
`netem` module for it. Knows frames, and of their contents only what `tcp_payload` tells.
"""

import fcntl
import heapq
import os
import select
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from netviz.lab.namespaces import Namespace
from netviz.lab.requirements import TUN

Sender = Literal["client", "server"]
Loses = Callable[[Sender, bytes], bool]
Fate = Callable[[Sender, bytes], Sequence[float]]
"""When copies of a frame arrive, in seconds after it was sent: none where it is lost, two where it is doubled."""


class Carrier(Protocol):
    """What lies between two machines."""

    def carry(self, until: int) -> None:
        """Carry frames until the descriptor `until` becomes readable."""
        ...


_TUNSETIFF: Final = 0x400454CA
_TAP_WITHOUT_HEADER: Final = 0x0002 | 0x1000
_LONGEST_FRAME: Final = 65_535
_IPV4: Final = b"\x08\x00"
_DOT1Q: Final = 0x8100


def tap(namespace: Namespace, interface: str) -> int:
    """Make a TAP interface in a namespace; the descriptor returned is the other end of its cable."""
    with namespace.entered():
        descriptor = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
        try:
            fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH22x", interface.encode(), _TAP_WITHOUT_HEADER))
        except OSError:
            os.close(descriptor)
            raise
    return descriptor


def loses_nothing(sender: Sender, frame: bytes) -> bool:
    """The good line."""
    return False


class LosesOnce:
    """Loses the n-th TCP segment with payload that one end sends, once; it passes when it is sent again."""

    def __init__(self, sender: Sender, nth: int) -> None:
        self._sender = sender
        self._nth = nth
        self._seen = 0
        self.lost = 0

    def __call__(self, sender: Sender, frame: bytes) -> bool:
        """Whether the wire loses this frame."""
        if sender != self._sender or not tcp_payload(frame):
            return False
        self._seen += 1
        if self._seen != self._nth:
            return False
        self.lost += 1
        return True


def tcp_payload(frame: bytes) -> int:
    """Payload bytes of a TCP segment in an Ethernet frame with IPv4; 0 for anything else."""
    if frame[12:14] != _IPV4 or len(frame) < 54 or frame[23] != 6:
        return 0
    header = 14 + (frame[14] & 15) * 4
    if len(frame) < header + 20:
        return 0
    total = int.from_bytes(frame[16:18], "big")
    return max(0, 14 + total - header - (frame[header + 12] >> 4) * 4)


def tagged(frame: bytes, vlan: int, priority: int = 0) -> bytes:
    """The frame with an IEEE 802.1Q tag after its addresses, as a trunk carries it."""
    return frame[:12] + struct.pack("!HH", _DOT1Q, priority << 13 | vlan) + frame[12:]


@dataclass(slots=True)
class Wire:
    """Carries frames between two descriptors of TAP interfaces until it is cut."""

    client: int
    server: int
    delay: float = 0.0
    """Seconds that a frame takes from one end to the other."""

    loses: Loses = loses_nothing
    fate: Fate | None = None
    """Where given: what becomes of every frame, in place of `delay` and `loses`."""

    mirror: int | None = None
    """Descriptor that gets a tagged copy of every frame carried."""

    vlan: int = 0

    def carry(self, until: int) -> None:
        """Carry frames until the descriptor `until` becomes readable."""
        ends: dict[int, tuple[Sender, int]] = {
            self.client: ("client", self.server),
            self.server: ("server", self.client),
        }
        under_way: list[tuple[float, int, int, bytes]] = []
        count = 0
        while True:
            ready = select.select([*ends, until], [], [], self._patience(under_way))[0]
            if until in ready:
                return
            for end in (end for end in ready if end in ends):
                sender, other = ends[end]
                for frame in frames(end):
                    for delay in self._arrivals(sender, frame):
                        count += 1
                        heapq.heappush(under_way, (time.monotonic() + delay, count, other, frame))
            while under_way and under_way[0][0] <= time.monotonic():
                _, _, other, frame = heapq.heappop(under_way)
                self._deliver(other, frame)

    def _arrivals(self, sender: Sender, frame: bytes) -> Sequence[float]:
        if self.fate is not None:
            return self.fate(sender, frame)
        return () if self.loses(sender, frame) else (self.delay,)

    def _patience(self, under_way: list[tuple[float, int, int, bytes]]) -> float | None:
        return max(0.0, under_way[0][0] - time.monotonic()) if under_way else None

    def _deliver(self, end: int, frame: bytes) -> None:
        # An interface that somebody has set down takes no frame: the frame is lost, the wire stays.
        with suppress(OSError):
            if self.mirror is not None:
                os.write(self.mirror, tagged(frame, self.vlan))
            os.write(end, frame)


def frames(end: int) -> Iterator[bytes]:
    """Frames that wait on a TAP interface, until there is none."""
    while True:
        try:
            yield os.read(end, _LONGEST_FRAME)
        except BlockingIOError:
            return


@contextmanager
def carrying(wire: Carrier) -> Iterator[None]:
    """The wire carries frames during the block, in a thread of its own."""
    told, tell = os.pipe()
    thread = threading.Thread(target=wire.carry, args=(told,), name="wire")
    thread.start()
    try:
        yield
    finally:
        os.write(tell, b"x")
        thread.join()
        os.close(told)
        os.close(tell)
