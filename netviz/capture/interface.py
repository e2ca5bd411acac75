"""A live interface as a source of frames: scapy's listening socket in a thread that only takes frames off the wire.

The thread dissects nothing: it stamps, counts and queues. What the kernel or the queue had to drop is counted.
Open the source first, then give up privileges, then ask for batches.
"""

import errno
import logging
import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from netviz.capture.filter import check_filter
from netviz.errors import BadArgument, NotPermitted
from netviz.model.frames import LIVE, CaptureInfo, FrameBatch, Interface
from netviz.model.limits import DEFAULT_LIMITS, Limits

_SOL_PACKET: Final = 263
_PACKET_STATISTICS: Final = 6
_PACKET_IGNORE_OUTGOING: Final = 23
_QUEUED_FRAMES: Final = 200_000
_BATCH_FRAMES: Final = 16_384
_POLL_SECONDS: Final = 0.05
_LONGEST_FRAME: Final = 1 << 18
_LINK_TYPE_OF_HARDWARE: Final = {1: 1, 772: 1, 65534: 101, 801: 105, 803: 127, 512: 9}
"""ARPHRD_ number (Linux if_arp.h) -> LINKTYPE_."""


@dataclass(slots=True)
class Drops:
    """Frames that did not arrive, by who dropped them."""

    kernel: int = 0
    queue: int = 0


def interface_names() -> list[str]:
    """Names of this machine's interfaces."""
    return [name for _, name in socket.if_nameindex()]


def link_type_of(interface: str) -> int:
    """LINKTYPE_ of frames from an interface; Ethernet where the system does not say."""
    try:
        hardware = int(Path("/sys/class/net", interface, "type").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 1
    return _LINK_TYPE_OF_HARDWARE.get(hardware, 1)


class LiveSource:
    """Frames from an interface, until `close()`, the wanted count, a limit, or the interface going away."""

    def __init__(
        self,
        interface: str,
        capture_filter: str = "",
        count: int | None = None,
        snaplen: int | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """Open the socket; this is the only step that needs a privilege.

        Raises: BadArgument for an interface or a filter that is not there; NotPermitted without the privilege.
        """
        if interface not in interface_names():
            raise BadArgument("no-such-interface", interface=interface, known=", ".join(interface_names()))
        self._link_type = link_type_of(interface)
        check_filter(capture_filter, self._link_type)
        described = Interface(self._link_type, interface, snaplen=snaplen or 0)
        self.info = CaptureInfo(interface, LIVE, interfaces=[described])
        self.drops = Drops()
        self._socket = _open_socket(interface, capture_filter)
        self._snaplen = snaplen
        self._wanted = count
        self._limits = limits
        self._queue: deque[tuple[bytes, int]] = deque()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._take_frames, name="capture", daemon=True)

    def batches(self) -> Iterator[FrameBatch]:
        """Batches of what has arrived since the last one, at most 20 a second."""
        self._thread.start()
        taken = size = 0
        while True:
            ended = not self._thread.is_alive()
            batch = self._batch(self._wanted - taken if self._wanted else _BATCH_FRAMES)
            if batch is not None:
                taken += len(batch)
                size += len(batch.buffer)
                yield batch
                if self._finished(taken, size):
                    break
            elif ended or self._stopped.is_set():
                break
            else:
                self._stopped.wait(_POLL_SECONDS)
        self._count_kernel_drops()
        self.close()

    def close(self) -> None:
        """Stop capturing and close the socket."""
        self._stopped.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=1)
        self._socket.close()

    def _finished(self, taken: int, size: int) -> bool:
        if self._wanted and taken >= self._wanted:
            return True
        if taken >= self._limits.live_packets or size >= self._limits.live_bytes:
            self.info.cut_short, self.info.cut_reason = True, "limit"
            return True
        return False

    def _take_frames(self) -> None:
        while not self._stopped.is_set():
            try:
                ready, _, _ = select.select([self._socket.ins], [], [], _POLL_SECONDS)
                if not ready:
                    continue
                _, frame, stamp = self._socket.recv_raw(_LONGEST_FRAME)
            except (OSError, ValueError) as error:
                self._interface_gone(error)
                return
            if frame is None:
                continue
            if len(self._queue) >= _QUEUED_FRAMES:
                self.drops.queue += 1
                continue
            self._queue.append((bytes(frame), int(stamp * 1_000_000_000) if stamp else time.time_ns()))

    def _interface_gone(self, error: Exception) -> None:
        if not self._stopped.is_set():
            down = isinstance(error, OSError) and error.errno in (errno.ENETDOWN, errno.ENODEV, errno.ENXIO)
            self.info.cut_short, self.info.cut_reason = True, "interface-down" if down else "interface-error"

    def _batch(self, most: int) -> FrameBatch | None:
        self._count_kernel_drops()
        queued = [self._queue.popleft() for _ in range(min(len(self._queue), most, _BATCH_FRAMES))]
        if not queued:
            return None
        whole = np.array([len(frame) for frame, _ in queued], np.int32)
        kept = [frame[: self._snaplen] for frame, _ in queued]
        captured = np.array([len(frame) for frame in kept], np.int32)
        offsets = np.concatenate(([0], np.cumsum(captured[:-1], dtype=np.int64)))
        times = np.array([stamp for _, stamp in queued], np.int64)
        link_types = np.full(len(queued), self._link_type, np.uint16)
        return FrameBatch(b"".join(kept), offsets, captured, whole, times, link_types, np.zeros(len(queued), np.uint16))

    def _count_kernel_drops(self) -> None:
        """The kernel forgets its counters whenever they are read, so they are added up here."""
        try:
            received, dropped = struct.unpack("II", self._socket.ins.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
        except (OSError, ValueError):
            return
        self.drops.kernel += dropped
        interface = self.info.interfaces[0]
        interface.received = (interface.received or 0) + received
        interface.dropped = self.drops.kernel + self.drops.queue


def _open_socket(interface: str, capture_filter: str) -> Any:
    # scapy would print its own remarks about the interface's type into the user's terminal.
    logging.getLogger("scapy").setLevel(logging.ERROR)
    from scapy.arch.linux import L2ListenSocket
    from scapy.error import Scapy_Exception

    try:
        opened = L2ListenSocket(iface=interface, filter=capture_filter or None, promisc=False)
    except PermissionError:
        raise NotPermitted("may-not-capture", interface=interface) from None
    except (OSError, Scapy_Exception) as error:
        raise BadArgument("interface-refused", interface=interface, reason=str(error)) from None
    if interface == "lo":
        # A packet socket sees each loopback frame twice, going out and coming in: the second sight is enough.
        opened.ins.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    return opened
