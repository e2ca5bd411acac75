"""What this machine lets this user do about capturing: the privilege, dumpcap, the packet ring, libpcap, room to keep.

Everything is tried rather than guessed. Knows no words and no screen.
"""

import os
import tempfile
from dataclasses import dataclass, field
from typing import Literal

from netviz.capture.dumpcap import dumpcap_receivers
from netviz.capture.filter import check_filter
from netviz.capture.interfaces import interfaces
from netviz.capture.packet_socket import PacketSocket
from netviz.capture.privileges import may_capture
from netviz.capture.ring import RingReceiver
from netviz.capture.spill import Spill
from netviz.errors import NetvizError
from netviz.model.limits import DEFAULT_LIMITS

State = Literal["ok", "note", "missing"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried: the sentence is `doctor.KEY.STATE` in `explain/`."""

    key: str
    state: State
    details: dict[str, object] = field(default_factory=dict)


def checks() -> list[Check]:
    """All that has to do with capturing, in the order in which a user needs it."""
    return [_permission(), _ring(), _libpcap(), _usable(), _room()]


def dumpcap_works() -> bool:
    """Whether this user may capture with dumpcap: on the loopback interface, for a moment."""
    receivers = dumpcap_receivers(["lo"], "", None, False)
    for receiver in receivers or ():
        receiver.close()
    return receivers is not None


def _permission() -> Check:
    if may_capture():
        return Check("permission-root" if os.geteuid() == 0 else "permission-capability", "ok")
    if dumpcap_works():
        return Check("permission-dumpcap", "ok")
    return Check("permission", "missing")


def _ring() -> Check:
    try:
        socket = PacketSocket("lo", b"")
    except (NetvizError, OSError):
        return Check("ring", "note")
    try:
        receiver = RingReceiver(socket, True)
    except OSError:
        socket.close()
        return Check("ring", "missing")
    size = receiver.size >> 20
    receiver.close()
    return Check("ring", "ok", {"size": size})


def _libpcap() -> Check:
    try:
        check_filter("tcp port 80", 1)
    except NetvizError:
        return Check("libpcap", "missing")
    return Check("libpcap", "ok")


def _usable() -> Check:
    names = [each.name for each in interfaces() if not each.why_not]
    return Check("interfaces", "ok" if names else "missing", {"names": ", ".join(names) or "-"})


def _room() -> Check:
    try:
        spill = Spill(0)
        folder, room = spill.folder, spill.room()
        spill.close()
    except OSError as error:
        return Check("room", "missing", {"folder": tempfile.gettempdir(), "free": 0, "reason": str(error)})
    enough = room > DEFAULT_LIMITS.spill_free_bytes * 4
    return Check("room", "ok" if enough else "note", {"folder": folder, "free": f"{room / (1 << 30):.1f}"})
