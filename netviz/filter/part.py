"""A run of rows of the packet table, and the bytes of their headers as arrays. Knows no field."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable
from netviz.model.protocols import Fragment
from netviz.wire.gather import ByteReader

Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]

_WHOLE: Final = (Fragment.WHOLE, Fragment.COMPLETED)


class Dense(NamedTuple):
    """One value of a field for each row: where it is present, and what it is."""

    present: Mask
    """Shape (n,)."""

    data: Array
    """Whole numbers of shape (n,), or addresses as bytes of shape (n, width)."""

    labels: tuple[str, ...] | None = None
    """Names of the numbers, where the field's values are names."""


class Sparse(NamedTuple):
    """Values of a field that few rows have; one row may have several."""

    at: npt.NDArray[np.int64]
    """Rows from the part's first, shape (k,)."""

    data: list[Any]
    """Texts, bytes or numbers, k of them."""


Values = Dense | Sparse


class Part:
    """The rows first..stop. What is worked out about them is kept for as long as the part is."""

    def __init__(self, packets: PacketTable, first: int, stop: int) -> None:
        self.packets = packets
        self.first = first
        self.stop = stop
        self._kept: dict[str, Any] = {}

    def __len__(self) -> int:
        return self.stop - self.first

    def column(self, name: str) -> Array:
        """A column's rows. Shape (n,)."""
        return self.packets[name][self.first : self.stop]

    def kept(self, name: str, work: Callable[[], Any]) -> Any:
        """What `work` gives, worked out once."""
        if name not in self._kept:
            self._kept[name] = work()
        return self._kept[name]

    def none(self) -> Mask:
        """No row."""
        return np.zeros(len(self), np.bool_)

    def everywhere(self) -> Mask:
        """Every row."""
        return np.ones(len(self), np.bool_)

    @property
    def is_whole(self) -> Mask:
        """Rows that are no fragment, or the one that made its datagram complete: what IP carries is read there."""
        found: Mask = self.kept("whole", lambda: np.isin(self.column("fragment"), _WHOLE))
        return found

    def octets(self, wanted: Mask, position: Array | int, width: int, above_ip: bool = False) -> tuple[Mask, Array]:
        """`width` bytes at a position of each wanted frame: which rows have them, and they, shape (n, width).

        `above_ip`: the position counts in the datagram where a row's datagram came in fragments.
        """
        positions = np.broadcast_to(np.asarray(position, np.int64), (len(self),))
        found = np.zeros((len(self), width), np.uint8)
        there: Mask = wanted & (positions >= 0) & (positions + width <= self.column("captured"))
        together = self._together() if above_ip else []
        for row in together:
            there[row] = False
        rows = np.flatnonzero(there)
        buffers = self.column("buffer")[rows]
        for number in np.unique(buffers):
            chosen = rows[buffers == number] if len(rows) and buffers[0] != buffers[-1] else rows
            places = self.column("offset")[chosen] + positions[chosen]
            found[chosen] = ByteReader(self.packets.buffers[int(number)]).take(places, width)
        for row in together:
            start = int(positions[row])
            piece = self.packets.reassembled[self.first + row][start : start + width] if wanted[row] else b""
            if len(piece) == width and start >= 0:
                found[row], there[row] = np.frombuffer(piece, np.uint8), True
        return there, found

    def number(
        self, wanted: Mask, position: Array | int, width: int, above_ip: bool = False
    ) -> tuple[Mask, npt.NDArray[np.int64]]:
        """The same as big-endian numbers, shape (n,)."""
        there, found = self.octets(wanted, position, width, above_ip)
        value = np.zeros(len(self), np.int64)
        for index in range(width):
            value = value << 8 | found[:, index]
        return there, value

    def _together(self) -> list[int]:
        if not self.packets.reassembled:
            return []
        rows = np.flatnonzero(self.column("fragment") == Fragment.COMPLETED).tolist()
        return [row for row in rows if self.first + row in self.packets.reassembled]
