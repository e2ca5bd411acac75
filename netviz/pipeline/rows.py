"""Which rows of the packet table belong to a connection. An index over one column; knows nothing of what it means."""

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable

_MOST_PARTS = 8


class RowIndex:
    """Finds the rows at which a column has a value, without looking at every packet each time.

    The column is sorted part by part as packets come; when parts become many they are sorted together anew.
    """

    def __init__(self, packets: PacketTable, column: str) -> None:
        self._packets = packets
        self._column = column
        self._parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.generic]]] = []
        self._covered = 0

    def rows(self, value: int) -> npt.NDArray[np.int64]:
        """Rows, ascending, where the column equals `value`. Shape (k,)."""
        self._cover(len(self._packets))
        found = [order[slice(*np.searchsorted(keys, (value, value + 1)))] for order, keys in self._parts]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _cover(self, count: int) -> None:
        if count == self._covered:
            return
        if len(self._parts) >= _MOST_PARTS:
            self._parts, self._covered = [], 0
        keys = self._packets[self._column][self._covered : count]
        order = np.argsort(keys, kind="stable")
        self._parts.append((order + self._covered, keys[order]))
        self._covered = count
