"""What a display filter leaves in sight, as one value of the scene. Knows no widget."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A filter and what matches it. It may be switched off without being forgotten."""

    text: str
    rows: Numbers
    """Rows of the packet table, ascending."""

    connections: Numbers
    """Numbers of the connections that these packets belong to, ascending."""

    exchanges: Numbers
    """Indexes (number - 1) of the exchanges."""

    connections_since: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    exchanges_since: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    """Row of the first packet of each that matches: before that the filter leaves it out."""

    covered: int = 0
    """Packets that have been looked at."""

    active: bool = True
    hides: bool = True
    """What does not match is hidden; else it stands back, and what matches is marked."""

    steps_over: bool = True
    """Stepping goes over what is hidden; else it takes every packet."""

    @property
    def narrows(self) -> bool:
        """Whether lists leave something out."""
        return self.active and self.hides

    def matched(self, as_of: int) -> int:
        """Packets up to a position that match."""
        return int(np.searchsorted(self.rows, as_of))

    def has(self, row: int) -> bool:
        """Whether a packet matches."""
        at = int(np.searchsorted(self.rows, row))
        return at < len(self.rows) and int(self.rows[at]) == row

    def step(self, packet: int, by: int) -> int | None:
        """The matching packet so many steps after (or before) a packet number; None where there is none."""
        # Rows before the packet's own, or up to and with it.
        at = int(np.searchsorted(self.rows, packet - 1 if by < 0 else packet)) + (by if by < 0 else by - 1)
        return int(self.rows[at]) + 1 if 0 <= at < len(self.rows) else None
