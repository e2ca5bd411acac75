"""At which packets something happens: where playback stops when it jumps from event to event."""

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable
from netviz.model.protocols import FIN, RST, SYN, Broken, Protocol

_TCP = 6


class EventIndex:
    """Packet numbers of events: SYN, FIN, RST; an HTTP start line; a packet that is broken; the first and the last."""

    def __init__(self, packets: PacketTable) -> None:
        self._packets = packets
        self._numbers: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._covered = 0

    def after(self, packet: int) -> int | None:
        """The first event after a packet number."""
        numbers = self._known()
        at = int(np.searchsorted(numbers, packet, side="right"))
        return int(numbers[at]) if at < len(numbers) else None

    def before(self, packet: int) -> int | None:
        """The last event before a packet number."""
        numbers = self._known()
        at = int(np.searchsorted(numbers, packet, side="left"))
        return int(numbers[at - 1]) if at > 0 else None

    def _known(self) -> npt.NDArray[np.int64]:
        count = len(self._packets)
        if count > self._covered:
            part = slice(self._covered, count)
            packets = self._packets
            marked = (packets["flags"][part] & np.uint16(SYN | FIN | RST)) != 0
            happens = (
                (marked & (packets["ip_protocol"][part] == _TCP))
                | (packets["protocol"][part] == Protocol.HTTP)
                | (packets["broken"][part] != Broken.NO)
            )
            found = np.flatnonzero(happens) + self._covered + 1
            self._numbers = np.concatenate((self._numbers, found))
            self._covered = count
        return self._numbers
