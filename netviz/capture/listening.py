"""scapy's listening socket as a receiver: for systems that have no packet ring. Takes raw frames and dissects nothing."""

import logging
import select
import struct
import time
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from netviz.capture.packet_socket import SOL_PACKET, is_loopback
from netviz.capture.taken import Taken
from netviz.errors import BadArgument, NotPermitted

_STATISTICS: Final = 6
_IGNORE_OUTGOING: Final = 23
_LONGEST_FRAME: Final = 1 << 18
_AT_ONCE: Final = 4096


class ListeningReceiver:
    """Frames out of the socket that scapy has for listening on this system."""

    way = "socket"

    def __init__(self, interface: str, filter_text: str, snaplen: int | None, promiscuous: bool) -> None:
        """Open the socket; frames arrive from here on.

        Raises: NotPermitted without the privilege; BadArgument where the system refuses.
        """
        # scapy would print its own remarks about the interface's type into the user's terminal.
        logging.getLogger("scapy").setLevel(logging.ERROR)
        from scapy.config import conf
        from scapy.error import Scapy_Exception

        try:
            self._socket: Any = conf.L2listen(iface=interface, filter=filter_text or None, promisc=promiscuous)
        except PermissionError:
            raise NotPermitted("may-not-capture", interface=interface) from None
        except (OSError, Scapy_Exception) as error:
            raise BadArgument("interface-refused", interface=interface, reason=str(error)) from None
        self._snaplen = snaplen or _LONGEST_FRAME
        if is_loopback(interface):
            self._option(_IGNORE_OUTGOING, 1)

    def fileno(self) -> int:
        """See `Receiver.fileno`."""
        return int(self._socket.fileno())

    def blocks(self) -> Iterator[Taken]:
        """What is there now, some thousand frames at a time."""
        frames: list[bytes] = []
        times: list[int] = []
        while len(frames) < _AT_ONCE and select.select([self._socket], [], [], 0)[0]:
            _, frame, stamp = self._socket.recv_raw(_LONGEST_FRAME)
            if frame is not None:
                frames.append(bytes(frame))
                times.append(int(stamp * 1_000_000_000) if stamp else time.time_ns())
        if frames:
            yield self._taken(frames, times)

    def _taken(self, frames: list[bytes], times: list[int]) -> Taken:
        kept = [frame[: self._snaplen] for frame in frames]
        captured = np.array([len(frame) for frame in kept], np.int32)
        offsets = np.concatenate(([0], np.cumsum(captured[:-1], dtype=np.int64)))
        lengths = np.array([len(frame) for frame in frames], np.int32)
        return Taken(b"".join(kept), offsets, captured, lengths, np.array(times, np.int64))

    def statistics(self) -> tuple[int, int]:
        """See `Receiver.statistics`."""
        try:
            received, dropped = struct.unpack("II", self._socket.ins.getsockopt(SOL_PACKET, _STATISTICS, 8))
        except (OSError, ValueError, AttributeError, struct.error):
            return 0, 0
        return received, dropped

    def trouble(self) -> str:
        """See `Receiver.trouble`: this socket tells of it when it is read."""
        return ""

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _option(self, name: int, value: int) -> None:
        try:
            self._socket.ins.setsockopt(SOL_PACKET, name, value)
        except (OSError, AttributeError):
            return
