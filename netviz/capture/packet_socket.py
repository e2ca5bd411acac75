"""A Linux packet socket (packet(7)), opened so that not one frame slips in before its filter. Knows no frames.

The socket is made for no protocol, so nothing reaches it; then come the filter, the ring and the options; binding it
to the interface lets the first frame in.
"""

import errno
import os
import socket
import struct
from typing import Final

from netviz.capture.filter import attach
from netviz.errors import BadArgument, NotPermitted

SOL_PACKET: Final = 263
_ETH_P_ALL: Final = 3
_ADD_MEMBERSHIP: Final = 1
_MEMBERSHIP_PROMISCUOUS: Final = 1
_STATISTICS: Final = 6
_IGNORE_OUTGOING: Final = 23
_RECEIVE_BUFFER_FORCE: Final = 33
_GONE: Final = frozenset((errno.ENODEV, errno.ENXIO))


class PacketSocket:
    """An AF_PACKET socket of one interface."""

    def __init__(self, interface: str, program: bytes) -> None:
        """Make the socket with a filter's program; it hears nothing before `listen`.

        Raises: NotPermitted without the privilege; BadArgument where the system has no such sockets.
        """
        self.interface = interface
        try:
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        except PermissionError:
            raise NotPermitted("may-not-capture", interface=interface) from None
        except (OSError, AttributeError) as error:
            raise BadArgument("interface-refused", interface=interface, reason=str(error)) from None
        self.index = socket.if_nametoindex(interface)
        self.sees_twice = False
        """Loopback: each frame is seen going out and coming in, and the kernel can not be told to leave one out."""
        if program:
            self._let("filter", lambda: attach(self.socket, program))

    def listen(self, promiscuous: bool = False) -> None:
        """Bind to the interface: from here on frames arrive.

        Raises: BadArgument where the system refuses.
        """
        if promiscuous:
            request = struct.pack("iHH8s", self.index, _MEMBERSHIP_PROMISCUOUS, 0, b"")
            self._let("promiscuous", lambda: self.socket.setsockopt(SOL_PACKET, _ADD_MEMBERSHIP, request))
        if is_loopback(self.interface):
            try:
                self.socket.setsockopt(SOL_PACKET, _IGNORE_OUTGOING, 1)
            except OSError:
                # Before Linux 4.20: frames marked as outgoing are left out when they are read.
                self.sees_twice = True
        self._let("bind", lambda: self.socket.bind((self.interface, _ETH_P_ALL)))

    def fileno(self) -> int:
        """The descriptor, to poll."""
        return self.socket.fileno()

    def statistics(self) -> tuple[int, int]:
        """Frames that passed the filter and frames dropped for lack of room, since the last call (packet(7))."""
        try:
            received, dropped = struct.unpack("II", self.socket.getsockopt(SOL_PACKET, _STATISTICS, 12)[:8])
        except (OSError, struct.error):
            return 0, 0
        return received, dropped

    def trouble(self) -> str:
        """Why the socket is in trouble: `down`, `gone`, or empty where it is not. Asking clears it."""
        try:
            code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        except OSError:
            return "gone"
        if not code:
            return ""
        return "gone" if code in _GONE or not self._is_there() else "down"

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def _is_there(self) -> bool:
        try:
            return socket.if_nametoindex(self.interface) == self.index
        except OSError:
            return False

    def _let(self, what: str, step: object) -> None:
        try:
            step()  # type: ignore[operator]
        except PermissionError:
            self.close()
            raise NotPermitted("may-not-capture", interface=self.interface) from None
        except OSError as error:
            self.close()
            reason = f"{what}: {os.strerror(error.errno or 0)}"
            raise BadArgument("interface-refused", interface=self.interface, reason=reason) from None


def is_loopback(interface: str) -> bool:
    """Whether an interface is a loopback, by its hardware type (ARPHRD_LOOPBACK)."""
    try:
        with open(f"/sys/class/net/{interface}/type", encoding="utf-8") as file:
            return file.read().strip() == "772"
    except OSError:
        return interface == "lo"
