"""Puts frames of a capture on an interface. What it may do to a network is why it refuses most interfaces.

Loopback, and interfaces in a network namespace other than the machine's own, reach nobody else. Everything else needs
an explicit word. Knows no pace and no capture format.
"""

import errno
import os
import socket
from typing import Final

from netviz.capture.interfaces import interface_names, link_type_of, nearest
from netviz.capture.packet_socket import is_loopback
from netviz.errors import BadArgument, NetvizError, NotPermitted
from netviz.model.frames import FrameBatch

_OWN_NAMESPACE: Final = "/proc/self/ns/net"
_FIRST_NAMESPACE: Final = "/proc/1/ns/net"


class Sender:
    """A packet socket that sends."""

    def __init__(self, interface: str, anywhere: bool = False) -> None:
        """Open the socket; this is the step that needs a privilege.

        Raises: BadArgument for an interface that is not there, or that others can be reached by (unless `anywhere`);
        NotPermitted without the privilege.
        """
        if interface not in interface_names():
            known = ", ".join(nearest(interface, interface_names()))
            raise BadArgument("no-such-interface", interface=interface, known=known)
        if not anywhere and not reaches_nobody(interface):
            raise BadArgument("replay-real-network", interface=interface)
        self._interface = interface
        self.link_type = link_type_of(interface)
        self.sent = 0
        self.other_link = 0
        """Frames left out because they begin with another link layer than the interface's."""

        self.too_long = 0
        """Frames left out because they are longer than the interface takes, or were cut when they were captured."""

        try:
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self._socket.bind((interface, 0))
        except PermissionError:
            raise NotPermitted("may-not-send", interface=interface) from None
        except OSError as error:
            raise BadArgument("interface-refused", interface=interface, reason=error.strerror) from None

    def send(self, batch: FrameBatch) -> None:
        """Send the frames of a batch that this interface can carry.

        Raises: NetvizError where the interface is down or gone.
        """
        for index in range(len(batch)):
            if batch.link_types[index] != self.link_type:
                self.other_link += 1
            elif batch.captured[index] < batch.lengths[index]:
                self.too_long += 1
            else:
                self._send(batch.frame(index))

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self, frame: bytes) -> None:
        try:
            self._socket.send(frame)
        except OSError as error:
            if error.errno == errno.ENOBUFS:
                return
            if error.errno in (errno.EMSGSIZE, errno.EINVAL):
                self.too_long += 1
                return
            raise NetvizError("can-not-send", interface=self._interface, reason=error.strerror) from None
        self.sent += 1


def reaches_nobody(interface: str) -> bool:
    """Whether what is sent on an interface stays on this machine: loopback, or a network namespace of its own."""
    if is_loopback(interface):
        return True
    try:
        return os.stat(_OWN_NAMESPACE).st_ino != os.stat(_FIRST_NAMESPACE).st_ino
    except OSError:
        return False
