"""What the analysis carries from batch to batch for each direction of each connection: one row of numbers a direction."""

from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.tcp.analysis import UNKNOWN, Direction
from netviz.tcp.holes import Hole

Integers = npt.NDArray[np.int64]

FIELDS: Final = (
    "next_seq", "last_ack", "acked_at", "duplicates", "window", "window_is_scaled", "scale", "isn", "syn_end",
    "confirmable", "is_known_missing", "last_marks",
)  # fmt: skip
"""Names as in `Direction`; `confirmable` is -1 where it goes along with `next_seq`."""

(
    NEXT_SEQ,
    LAST_ACK,
    ACKED_AT,
    DUPLICATES,
    WINDOW,
    IS_SCALED,
    SCALE,
    ISN,
    SYN_END,
    CONFIRMABLE,
    IS_MISSING,
    LAST_MARKS,
) = range(len(FIELDS))
FROM_COLUMNS: Final = CONFIRMABLE
"""So many of the fields, the first ones, can be read from the segments themselves."""

_AT_FIRST: Final = (-1, -1, 0, 0, -1, 0, UNKNOWN, -1, 0, -1, 0, 0)


class Carried:
    """Rows by direction: twice the connection's number, and one more for side 1."""

    def __init__(self) -> None:
        self._rows = np.tile(np.array(_AT_FIRST, np.int64), (2048, 1))
        self._holes: dict[int, list[Hole]] = {}

    def rows(self, keys: Integers) -> Integers:
        """Copies of the rows of some directions. Shape (k, len(FIELDS))."""
        most = int(keys.max(initial=0)) + 1
        if most > len(self._rows):
            more = max(most, 2 * len(self._rows)) - len(self._rows)
            self._rows = np.concatenate((self._rows, np.tile(np.array(_AT_FIRST, np.int64), (more, 1))))
        found: Integers = self._rows[keys]
        return found

    def keep(self, keys: Integers, rows: Integers) -> None:
        """Replace the fields that can be read from segments. `rows`: shape (k, FROM_COLUMNS)."""
        self._rows[keys, :FROM_COLUMNS] = rows

    def load(self, key: int) -> Direction:
        """A direction as it was left."""
        found = Direction()
        for name, value in zip(FIELDS, self._rows[key].tolist(), strict=True):
            setattr(found, name, value)
        if found.confirmable < 0:
            found.confirmable = found.next_seq
        found.holes = self._holes.get(key, found.holes)
        return found

    def save(self, key: int, direction: Direction) -> None:
        """Leave a direction for the next batch."""
        row = [int(getattr(direction, name)) for name in FIELDS]
        if row[CONFIRMABLE] == row[NEXT_SEQ]:
            row[CONFIRMABLE] = -1
        self._rows[key] = row
        if direction.holes:
            self._holes[key] = direction.holes
        else:
            self._holes.pop(key, None)

    def forget(self, keys: list[int]) -> None:
        """Begin anew with some directions."""
        for key in keys:
            self.save(key, Direction())
